"""What a chat completion says, out of whatever JSON came back."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from .transport import Unanswered

ENDINGS = frozenset({"stop", "length", "content_filter"})  # the journal keeps the ending, so it is no free text
_THINKING = re.compile(r"\s*<think>.*?(?:</think>|\Z)\s*", re.DOTALL)  # some models think aloud before they answer


def reply_of(value: Any) -> dict[str, Any]:
    """What is used of a chat completion: content, finish, top tokens of the first place, usage; raises Unanswered where it is none.

    Examples
    --------
    >>> reply_of({"choices": [{"message": {"content": "A"}, "finish_reason": "stop"}]})["content"]
    'A'
    """
    try:
        choice = value["choices"][0]
        message = choice["message"]
        content, finish = message.get("content") or "", choice.get("finish_reason")
        thinking = _THINKING.match(content)
        return {
            "content": content[thinking.end() :] if thinking else content,
            "finish": finish if finish in ENDINGS else "stop",
            "refused": bool(message.get("refusal")),
            "top": _top(choice.get("logprobs")),
            **_usage(value.get("usage")),
        }
    except (KeyError, IndexError, TypeError, AttributeError):
        pass  # raised below, without this error, whose frames hold the reply
    raise Unanswered("the endpoint answered with something that is no chat completion", billed=True)


def is_reply(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether a value, read from a file, has the shape that `reply_of` gives.

    Examples
    --------
    >>> is_reply({"content": "A", "finish": "stop", "refused": False, "top": []}), is_reply({"content": "A"})
    (True, False)
    """
    kinds = {"content": str, "finish": str, "refused": bool, "top": list}
    if not isinstance(value, dict) or not all(isinstance(value.get(name), kind) for name, kind in kinds.items()):
        return False
    return all(isinstance(entry, list | tuple) and len(entry) == 2 and _weighed(*entry) for entry in value["top"])


def _top(logprobs: Any) -> list[tuple[str, float]]:
    """The likeliest tokens, as far as they make sense: without them an answer is an answer all the same."""
    try:
        entries = logprobs["content"][0]["top_logprobs"]
        return [(entry["token"], float(entry["logprob"])) for entry in entries if _weighed(entry["token"], entry["logprob"])]
    except (KeyError, IndexError, TypeError):
        return []


def _weighed(token: Any, logprob: Any) -> bool:
    return isinstance(token, str) and isinstance(logprob, int | float) and abs(logprob) < 1e9


def _usage(usage: Any) -> dict[str, Any]:
    if not usage:
        return {"usage": None, "thought": 0}
    counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if not all(map(_is_count, counts)):
        return {"usage": None, "thought": 0}
    thought = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens")
    return {"usage": tuple(counts), "thought": thought if _is_count(thought) else 0}


def _is_count(n: Any) -> bool:
    return isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9
