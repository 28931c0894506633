"""A fitted model on disk: safetensors, a table and JSON, which carry data and never code."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...errors import DamagedError
from ...partition import Partition
from ...store.artefact import load, writing
from ...store.formats import load_arrays, load_table, save_arrays, save_table
from .code import Code
from .objective import Judgement
from .stage import Stage

KIND = "deep-soft-kmeans"
MODEL, ITEMS = "model.safetensors", "items.parquet"


@dataclass(frozen=True, eq=False)
class Saved:
    """What a fitted model is made of; `facts` are the JSON values that only the estimator reads."""

    code: Code
    start: Stage
    soft: Stage
    partition: Partition
    facts: dict[str, Any]


def write(path: str | Path, model: Saved) -> None:
    """Replace the content of folder `path` by the model."""
    stages, arrays = {"start": model.start, "soft": model.soft}, model.code.arrays()
    for name, stage in stages.items():
        arrays |= {f"{name}/centers": stage.cluster_centers_, f"{name}/embedding": stage.embedding_}
    meta = model.facts | {
        **model.code.facts(),
        "temperature": model.soft.temperature_,
        "judged": {name: asdict(stage.judgement_) for name, stage in stages.items()},
        "origin": dict(model.partition.origin),
    }
    with writing(path, kind=KIND, meta=meta, files=[MODEL, ITEMS]) as stage_folder:
        save_arrays(stage_folder / MODEL, arrays)
        items = {"id": model.partition.ids, "cluster": model.partition.labels, "strength": model.partition.strength}
        save_table(stage_folder / ITEMS, items)


def read(path: str | Path) -> Saved:
    """The model in folder `path`.

    Raises
    ------
    InputError
        `path` is not an artefact folder.
    DamagedError
        It is damaged, or holds something else.
    """
    artefact = load(path, kind=KIND)
    arrays, items, meta = load_arrays(artefact.file(MODEL)), load_table(artefact.file(ITEMS)), artefact.meta
    try:
        code = Code.of(arrays, meta)
        start, soft = (
            Stage(arrays[f"{n}/centers"], arrays[f"{n}/embedding"], float(meta["temperature"]), Judgement(**meta["judged"][n]))
            for n in ("start", "soft")
        )
        partition = Partition(
            ids=items["id"], labels=items["cluster"], strength=items["strength"], centers=soft.cluster_centers_, origin=meta["origin"]
        )
        facts = {name: meta[name] for name in ("parameters", "kept", "history")}
    except (KeyError, TypeError, ValueError, RuntimeError, IndexError) as error:
        raise DamagedError(f"{path} is no DeepSoftKMeans: {type(error).__name__}.", hint="write it again with save.") from error
    return Saved(code=code, start=start, soft=soft, partition=partition, facts=facts)
