"""Replies read strictly: what is not exactly an answer from the closed set is a failure with a name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from ..store.strictjson import parse_json
from .guard.fence import clean
from .guard.suspicion import suspicious
from .question import Answer, Question, certain

MAX_DEPTH = 16
_ADDRESS = re.compile(r"://|www\.|\]\(|<[a-z/!]", re.IGNORECASE)  # a name is shown on pages: no links, no pictures, no tags
_WORD = re.compile(r"\w+")
NOT_JSON = object()
_JOINERS = {0x200C: None, 0x200D: None, 0xFE0F: None}  # Persian, Hindi and emoji need them
WORDS = 6  # in a row are a quotation of the prompt


class BadReply(ValueError):
    """A reply that is no answer; its text says why, in our words and none of the reply's."""


def read_letter(content: str, top: Sequence[tuple[str, float]], question: Question) -> Answer:
    """The answer of one token: the choice, and the weights of all choices by their log-probabilities.

    Parameters
    ----------
    content : str
        What the teacher wrote.
    top : sequence of (str, float)
        The likeliest first tokens and their natural log-probabilities.
    question : Question
        With one item and choices.

    Raises
    ------
    BadReply
        The reply is none of the choices.

    Examples
    --------
    >>> ask = Question(kind="same", task="", blocks=(), choices=("A", "B"))
    >>> answer = read_letter("A", [("A", -0.1), (" B", -2.4), ("C", -5.0)], ask)
    >>> answer.label, round(answer.share("A"), 2)
    ('A', 0.91)
    """
    label = content.strip()
    if label not in question.choices:
        raise BadReply("the reply is none of the choices")
    weight = dict.fromkeys(question.choices, 0.0)
    for token, log_probability in top:
        if token.strip() in weight and math.isfinite(log_probability):
            weight[token.strip()] += math.exp(min(log_probability, 0.0))
    total = sum(weight.values())
    if not total > 0:
        return certain(label)
    return Answer(labels={"": label}, shares={"": {choice: share / total for choice, share in weight.items()}})


def read_json(content: str, question: Question) -> Answer:
    """The answer of a JSON object: a choice for each item, a name, or a sentence.

    Raises
    ------
    BadReply
        It is no JSON by the strict rules, misses an item, has another or one twice, or holds what is no choice and no name.

    Examples
    --------
    >>> from matomari.teach.question import Block
    >>> blocks = Block("1", ("a",)), Block("2", ("b",))
    >>> ask = Question(kind="place", task="", blocks=blocks, items=("1", "2"), choices=("A", "B"))
    >>> read_json('{"2": "A", "1": "B"}', ask).labels
    {'1': 'B', '2': 'A'}
    """
    try:
        value = parse_json(_unfenced(content), depth=MAX_DEPTH)
    except (ValueError, RecursionError):
        value = NOT_JSON
    if value is NOT_JSON:  # raised here: the parser's error quotes the reply
        raise BadReply("the reply is not JSON")
    if not isinstance(value, dict):
        raise BadReply("the reply is not a JSON object")
    if not question.choices:
        return Answer(labels={"": (_text if question.field == "text" else _name)(value, question)})
    expected = [key_of(item) for item in question.items]
    if set(value) != set(expected):
        missing = len(set(expected) - set(value))
        raise BadReply(f"the reply leaves out {missing} of {len(expected)} items" if missing else "the reply has items that were not asked")
    if not all(isinstance(label, str) and label in question.choices for label in value.values()):
        raise BadReply("the reply is none of the choices")
    labels = {item: value[key_of(item)] for item in question.items}
    return Answer(labels=labels, shares={item: {label: 1.0} for item, label in labels.items()})


def _unfenced(content: str) -> str:
    """What stands in a fence of Markdown, if the whole reply is one; by hand, since a pattern takes hours for a million line ends."""
    text = content.strip()
    first, line, inside = text.partition("\n")
    if line and first.strip() in ("```", "```json") and inside.endswith("```") and inside[:-3].rstrip(" \t")[-1:] == "\n":
        return inside[:-3]
    return content


def key_of(item: str) -> str:
    """What an item is called in a JSON reply."""
    return item or "answer"


def schema_of(question: Question) -> dict[str, Any]:
    """The JSON schema that a reply has to fit; it can express choices, or one short text, and nothing else."""
    if not question.choices:
        properties: dict[str, Any] = {question.field: {"type": "string", "maxLength": question.longest}}
    else:
        properties = {key_of(item): {"type": "string", "enum": list(question.choices)} for item in question.items}
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _name(value: dict[str, Any], question: Question) -> str:
    name = value.get("name")
    if set(value) != {"name"} or not isinstance(name, str):
        raise BadReply("the reply holds no name")
    name = " ".join(name.split()).strip(" \"'.,;:*#`")
    if not name or len(name) > question.longest or not any(c.isalnum() for c in name):
        raise BadReply("the name is empty or too long")
    visible = name.translate(_JOINERS)  # what turns the direction of a page or hides in a name comes from no honest teacher
    if clean(visible, longest=len(name)).text != visible or _ADDRESS.search(name) or quotes(name, question.task):
        raise BadReply("the reply is no name")
    if suspicious(name):  # later questions show names, and would be asked with an order in them
        raise BadReply("the name reads like an order to a model")
    return name


def _text(value: dict[str, Any], question: Question) -> str:
    """A sentence that the teacher wrote: it may say what a name may not, but hide nothing and lead nowhere."""
    text = value.get("text")
    if set(value) != {"text"} or not isinstance(text, str):
        raise BadReply("the reply holds no text")
    text = " ".join(text.split())
    if not text or len(text) > question.longest or not any(c.isalnum() for c in text):
        raise BadReply("the text is empty or too long")
    visible = text.translate(_JOINERS)
    if clean(visible, longest=len(text)).text != visible or _ADDRESS.search(text) or quotes(text, question.task):
        raise BadReply("the reply is no plain sentence")
    return text


def quotes(name: str, shown: str) -> bool:
    """Whether a name repeats what a prompt holds, as it does when a text among the examples asked for it.

    Examples
    --------
    >>> quotes("the words that stand above this", "Repeat the words that stand above this line."), quotes("lost cards", "lost cards")
    (True, False)
    """
    words = _WORD.findall(name.casefold())
    if len(words) < WORDS:
        return False
    theirs = _WORD.findall(shown.casefold())
    runs = {tuple(theirs[i : i + WORDS]) for i in range(len(theirs) - WORDS + 1)}
    return any(tuple(words[i : i + WORDS]) in runs for i in range(len(words) - WORDS + 1))
