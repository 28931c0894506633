"""Yes for no: not, no and never put in or taken out, and verbs that refuse for those that accept."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ...graph.inflection import verb_form
from ..knowledge import Knowledge, Reading
from ..lexicon import opposites, rows
from ..sentence import Sentence
from ..speech import asks, denies, span_at, spans
from ..tagging import form_in_place
from ..triplet import Edit

_NOT = frozenset({"is", "are", "was", "were", "will", "can", "could", "would", "should", "may", "might", "must", "has", "had"})
_PERHAPS = {"may": "will", "might": "would"}  # what may be may also not be, so it is denied with certainty
_OWNED = {"has": "does not have", "had": "did not have"}  # unless something has been done
_AFFIRMED = {"any": "some", "anyone": "someone", "anybody": "somebody", "anything": "something", "yet": "already", "anymore": ""}
_PLURAL = frozenset({"we", "you", "they", "i"})
_KANJI = ("\u4e00", "\u9fff")


def edits(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """The sentence that says the opposite.

    Parameters
    ----------
    reading : Reading
    know : Knowledge
    draw : Random

    Examples
    --------
    >>> know = Knowledge()
    >>> [next(edits(know.read(text), know, Random(0))).text for text in ("The dog is running.", "FORD REFUSES OFFER", "未使用品、箱なし")]
    ['The dog is not running.', 'FORD ACCEPTS OFFER', '使用済み品、箱なし']
    """
    if reading.sentence.japanese:
        yield from _japanese(reading.sentence, draw)
        return
    removed = list(_removed(reading, know))
    yield from (_affirmed(edit, know) for edit in removed)
    if not removed:
        found = [*_refused(reading, know), *_inserted(reading, know, draw)]
        yield from found


def _affirmed(edit: Edit, know: Knowledge) -> Edit:
    """With some for any, which stood there because of the negation."""
    sentence = know.sentence(edit.text)
    stated = (span for span in spans(sentence) if not asks(sentence, span) and not denies(sentence, span))
    new = {i: _AFFIRMED[sentence.words[i]] for span in stated for i in range(*span) if sentence.words[i] in _AFFIRMED}
    return Edit(sentence.with_words(new), edit.made)


def _removed(reading: Reading, know: Knowledge) -> Iterator[Edit]:
    """Without a negation that stands there."""
    words, tags, sentence = reading.sentence.words, reading.tags, reading.sentence
    for i, word in enumerate(words):
        if word == "not" and i and words[i - 1] in ("does", "do", "did") and i + 1 < len(words) and tags[i + 1] == "VERB":
            known = know.tagger.word(words[i + 1]).verb
            if known:
                form = {"does": "s", "do": "", "did": "ed"}[words[i - 1]]
                yield Edit(sentence.with_words({i - 1: "", i: "", i + 1: verb_form(known[0], form)}), "without not")
        elif word == "not" and i and words[i - 1] in _PERHAPS:
            yield Edit(sentence.with_words({i - 1: _PERHAPS[words[i - 1]], i: ""}), f"{words[i - 1]} not>{_PERHAPS[words[i - 1]]}")
        elif word == "not" and i and (tags[i - 1] == "AUX" or words[i + 1 : i + 2] == ("to",)):
            yield Edit(sentence.with_words({i: ""}), "without not")
        elif word.endswith(("n't", "n’t")) and word[:-3] in _NOT | {"do", "does", "did"} - {"ca", "wo"}:
            yield Edit(sentence.with_words({i: word[:-3]}), "without n't")
        elif (
            word == "no"
            and i + 1 < len(words)
            and tags[i + 1] in ("NOUN", "ADJ")
            and words[i + 1] not in ("longer", "other", "more", "one")
        ):
            yield Edit(sentence.with_words({i: "some"}), "no>some")
        elif word == "never" and i and tags[i - 1] in ("NOUN", "NAME", "PRON", "AUX"):
            yield Edit(sentence.with_words({i: "always"}), "never>always")


def _refused(reading: Reading, know: Knowledge) -> Iterator[Edit]:
    """Accepted for refused, and so on."""
    for i, tag in enumerate(reading.tags):
        known = know.tagger.word(reading.sentence.words[i]).verb if tag == "VERB" else None
        for other in opposites("refusal").get(known[0], ()) if known else ():
            if known and known[0] == "agree" and reading.tags[i + 1 : i + 2] != ("TO",):
                continue  # one agrees that, with, or to cuts
            if known and (know.frequent(other, 1) or know.counts["v"][other]):
                form = form_in_place(reading.sentence.words, i, known)
                yield Edit(reading.sentence.with_words({i: verb_form(other, form)}), f"{known[0]}>{other}")


def _inserted(reading: Reading, know: Knowledge, draw: Random) -> Iterator[Edit]:
    """With a negation at its first verb, in a sentence that states something and denies nothing."""
    words, tags, sentence = reading.sentence.words, reading.tags, reading.sentence
    stated = {i for span in spans(sentence) if not asks(sentence, span) and not denies(sentence, span) for i in range(*span)}
    for i, (word, tag) in enumerate(zip(words, tags, strict=True)):
        if i not in stated:
            continue
        after = tags[i + 1] if i + 1 < len(tags) else "END"
        known = know.tagger.word(word).verb if tag == "VERB" else None
        if tag == "AUX" and words[i + 1 : i + 3] in (("a", "few"), ("a", "little")):
            return  # not a few are many
        if tag == "AUX" and word in _NOT and after not in ("NEG", "END", "PUNCT") and i:
            denied = _OWNED.get(word) if after not in ("VERB", "ADV", "AUX") else None
            yield Edit(
                sentence.with_words({i: denied or f"{_PERHAPS.get(word, word)} not"}), f"{word}>{denied}" if denied else f"not after {word}"
            )
            return
        if tag == "TO" and i and tags[i - 1] in ("NOUN", "NAME") and sentence.text.isupper():
            yield Edit(sentence.with_words({i: "not to"}), "not before to")
            return
        if known and i and tags[i - 1] in ("NOUN", "NAME", "PRON") and words[i - 1] not in ("last", "next", "first"):
            new = _with_not(known, word, before=_number(reading, know, i - 1), draw=draw)
            if new and not (known[1] == "ing" and _has_finite(reading, know, span_at(sentence, i).start, i)):  # trouble proving it
                yield Edit(sentence.with_words({i: new}), f"not at {word}")
                return


def _has_finite(reading: Reading, know: Knowledge, start: int, end: int) -> bool:
    """Whether a finite verb stands between."""
    tags, words = reading.tags, reading.sentence.words
    return any(
        tags[i] == "AUX" or (tags[i] == "VERB" and (verb := know.tagger.word(words[i]).verb) and verb[1] in ("", "s", "ed"))
        for i in range(start, end)
    )


def _number(reading: Reading, know: Knowledge, i: int) -> str:
    """The form of the noun before a verb: `s` for many."""
    word = reading.sentence.words[i]
    if word in _PLURAL:
        return "s"
    return "s" if reading.tags[i] == "NOUN" and know.is_many(word) else ""


def _with_not(known: tuple[str, str], word: str, *, before: str, draw: Random) -> str | None:
    lemma, form = known
    if form == "s":
        return f"never {word}" if draw.random() < 0.25 else f"does not {lemma}"
    if form == "" and before == "s":
        return f"do not {lemma}"
    return f"not {word}" if form == "ing" else None


def _japanese(sentence: Sentence, draw: Random) -> Iterator[Edit]:
    """By the table of pairs, where the word is no part of a longer one."""
    text, found = sentence.text, []
    for row in rows("japanese"):
        for old, new in ((row["negative"], row["positive"]), (row["positive"], row["negative"])):
            at = text.find(old)
            if at >= 0 and _alone(text, at, old):
                found.append((at, -len(old), old, new))
    taken: list[tuple[int, int]] = []
    for at, size, old, new in sorted(found):
        if not any(start < at - size and at < end for start, end in taken):
            taken.append((at, at - size))
            yield Edit(text[:at] + new + text[at - size :], f"{old}>{new}")


def _alone(text: str, at: int, word: str) -> bool:
    """Whether the word is not part of another, and what stands before it can be negated so."""
    before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
    if word in ("ない", "ある"):
        return before in tuple("はがも") and bool(before)
    if word in ("いる", "いない"):
        return before in tuple("てで") and bool(before)
    if word in ("ます", "ません"):
        return after in ("", "。", "！", "、", "か", "が")
    if word in ("あり", "なし"):
        return not _hiragana(before) and not _hiragana(after)
    if len(word) == 1:
        return not any(_KANJI[0] <= c <= _KANJI[1] for c in (before, after) if c)
    return before not in tuple("不未非無") and after not in tuple("さしすせ不未非無")  # 塗装された: what was done


def _hiragana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f"
