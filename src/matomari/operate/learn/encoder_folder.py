"""The folder of a trained encoder: a stock sentence-transformers model with a card, the run and a report beside it."""

from __future__ import annotations

import html
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import pyarrow as pa

from ...encode.locate import MULTILINGUAL, locate
from ...encode.text import TextEncoder, load_encoder
from ...encode.transformer import is_sentence_transformer, no_progress_bar
from ...errors import DamagedError, InputError
from ...store.artefact import load, refuse_other, writing
from ...store.atomic import replacing
from ...store.destination import POINTER
from ...store.formats import load_json
from ...store.manifest import MANIFEST
from ..run import EncoderRun, PairsRun, TextsRun, encoder_run

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


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


@dataclass(frozen=True, eq=False)
class TrainedEncoder:
    """A trained encoder in its folder, or the start unchanged where training did not help.

    Attributes
    ----------
    path : Path
        The folder, which sentence-transformers, transformers and `matomari.load_encoder` open.
    run : PairsRun or TextsRun
        Settings, counts, the probe, notes; also a mapping of JSON values.
    """

    path: Path
    run: EncoderRun = field(repr=False)

    @property
    def improved(self) -> bool:
        """Whether the folder holds the trained encoder; else it holds the start."""
        return self.run.improved

    @property
    def outcome(self) -> str:
        """The result in one sentence."""
        return self.run.outcome

    @property
    def notes(self) -> list[str]:
        """Every cap, warning and decision, a sentence each."""
        return list(self.run.notes)

    @property
    def difficulty(self) -> pa.Table | None:
        """How hard the batches of each cluster of pairs are; None where texts alone were learnt from."""
        return pa.Table.from_pylist(self.run.difficulty) if isinstance(self.run, PairsRun) else None

    @property
    def rounds(self) -> pa.Table | None:
        """What the gate measured in each round of learning from texts; None for pairs."""
        return pa.Table.from_pylist(self.run.rounds) if isinstance(self.run, TextsRun) else None

    @property
    def groups(self) -> int | None:
        """How many groups the start encoder shows in the texts that were learnt from; None for pairs."""
        return self.run.groups if isinstance(self.run, TextsRun) else None

    def _repr_html_(self) -> str:
        """The outcome, as a notebook shows it."""
        return f"<p>{html.escape(self.outcome)}</p>"

    def report(self, path: str | Path | None = None) -> Path | str:
        """The report, one HTML page that opens offline: written to a file, whose path is returned, or returned as text without one."""
        page = load(self.path, kind=KIND).file("report.html").read_bytes()
        if path is None:
            return page.decode("utf-8")
        with replacing(path) as draft:
            draft.write_bytes(page)
        return Path(path)

    def save(self, path: str | Path) -> Path:
        """Copy the folder, whole or not at all; returns the copy."""
        artefact = load(self.path, kind=KIND)
        with writing(path, kind=KIND, meta=artefact.meta) as stage:
            for name in artefact.files:
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(artefact.file(name), stage / name)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> TrainedEncoder:
        """Open the folder of a trained encoder, every digest checked; raises DamagedError otherwise."""
        artefact = load(path, kind=KIND)
        try:
            return cls(Path(path), encoder_run(load_json(artefact.file("run.json"))))
        except (KeyError, TypeError) as error:
            raise DamagedError(f"{path} does not hold a trained encoder: {error}.", hint="train it again.") from error


def start_folder(encoder: str | Path) -> Path:
    """The folder of the encoder that training starts from; refuses one that cannot be trained."""
    if not isinstance(encoder, str | Path):
        raise InputError(
            f"the start encoder must be a name or a folder, got {type(encoder).__name__}.", hint="save the model into a folder."
        )
    if str(encoder) == MULTILINGUAL:
        raise InputError(f"the encoder {MULTILINGUAL!r} cannot be trained.", hint="give a sentence-transformers model.")
    return locate(str(encoder))


def trainable(encoder: str | Path, device: str | None = None, cache: str | Path | None = None) -> TextEncoder:
    """The start encoder, if it can be trained; InputError otherwise."""
    first = load_encoder(str(encoder), device=device, cache=cache)
    if not is_sentence_transformer(first.model):
        raise InputError(f"the encoder {encoder} cannot be trained.", hint="give a sentence-transformers model.")
    return first


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


def save(model: SentenceTransformer, run: EncoderRun, report: str, out: Path, *, card: str | None = None) -> TrainedEncoder:
    """Write the folder, old content or new: the model as safetensors, README.md (`card`, or that of `learn`), run.json, report.html."""
    with writing(out, kind=KIND, meta={"kept": run.improved}) as stage:
        with no_progress_bar():
            model.save_pretrained(str(stage), create_model_card=False)
        (stage / "README.md").write_text(card or model_card(run, out.resolve().name), encoding="utf-8")
        (stage / "report.html").write_text(report, encoding="utf-8")
        run.save(stage / "run.json")
    return TrainedEncoder(out, run)


def model_card(run: EncoderRun, name: str) -> str:
    """The model card, which says what the encoder was made of and quotes nothing."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    return environment.from_string(CARD).render(name=name, encoder=short_name(run.encoder), outcome=run.outcome, run=run)


def short_name(encoder: str) -> str:
    """A name as it is, of a folder its last part: a card is made to be passed on."""
    folder = Path(encoder).expanduser()
    return folder.resolve().name if folder.is_dir() else encoder
