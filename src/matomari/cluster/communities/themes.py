"""Themes: communities of texts of similar meaning, at the most reproducible number, in three nested layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from ...seeds import Seed
from ...vectors import Floats, Ints, NeighborIndex, distinct, neighbors
from ..clustering import Clustering
from ..membership import Membership
from ..relabel import by_rank, by_size_of
from .agreement import KEPT
from .detect import N_INIT, communities, communities_of, merge_down
from .few import FEW, NEIGHBORS, links
from .graph import neighbor_graph, restrict
from .stability import RULE, Choice, Layer, choose_resolution
from .support import best_overlaps, support, vote

GRAPH_ROWS = 50_000  # the graph is built on at most so many rows; the others join by the vote of their neighbours
SMALLEST = 3  # a smaller community is not a theme; its items join the group they have most links with
STEP = 4.0  # ratio of the resolutions of two layers where the curve shows no peak for the other one
DRAWS = 5  # subsamples for the stability of each group
LOOSE = 0.25  # an item with a smaller share of its links in its group is left unassigned …
MOST_LOOSE = 0.05  # … up to this share of the items

Say = Callable[[str], None]


def themes(
    X: Floats, *, groups: int | None = None, assign_all: bool = False, weight: Ints | None = None, seed: int = 0, say: Say = lambda _: None
) -> Clustering:
    """Group vectors by meaning.

    Parameters
    ----------
    X : array, shape (n, d), float32
        Rows at unit length.
    groups : int, optional
        Number of groups; by default chosen by stability.
    assign_all : bool
        Leave no item unassigned.
    weight : array of int64, shape (n,), optional
        Rows that each item stands for; at most 5 % of them are left unassigned.
    seed : int
    say : callable
        Receives progress messages.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = np.repeat(np.eye(6), 20, axis=0) + rng.normal(0, 0.1, (120, 6))
    >>> clustering = themes((X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32))
    >>> clustering.k, np.bincount(clustering.labels).tolist()
    (6, [20, 20, 20, 20, 20, 20])
    """
    streams, notes = Seed(seed), []
    rows, inverse = distinct(X)
    graph_rows = np.arange(len(rows))
    if len(rows) > GRAPH_ROWS:
        graph_rows = np.sort(streams.stream("themes/rows").choice(len(rows), GRAPH_ROWS, replace=False))
        notes.append(
            f"the graph was built on {GRAPH_ROWS:,} of {len(rows):,} distinct rows; the others joined by the vote of their {NEIGHBORS} nearest"
        )
    say("looking for neighbours")
    table = neighbors(rows[graph_rows], int(1.6 * NEIGHBORS / KEPT), seed=seed)
    k = links(len(rows))
    graph = neighbor_graph(table[0][:, :k], table[1][:, :k])
    say("choosing how many groups")
    resolution, labels, choice = _chosen(
        rows[graph_rows], graph, groups, weight=np.bincount(inverse, weight).astype(np.int64), streams=streams
    )
    steps = _steps(choice)
    finer, coarser = _finer(graph, labels, resolution * steps[1], streams), _coarser(graph, labels, resolution * steps[0], streams)
    stability = _stability(table, labels, resolution, streams)
    member = support(graph, labels)
    alone = np.bincount(labels)[labels] == 1  # a text that stands for a whole group has no neighbour in it, and is not loose for that
    member = replace(member, strength=np.where(alone, np.float32(1), member.strength))
    if len(graph_rows) < len(rows):
        member, finer = _join(rows, graph_rows, member=member, finer=finer, k=len(coarser), seed=seed)
    member, finer = member.take(inverse), finer[inverse]
    if not assign_all:
        member, finer = _let_go(member, finer, np.ones(len(X), np.int64) if weight is None else weight, notes)
        rank = by_size_of(np.arange(len(coarser)), member.label)  # a group that lost items may change its rank
        member = member.renumbered(rank)
        order = np.argsort(rank)
        coarser, stability = by_size_of(coarser[order], member.label), stability[order]
    return Clustering(
        partition=member.partition("louvain", resolution=resolution, seed=seed),
        membership=member,
        finer=finer,
        coarser=coarser,
        stability=stability,
        reason=choice.reason if choice else f"{len(coarser)} groups were asked for",
        notes=notes,
        near=_near(table, inverse) if len(graph_rows) == len(rows) else None,
        curve=choice.drawn if choice else None,
    )


def _chosen(rows: Floats, graph: sp.csr_matrix, groups: int | None, *, weight: Ints, streams: Seed) -> tuple[float, Ints, Choice | None]:
    """The resolution, the communities there, and how their number was chosen, if it was."""
    seed = streams.number("themes/communities")
    if groups is not None:
        return *communities_of(graph, min(groups, len(rows)), seed, n_init=N_INIT), None
    choice = choose_resolution(rows, weight=weight, n_neighbors=links(len(rows)), seed=streams.value)
    if choice.groups == 1:
        return choice.resolution, np.zeros(len(rows), np.int64), choice
    sampled = choice.rows < len(rows)
    resolution, labels = _at(graph, choice, sampled=sampled, seed=seed)
    held = np.bincount(labels).max() / len(labels)
    if choice.instead and held > RULE.largest_of_few:
        resolution, labels = _at(graph, choice.instead, sampled=sampled, seed=seed)
        reason = (
            f"most comes back at this fineness (some {choice.instead.groups} groups, {choice.instead.stability:.2f} beyond chance); "
            f"of {choice.groups} groups, which come back more reliably, one would hold {held:.0%} of the rows"
        )
        choice = replace(choice, **vars(choice.instead), coarser=None, finer=None, instead=None, reason=reason)
    return resolution, _no_crumbs(graph, labels) if len(rows) >= FEW else labels, choice


def _at(graph: sp.csr_matrix, layer: Layer, *, sampled: bool, seed: int) -> tuple[float, Ints]:
    """The communities of a layer of the choice, and their resolution.

    Exactly so many of them as came back, where the layer was found in a sample of the graph, whose resolutions give other sizes, and where
    they are few: at the same resolution the whole may have a fragment more than its subsamples.
    """
    if not sampled:
        labels = communities(graph, layer.resolution, seed, n_init=N_INIT)
        if layer.groups > RULE.few or labels.max() + 1 == layer.groups:
            return layer.resolution, labels
    return communities_of(graph, layer.groups, seed, n_init=N_INIT)


def _steps(choice: Choice | None) -> tuple[float, float]:
    """The resolutions of the coarser and the finer layer, relative to that of the groups."""
    if choice is None:
        return 1 / STEP, STEP
    coarser = choice.coarser.resolution / choice.resolution if choice.coarser else 1 / STEP
    return coarser, choice.finer.resolution / choice.resolution if choice.finer else STEP


def _no_crumbs(graph: sp.csr_matrix, labels: Ints) -> Ints:
    sizes = np.bincount(labels)
    large = int((sizes >= SMALLEST).sum())
    return merge_down(graph, labels, large) if 0 < large < len(sizes) else labels


def _finer(graph: sp.csr_matrix, labels: Ints, resolution: float, streams: Seed) -> Ints:
    """Communities inside each group, at a resolution that is equivalent to that of the whole graph."""
    seed, total = streams.number("themes/finer"), graph.sum()
    finer, offset = np.empty(len(labels), np.int64), 0
    for group in range(labels.max() + 1):
        inside = np.flatnonzero(labels == group)
        part = sp.csr_matrix(graph[inside][:, inside])
        # modularity compares with all links; a part of the graph has fewer, so its resolution is scaled down
        share = max(part.sum() / max(total, 1e-12), 1e-6)
        part_labels = communities(part, resolution * share, seed) if part.nnz else np.zeros(len(inside), np.int64)
        finer[inside] = part_labels + offset
        offset += int(part_labels.max()) + 1
    return finer


def _coarser(graph: sp.csr_matrix, labels: Ints, resolution: float, streams: Seed) -> Ints:
    """Communities of the groups, linked by the links of their members; at most half as many, and not all in one where there are four."""
    k = int(labels.max()) + 1
    member = sp.csr_matrix((np.ones(len(labels), np.float32), (np.arange(len(labels)), labels)), shape=(len(labels), k))
    between = sp.csr_matrix(member.T @ graph @ member)
    coarser = communities(between, resolution, streams.number("themes/coarser"))
    most = max(1, k // 2)
    if coarser.max() == 0 and k >= 4:
        return communities_of(between, 2, streams.number("themes/coarser"))[1]
    return coarser if coarser.max() + 1 <= most else merge_down(between, coarser, most)


def _stability(table: tuple[Floats, Ints], labels: Ints, resolution: float, streams: Seed) -> Floats:
    """Best Jaccard overlap of each group with a community of a subsample, averaged over subsamples (Hennig 2007)."""
    rng, k = streams.stream("themes/stability"), int(labels.max()) + 1
    total = np.zeros(k)
    for draw in range(DRAWS):
        keep = rng.random(len(labels)) < KEPT
        if keep.sum() < 2:
            return np.ones(k, np.float32)
        sample_labels = communities(
            neighbor_graph(*restrict(*table, keep, links(len(labels)))), resolution, streams.number(f"themes/stability/{draw}")
        )
        total += best_overlaps(labels[keep], sample_labels, k)
    return (total / DRAWS).astype(np.float32)


def _join(rows: Floats, kept: Ints, member: Membership, finer: Ints, k: int, seed: int) -> tuple[Membership, Ints]:
    """Membership of all rows if the graph held only `kept`: the others join by vote, also in the finer layer."""
    rest = np.setdiff1d(np.arange(len(rows)), kept)
    cosines, near = NeighborIndex(rows[kept], seed=seed).search(rows[rest], NEIGHBORS)
    joined = vote(cosines, near, member.label, k)
    nearest_inside = near[np.arange(len(rest)), (member.label[near] == joined.label[:, None]).argmax(axis=1)]
    all_finer = np.empty(len(rows), np.int64)
    all_finer[kept], all_finer[rest] = finer, finer[nearest_inside]
    return Membership.none(len(rows)).put(kept, member).put(rest, joined), all_finer


def _near(table: tuple[Floats, Ints], inverse: Ints) -> tuple[Floats, Ints]:
    """The neighbour table of the distinct rows, expanded to all items.

    Equal items come first in each other's list; of other equal items, only the first copy is listed.
    """
    first = np.unique(inverse, return_index=True)[1]
    cosines, items = table[0][inverse], first[table[1]][inverse]
    width = items.shape[1]
    order = np.argsort(inverse, kind="stable")
    for alike in np.split(order, np.cumsum(np.bincount(inverse))[:-1]):
        for item in alike if len(alike) > 1 else ():
            others = alike[alike != item][:width]
            items[item] = np.concatenate([others, items[item]])[:width]
            cosines[item] = np.concatenate([np.ones(len(others), np.float32), cosines[item]])[:width]
    return cosines, items


def _let_go(member: Membership, finer: Ints, weight: Ints, notes: list[str]) -> tuple[Membership, Ints]:
    labels, strength = member.label, member.strength
    loose = np.flatnonzero(strength < LOOSE)
    loose = loose[np.argsort(strength[loose], kind="stable")]
    loose = loose[np.cumsum(weight[loose]) <= int(MOST_LOOSE * weight.sum())]
    remaining = np.bincount(np.delete(labels, loose), minlength=labels.max() + 1)
    loose = loose[remaining[labels[loose]] > 0]  # a group never loses its last item
    if not len(loose):
        return member, finer
    notes.append(
        f"{weight[loose].sum():,} rows with less than {LOOSE:.0%} of their neighbours in any one group were left unassigned"
        f" (the loosest, {MOST_LOOSE:.0%} of all at most); --assign-all places them"
    )
    labels, finer = labels.copy(), finer.copy()
    labels[loose] = finer[loose] = -1
    return replace(member, label=labels), by_rank(finer)
