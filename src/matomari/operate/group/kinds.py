"""Make groups of a kind, look at what came out, and try the other kind where that looks wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ...cluster.clustering import Clustering
from ...cluster.communities.themes import themes
from ...cluster.kind.kind import doubt, separation, signs
from ...cluster.soft.themes import Softness, soft_themes
from ...cluster.variants.reading.vocabulary import Vocabulary
from ...cluster.variants.records.records import NO_RECORDS
from ...cluster.variants.variants import Merges, same_things
from ...logs import log
from ...protocols import EncoderLike
from ...rows.boilerplate.boilerplate import Boilerplate
from ...seeds import Seed
from ..items import EncodedItems, Items
from ..options import GroupOptions
from ..records import by_records, is_asked
from .deep import Deep, deepened


@dataclass(frozen=True, eq=False, kw_only=True)
class Made:
    """Items in groups, with what their kind of groups knows beyond that.

    Attributes
    ----------
    items : EncodedItems
        Encoded as the kind needs them.
    kind : "themes" or "variants"
    why : str
        Why this kind.
    clustering : Clustering
    notes : list of str
        What was doubted.
    """

    items: EncodedItems
    kind: str
    why: str
    clustering: Clustering
    merges: Merges | None = None
    soft: Softness | None = None
    deep: Deep | None = None
    notes: list[str] = field(default_factory=list)

    def largest_first(self) -> Made:
        """The same, groups numbered by their rows."""
        rank = self.clustering.ranked(self.items.weight)
        soft = self.soft and replace(self.soft, posterior=self.soft.posterior.renumbered(rank))
        return replace(self, clustering=self.clustering.renumbered(rank), soft=soft)


def grouped(items: Items, encoder: EncoderLike, options: GroupOptions, vocabulary: Vocabulary) -> Made:
    """The items in groups of the kind that was asked for, or of the kind that suits them, checked by its outcome.

    Boilerplate is taken off before anything is decided. Numbers and codes of one row alone are taken off for themes only, because they
    tell variants apart.
    """
    learns = items.medium.has_words and not options.keep_boilerplate
    boilerplate = Boilerplate.learn(items.names) if learns else Boilerplate()

    def encode(kind: str) -> EncodedItems:
        if kind == "themes":
            return items.without(boilerplate).encode(encoder, fast=options.fast, cache=options.cache)
        mine = by_records(items, options)
        taken_off = boilerplate.framed().of_cells() if mine.records.cells else boilerplate.framed()
        return mine.without(taken_off).encode(encoder, fast=options.fast, cache=options.cache)

    apart = bool(boilerplate.slots) or is_asked(items.rows, options)  # variants are not the items of themes
    kind, why = _asked(items, options)
    encoded = encode(kind or "themes")
    if kind:
        return _made(encoded, kind, why, options=options, vocabulary=vocabulary).largest_first()
    seen = signs(encoded.letters, encoded.inputs, encoded.X, Seed(options.seed).stream("kind"))
    kind, why = seen.kind, seen.reason
    first = _made(encode(kind) if kind == "variants" and apart else encoded, kind, why, options=options, vocabulary=vocabulary)
    wrong = doubt(first.clustering.labels)
    if not wrong or options.groups is not None:  # a number that was asked for is nobody's mistake
        return first.largest_first()
    other = "themes" if kind == "variants" else "variants"
    log.info("as %s, %s; trying %s", kind, wrong, other)
    second = _made(encode(other) if apart else encoded, other, f"as {kind}, {wrong}; {why}", options=options, vocabulary=vocabulary)
    far = [
        separation(made.items.X if made.items.records is not NO_RECORDS else encoded.X, made.clustering.labels) for made in (first, second)
    ]
    shown = f"{other} lie {'farther' if far[1] > far[0] else 'no farther'} apart (silhouette {far[1]:.2f}, {kind} {far[0]:.2f})"
    if far[1] > far[0]:
        return replace(second, why=f"as {kind}, {wrong}, and {shown}").largest_first()
    return replace(first, notes=[f"{wrong}, but {shown}"]).largest_first()


def _asked(items: Items, options: GroupOptions) -> tuple[str, str]:
    """The kind that there is no choice about, and why; empty where there is one."""
    if items.medium.only_kind:
        return items.medium.only_kind
    if options.method == "soft":
        return "themes", "soft k-means was asked for"
    return ("", "") if options.kind == "auto" else (options.kind, "it was asked for")


def _made(items: EncodedItems, kind: str, why: str, *, options: GroupOptions, vocabulary: Vocabulary) -> Made:
    """The items in groups: communities, prototypes, or spellings of one thing."""
    log.info("%s, because %s", kind, why)
    X, groups, seed = items.X, options.groups, options.seed
    if kind == "variants":
        records = items.records.framed(items.boilerplate.frames)
        clustering, merges = same_things(
            items.letters, X, groups=groups, precision=options.precision, vocabulary=vocabulary, records=records, say=log.info
        )
        return Made(items=items, kind=kind, why=why, clustering=clustering, merges=merges)
    if options.method == "louvain":
        clustering = themes(X, groups=groups, assign_all=options.assign_all, weight=items.weight, seed=seed, say=log.info)
        return Made(items=items, kind=kind, why=why, clustering=clustering)
    if not options.deep:
        clustering, soft = soft_themes(X, groups=groups, seed=seed, say=log.info)
        return Made(items=items, kind=kind, why=why, clustering=clustering, soft=soft)
    deep = deepened(X, groups=groups, encoder=items.encoder.name, cache=options.cache, seed=seed, say=log.info)
    clustering, soft = soft_themes(deep.X, groups=groups, choice=deep.choice, surest=deep.surest, seed=seed, say=log.info)
    return Made(items=items, kind=kind, why=why, clustering=clustering, soft=soft, deep=deep)
