"""What a grouping offers to a teacher, against plain loops and hand-made groupings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

import matomari
from builders.material import blobs
from builders.topics import topical
from matomari import InputError
from matomari.cluster.communities.graph import memberships
from matomari.operate.teach.stages.material import INSIDE, Material, spread


@pytest.fixture(scope="module")
def grouped() -> matomari.Grouping:
    texts = topical()[0]
    return matomari.group(
        pa.table({"id": [f"n{i}" for i in range(len(texts) + 2)], "text": [*texts, texts[0], ""]}),
        text="text",
        id="id",
        kind="themes",
        groups=6,
    )


def test_each_text_is_there_once_with_its_group_and_rows(grouped: matomari.Grouping) -> None:
    material = Material.of(grouped)
    texts, cluster = topical()[0], grouped.items["cluster"].to_pylist()
    assert sorted(material.texts) == sorted(texts)
    for text, label, rows, name in zip(material.texts, material.labels.tolist(), material.rows.tolist(), material.ids, strict=True):
        assert label == cluster[texts.index(text)]
        assert rows == (2 if text == texts[0] else 1)
        assert name == f"n{texts.index(text)}"


def test_places_are_those_of_the_rows(grouped: matomari.Grouping) -> None:
    texts = [*topical()[0], topical()[0][0], ""]
    keys = grouped.reference.keys
    assert [keys[place] if place >= 0 else "" for place in grouped.places.tolist()] == texts


def test_places_of_records_go_by_their_cells() -> None:
    table = {"name": ["Cafe Rio", "Cafe Rio", "Cafe Rio"], "city": ["Bonn", "Köln", "Bonn"], "y": ["1", "2", "3"]}
    groups = matomari.group(pa.table(table), text=["name", "city"], kind="variants", variants_by="columns")
    first, second, third = groups.places.tolist()
    assert first == third != second


def test_images_are_refused() -> None:
    images = matomari.operate.items.medium_of(True)

    class Pictures:
        medium = images

    with pytest.raises(InputError, match="this folder holds images"):
        Material.of(Pictures())  # type: ignore[arg-type]


def test_votes_are_those_of_a_plain_loop() -> None:
    material, _ = blobs(4, 12, misplaced=2)
    cosines, near = material.near
    weights = memberships(1 - cosines) + 0.1
    for item in range(len(material.texts)):
        votes = np.zeros(material.k)
        for weight, other in zip(weights[item], near[item], strict=True):
            votes[material.labels[other]] += weight
        assert np.allclose(material.votes[[item]].toarray()[0], votes / votes.sum(), atol=1e-5)
        assert np.isclose(material.own[item], (votes / votes.sum())[material.labels[item]], atol=1e-5)


def test_a_text_without_a_group_votes_for_nobody_and_has_no_own_votes() -> None:
    material, _ = blobs(3, 8)
    labels = material.labels.copy()
    labels[:8] = -1
    alone = Material(**{**vars_of(material), "labels": labels})
    assert alone.own[:8].tolist() == [0.0] * 8
    assert (alone.votes.toarray()[:, 0] == 0).all()
    assert np.allclose(alone.votes.sum(axis=1), 1)


def vars_of(material: Material) -> dict[str, object]:
    """The fields of material, without what was computed of them."""
    return {name: getattr(material, name) for name in material.__dataclass_fields__}


def test_who_lies_inside_is_surrounded_by_its_own_and_the_most_central_come_first() -> None:
    material, _ = blobs(5, 20, misplaced=3)
    members, centers = material.middle
    for g, inside in enumerate(material.inside):
        assert set(inside) == {i for i in np.flatnonzero(material.labels == g) if material.own[i] >= INSIDE}
        cosines = [round(float(material.X[i] @ centers[g]), 5) for i in members[g]]
        assert cosines == sorted(cosines, reverse=True)


def test_the_nearest_sibling_has_the_nearest_centre() -> None:
    material, _ = blobs(5, 20)
    _, centers = material.middle
    for g in range(5):
        others = [h for h in range(5) if h != g]
        assert material.siblings[g, 0] == max(others, key=lambda h: float(centers[g] @ centers[h]))


def test_what_is_shown_differs_most() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(9, 4)).astype(np.float32)
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    items = [3, 1, 4, 0, 5, 8]
    chosen = [items[0]]
    while len(chosen) < 4:
        rest = [i for i in items if i not in chosen]
        chosen.append(min(rest, key=lambda i: max(float(X[i] @ X[j]) for j in chosen)))
    assert spread(X, items, 4) == chosen
    assert spread(X, [2], 4) == [2]
    assert spread(X, [], 4) == []
