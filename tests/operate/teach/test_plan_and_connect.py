"""What would be asked and at what price, and from options and the environment to an endpoint: every refusal in one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builders.material import blobs, session
from matomari import InputError
from matomari.operate.options import TeachOptions
from matomari.operate.teach.connect import connect, foreseen, guard_of, price_of, replayed
from matomari.operate.teach.plan import NAME, plan_of
from matomari.operate.teach.stages.places import PlacesStage
from matomari.operate.teach.stages.stage import both_orders, one_order
from matomari.teach.client.budget import FREE, Price
from matomari.teach.client.place import place_of
from matomari.teach.client.recorded import Recorded
from matomari.teach.estimate import tokens
from matomari.teach.guard.guard import Guard
from matomari.teach.question import Block, Question, certain

HERE, THERE = place_of("http://localhost:1/v1"), place_of("http://models.example.org/v1", "models.example.org")


def question(text: str) -> Question:
    return Question(kind="same", task="Are both one?", blocks=(Block("1", (text,)), Block("2", ("card lost",))), choices=("A", "B"))


def test_a_plan_counts_calls_tokens_price_and_masked_values() -> None:
    questions = [question("write to ann@example.org"), question("call me")]
    plan = plan_of([("pairs", questions), ("names", [])], Guard(), Price(1.0, 10.0), marked=False, notes=["a note"])
    assert plan.calls == {"pairs": 2, "names": 0}
    assert plan.masked == {"EMAIL": 1}
    assert plan.written == 2
    assert plan.cost == pytest.approx((plan.read + 20) / 1e6, rel=0.01)
    assert "ann@example.org" not in "".join(plan.samples)
    assert "EMAIL_1" in plan.samples[0]
    assert plan.notes[-1] == "a note"
    assert plan.sentence.startswith("at most 2 calls (2 for pairs, 0 for names), about ")


def test_a_name_is_longer_than_a_letter() -> None:
    name = Question(kind="name", task="What is it?", blocks=(Block("A", ("a",)),))
    assert plan_of([("names", [name])], Guard(), None, marked=False, notes=[]).written == NAME > 1


def test_without_a_price_there_is_no_cost() -> None:
    plan = plan_of([("pairs", [question("a")])], Guard(), None, marked=False, notes=[])
    assert plan.cost is None
    assert "dollars" not in plan.sentence


def test_a_sign_for_every_space_only_where_it_is_asked_for() -> None:
    marked, plain = (plan_of([("pairs", [question("a b")])], Guard(), None, marked=m, notes=[]).samples[0] for m in (True, False))
    assert "1: a^b" in marked
    assert "1: a b" in plain


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("I still have not received my new card, I ordered over a week ago.", 15, 18),  # 17 of Qwen 2.5
        ("Sony Turntable - PSLX350H", 7, 12),  # 10
        ("請求書はどこですか", 4, 8),
        ("", 0, 0),
    ],
)
def test_tokens_are_about_those_of_a_tokeniser(text: str, low: float, high: float) -> None:
    assert low <= tokens(text) <= high


def test_prices_come_from_the_option_then_from_here_then_from_the_list() -> None:
    assert price_of(TeachOptions(price=(1, 2)), "gpt-4o", THERE) == (Price(1, 2), [])
    assert price_of(TeachOptions(), "gpt-4o", HERE) == (FREE, [])
    listed, (note,) = price_of(TeachOptions(), "gpt-4o", THERE)
    assert listed == Price(2.5, 10)
    assert "2.5 and 10 dollars per million tokens" in note
    assert "--price" in note
    unknown, (said,) = price_of(TeachOptions(), "my-model", THERE)
    assert unknown == FREE
    assert "costs are not counted" in said


def test_a_cap_needs_a_price() -> None:
    with pytest.raises(InputError, match=r"the price of 'my-model' is not known, so a cap on the cost cannot be kept"):
        price_of(TeachOptions(max_cost=2.0), "my-model", THERE)


def test_no_endpoint_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(InputError, match=r"no endpoint is named: OPENAI_BASE_URL is not set") as error:
        connect(TeachOptions(), None)
    assert "--dry-run" in error.value.at_command_line()


def test_another_machine_needs_to_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.example.org/v1")
    with pytest.raises(InputError, match="texts would leave it") as error:
        connect(TeachOptions(allow_remote="api.example.com"), None)
    assert "--allow-remote api.example.org" in error.value.at_command_line()


def test_a_journal_remembers_the_model_and_an_empty_one_does_not(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the journal holds no replies"):
        replayed(TeachOptions(replay=True), Recorded(tmp_path / "a"))
    assert replayed(TeachOptions(replay=True, llm="m"), Recorded(tmp_path / "a")).name == "m"


def test_a_dictionary_is_a_file_of_lines_or_a_list(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("\ufeffFalcon\n\n  Zeta 9 \n", encoding="utf-8")
    for given in (file, str(file), ["Falcon", "Zeta 9"]):
        assert guard_of(TeachOptions(dictionary=given)).mask("falcon and Zeta 9") == "TERM_1 and TERM_2"
    with pytest.raises(InputError, match=re.escape(f"{tmp_path / 'none'} cannot be read")):
        guard_of(TeachOptions(dictionary=tmp_path / "none"))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"price": (1.0,)}, "must be two numbers of 0 or more"),
        ({"price": (1.0, -1.0)}, "must be two numbers of 0 or more"),
        ({"timeout": 0}, "must be a number above 0"),
        ({"only": "names,colours"}, "must be of names, places, groups, pairs"),
        ({"only": ""}, "must be of names, places, groups, pairs"),
        ({"most": 0}, "must be an int in the range"),
        ({"parallel": 0}, "must be an int in the range"),
    ],
)
def test_options_that_make_no_sense_are_refused(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        TeachOptions(**given)  # type: ignore[arg-type]


def test_orders_take_turns_and_come_back_in_their_places() -> None:
    material, _ = blobs()
    stage = PlacesStage(session(material), 9)
    questions = stage.questions()
    asked = one_order(questions)
    assert [questions.index(q) for q in asked] == [0, 3, 4, 7, 8, 11, 12, 15, 16]
    back = both_orders([certain(str(questions.index(q))) for q in asked])
    assert [answer.label for answer in back if not answer.failure] == [str(questions.index(q)) for q in asked]
    assert all(back[int(answer.label)] is answer for answer in back if not answer.failure)


def test_what_a_plan_foresees_of_an_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert foreseen(TeachOptions()) == (None, [], True)  # nobody is named: no price, and spaces would be marked
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert foreseen(TeachOptions()) == (FREE, [], False)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.example.com/v1")
    assert foreseen(TeachOptions(price=(1, 2))) == (Price(1, 2), [], True)
