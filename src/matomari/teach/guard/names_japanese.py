"""Names of people in Japanese: a known surname with a known given name, a polite ending, or a word that announces it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .name_lists import NameLists

_KANJI = r"\u3005\u3400-\u9fff\uf900-\ufaff"
RUN = re.compile(rf"[{_KANJI}ヶケノ\u3041-\u3096\u30a1-\u30fc]+")
POLITE = re.compile(r"[ \u3000]?(?:様|さま|さん|氏|君|くん|ちゃん|先生|殿|部長|課長|社長|係長|店長|主任|専務|教授|医師|選手|監督|議員)")
ANNOUNCED = re.compile(
    r"(?:担当(?:者|は|の)|名前は|氏名|申込者|申請者|窓口の|連絡した|私は|署名|宛名|お名前|契約者|送信者|差出人|名義(?:人|は)?)[:は ]{0,2}"
)
NO_NAMES = frozenset(
    [
        "神",
        "奥",
        "王",
        "皆",
        "客",
        "殿",
        "母",
        "父",
        "兄",
        "姉",
        "本",
        "店",
        "何",
        "誰",
        "方",
        "若",
        "上",
        "下",
        "大",
        "小",
        "中",
        "内",
        "外",
        "先",
        "今",
        "前",
        "後",
        "東",
        "西",
        "南",
        "北",
        "左",
        "右",
    ]
)
_RUN_ON = re.compile("(?![のはがをにとも])[\u3041-\u3096]")
_UP_TO_THREE = re.compile(rf"[{_KANJI}]{{0,3}}")
_IS_KANJI = re.compile(f"[{_KANJI}]")


class JapaneseNames:
    """Finds surnames of a list where what follows or leads makes them a person's.

    Parameters
    ----------
    lists : NameLists
        Surnames and given names as they are written.
    """

    def __init__(self, lists: NameLists) -> None:
        self._surnames = {length: frozenset(s for s in lists.japanese_surnames if len(s) == length) for length in (1, 2, 3, 4)}
        self._given = lists.japanese_given

    def __call__(self, text: str) -> list[tuple[int, int]]:
        """Where names stand."""
        return list(self._spans(text)) if _IS_KANJI.search(text) else []

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        announced = {match.end() for match in ANNOUNCED.finditer(text)}
        start = 0
        while start < len(text):
            free = start == 0 or not _IS_KANJI.match(text[start - 1])
            end = self._person(text, start, start in announced) if (free or start in announced) and RUN.match(text, start) else 0
            if end:
                yield start, end
            start = end or start + 1

    def _person(self, text: str, start: int, announced: bool) -> int:
        """The end of a name that begins here, or 0."""
        for length in (4, 3, 2, 1):
            surname = text[start : start + length]
            if surname not in self._surnames[length]:
                continue
            behind = start + length
            given = self._given_end(text, behind, length)
            if given:
                return given
            if POLITE.match(text, behind) and surname not in NO_NAMES and text[max(0, start - 1) : start] not in ("お", "ご"):
                return behind
            if announced and length > 1:
                rest = _UP_TO_THREE.match(text, behind)
                return rest.end() if rest else behind
        return 0

    def _given_end(self, text: str, start: int, length: int) -> int:
        """The end of a given name behind a surname of `length` characters, or 0; kana go on in grammar, so they must end or be polite."""
        gap = text[start : start + 1] in (" ", "\u3000")
        start += gap
        for size in (4, 3, 2, 1):
            given, behind = text[start : start + size], start + size
            if len(given) < size or given not in self._given or (size + length < 3 and not gap):
                continue
            kana = not _IS_KANJI.search(given)
            if kana and (size < 2 or length < 2):
                continue
            goes_on = (_RUN_ON if kana else _IS_KANJI).match(text, behind)
            if not goes_on or POLITE.match(text, behind):
                return behind
        return 0
