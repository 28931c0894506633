"""What a column shares is found and taken off, and what tells its rows apart stays."""

from __future__ import annotations

import json

import pytest

from matomari.rows.boilerplate.boilerplate import Boilerplate
from matomari.rows.boilerplate.shared import shared_edge, shared_lines, without_edge, without_lines

MESSAGES = [
    "my card is lost", "I lost my bank card", "my card was stolen", "the top up failed", "failed to top up again", "my top up did not arrive",
    "how do I change my address", "I moved and need to change my address", "please update my address",
]  # fmt: skip


def dressed(form: str) -> list[str]:
    return [form.format(text=text, n=10_234 + 17 * i, day=1 + i, letter="abcdefghi"[i]) for i, text in enumerate(MESSAGES)]


@pytest.mark.parametrize(
    "form",
    [
        "{text}",
        "#{n} {text}",
        "Ticket {n}: {text}",
        "[T-{n}] 2024-03-{day:02} {text}",
        "{text} (ref {n})",
        "{text} - sent from my phone",
        "<div><p>{text}</p><br/>&nbsp;<a href='https://shop.example/c?id={letter}'>view in browser</a></div>",
        "Hello team,\n\n{text}\n\nKind regards\nAlex Doe\n1 Sample Road, Anytown\nThis e-mail is confidential and for the addressee alone.",
        "{text}\n> older message {n}\n> from last week",
        "{text} https://shop.example/ticket/{n}",
        "{text} on 2024-03-{day:02} at 9:{day:02}",
    ],
)
def test_every_dress_comes_off(form: str) -> None:
    texts = dressed(form)
    learnt = Boilerplate.learn(texts)
    bare = [learnt.content(text).removesuffix(" on").removesuffix(" at").removesuffix(" on at") for text in texts]
    assert bare == MESSAGES
    assert bool(learnt) is (form != "{text}")
    assert bool(learnt.note(texts, [learnt.content(text) for text in texts])) is (form != "{text}")
    assert Boilerplate.of(json.loads(json.dumps(learnt.record()))) == learnt


@pytest.mark.parametrize(
    "texts",
    [
        [f"AB-{n}" for n in range(1000, 1030)],
        [f"{n} pF 50V" for n in range(10, 40)],
        [f"{n} Mill Street" for n in (1, 1, 2, 3, 4, 5, 6, 7, 8)] + [f"{n} Mill St" for n in range(1, 9)],
        ["n/a"] * 30 + ["nothing"] * 20 + MESSAGES,
        ["thanks", "ok", "?"] * 5,
        ["lost"],
        [],
    ],
)
def test_what_tells_rows_apart_stays(texts: list[str]) -> None:
    learnt = Boilerplate.learn(texts)
    assert len({learnt.frame(text) for text in texts}) == len(set(texts))


def test_codes_of_one_row_go_and_those_of_several_stay() -> None:
    said = ["broken", "late", "too dim", "loud", "gone", "scratched", "blue", "cold", "hot", "wet", "dirty", "bent"]
    texts = [f"order {5_000 + 7 * i}: lamp L{i % 3} is {word}" for i, word in enumerate(said)]
    learnt = Boilerplate.learn([*texts, *MESSAGES])
    assert [learnt.content(text) for text in texts] == [f"order: lamp L{i % 3} is {word}" for i, word in enumerate(said)]
    assert [learnt.frame(text) for text in texts] == texts
    assert [learnt.framed().content(text) for text in texts] == texts


def test_texts_that_differ_in_their_slots_alone_are_one() -> None:
    texts = [f"Disk usage on server srv{i % 7:02} reached {80 + i % 9} percent" for i in range(40)] + [
        f"Ticket #{i} was closed by agent {i % 5}" for i in range(40)
    ]
    learnt = Boilerplate.learn(texts)
    assert {learnt.content(text) for text in texts} == {"Disk usage on server reached percent", "Ticket was closed by agent"}
    assert len({learnt.frame(text) for text in texts}) == len(set(texts))


def test_nothing_is_ever_emptied() -> None:
    texts = [*dressed("#{n} {text}"), "#77", "2024-01-01", "https://shop.example", "<br>"]
    learnt = Boilerplate.learn(texts)
    assert all(learnt.content(text).strip() for text in texts)
    assert learnt.content("#77") == "#77"


def test_who_signs_is_taken_off_although_each_signs_seldom() -> None:
    names = ["Jo Doe", "Kim Roe", "Sam Poe", "Lou Loe"]
    texts = [
        f"Hi {names[i % 4]},\n\n{text}\n\nBest regards\n{names[i % 4]}\nFor the addressee alone, please." for i, text in enumerate(MESSAGES)
    ]
    learnt = Boilerplate.learn(texts)
    assert [learnt.content(text) for text in texts] == MESSAGES


def test_lines_and_edges_by_hand() -> None:
    texts = [f"about {thing}\nsent on 2024-01-0{i}" for i, thing in enumerate(["cards", "bills", "top ups", "fees"], 1)]
    lines = shared_lines(texts)
    assert lines == {"sent on <date>"}
    bare = [without_lines(text, lines) for text in texts]
    assert bare == ["about cards", "about bills", "about top ups", "about fees"]
    start = shared_edge(bare, end=False)
    assert start == ("about",)
    assert [without_edge(text, start, end=False) for text in [*bare, "other"]] == ["cards", "bills", "top ups", "fees", "other"]


