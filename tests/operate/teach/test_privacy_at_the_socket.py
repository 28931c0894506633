"""F5: what arrives at the endpoint, byte by byte, of 30,000 personal values in the texts of questions; and what comes back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence

import pytest

from builders.asking import client, journal
from builders.endpoint import Asked, Fault, Loopback
from builders.leaks import leaked
from builders.personal import LOCALES, MAKERS, planted
from matomari.teach.guard.guard import Guard
from matomari.teach.guard.people import people_finder
from matomari.teach.question import Block, Question

COUNT = 400  # of each kind in each country
BOTH = 40  # texts of a question, half of them in either block
SHAPED = [kind for kind in MAKERS if kind != "person"]
_MASK = re.compile("[A-Z]+_[0-9]+[a-z]*")
Planted = tuple[str, str, str]  # kind, text, value


def values(kinds: Sequence[str], count: int = COUNT) -> list[Planted]:
    return [(kind, text, value) for kind in kinds for locale in LOCALES for text, value in planted(kind, locale, count)]


def questions(rows: Sequence[Planted], each: int = BOTH) -> list[Question]:
    """Questions for names, which show many texts each."""
    made = []
    for start in range(0, len(rows), each):
        texts = [text for _, text, _ in rows[start : start + each]]
        half = (len(texts) + 1) // 2
        blocks = [Block(mark, tuple(of)) for mark, of in (("A", texts[:half]), ("B", texts[half:])) if of]
        made.append(Question(kind="name", task="Name group A of letters.", blocks=tuple(blocks)))
    return made


def sent(rows: Sequence[Planted], guard: Guard, *, marked: bool = False) -> list[Asked]:
    """The requests that arrive, in the order of the questions."""
    with Loopback(answers=lambda prompt: {"": "letters"}) as endpoint:
        asking = client(endpoint.url, recorded=journal(), guard=guard, marked=marked, parallel=1)
        assert not [answer.failure for answer in asking.ask(questions(rows)) if answer.failure]
        asking.close()
        return endpoint.questions


def shown(requests: Sequence[Asked]) -> list[str]:
    """Each text as it arrived."""
    texts = []
    for request in requests:
        for line in json.loads(request.raw)["messages"][1]["content"].split("\n"):
            if re.match("[AB]: ", line):
                texts += line[3:].split(" | ")
    return texts


def passed(row: Planted, text: str) -> bool:
    """Whether a value, or a piece of it, can be read in the text that arrived: as it was written, or without its separators."""
    kind, frame, value = row
    left = _MASK.sub("", text)
    if " ".join(value.split()) in left or leaked(kind, frame, value, text):
        return True
    bare, theirs = (re.sub(r"[\W_]+", "", part) for part in (value, left))
    return any(c.isdigit() for c in bare) and bare in theirs


@pytest.mark.long
@pytest.mark.parametrize("marked", [False, True])
def test_no_structured_value_arrives(marked: bool) -> None:
    """At most one of two hundred of each kind, and of none a copy anywhere in the bytes that could be one of another text."""
    rows = values(SHAPED if not marked else SHAPED[::3])
    requests = sent(rows, Guard(), marked=marked)
    texts = [text.replace("^", " ") for text in shown(requests)] if marked else shown(requests)
    assert len(texts) == len(rows) == 5 * COUNT * len({kind for kind, _, _ in rows})
    through = Counter(row[0] for row, text in zip(rows, texts, strict=True) if passed(row, text))
    assert not {kind: count for kind, count in through.items() if count > 0.005 * 5 * COUNT}
    raw = b"\n".join(request.head + request.raw for request in requests)
    whole = Counter(kind for kind, _, value in rows if value.isascii() and len(value) > 6 and json.dumps(value)[1:-1].encode() in raw)
    assert not {kind: count for kind, count in whole.items() if count > 0.005 * 5 * COUNT}


@pytest.mark.long
def test_few_names_arrive_with_the_extra() -> None:
    pytest.importorskip("japanese_personal_name_dataset")
    rows = values(["person"])
    texts = shown(sent(rows, Guard(people=people_finder())))
    assert len(texts) == len(rows) == 2000
    assert sum(passed(row, text) for row, text in zip(rows, texts, strict=True)) <= 0.1 * len(rows)


def test_the_measure_sees_what_passes() -> None:
    """Without a guard nearly every value arrives, and a part of one is seen."""
    rows = values(SHAPED, 8)

    class Nothing(Guard):
        def mask(self, text: str) -> str:
            return text

    texts = shown(sent(rows, Nothing()))
    assert sum(passed(row, text) for row, text in zip(rows, texts, strict=True)) == len(rows)
    assert passed(("card", "pay 5105 1051 0510 5100", "5105 1051 0510 5100"), "pay 5105.1051.0510.5100")
    assert not passed(("card", "pay 5105 1051 0510 5100", "5105 1051 0510 5100"), "pay CARD_5105")


def test_masks_in_a_name_come_back_as_they_were_written() -> None:
    """What is put in the place of its mask makes the text that was sent the text that was there."""
    rows = [row for row in values(SHAPED, 6) if len(row[2]) <= 50]

    def first_mask(asked: Asked) -> Fault | None:
        masks = _MASK.findall(asked.body["messages"][1]["content"])
        return Fault("", "", content=lambda _: json.dumps({"name": f"re {masks[0]}"})) if masks else None

    with Loopback(first_mask) as endpoint:
        asking = client(endpoint.url, recorded=journal(), parallel=1)
        answers = asking.ask(questions(rows, 1))
        asking.close()
        texts = shown(endpoint.questions)
    assert len(rows) > 300
    for (_, text, _), arrived, answer in zip(rows, texts, answers, strict=True):
        mask = _MASK.findall(arrived)[0]
        rest = [m for m in _MASK.findall(arrived) if m != mask]
        assert answer.label.startswith("re ") and mask not in answer.label
        if not rest:
            assert arrived.replace(mask, answer.label.removeprefix("re ")) == " ".join(text.split())
