"""Columns on which people's grouping failed: ids, footers, HTML, repeated non-answers, few texts, other scripts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import matomari
from matomari.cluster.clustering import Clustering
from matomari.cluster.kind.kind import Signs
from matomari.cluster.membership import Membership
from matomari.cluster.variants.review import Doubtful
from matomari.cluster.variants.variants import Merges
from matomari.errors import InputError
from matomari.metrics import adjusted_mutual_info

MESSAGES = {
    "card": ["my card is lost", "I lost my bank card", "my card was stolen"],
    "top up": ["the top up failed", "failed to top up again", "my top up did not arrive"],
    "address": ["how do I change my address", "I moved and need to change my address", "please update my address"],
}
TEXTS = [text for texts in MESSAGES.values() for text in texts]
TRUTH = np.repeat([0, 1, 2], 3)
FOOTER = "\n\nKind regards\nAlex Doe\nSales | Example Ltd\nThis e-mail is confidential and intended solely for the addressee. Delete it otherwise."


def right(grouping: matomari.Grouping, truth: np.ndarray) -> float:
    return adjusted_mutual_info(truth, np.asarray(grouping.items["cluster"]))


@pytest.mark.parametrize(
    "form",
    [
        "{text}",
        "#{n} {text}",
        "[T-{n}] 2024-03-0{i} {text}",
        "<p>{text}</p><br/>&nbsp;<a href='https://shop.example/c?id={n}'>view in browser</a>",
        "Hello,\n{text}" + FOOTER,
    ],
)
def test_the_dress_of_a_column_changes_nothing(form: str, tmp_path: Path) -> None:
    dressed = [form.format(text=text, n=10_000 + 37 * i, i=i + 1) for i, text in enumerate(TEXTS)]
    found = matomari.group(dressed)
    assert found.run.kind == "themes"
    assert right(found, TRUTH) == 1
    names = found.groups["name"].to_pylist()
    assert "card" in names[0] and "top up" in names[1] and "address" in names[2]
    assert found.items["text"].to_pylist() == dressed
    assert any("taken off" in note for note in found.notes) == (form != "{text}")
    again = matomari.load(found.save(tmp_path / "out"))
    new = again.assign([form.format(text="my bank card was stolen", n=99_999, i=9)])
    assert new["cluster"].to_pylist() == [0]
    assert (
        new["confidence"].to_pylist()
        == found.assign([form.format(text="my bank card was stolen", n=99_999, i=9)])["confidence"].to_pylist()
    )


def test_the_texts_are_compared_as_they_are_where_that_is_asked() -> None:
    dressed = [f"#{10_000 + 37 * i} {text}" for i, text in enumerate(TEXTS)]
    found = matomari.group(dressed, kind="themes", keep_boilerplate=True)
    assert not found.run.boilerplate
    assert not any("taken off" in note for note in found.notes)


def test_notifications_are_themes_by_what_they_say() -> None:
    forms = ["Order {n} was shipped", "Payment {n} failed", "Ticket {n} was closed"]
    texts = [forms[i % 3].format(n=4_711 + 13 * i) for i in range(12)]
    found = matomari.group(texts)
    assert found.run.kind == "themes"
    assert right(found, np.arange(12) % 3) == 1
    assert found.run.unassigned == 0


def test_variants_keep_their_numbers() -> None:
    texts = [f"hex bolt M{d} x {n}" for d in (4, 6, 8) for n in (10, 16, 20)]
    texts += [text.replace(" x ", "x").upper() for text in texts]
    found = matomari.group(texts)
    assert found.run.kind == "variants"
    assert right(found, np.arange(18) % 9) == 1


def test_the_largest_group_by_rows_is_first_and_a_repeated_answer_names_it() -> None:
    texts = [*TEXTS, *["n/a"] * 60]
    found = matomari.group(texts, kind="themes", groups=4)
    sizes = found.groups["size"].to_pylist()
    assert sizes == sorted(sizes, reverse=True)
    assert found.groups["name"].to_pylist()[0] == "n/a"
    assert found.items["cluster"].to_pylist()[-1] == 0


def test_few_texts_get_a_true_reason() -> None:
    reason = matomari.group(TEXTS, kind="themes").run.groups_reason
    assert reason.startswith("9 distinct rows are too few to be left out in turn")
    assert "subsample" not in reason


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            ["Die Lieferung ist seit Wochen unterwegs", "Ich warte auf die Lieferung", "Wann kommt die Lieferung an", "Ich möchte mein Geld zurück",
             "Wann bekomme ich mein Geld", "Das Geld ist noch nicht da"],
            {"Lieferung", "Geld"},
        ),
        (["मैं अपना पासवर्ड भूल गया", "नया पासवर्ड कैसे बनाऊँ", "पासवर्ड बदलना है", "मेरा पार्सल नहीं आया", "पार्सल कहाँ है", "पार्सल देर से आया"],
         {"पासवर्ड", "पार्सल"}),
        (["我忘记密码了", "怎么修改密码", "重置密码的短信", "快递还没到", "快递在哪里", "快递太慢了"], {"密码", "快递"}),
    ],
)  # fmt: skip
def test_names_in_other_languages_are_whole_words(texts: list[str], words: set[str]) -> None:
    class Halves:  # the encoder is not what is tested
        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            return np.asarray([[float(w in t) for w in sorted(words)] + [0.1 + 0.001 * len(t)] for t in texts], np.float32)

    found = matomari.group(texts, kind="themes", groups=2, encoder=Halves())
    assert {word for name in found.groups["name"].to_pylist() for word in name.split(", ")} >= words
    assert any("no function word of" in note and "--stop-words" in note for note in found.notes)


def test_stop_words_and_a_namer_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "stop.txt").write_text("card\nlost\n", encoding="utf-8")
    plain = matomari.group(TEXTS, kind="themes", groups=3)
    own = matomari.group(TEXTS, kind="themes", groups=3, stop_words=tmp_path / "stop.txt")
    assert "card" in plain.groups["name"].to_pylist()[0].split(", ")
    assert not {"card", "lost"} & set(own.groups["name"].to_pylist()[0].split(", "))
    named = matomari.group(TEXTS, kind="themes", groups=3, namer=lambda keywords, examples: "the same")
    assert named.groups["name"].to_pylist() == ["the same", "the same (2)", "the same (3)"]
    with pytest.raises(InputError, match="the namer returned NoneType"):
        matomari.group(TEXTS, kind="themes", groups=3, namer=lambda keywords, examples: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(InputError, match="cannot be read"):
        matomari.group(TEXTS, stop_words=tmp_path / "none.txt")
    with pytest.raises(InputError, match="'namer' parameter"):
        matomari.group(TEXTS, namer="me")  # type: ignore[arg-type]


def test_at_most_a_twentieth_of_the_rows_stays_unassigned() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 24)).astype(np.float32)
    X[:200, :2] += 4
    texts = [f"text {'abcdefghij'[i % 10]}{i}x" for i in range(400)]
    place = dict(zip(texts, X, strict=True))

    class Given:
        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            return np.asarray([place.get(text, np.ones(24, np.float32)) for text in texts])

    repeated = [text for i, text in enumerate(texts) for _ in range(1 + 9 * (i % 7 == 0))]
    found = matomari.group(repeated, kind="themes", encoder=Given(), keep_boilerplate=True)
    assert found.run.unassigned <= 0.05 * len(repeated)


def test_an_outcome_that_looks_wrong_has_the_other_kind_tried_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages taken for names of things: every one would be alone."""
    wrong = Signs(copies=0.9, coded=1.0, grammar=0.0, looked_at=9)
    monkeypatch.setattr("matomari.operate.group.kinds.signs", lambda *_: wrong)
    monkeypatch.setattr("matomari.operate.group.kinds.same_things", lambda letters, X, **_: all_alone(len(letters)))
    found = matomari.group(TEXTS)
    assert found.run.kind == "themes"
    assert found.run.kind_reason.startswith("as variants, only 0% of the texts shared a group with another, and themes lie farther apart")
    assert matomari.group(TEXTS, kind="variants").run.kind == "variants"
    asked = matomari.group(TEXTS, groups=9)  # what was asked for is nobody's mistake
    assert asked.run.kind == "variants"
    assert not any("shared a group" in note for note in asked.notes)


def all_alone(n: int) -> tuple[Clustering, Merges]:
    member = Membership(np.arange(n), np.ones(n, np.float32), np.full(n, -1), np.zeros(n, np.float32))
    none = np.empty(0, np.int64)
    clustering = Clustering(
        partition=member.partition("none"), membership=member, finer=np.arange(n), coarser=np.arange(n), stability=np.ones(n, np.float32), reason="alone"
    )  # fmt: skip
    scores = none.astype(np.float32)
    no_doubt = Doubtful(first=none, second=none, score=scores, together=none.astype(bool), why=[])
    return clustering, Merges(first=none, second=none, score=scores, why=[], doubtful=no_doubt, wrong=0.0)


def test_a_stop_word_file_that_is_not_there_costs_no_work(tmp_path: Path) -> None:
    class Never:
        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            raise AssertionError("nothing should be encoded before the options are read")

    with pytest.raises(InputError, match="cannot be read"):
        matomari.group(TEXTS, stop_words=tmp_path / "none.txt", encoder=Never())
