"""Find the script of a column, and whether an encoder can read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .transformer import bare_tokenizer

_SAMPLE = 1000
_LETTERS = 400  # of each text
_UNKNOWN = 0.2
_FLUENT = 3.2  # letters per piece: English, product names and code have 3.6 to 5.0 with an English tokenizer, other languages 1.8 to 2.8
_RANGES = {
    "Latin": "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Armenian": "\u0531-\u0587",
    "Hebrew": "\u05d0-\u05ea",
    "Arabic": "\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdff\ufe70-\ufefc",
    "Devanagari": "\u0900-\u097f",
    "Bengali": "\u0980-\u09ff",
    "Tamil": "\u0b80-\u0bff",
    "Thai": "\u0e00-\u0e7f",
    "Georgian": "\u10a0-\u10ff",
    "Hangul": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Kana": "\u3041-\u3096\u30a1-\u30fa\u30fc\u31f0-\u31ff\uff66-\uff9d",
    "Han": "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
}
_PATTERNS = {name: re.compile(f"[{span}]") for name, span in _RANGES.items()}


def dominant_script(texts: Sequence[str]) -> tuple[str, float]:
    """The script of most letters, and its share of all letters.

    Parameters
    ----------
    texts : sequence of str
        At most 1,000 of them are read, evenly spaced.

    Returns
    -------
    script : str
        "Latin", "Cyrillic", "Han", "Japanese" (Han and Kana together, where there is Kana), … ; "none" where there is
        no letter.
    share : float
        Between 0 and 1.

    Examples
    --------
    >>> dominant_script(["a red bolt", "болт"])
    ('Latin', 0.6666666666666666)
    >>> dominant_script(["赤いボルト"])
    ('Japanese', 1.0)
    >>> dominant_script(["123"])
    ('none', 0.0)
    """
    step = max(1, len(texts) // _SAMPLE)
    counts = Counter[str]()
    for text in texts[::step]:
        for name, pattern in _PATTERNS.items():
            counts[name] += len(pattern.findall(text[:_LETTERS]))
    if counts["Kana"] * 20 > counts["Han"]:  # Chinese texts hold a stray kana now and then
        counts["Japanese"] = counts.pop("Kana") + counts.pop("Han")
    total = sum(counts.values())
    if not total:
        return "none", 0.0
    script, most = max(counts.items(), key=lambda item: item[1])
    return script, most / total


def language_hint(encoder: object, texts: Sequence[str], *, spoken: Sequence[str] = ()) -> str | None:
    """A message with advice if the encoder cannot read most of the texts, otherwise None.

    Parameters
    ----------
    encoder : TextEncoder
        Its tokenizer is used, so that a model tuned from an English one is detected too.
    texts : sequence of str
        The column.
    spoken : sequence of str
        Names of the languages of the texts, most frequent first, if they are known: of Latin letters only these tell that the texts are
        not English, in which short names and codes may be cut up as well.

    Examples
    --------
    >>> language_hint(object(), ["a red bolt"]) is None
    True
    """
    script, share = dominant_script(texts)
    foreign = bool(spoken) and spoken[0] != "English"
    if script == "none" or share < 0.5 or (script == "Latin" and not foreign):
        return None
    read = _readable(encoder, script, texts)
    if read is None:
        return None
    unknown, letters = read
    whole = script in ("Han", "Japanese")  # good models too read these scripts with one letter per piece
    if unknown <= _UNKNOWN and (letters >= _FLUENT if script == "Latin" else whole or letters >= 1.2):
        return None
    what = f"most texts are {spoken[0]}" if script == "Latin" else f"{share:.0%} of the letters are {script}"
    return (
        f"{what}, which the encoder {getattr(encoder, 'name', '')!r} was not made for: "
        f"it does not know {unknown:.0%} of the pieces and sees {letters:.1f} letters a piece. "
        "Use one that reads the language: pip install 'matomari[multilingual]' and --encoder multilingual."
    )


def _readable(encoder: object, script: str, texts: Sequence[str]) -> tuple[float, float] | None:
    """Share of unknown pieces, and letters per piece, in the words of that script; None if there is no tokenizer."""
    model = getattr(encoder, "model", None)
    tokenizer = bare_tokenizer(model)
    if tokenizer is None:
        return None
    unknown = model.tokenizer.unk_token_id if model is not None else None
    span = _RANGES["Kana"] + _RANGES["Han"] if script == "Japanese" else _RANGES[script]
    words = re.compile(f"[{span}]+")
    step = max(1, len(texts) // _SAMPLE)
    script_words = [word for text in texts[::step] for word in words.findall(text[:_LETTERS])]
    ids = [i for word in script_words for i in tokenizer.encode(word, add_special_tokens=False).ids]
    unread = sum(i == unknown for i in ids) / max(1, len(ids))
    return unread, sum(c.isalpha() for word in script_words for c in word) / max(1, len(ids))
