"""The main job: texts in, named groups out. encode → cluster → name → place on a map."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...cluster.clustering import Clustering
from ...cluster.communities.themes import themes
from ...cluster.kind import choose_kind
from ...cluster.soft.themes import Softness, soft_themes
from ...cluster.variants.variants import same_things
from ...errors import InputError
from ...logs import log
from ...rows.read import read
from ...seeds import Seed
from ...vectors import Floats, normalise
from ..items import WHY, Pictures, distinct_texts, encoder_of
from ..provenance import origin_of
from .assemble import Draft
from .deep import Deep, deepened
from .grouping import Grouping

KINDS = ("auto", "themes", "variants")
METHODS = ("louvain", "soft")


def group(
    source: Any,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    kind: str = "auto",
    method: str = "louvain",
    deep: bool = False,
    groups: int | None = None,
    assign_all: bool = False,
    encoder: Any = "minilm",
    fast: str = "auto",
    cache: str | Path | None = None,
    seed: int = 0,
) -> Grouping:
    """Group texts, with no decision to make.

    Parameters
    ----------
    source : path, "-" or texts in memory
        A csv, tsv, jsonl, json, txt, parquet or xlsx file; standard input; a list, Series, Arrow column, data frame, `datasets` column.
    text : str or list of str, optional
        Column or columns of text; chosen, and said, when left out.
    id : str, optional
        Column of unique ids; rows are numbered when left out.
    image : bool
        The source is a folder of images, or a list of image files; they make themes.
    kind : {"auto", "themes", "variants"}
        Topics, or spellings of single things; chosen from the texts, with the reason said, by default.
    method : {"louvain", "soft"}
        How themes are made: communities of near neighbours, or prototypes with calibrated confidences and a runner-up for all.
    deep : bool
        With "soft": learn a code of the items together with the prototypes first, which takes minutes.
    groups : int, optional
        How many; found by a documented rule when left out.
    assign_all : bool
        Leave no text without a group (a row without any text has none all the same).
    encoder : str, path or SentenceTransformer
        What turns texts into vectors; for images "pixels", "efficientnet" or "auto", which looks at their size.
    fast : {"auto", "on", "off"}
        Whether the encoder may run as int8 on the CPU.
    cache : path, optional
        Folder that keeps vectors, so that a rerun encodes nothing.
    seed : int
        Same texts, same settings, same seed: same groups.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing, a parameter is out of range.

    Examples
    --------
    >>> import matomari
    >>> found = matomari.group(["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed"], groups=2)
    >>> found.summary["size"].to_pylist()
    [3, 2]
    """
    _check(kind, method, deep, groups, seed)
    _say("reading")
    pictures = Pictures.of(source, text, id, kind) if image else None
    taken = pictures.rows if pictures else read(source, text=text, id=id)
    distinct, place = (pictures.names, pictures.place) if pictures else distinct_texts(taken)
    noun = "image" if image else "text"
    if groups is not None and groups > len(distinct):
        raise InputError(f"{groups} groups were asked of {len(distinct)} distinct {noun}s.", hint="ask for fewer.")
    model, hints = encoder_of(encoder, fast, cache, distinct, pictures)
    _say(f"encoding {len(distinct):,} distinct {noun}s")
    X = normalise(np.asarray(model.encode(pictures.files if pictures else distinct), np.float32))
    chosen, why = ("themes", WHY) if pictures else _kind(kind, method, distinct, X, seed)
    _say(f"{chosen}, because {why}")
    merges, soft, learnt = None, None, None
    if method == "soft":
        found, soft, learnt = _soft(X, groups, model.name if deep else None, cache, seed)
    elif chosen == "themes":
        found = themes(X, groups=groups, assign_all=assign_all, seed=seed, say=_say)
    else:
        found, merges = same_things(distinct, X, groups=groups, say=_say)
    _say(f"{found.k:,} groups: {found.reason}")
    notes = [*taken.notes, *model.notes, *hints, *(learnt.notes if learnt else []), *found.notes]
    settings = {
        **origin_of(taken),
        "id_column": id,
        "distinct_texts": len(distinct),
        "kind": chosen,
        "kind_reason": why,
        "method": method if chosen == "themes" else "linkage",
        "deep": learnt.code.facts() if learnt else None,
        "groups_reason": found.reason,
        "groups_asked": groups,
        "assign_all": assign_all,
        "image": image,
        "encoder": model.name if pictures else str(encoder) if isinstance(encoder, str | Path) else "",
        "encoder_fingerprint": model.fingerprint,
        "fast": fast,
        "seed": seed,
    }
    _say("naming and drawing")
    return Draft(taken, distinct, place, X, found, seed, chosen == "variants", soft, pictures, learnt).finish(
        settings, notes, model, merges
    )


def _soft(X: Floats, groups: int | None, deep: str | None, cache: str | Path | None, seed: int) -> tuple[Clustering, Softness, Deep | None]:
    """Groups around prototypes: of X, or of a code that is learnt for what the encoder called `deep` made."""
    if deep is None:
        return *soft_themes(X, groups=groups, seed=seed, say=_say), None
    learnt = deepened(X, groups=groups, encoder=deep, cache=cache, seed=seed, say=_say)
    return *soft_themes(learnt.X, groups=groups, choice=learnt.choice, surest=learnt.surest, seed=seed, say=_say), learnt


def _kind(kind: str, method: str, distinct: list[str], X: Floats, seed: int) -> tuple[str, str]:
    if method == "soft":
        return "themes", "soft k-means was asked for"
    return (kind, "it was asked for") if kind != "auto" else choose_kind(distinct, X, Seed(seed).stream("kind"))


def _check(kind: str, method: str, deep: bool, groups: int | None, seed: int) -> None:
    for name, value, known in (("kind", kind, KINDS), ("method", method, METHODS)):
        if value not in known:
            raise InputError(
                f"The {name!r} parameter of group must be one of {', '.join(map(repr, known))}. Got {value!r} instead.",
                hint=f"{name}={known[1]!r}, for example.",
            )
    if method == "soft" and kind == "variants":
        raise InputError("variants are not made by soft k-means: they are pairs, not prototypes.", hint="leave out one of the two.")
    if deep and method != "soft":
        raise InputError("the deep stage learns prototypes, and only soft k-means has them.", hint="method='soft'.")
    if groups is not None and (isinstance(groups, bool) or not isinstance(groups, int) or groups < 1):
        raise InputError(
            f"The 'groups' parameter of group must be an int in the range [1, inf). Got {groups!r} instead.",
            hint="leave it out to have it found.",
        )
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise InputError(
            f"The 'seed' parameter of group must be an int in the range [0, inf). Got {seed!r} instead.", hint="seed=0 is the default."
        )


def _say(what: str) -> None:
    log.info("%s", what)
