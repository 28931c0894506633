"""The report as bytes: sizes, determinism, escaping, checks. What a browser makes of it stands in test_report_browser.py."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from builders.report_data import block, make
from builders.report_reader import Tags
from matomari.errors import InputError, MachineError
from matomari.operate.group.page import outcome, render, write

DTYPES = {"u1": "<u1", "u2": "<u2", "u4": "<u4"}


def unpack(packed: dict[str, str]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["data"]), dtype=DTYPES[packed["kind"]]).astype(np.int64)


def unpack_index(packed: dict[str, str]) -> np.ndarray:
    values = unpack(packed)
    return np.where(values == np.iinfo(packed["kind"]).max, -1, values)


def test_typed_arrays_come_back_as_they_went_in() -> None:
    data = make(n=1000, k=300)
    page = block(render(data), "data")
    assert page["labels"]["kind"] == "u2"
    assert np.array_equal(unpack_index(page["labels"]), data.labels)
    assert np.array_equal(unpack_index(page["runner"]), data.runner_up)
    assert np.array_equal(unpack_index(page["finer"]), data.finer)
    assert np.array_equal(unpack_index(page["coarser"]), data.coarser)
    for name, values in (("confidence", data.confidence), ("margin", data.margin)):
        assert np.abs(unpack(page[name]) / 255 - values).max() <= 0.5 / 255 + 1e-12
    span = np.ptp(data.xy, axis=0)
    for axis, name in enumerate("xy"):
        back = unpack(page[name]) / 65535 * span[axis] + data.xy[:, axis].min()
        assert np.abs(back - data.xy[:, axis]).max() <= span[axis] / 65535
    assert page["shape"] == pytest.approx(span[0] / span[1], abs=1e-4)


@pytest.mark.parametrize(("top", "kind"), [(254, "u1"), (255, "u2"), (65534, "u2"), (65535, "u4")])
def test_the_narrowest_type_keeps_none_apart_from_the_last_group(top: int, kind: str) -> None:
    finer = np.array([top - 1, -1, 0])
    page = block(render(make(n=3, k=1, finer=finer, finer_names=["f"] * top)), "data")
    assert page["finer"]["kind"] == kind
    assert unpack_index(page["finer"]).tolist() == finer.tolist()


def test_100_000_points_take_at_most_2_mb_beside_their_texts() -> None:
    n, k, finer = 100_000, 300, 900
    rng = np.random.default_rng(1)
    texts = [f"something that a customer wrote about part {i}" for i in range(n)]
    page = render(make(n, k, texts=texts, finer=rng.integers(-1, finer, n), finer_names=[f"fine {g}" for g in range(finer)]))
    rest = len(page.encode()) - len(json.dumps(texts, separators=(",", ":")).encode())
    assert 1_000_000 < rest <= 2_000_000


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write(make(), tmp_path / "a.html"), write(make(), tmp_path / "b.html")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_text(encoding="utf-8") == render(make())
    assert render(make(title="other.csv")) != render(make())


HOSTILE = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>'\"&amp;\u2028\u2029{{ 7*7 }}]]>"


def test_no_text_becomes_markup() -> None:
    plain = make()
    group = {**plain.groups[0], "name": HOSTILE, "keywords": [HOSTILE, HOSTILE]}
    page = render(
        make(
            title=HOSTILE,
            texts=[HOSTILE] * 12,
            ids=[HOSTILE] * 12,
            groups=[group, *plain.groups[1:]],
            coarser_names=[HOSTILE] * 2,
            finer_names=[HOSTILE] * 4,
            facts={HOSTILE: HOSTILE, "rows": "12"},
            notes=[HOSTILE],
        )
    )
    expected = [tag for tag, _ in Tags(render(make(facts={"a": "b", "rows": "12"}))).tags]
    assert [tag for tag, _ in Tags(page).tags] == expected
    assert block(page, "texts")["texts"] == [HOSTILE] * 12
    assert block(page, "texts")["ids"] == [HOSTILE] * 12
    assert block(page, "data")["names"][0] == HOSTILE
    for name in ("data", "texts"):
        raw = re.search(rf'id="{name}" type="application/json">(.*?)</script>', page, re.S)
        assert raw
        assert not re.search("[<>&\u2028\u2029]", raw[1])


def test_the_policy_names_every_block_and_allows_nothing_else() -> None:
    tags = Tags(render(make()))
    policy = next(attributes["content"] for tag, attributes in tags.tags if attributes.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == ["'none'"]
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for tag, attributes, code in tags.code:
        if attributes.get("type") != "application/json":
            hashes[tag].append(f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'")
    assert rules["script-src"] == hashes["script"]
    assert len(hashes["script"]) == 2
    assert rules["style-src"] == hashes["style"]
    assert len(hashes["style"]) == 1
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


def test_nothing_in_the_page_points_outside_or_writes_markup() -> None:
    page = render(make())
    assert not re.search(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]", page)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|fetch\(|XMLHttp|localStorage|@import|url\(", page
    )
    for _, attributes in Tags(page).tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert attributes.get("href", "#") in {"data:,", "#groups", "#"}
        assert "src" not in attributes


WRONG_SHAPES = {
    "ids": ["a"],
    "labels": np.zeros(11, dtype=int),
    "confidence": np.zeros(13),
    "margin": np.zeros((12, 1)),
    "runner_up": np.zeros(11, dtype=int),
    "xy": np.zeros((12, 3)),
    "finer": np.zeros(0, dtype=int),
    "coarser": np.zeros(4, dtype=int),
}


WRONG_VALUES = {
    "labels": np.full(12, 3),
    "runner_up": np.full(12, -2),
    "finer": np.full(12, 4),
    "coarser": np.full(3, 2),
    "confidence": np.full(12, 1.01),
    "margin": np.full(12, np.nan),
    "xy": np.array([[0.0, 0.0]] * 11 + [[np.inf, 0.0]]),
}


@pytest.mark.parametrize("name", WRONG_SHAPES)
def test_a_wrong_length_is_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match=f"'{name}'"):
        make(**{name: WRONG_SHAPES[name]})


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_a_wrong_value_is_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match=f"'{name}'"):
        make(**{name: WRONG_VALUES[name]})


def test_float_labels_no_texts_and_bad_groups_are_refused() -> None:
    with pytest.raises(InputError, match="integers"):
        make(labels=np.zeros(12))
    with pytest.raises(InputError, match="at least one text"):
        make(n=0, k=0)
    group = make().groups[0]
    with pytest.raises(InputError, match="group 0 of a report has no keywords"):
        make(k=1, groups=[{key: value for key, value in group.items() if key != "keywords"}])
    with pytest.raises(InputError, match="'examples' of group 0"):
        make(k=1, groups=[{**group, "examples": [12]}])


def test_long_texts_are_cut_and_the_page_says_so() -> None:
    page = render(make(texts=["x" * 10_000, "y" * 301, "z" * 300] + ["t"] * 9))
    shown = block(page, "texts")["texts"]
    assert shown[:3] == ["x" * 300 + "…", "y" * 300 + "…", "z" * 300]
    assert "Texts longer than 300 characters are cut there (2 of 12)" in page
    assert "longer than" not in render(make())
    group = {**make().groups[0], "name": "n" * 10_000, "keywords": ["k" * 10_000]}
    cut = block(render(make(k=1, groups=[group], ids=["i" * 10_000, *"abcdefghijk"])), "data")
    assert cut["names"] == ["n" * 300 + "…"]
    assert cut["keywords"] == ["k" * 300 + "…"]


def test_ids_are_left_out_only_when_they_are_row_numbers() -> None:
    assert block(render(make()), "texts")["ids"] is None
    names = [str(i) for i in range(11)] + ["12"]
    assert block(render(make(ids=names)), "texts")["ids"] == names


def test_odd_characters_stay_valid_and_visible() -> None:
    odd = ["a\x00b\x1b", "\ud800", "\x7f\x85", "عربي \u202e", "👩‍🔬\U0001f9ff", "tab\tand\nline"]
    page = render(make(n=6, texts=odd, title="\x07\udfff"))
    assert block(page, "texts")["texts"] == ["a␀b␛", "\ufffd", "␡\ufffd", "عربي \u202e", "👩‍🔬\U0001f9ff", "tab\tand\nline"]
    assert "<title>␇\ufffd · matomari</title>" in page
    page.encode("utf-8")


@pytest.mark.parametrize(
    ("margin", "labels", "said"),
    [
        ([0.05, 0.5, 0.5], [0, 0, -1], "3 texts fell into 1 group; 1 is uncertain, 1 unassigned."),
        ([0.05, 0.05, 0.05], [0, 0, -1], "3 texts fell into 1 group; 2 are uncertain, 1 unassigned."),
        ([0.1, 0.1, 0.1], [-1, -1, -1], "3 texts fell into 1 group; 0 are uncertain, 3 unassigned."),
    ],
)
def test_the_outcome_counts(margin: list[float], labels: list[int], said: str) -> None:
    data = make(n=3, k=1, margin=np.array(margin), labels=np.array(labels))
    assert outcome(data) == said
    assert f'<p class="outcome">{said}</p>' in render(data)


def test_no_group_and_one_place() -> None:
    page = block(render(make(n=2, k=0, xy=np.full((2, 2), 1e308))), "data")
    assert page["names"] == []
    assert page["shape"] == 1.0
    assert unpack(page["x"]).tolist() == unpack(page["y"]).tolist() == [32768, 32768]


def test_missing_numbers_become_null() -> None:
    group = {**make().groups[0], "cohesion": float("nan"), "stability": None}
    page = block(render(make(k=1, groups=[group])), "data")
    assert page["cohesion"] == [None]
    assert page["stability"] == [None]


def test_without_scripts_the_largest_groups_are_listed() -> None:
    groups = [
        {"name": f"name {g}", "keywords": [f"word{g}"], "size": g, "cohesion": 0, "stability": 0, "examples": []} for g in range(20_000)
    ]
    page = render(make(n=12, k=20_000, groups=groups, coarser=np.zeros(20_000, dtype=int)))
    plain = re.search("<noscript>(.*?)</noscript>", page, re.S)
    assert plain
    assert "The 500 largest of 20,000 groups:" in plain[1]
    assert "name 19999" in plain[1]
    assert "name 19500" in plain[1]
    assert "name 19499" not in plain[1]
    assert "word0" in re.search("<noscript>(.*?)</noscript>", render(make(k=1, groups=groups[:1])), re.S)[1]  # type: ignore[index]


@pytest.mark.parametrize(("count", "open_"), [(7, True), (8, False)])
def test_notes_are_open_while_few(count: int, open_: bool) -> None:
    assert ("<details open>" in render(make(notes=["A note."] * count))) is open_


def test_a_failed_write_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write(make(), tmp_path / "report.html")
    before = target.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(MachineError, match="No space left on device"):
        write(make(title="new.csv"), target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    with pytest.raises(MachineError):
        write(make(), tmp_path / "missing" / "report.html")


def test_the_data_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        make().title = "x"  # type: ignore[misc]
