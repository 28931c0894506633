"""What a chat completion says, out of whatever JSON came back."""

from __future__ import annotations

import re
from typing import Any

from .transport import Unanswered

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
        content, finish = message.get("content") or "", str(choice.get("finish_reason") or "stop")
        thinking = _THINKING.match(content)
        return {
            "content": content[thinking.end() :] if thinking else content,
            "finish": finish,
            "refused": bool(message.get("refusal")),
            "top": _top(choice.get("logprobs")),
            **_usage(value.get("usage")),
        }
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise Unanswered("the endpoint answered with something that is no chat completion", billed=True) from error


def _top(logprobs: Any) -> list[tuple[str, float]]:
    places = (logprobs or {}).get("content") or []
    if not places:
        return []
    return [(str(entry["token"]), float(entry["logprob"])) for entry in places[0].get("top_logprobs") or []]


def _usage(usage: Any) -> dict[str, Any]:
    if not usage:
        return {"usage": None, "thought": 0}
    counts = [usage.get("prompt_tokens"), usage.get("completion_tokens")]
    if not all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 10**9 for n in counts):
        return {"usage": None, "thought": 0}
    thought = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    return {"usage": tuple(counts), "thought": thought if isinstance(thought, int) else 0}