def test_a_question_mark_is_no_boilerplate() -> None:
    assert not Boilerplate.learn([f"{text}?" for text in MESSAGES])


def test_a_number_that_several_rows_begin_with_is_no_identifier() -> None:
    texts = [
        f"{1 + i % 3} boxes of {word}" for i, word in enumerate(["nails", "screws", "nuts", "rivets", "clips", "pins", "hooks", "tacks"])
    ]
    assert [Boilerplate.learn(texts).frame(text) for text in texts] == texts


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            "#{n} {text}",
            "taken off 9 of 9 texts before they were compared: how nearly all rows begin or end; '#10234 my card is lost' counts",
        ),
        ("<p>{text}</p>", "compared: HTML; "),
        ("Hi,\n{text}\nThanks\nJo", "compared: lines of forms and lines that many rows share, quoted mails, greetings and signatures; "),
        ("{text} https://shop.example/{n} please", "compared: how nearly all rows begin or end; "),
        ("{text} {n} x", "compared: how nearly all rows begin or end; "),
    ],
)
def test_the_note_names_what_was_found_and_nothing_else(form: str, said: str) -> None:
    texts = dressed(form)
    learnt = Boilerplate.learn(texts)
    assert said in learnt.note(texts, [learnt.content(text) for text in texts])


def test_amounts_of_many_rows_are_part_of_what_is_said() -> None:
    texts = [
        f"{ask} the €1 fee {why}" for ask in ("what is", "why is there", "who takes") for why in ("for", "on my statement", "in my app")
    ]
    assert [Boilerplate.learn([*texts, *MESSAGES]).content(text) for text in texts] == texts


def test_an_amount_of_one_row_goes() -> None:
    things = ["card payment was declined", "cash withdrawal is pending", "transfer to a friend failed", "refund did not arrive yet"]
    learnt = Boilerplate.learn([*(f"my {thing}, EUR {n}.50" for n, thing in enumerate(things, 31)), *MESSAGES])
    assert learnt.content("my card payment was declined, EUR 31.50") == "my card payment was declined"


def test_a_code_that_is_one_of_no_series_is_a_word() -> None:
    asked = ["add support for V4L2_PIX_FMT", "3D is broken on Playstation-4", "H264 or VP9 for the AVX2 build", "off64_t was not declared"]
    learnt = Boilerplate.learn([*asked, *MESSAGES, *(f"{text} in TK-{n:04}" for n, text in enumerate(MESSAGES, 3_071))])
    assert [learnt.content(text) for text in asked] == asked
    assert learnt.content("my card is lost in TK-3071") == "my card is lost in"
    assert Boilerplate.of(learnt.record()) == learnt


def test_codes_drawn_by_lot_are_one_series() -> None:
    codes = ["X7K9Q2", "B4R8T1", "9ZK3M5", "K2L7P9", "Q8W3E6", "T5Y1U7", "4HJ6N2", "Z9X8C7", "V3B5N1"]
    texts = [
        f"{code}: {text} still" if i % 2 else f"{text} {code} since" for i, (code, text) in enumerate(zip(codes, MESSAGES, strict=True))
    ]
    learnt = Boilerplate.learn(texts)
    assert not any(code in learnt.content(text) for code, text in zip(codes, texts, strict=True))


def test_lines_of_a_form_are_boilerplate_where_each_kind_of_form_is_rare() -> None:
    said = [f"{subject} {verb} on {place}" for subject in ("card", "app", "page", "bill") for verb in ("fails", "is slow", "is gone") for place in
            ("phones", "desktops", "tablets", "watches", "trains", "ships", "planes", "roofs", "walls", "roads")]  # fmt: skip
    form = "### What happened?\n{}\n- [x] I searched first\n**Version**\n_No response_"
    texts = [
        form.format(text) if i % 15 == 0 else f"{text}\nevery day again" if i % 15 == 1 else f"{text}\nsince {said[i - 1]}"
        for i, text in enumerate(said)
    ]
    learnt = Boilerplate.learn(texts)
    assert len(learnt.lines) == 4
    assert learnt.content(texts[0]) == said[0]
    assert learnt.content(texts[1]) == texts[1]  # an ordinary line has to be shared by many


def test_spaces_are_not_counted_as_taken_off() -> None:
    texts = [f" {text}" for text in MESSAGES]
    assert Boilerplate().note(texts, MESSAGES) == ""
    quoting = Boilerplate(mail=True, slots=True)  # which strips the ends of a mail as well
    said = ["\nmy card\nis lost since 2024-03-01"]
    assert "quoted mails" not in quoting.note(said, [quoting.content(said[0])])


def test_the_example_is_cut_where_the_difference_can_be_seen() -> None:
    long = "a card payment that somebody made in a shop abroad was declined twice although there was money"
    note = Boilerplate(slots=True).note([f"{long} 4711 now"], [f"{long} now"])
    assert note.endswith("'…there was money 4711 now' counts as '…there was money now'")
