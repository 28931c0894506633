"""A teacher behind OpenAI's API: every question ends as an answer or as a failure with a name, and none is paid for twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError, MachineError, setting
from ...logs import progress
from ...wording import did_you_mean
from ..guard.guard import Guard, surrogates
from ..prompt import PLACEHOLDER, SIGN, Prompt, fitting_mark, random_mark, write
from ..question import Answer, Question
from ..replies import BadReply, quotes, read_json, read_letter
from .budget import FREE, Budget, Price
from .completion import is_reply, reply_of
from .dialect import Dialect, find
from .patience import Patience
from .recorded import Recorded, key_of
from .transport import KEYS, Transport, Unanswered

GIVEN_UP = 8  # questions in a row without any reply: the endpoint is gone
MISSING = "the journal holds no reply"
LONGEST_MODEL = 200  # characters of its name
CAP_REACHED = "the cap on the cost is reached"
FINISHED = {"length": "the reply was cut off", "content_filter": "the endpoint filtered the reply"}


@dataclass
class Spent:
    """What was asked and paid for, counted as it happens.

    Attributes
    ----------
    calls : int
        Requests that were answered by the endpoint.
    remembered : int
        Questions that the journal answered.
    read, written : int
        Tokens, as the endpoint counted them.
    cut : int
        Characters left out of long texts.
    saved : int
        Tokens that the replies of the journal had cost to read.
    """

    calls: int = 0
    remembered: int = 0
    read: int = 0
    written: int = 0
    cut: int = 0
    saved: int = 0


@dataclass(kw_only=True)
class Endpoint:
    """A model behind an OpenAI-compatible endpoint.

    Parameters
    ----------
    transport : Transport, optional
        None answers from the journal alone.
    model : str
    guard : Guard
        Masks personal data.
    recorded : Recorded
        The journal of replies.
    budget : Budget
    price : Price
    parallel : int
        Requests on their way at once.
    patience : Patience
    marked : bool
        A sign stands for the spaces of the user's texts: it keeps large models from reading them as instructions, and small ones from
        understanding them (docs/teacher.md).
    """

    transport: Transport | None
    model: str
    guard: Guard
    recorded: Recorded = field(default_factory=Recorded)
    budget: Budget = field(default_factory=Budget)
    price: Price = FREE
    parallel: int = 4
    patience: Patience = field(default_factory=Patience)
    marked: bool = False
    spent: Spent = field(default_factory=Spent)

    def __post_init__(self) -> None:
        self._mark = random_mark()
        self._dialect: Dialect | None = None
        self._lock = threading.Lock()
        self._gone = ""  # why nothing more is sent
        self._silent = 0

    @property
    def name(self) -> str:
        """The model."""
        return self.model

    def models(self) -> list[str]:
        """The models that the endpoint offers.

        Raises
        ------
        MachineError
            Nothing answers, or the key is wrong.
        """
        assert self.transport is not None
        try:
            listing = self.patience.run(lambda: self.transport.get("/models"))  # type: ignore[union-attr]
            names = [entry["id"] for entry in listing["data"]]
            return [name for name in names if _is_name(name)]
        except Unanswered as error:
            raise failed(error, self.model) from error
        except (KeyError, TypeError) as error:
            raise MachineError("the endpoint does not list its models.", hint=f"name one with {setting('llm')}.") from error

    def dialect(self) -> Dialect:
        """How the endpoint wants to be asked; found by at most a dozen small requests, once per journal.

        Raises
        ------
        InputError, MachineError
            The key or the model is not accepted, or nothing answers.
        """
        if self._dialect is None:
            key, place = key_of(self.model, {"dialect": 1}), {} if self.transport is None else {"place": self.transport.place.url}
            known = self.recorded.get(key) or {}
            if not place or known.get("place") in (None, place["place"]):  # a model may speak otherwise elsewhere
                self._dialect = Dialect.of(known)
            if self._dialect is None:
                self._dialect = self._found()
                self.recorded.put(key, self._dialect.record() | place)
        return self._dialect

    @property
    def spoken(self) -> Dialect | None:
        """The dialect, if it is known by now: nothing is sent to find it."""
        return self._dialect

    def _found(self) -> Dialect:
        if self.transport is None:
            raise InputError("the journal holds no replies of this model.", hint=f"name the model that was asked with {setting('llm')}.")
        try:
            return find(lambda body, question: self._send(body))
        except Unanswered as error:
            raise failed(error, self.model) from error

    def prompt(self, question: Question, dialect: Dialect | None = None) -> Prompt:
        """The prompt of a question, masked, as it would be sent."""
        dialect = dialect or self._dialect or Dialect()
        return write(question, self.guard, letter=dialect.letter_for(question), marked=self.marked)

    def ask(self, questions: Sequence[Question], what: str = "asking") -> list[Answer]:
        """One answer per question, in the order given.

        A question whose reply is in the journal is not sent, and one that stands here twice is sent once. After a refusal that concerns
        them all (the key, the cap), the others end as failures of the same name without being sent.
        """
        if not questions:
            return []
        dialect = self.dialect()
        prompts = [self.prompt(question, dialect) for question in questions]  # in order, so that surrogates are numbered in order
        keys = [self._key(question, prompt, dialect) for question, prompt in zip(questions, prompts, strict=True)]
        answers: dict[str, Answer] = {}
        pool = ThreadPoolExecutor(self.parallel, thread_name_prefix="teacher")
        try:
            asked = {key: i for i, key in reversed(list(enumerate(keys)))}  # the first of those that are the same
            futures: dict[Future[Answer], str] = {}
            for key, i in sorted(asked.items(), key=lambda pair: pair[1]):
                futures[pool.submit(self._answer, key, questions[i], prompts[i])] = key
            for future in progress(as_completed(futures), total=len(futures), what=what):
                answers[futures[future]] = future.result()
        except BaseException:  # Ctrl-C as well: what is on its way is dropped, what was answered is in the journal
            self.patience.stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            self.close()
            raise
        pool.shutdown()
        return [answers[key] for key in keys]

    def close(self) -> None:
        """End the connections."""
        if self.transport is not None:
            self.transport.close()

    def _key(self, question: Question, prompt: Prompt, dialect: Dialect) -> str:
        request = dialect.request(question, prompt.messages(PLACEHOLDER), letter=dialect.letter_for(question))
        return key_of(self.model, request)

    def _answer(self, key: str, question: Question, prompt: Prompt) -> Answer:
        dialect = self.dialect()
        letter = dialect.letter_for(question)
        if (remembered := self._remembered(key, question, prompt)) is not None:
            return remembered
        if self.transport is None:
            return Answer(failure=MISSING)
        try:
            messages = prompt.messages(fitting_mark(prompt, self._mark))
            reply = self._send(dialect.request(question, messages, letter=letter))
            reply["top"] = [(token, weight) for token, weight in reply["top"] if token.strip() in question.choices]
            answer = self._read(reply, question, prompt)
        except BadReply as error:
            return Answer(failure=str(error))
        except Unanswered as error:
            return Answer(failure=error.reason)
        self.recorded.put(key, reply)  # an answer that could be read, and nothing else
        with self._lock:
            self.spent.cut += prompt.cut
        return answer

    def _remembered(self, key: str, question: Question, prompt: Prompt) -> Answer | None:
        """The answer in the journal, if it holds one that this version can read."""
        reply = self.recorded.get(key)
        if not is_reply(reply):
            return None
        try:
            answer = self._read(reply, question, prompt)
        except BadReply:
            return None
        with self._lock:
            self.spent.remembered += 1
            self.spent.saved += (reply["usage"] or (0, 0))[0]
        return answer

    def _read(self, reply: dict[str, Any], question: Question, prompt: Prompt) -> Answer:
        letter = self.dialect().letter_for(question)
        if reply["finish"] in FINISHED and not (letter and reply["finish"] == "length"):
            raise BadReply(FINISHED[reply["finish"]])
        if reply["refused"]:
            raise BadReply("the model refused to answer")
        answer = read_letter(reply["content"], reply["top"], question) if letter else read_json(reply["content"], question)
        if not question.choices:
            if self.transport is not None and self.transport.echoes.holds(answer.label):
                raise BadReply("the reply repeats the key")
            return self._open(answer.label, question, prompt)
        return answer

    def _open(self, reply: str, question: Question, prompt: Prompt) -> Answer:
        """A name or a sentence, with the values that were masked."""
        if not surrogates(reply) <= surrogates(prompt.user):  # else it would put a value of another text into this one
            raise BadReply(f"the {question.field} holds a value that the question does not show")
        shown = f"{prompt.system}\n{prompt.user}" if question.field == "name" else prompt.system  # a sentence may repeat its text
        if quotes(reply, shown):
            raise BadReply(f"the {question.field} quotes the question")
        plain = reply.replace(SIGN, " ") if self.marked and question.field == "text" else reply
        text = self.guard.unmask(plain)
        if len(text) > question.longest:
            raise BadReply(f"the {question.field} is empty or too long")
        return Answer(labels={"": text}, shares={"": {text: 1.0}})

    def _send(self, body: dict[str, Any]) -> dict[str, Any]:
        """One reply, tried patiently and paid for; raises Unanswered."""
        text = "".join(message["content"] for message in body["messages"])
        text += json.dumps(body.get("response_format", ""), ensure_ascii=False)  # a schema is read, and paid for, like a prompt
        longest = max(int(body.get(limit, 0)) for limit in ("max_tokens", "max_completion_tokens"))
        worst = self.price.worst(text, longest)

        def once() -> dict[str, Any]:
            if self._gone:
                raise Unanswered(self._gone)
            if not self.budget.reserve(worst, wait=True):
                raise Unanswered(CAP_REACHED)
            paid = worst  # unless we learn better: a request that broke off may have been counted
            try:
                assert self.transport is not None
                reply = reply_of(self.transport.post("/chat/completions", {"model": self.model, **body}))
                if reply["usage"] is not None:
                    paid = self.price.of(*reply["usage"])
                return reply
            except Unanswered as error:
                paid = worst if error.billed else 0.0
                raise
            finally:
                self.budget.settle(worst, paid)

        try:
            reply = self.patience.run(once)
        except Unanswered as error:
            self._note_silence(error)
            raise
        with self._lock:
            self._silent = 0
            self.spent.calls += 1
            self.spent.read += (reply["usage"] or (0, 0))[0]
            self.spent.written += (reply["usage"] or (0, 0))[1]
        return reply

    def _note_silence(self, error: Unanswered) -> None:
        with self._lock:
            if error.reason == CAP_REACHED:  # nothing was sent, and a shorter question may still fit
                return
            self._silent += 1
            if error.status in KEYS or (self._silent >= GIVEN_UP and error.status == 0):
                self._gone = self._gone or error.reason


def _is_name(name: object) -> bool:
    """Whether this can be the name of a model; what cannot be printed could steer a terminal that shows it."""
    return isinstance(name, str) and 0 < len(name) <= LONGEST_MODEL and name.isprintable()


def failed(error: Unanswered, model: str) -> InputError | MachineError:
    """The error of a run that cannot begin."""
    if error.reason == CAP_REACHED:
        return InputError(f"{CAP_REACHED}.", hint=f"{setting('max_cost', 2.0)} is two dollars.")
    if error.status in KEYS:
        return InputError(f"{error.reason}.", hint="set OPENAI_API_KEY to a key of this endpoint.")
    if error.status == 404:
        return InputError(f"the endpoint has no model {model!r}, or no chat completions.", hint="OPENAI_BASE_URL usually ends in /v1.")
    if error.status in (400, 422):
        return InputError(f"{error.reason}: {model!r} may not be a model for chats.", hint=f"name another one with {setting('llm')}.")
    return MachineError(f"{error.reason}.", hint="is the endpoint running, and is OPENAI_BASE_URL its address?")


def choose_model(offered: Sequence[str], wanted: str | None) -> str:
    """The model that is asked: the one that the user names, or the only one that the endpoint has.

    Examples
    --------
    >>> choose_model(["qwen"], None)
    'qwen'
    """
    if wanted is None:
        if len(offered) == 1:
            return offered[0]
        some = ", ".join(list(offered)[:8]) + (" …" if len(offered) > 8 else "")
        raise InputError(
            f"the endpoint has {len(offered)} models.", hint=f"name one with {setting('llm')}{': ' + some if offered else ''}."
        )
    if offered and wanted not in offered:
        raise InputError(f"the endpoint has no model {wanted!r}.", hint=did_you_mean(wanted, list(offered)))
    return wanted
