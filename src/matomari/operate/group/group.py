"""The main job: texts or images in, named groups out. read → encode → cluster → name → place on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...cluster.clustering import Clustering
from ...cluster.communities.themes import themes
from ...cluster.kind import choose_kind
from ...cluster.soft.themes import Softness, soft_themes
from ...cluster.variants.variants import Merges, same_things
from ...errors import InputError
from ...logs import log
from ...protocols import EncoderLike
from ...seeds import Seed
from ..items import EncodedItems, Items, medium_of
from ..options import Fast, GroupOptions, Kind, Method
from ..provenance import origin_of
from .assemble import Draft
from .deep import Deep, deepened
from .grouping import Grouping


def group(
    source: Any,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    kind: Kind = "auto",
    method: Method = "louvain",
    deep: bool = False,
    groups: int | None = None,
    assign_all: bool = False,
    encoder: EncoderLike = "minilm",
    fast: Fast = "auto",
    cache: str | Path | None = None,
    seed: int = 0,
) -> Grouping:
    """Group texts or images, with no decision to make.

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
    >>> cards = matomari.group(["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed"], groups=2)
    >>> cards.groups["size"].to_pylist()
    [3, 2]
    """
    options = GroupOptions(
        text=text, id=id, image=image, kind=kind, method=method, deep=deep, groups=groups, assign_all=assign_all,
        encoder=encoder, fast=fast, cache=cache, seed=seed,
    )  # fmt: skip
    log.info("reading")
    items = _read(source, options)
    encoded = items.encode(encoder, fast=fast, cache=cache)
    chosen, why = _kind(encoded, options)
    log.info("%s, because %s", chosen, why)
    grouped = _clustered(encoded, chosen, options)
    clustering = grouped.clustering
    log.info("%s groups: %s", f"{clustering.k:,}", clustering.reason)
    settings = {
        **origin_of(items.rows),
        "id_column": id,
        "distinct_texts": len(items),
        "kind": chosen,
        "kind_reason": why,
        "method": method if chosen == "themes" else "linkage",
        "deep": grouped.deep.code.facts() if grouped.deep else None,
        "groups_reason": clustering.reason,
        "groups_asked": groups,
        "assign_all": assign_all,
        "image": image,
        "encoder": encoded.encoder_name,
        "encoder_fingerprint": encoded.encoder.fingerprint,
        "fast": fast,
        "seed": seed,
        "options": options.record(),
    }
    notes = [*items.rows.notes, *encoded.notes, *(grouped.deep.notes if grouped.deep else []), *clustering.notes]
    log.info("naming and drawing")
    draft = Draft(
        items=encoded, clustering=clustering, kind=chosen, seed=seed, merges=grouped.merges, soft=grouped.soft, deep=grouped.deep
    )  # fmt: skip
    return draft.finish(settings, notes)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Made:
    """A clustering, with what its way of making knows beyond it."""

    clustering: Clustering
    merges: Merges | None = None
    soft: Softness | None = None
    deep: Deep | None = None


def _read(source: Any, options: GroupOptions) -> Items:
    items = medium_of(options.image).read(source, text=options.text, id=options.id)
    if options.groups is not None and options.groups > len(items):
        raise InputError(f"{options.groups} groups were asked of {len(items)} distinct {items.medium.plural}.", hint="ask for fewer.")
    return items


def _kind(items: EncodedItems, options: GroupOptions) -> tuple[str, str]:
    """Themes or variants, and why."""
    if items.medium.only_kind:
        return items.medium.only_kind
    if options.method == "soft":
        return "themes", "soft k-means was asked for"
    if options.kind != "auto":
        return options.kind, "it was asked for"
    return choose_kind(items.names, items.X, Seed(options.seed).stream("kind"))


def _clustered(items: EncodedItems, kind: str, options: GroupOptions) -> _Made:
    """The items in groups: communities, prototypes, or spellings of one thing."""
    X, groups, seed = items.X, options.groups, options.seed
    if kind == "variants":
        clustering, merges = same_things(items.names, X, groups=groups, say=log.info)
        return _Made(clustering=clustering, merges=merges)
    if options.method == "louvain":
        return _Made(clustering=themes(X, groups=groups, assign_all=options.assign_all, seed=seed, say=log.info))
    if not options.deep:
        clustering, soft = soft_themes(X, groups=groups, seed=seed, say=log.info)
        return _Made(clustering=clustering, soft=soft)
    deep = deepened(X, groups=groups, encoder=items.encoder.name, cache=options.cache, seed=seed, say=log.info)
    clustering, soft = soft_themes(deep.X, groups=groups, choice=deep.choice, surest=deep.surest, seed=seed, say=log.info)
    return _Made(clustering=clustering, soft=soft, deep=deep)
