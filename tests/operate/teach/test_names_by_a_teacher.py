"""Names: what a question shows, and whether texts that were not shown find them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from builders.material import blobs, session
from matomari.operate.teach.stages.material import Material
from matomari.operate.teach.stages.naming import HELD_OUT, NamesStage, judge_names, name_questions, shown_for_names
from matomari.seeds import Seed
from matomari.teach.question import Answer, certain


def encoder(material: Material, true: bool) -> dict[str, np.ndarray]:
    """A vector for each name: true names lie at the centre of their group, old ones at that of the next."""
    _, centers = material.middle
    return {f"{'true' if true else 'group'} {g}": centers[g if true else (g + 1) % material.k] for g in range(material.k)}


def encode_with(material: Material) -> object:
    known = encoder(material, True) | encoder(material, False)
    return lambda names: np.stack([known[name] for name in names]).astype(np.float32)


def test_a_question_shows_the_group_and_its_nearest_sibling() -> None:
    material, _ = blobs()
    for g, question in enumerate(name_questions(material)):
        mine, rival = question.blocks
        assert all(material.labels[material.texts.index(text)] == g for text in mine.texts)
        assert {material.labels[material.texts.index(text)] for text in rival.texts} == {material.siblings[g, 0]}
        assert len(set(mine.texts)) == len(mine.texts) == 7


def test_a_group_of_one_text_shows_it_once_and_a_single_group_has_no_rival() -> None:
    material, _ = blobs(1, 1)
    (question,) = name_questions(material)
    assert [block.texts for block in question.blocks] == [("text 0 of class 0",)]


def test_true_names_are_recommended_where_the_old_ones_were_wrong() -> None:
    material, _ = blobs(each=60)
    stage = NamesStage(session(material), encode_with(material))  # type: ignore[arg-type]
    outcome = stage.conclude([certain(f"true {g}") for g in range(6)])
    assert outcome.accepted
    assert [(p.what, p.to, p.recommended) for p in outcome.proposals] == [(f"group {g}", f"true {g}", True) for g in range(6)]
    assert stage.session.names == [f"true {g}" for g in range(6)]


def test_names_that_are_no_better_are_not_recommended_and_change_no_question() -> None:
    material, _ = blobs(each=60)
    stage = NamesStage(session(material), lambda names: np.ones((len(names), 48), np.float32))
    outcome = stage.conclude([certain(f"true {g}") for g in range(6)])
    assert not outcome.accepted
    assert not any(p.recommended for p in outcome.proposals)
    assert stage.session.names == material.names


def test_shares_are_those_of_a_plain_loop() -> None:
    material, _ = blobs(8, 30)
    encode = encode_with(material)
    judged = judge_names(material, [certain(f"true {g}") for g in range(8)], encode, 0)  # type: ignore[arg-type]
    shown = shown_for_names(material)
    vectors = {g: encoder(material, True)[f"true {g}"] for g in range(8)}
    for g in range(8):
        members = material.middle[0][g]
        rest = [i for i in members if i not in shown[g]]
        judging = Seed(0).stream(f"teach/held out/{g}").permutation(rest)[: 2 * HELD_OUT][1::2].tolist()  # the others have chosen
        rivals = material.siblings[g][:5].tolist()
        finds = [all(float(material.X[i] @ vectors[g]) > float(material.X[i] @ vectors[h]) for h in rivals) for i in judging]
        assert judged.after[g] == pytest.approx(np.mean(finds))
    assert judged.chosen.all()


def test_a_worse_name_is_not_chosen_and_the_others_are_judged_without_it() -> None:
    material, _ = blobs(each=60)
    _, centers = material.middle
    # old names are right, but for two groups; the teacher is right on these two and wrong on all others
    known = {f"group {g}": centers[g] if g > 1 else -centers[g] for g in range(6)}
    known |= {f"true {g}": centers[g] if g < 2 else -centers[g] for g in range(6)}
    judged = judge_names(material, [certain(f"true {g}") for g in range(6)], lambda names: np.stack([known[n] for n in names]), 0)
    assert judged.chosen.tolist() == [True, True, False, False, False, False]
    assert judged.accepted
    assert judged.after.tolist() == [1.0] * 6
    assert judged.before.tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert judged.sentence.startswith("names: 2 of 6 are found more often by one half")


def test_a_name_for_two_groups_is_for_none_and_failures_are_said() -> None:
    material, _ = blobs(3, 30)
    answers: Sequence[Answer] = [certain("true 0"), certain("True 0"), Answer(failure="the reply was cut off")]
    judged = judge_names(material, answers, lambda names: np.eye(len(names), 48, dtype=np.float32), 0)
    assert judged.names == ["", "", ""]
    assert judged.failures == ["two groups were given this name"] * 2 + ["the reply was cut off"]
    assert judged.sentence.startswith("names: none of 0 is found more often")
