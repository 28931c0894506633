"""What an endpoint understands of OpenAI's API, found once by asking for a letter and for a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from ..question import Question
from ..replies import BadReply, read_json, read_letter, schema_of
from .transport import Unanswered

Form = Literal["json_schema", "json_object", "prompt"]
TOP = 20  # tokens whose log-probabilities are asked for: the most that OpenAI gives
THINKING = 4096  # tokens for models that think before they answer
LIMITS = ("max_tokens", "max_completion_tokens")
REFUSALS = frozenset({400, 404, 422, 500, 501})  # statuses of an endpoint that does not know a parameter; some break on it

ASKED = {
    True: Question(kind="letter", task="Which letter stands first in the alphabet?", blocks=(), choices=("A", "B")),
    False: Question(kind="letter", task="Which letter stands second in the alphabet?", blocks=(), choices=("A", "B")),
}


@dataclass(frozen=True)
class Dialect:
    """How an endpoint wants to be asked.

    Attributes
    ----------
    form : "json_schema", "json_object" or "prompt"
        What makes it answer in JSON: a schema, the promise of an object, or our words alone.
    letters : bool
        It gives log-probabilities, so one letter is asked for.
    limit : str
        Its parameter for the length of a reply.
    steady : bool
        It takes a temperature.
    thinks : bool
        It writes before it answers, and needs room for that.
    """

    form: Form = "json_schema"
    letters: bool = True
    limit: str = "max_tokens"
    steady: bool = True
    thinks: bool = False

    def request(self, question: Question, messages: list[dict[str, str]], *, letter: bool) -> dict[str, Any]:
        """The body of a request, without the model."""
        body: dict[str, Any] = {"messages": messages, self.limit: self.longest(question, letter=letter)}
        if self.steady:
            body["temperature"] = 0
        if letter:
            body |= {"logprobs": True, "top_logprobs": TOP}
        elif self.form == "json_schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema_of(question)},
            }
        elif self.form == "json_object":
            body["response_format"] = {"type": "json_object"}
        return body

    @property
    def sentence(self) -> str:
        """How answers come, for the one who reads them."""
        words = {"json_schema": "JSON by a schema", "json_object": "a JSON object", "prompt": "JSON that is asked for in words alone"}
        letters = "one letter with its log-probabilities where a choice is asked for, else " if self.letters else ""
        thinks = ", after some thinking" if self.thinks else ""
        return f"it answers with {letters}{words[self.form]}{thinks}"

    def letter_for(self, question: Question) -> bool:
        """Whether this question is answered by one letter."""
        return self.letters and question.items == ("",) and bool(question.choices)

    def longest(self, question: Question, *, letter: bool) -> int:
        """Tokens that a reply may have."""
        if letter:
            return 1
        room = THINKING if self.thinks else 0
        return room + (16 + question.longest if not question.choices else 16 + 12 * len(question.items))

    def record(self) -> dict[str, Any]:
        """As JSON, for the journal."""
        return asdict(self)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Dialect | None:
        """What `record` wrote; None where it is nothing that this version writes."""
        values: dict[str, Any] = {name: record.get(name) for name in asdict(cls())}
        if values["form"] not in get_args(Form) or values["limit"] not in LIMITS:
            return None
        if not all(isinstance(values[name], bool) for name in ("letters", "steady", "thinks")):
            return None
        return cls(**values)


Send = Callable[[dict[str, Any], Question], dict[str, Any]]  # a body, and what it asks, to the reply


def find(send: Send) -> Dialect:
    """The dialect of an endpoint: everything is asked for, and what it refuses is left out.

    Parameters
    ----------
    send : callable
        Sends a body for a question and returns the reply, as `reply_of` has it; raises Unanswered.
    """
    dialect = _parameters(send, Dialect(letters=False))
    for form in get_args(Form):
        trial = replace(dialect, form=form)
        if _answers(send, trial, letter=False):
            break
    return replace(trial, letters=_answers(send, trial, letter=True))


def _parameters(send: Send, dialect: Dialect) -> Dialect:
    """The length and the temperature in words that the endpoint knows, and whether it thinks first."""
    plain = replace(dialect, form="prompt")
    trials = [plain, replace(plain, limit="max_completion_tokens"), replace(plain, limit="max_completion_tokens", steady=False)]
    for trial in (*trials, replace(plain, steady=False)):
        try:
            reply = send(_body(trial, letter=False), ASKED[True])
        except Unanswered as error:
            if error.status not in (400, 422):
                raise
            refused = error
        else:
            return replace(trial, thinks=reply["thought"] > 0 or (reply["finish"] == "length" and not reply["content"].strip()))
    raise refused


def _answers(send: Send, dialect: Dialect, *, letter: bool) -> bool:
    """Whether both letters come back as they should in this form."""
    for question in ASKED.values():
        try:
            reply = send(_body(dialect, letter=letter, first=question is ASKED[True]), question)
            if letter and not reply["top"]:
                return False
            read_letter(reply["content"], reply["top"], question) if letter else read_json(reply["content"], question)
        except BadReply:
            return False
        except Unanswered as error:
            if error.status not in REFUSALS:
                raise
            return False
    return True


def _body(dialect: Dialect, *, letter: bool, first: bool = True) -> dict[str, Any]:
    question = ASKED[first]
    form = "Answer with one letter." if letter else 'Answer with JSON alone, such as {"answer": "A"}; choose among A, B.'
    messages = [{"role": "system", "content": f"{question.task} {form}"}, {"role": "user", "content": "Answer:"}]
    return dialect.request(question, messages, letter=letter)
