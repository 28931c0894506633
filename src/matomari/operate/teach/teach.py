"""The job `teach`: a teacher is asked about a grouping where it has proved to know better, and what it says becomes proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from ...errors import InputError
from ...logs import log
from ...protocols import Encoder
from ...store.destination import kind_of
from ...teach.question import Answer, Question, Teacher
from ..group.grouping import Grouping
from ..options import STAGES, TeachOptions
from .bias import attributes, by_column, sentences
from .connect import connect, foreseen, guard_of
from .plan import Plan, plan_of
from .proposals import table_of
from .stages.material import Material
from .stages.naming import NamesStage
from .stages.places import PlacesStage
from .stages.siblings import GroupsStage
from .stages.spellings import PairsStage
from .stages.stage import Outcome, Session, Stage
from .teaching import Teaching, cost_of, manner, watched

JOURNAL = "teacher.journal"  # beside a grouping: the replies that were paid for
RELATIONS = {"themes": "ask for or speak about the same thing", "variants": "name the same thing"}


def ask_teacher(
    source: Grouping | str | Path,
    *,
    llm: str | None = None,
    about: str = "texts",
    relation: str | None = None,
    most: int = 300,
    only: str | None = None,
    max_cost: float | None = None,
    price: tuple[float, float] | None = None,
    allow_remote: str | None = None,
    by: str | Sequence[str] = (),
    replay: bool = False,
    people: bool = False,
    dictionary: Any = None,
    parallel: int = 4,
    timeout: float = 120.0,
    teacher: Teacher | None = None,
    cache: str | Path | None = None,
    seed: int = 0,
) -> Teaching:
    """Ask a language model about groups, where it knows better than the encoder, and propose changes.

    Each kind of question is proved first on cases whose answer the data itself gives; a teacher that is not better than the encoder beyond an
    interval is refused for that kind. Nothing is changed: `apply` makes a new grouping of the proposals.

    Parameters
    ----------
    source : Grouping or path
        Of texts. Beside a folder the replies are kept, so that no question is paid for twice.
    llm : str, optional
        The model; the only one of the endpoint when left out. The endpoint is that of OPENAI_BASE_URL, its key OPENAI_API_KEY.
    about : str
        What the texts are, such as "questions to a bank".
    relation : str, optional
        What makes two of them one, such as "ask for the same thing".
    most : int
        Doubtful items, or doubtful pairs, that are asked about.
    only : str, optional
        Kinds of questions, with commas between: names, places, groups (of themes), pairs (of variants).
    max_cost : float, optional
        US dollars; reserved before a question is sent, so that they are never passed.
    price : tuple of float, optional
        US dollars per million tokens read and written; the list price of well-known models when left out, 0 on this machine.
    allow_remote : str, optional
        The one other machine that texts may go to.
    by : str or sequence of str
        Columns by whose values the answers on items are compared.
    replay : bool
        Answer from the journal alone.
    people : bool
        Mask names of people, too.
    dictionary : path or sequence of str, optional
        More words to be masked.
    parallel : int
    timeout : float
        Seconds.
    teacher : Teacher, optional
        Answers instead of an endpoint, such as `matomari.teach.simulated.Simulated`.
    cache : path, optional
        Of vectors.
    seed : int

    Raises
    ------
    InputError
        The folder holds no grouping of texts; no endpoint is named, or it does not accept the key, the model or the host.
    MachineError
        Nothing answers at the address of the endpoint.

    Examples
    --------
    >>> import matomari
    >>> from matomari.teach.simulated import Simulated
    >>> texts = [f"{what} {n}" for what in ("red apple", "blue car") for n in ("one", "two", "three", "four", "five", "six", "seven", "eight")]
    >>> groups = matomari.group(texts, kind="themes", groups=2)
    >>> advice = ask_teacher(groups, teacher=Simulated(truth={t: "fruit" if "apple" in t else "traffic" for t in texts}), only="names")
    >>> sorted(advice.proposals["to"].to_pylist())
    ['fruit', 'traffic']
    """
    given: dict[str, Any] = {"llm": llm, "about": about, "relation": relation, "most": most, "only": only}
    given |= {"max_cost": max_cost, "price": price}
    given |= {"allow_remote": allow_remote, "by": by, "replay": replay, "people": people, "dictionary": dictionary, "parallel": parallel}
    options = TeachOptions(**given, timeout=timeout, teacher=teacher, cache=cache, seed=seed)
    grouping, journal = opened(source)
    session = session_of(grouping, options, "")  # before anybody is asked: it refuses what no teacher can see
    endpoint, notes = (None, list[str]()) if teacher is not None else connect(options, journal)
    asked: Teacher = endpoint if endpoint is not None else teacher  # type: ignore[assignment]  # one of both is there
    session.by = asked.name
    shown: list[str] = []
    outcomes = []
    columns = attributes(grouping, listed(options.by), session.material.first)
    try:
        for stage in stages_of(session, grouping, options):
            outcomes += with_rates(stage, carried_out(stage, asked, shown), columns)
    finally:
        if endpoint is not None:
            endpoint.close()
    proposals = [proposal for outcome in outcomes for proposal in outcome.proposals]
    return Teaching(
        proposals=table_of(proposals),
        outcomes=outcomes,
        teacher=asked.name,
        source=grouping.run.source,
        fingerprint=grouping.run.fingerprint,
        cost=cost_of(endpoint),
        notes=[
            *notes,
            *wording(session, options, outcomes),
            *manner(endpoint),
            *watched(shown),
        ],
        options=options.record(),
    )


def plan(source: Grouping | str | Path, options: TeachOptions) -> Plan:
    """What would be asked, without asking anybody: nothing is sent, and no endpoint needs to be there."""
    grouping, _ = opened(source)
    session = session_of(grouping, options, options.llm or "the model")
    guard = guard_of(options)
    price, notes, marked = foreseen(options)
    stages = [
        (stage.title, [*(q for portion in stage.probe() for q in portion), *stage.questions()])
        for stage in stages_of(session, grouping, options)
    ]
    return plan_of(stages, guard, price, marked=marked, notes=notes)


def listed(columns: str | Sequence[str]) -> list[str]:
    """Columns, given as one name or as several."""
    return [columns] if isinstance(columns, str) else list(columns)


def opened(source: Grouping | str | Path) -> tuple[Grouping, Path | None]:
    """The grouping, and where its journal of replies is."""
    if isinstance(source, Grouping):
        return source, None
    if kind_of(source) not in (None, "grouping"):
        raise InputError(f"{source} holds no groups, and a teacher is asked about groups.", hint="give a folder that matomari group wrote.")
    return Grouping.load(source), Path(source) / JOURNAL


def refuse_without_groups(source: str | Path) -> None:
    """Refuse what holds no groups. Use it before anything is made beside them.

    Raises
    ------
    InputError, MachineError
        As `ask_teacher` would.
    """
    if kind_of(source) != "grouping":
        opened(source)


def session_of(grouping: Grouping, options: TeachOptions, by: str) -> Session:
    """What the stages share."""
    relation = options.relation or RELATIONS[grouping.run.kind]
    return Session(material=Material.of(grouping), about=options.about, relation=relation, by=by, seed=options.seed)


def stages_of(session: Session, grouping: Grouping, options: TeachOptions) -> list[Stage]:
    """What can be asked about this kind of groups, in order of worth per call, as far as it is wanted."""
    wanted = STAGES if options.only is None else tuple(kind.strip() for kind in options.only.split(","))
    if grouping.run.kind == "variants":
        review = grouping.review
        return [PairsStage(session, review, options.most)] if "pairs" in wanted and review is not None and len(review) else []
    stages: list[Stage] = []
    if "names" in wanted:
        stages.append(NamesStage(session, encoder_of(grouping, options).encode))
    if "places" in wanted and session.material.k > 1:
        stages.append(PlacesStage(session, options.most))
    if "groups" in wanted and session.material.k > 1:
        stages.append(GroupsStage(session))
    return stages


def encoder_of(grouping: Grouping, options: TeachOptions) -> Encoder:
    """The encoder of the groups, which judges names."""
    encoder = grouping.reference.encoder or grouping.encoder(options.cache)
    if encoder is None:
        raise InputError(
            "these groups were made with an encoder that has no name, so names cannot be judged.", hint="leave names out: only='places'."
        )
    return encoder


def carried_out(stage: Stage, teacher: Teacher, shown: list[str]) -> list[Outcome]:
    """The outcomes of a stage: of its probe, and, where that accepts the teacher, of its questions."""
    outcomes = []
    if stage.needs_proof:
        proved = proof(stage, teacher, shown)
        outcomes.append(proved)
        if not proved.accepted:
            return outcomes
    questions = stage.questions()
    log.info("%s: %s questions", stage.title, f"{len(questions):,}")
    outcome = stage.conclude(teacher.ask(questions))
    shown += texts_of(questions)
    log.info("%s", outcome.sentences[0])
    return [*outcomes, outcome]


def wording(session: Session, options: TeachOptions, outcomes: Sequence[Outcome]) -> list[str]:
    """What was taken for granted, and which options had no use."""
    said = []
    if options.relation is None or options.about == "texts":
        said.append(f"asked about {session.about!r} that {session.relation!r}; --about and --relation (about=…, relation=…) say it better")
    if options.by and not any("by" in outcome.figures for outcome in outcomes):
        said.append("no items were placed, so nothing was compared by column (--by, by=…)")
    if not outcomes:
        said.append("nothing was asked: names, places and groups are asked of themes, pairs of variants that have doubtful ones")
    return said


def with_rates(stage: Stage, outcomes: list[Outcome], columns: Mapping[str, pa.ChunkedArray]) -> list[Outcome]:
    """The outcomes, the last one with its rates by the values of columns."""
    if not columns or not isinstance(stage, PlacesStage) or stage.asked is None:
        return outcomes
    rows = by_column(columns, stage.asked.items, stage.asked.changed, stage.asked.recommended)
    *before, last = outcomes
    said = sentences(rows) or [f"by {', '.join(columns)}: no difference beyond chance"]
    return [*before, replace(last, sentences=[*last.sentences, *said], figures={**last.figures, "by": rows})]


def proof(stage: Stage, teacher: Teacher, shown: list[str]) -> Outcome:
    """What the probe of a stage says, after as many portions of it as were needed."""
    portions, answers = stage.probe(), list[Answer]()
    proved = stage.prove(answers)
    for portion in portions:
        log.info("%s: proving the teacher on %s questions", stage.title, f"{len(portion):,}")
        answers += teacher.ask(portion)
        shown += texts_of(portion)
        proved = stage.prove(answers)
        log.info("%s", proved.sentences[0])
        if not proved.open:
            break
    return proved


def texts_of(questions: Sequence[Question]) -> list[str]:
    """All texts that questions show."""
    return [text for question in questions for block in question.blocks for text in block.texts]
