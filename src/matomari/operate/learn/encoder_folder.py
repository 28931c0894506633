"""The folder of a trained encoder: a stock sentence-transformers model with a card, the run and a report beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from ...encode.locate import MULTILINGUAL, locate
from ...encode.transformer import no_progress_bar
from ...errors import InputError
from ...store.artefact import POINTER, writing
from ...store.destination import refuse_other
from ...store.formats import save_json
from ...store.manifest import MANIFEST

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


@dataclass(frozen=True, eq=False)
class Learned:
    """What came of a training run.

    Attributes
    ----------
    path : Path
        The folder, which sentence-transformers, transformers and `matomari.load_encoder` open.
    run : mapping
        Settings, counts, the probe, the difficulty of the batches, the loss, notes; what run.json holds.
    """

    path: Path
    run: Mapping[str, Any] = field(repr=False)

    @property
    def kept(self) -> bool:
        """Whether the folder holds the trained encoder; else it holds the start."""
        return bool(self.run["probe"]["kept"])

    @property
    def outcome(self) -> str:
        """The result in one sentence."""
        return str(self.run["outcome"])

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run["notes"])


def start_folder(encoder: str | Path) -> Path:
    """The folder of the encoder that training starts from; refuses one that cannot be trained."""
    if not isinstance(encoder, str | Path):
        raise InputError(
            f"the start encoder must be a name or a folder, got {type(encoder).__name__}.", hint="save the model into a folder."
        )
    if str(encoder) == MULTILINGUAL:
        raise InputError(f"the encoder {MULTILINGUAL!r} cannot be trained.", hint="give a sentence-transformers model.")
    return locate(str(encoder))


KIND = "encoder"
FILES = (
    "README.md",
    "run.json",
    "report.html",
    "modules.json",
    "config.json",
    "config_sentence_transformers.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
)
CARD = """\
---
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags:
- sentence-transformers
- sentence-similarity
- matomari
---

# {{ name }}

{{ outcome }}

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("{{ name }}")  # or matomari.load_encoder("{{ name }}"), or matomari group … --encoder {{ name }}
```

| made of | |
|---|---|
| start encoder | {{ encoder }} (fingerprint {{ run.encoder_fingerprint[:16] }}) |
| pairs | {{ "{:,}".format(run.pairs) }}, of which {{ "{:,}".format(run.training_pairs) }} were learnt from |
| digest of the pairs | {{ run.fingerprint }} |
{% for key, value in run.settings.items() %}
| {{ key }} | {{ value }} |
{% endfor %}

| held-out queries | {{ "{:,}".format(run.probe.queries) }} |
|---|---|
| documents | {{ "{:,}".format(run.probe.documents) }} |
| NDCG@10 before | {{ "%.4f"|format(run.probe.before) }} |
| NDCG@10 after training | {{ "%.4f"|format(run.probe.after) }} |
| 95 % interval of the difference | {{ "%+.4f"|format(run.probe.low) }} to {{ "%+.4f"|format(run.probe.high) }} |
| in this folder | {{ "the trained encoder" if run.probe.kept else "the start encoder, unchanged" }} |

Made with {% for key, value in run.versions.items() %}{{ key }} {{ value }}{{ ", " if not loop.last }}{% endfor %}. This card and the files beside it hold no text of the pairs.
"""


def refuse_foreign(out: Path, start: Path) -> None:
    """Refuse a folder that cannot take the result before hours of work, not after.

    Parameters
    ----------
    out : path
    start : path
        Folder of the start encoder; what the trained one consists of has the same names.

    Raises
    ------
    InputError
        It is a file, holds files that are not ours under names that will be written, or another thing that matomari wrote.
    """
    own = {
        entry.name for entry in start.iterdir() if not entry.name.startswith((".", "results.")) and entry.name not in (POINTER, MANIFEST)
    }
    refuse_other(out, KIND, sorted({*FILES, *own}))


def save(model: SentenceTransformer, run: Mapping[str, Any], report: str, out: Path, *, card: str | None = None) -> None:
    """Write the folder, old content or new: the model as safetensors, README.md (`card`, or that of `learn`), run.json, report.html."""
    with writing(out, kind=KIND, meta={"kept": run["probe"]["kept"]}) as stage:
        with no_progress_bar():
            model.save_pretrained(str(stage), create_model_card=False)
        (stage / "README.md").write_text(card or model_card(run, out.resolve().name), encoding="utf-8")
        (stage / "report.html").write_text(report, encoding="utf-8")
        save_json(stage / "run.json", dict(run))


def model_card(run: Mapping[str, Any], name: str) -> str:
    """The model card, which says what the encoder was made of and quotes nothing."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(CARD).render(name=name, encoder=short_name(run["encoder"]), outcome=run["outcome"], run=run)


def short_name(encoder: str) -> str:
    """A name as it is, of a folder its last part: a card is made to be passed on."""
    folder = Path(encoder).expanduser()
    return folder.resolve().name if folder.is_dir() else encoder
