"""From options and the environment to an endpoint that may be asked, or to a journal that answers for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from ...errors import InputError, setting
from ...logs import Secret
from ...teach.client.budget import FREE, Budget, Price, listed_price
from ...teach.client.endpoint import Endpoint, choose_model
from ...teach.client.place import Place, place_of
from ...teach.client.recorded import Recorded, key_of
from ...teach.client.transport import Transport
from ...teach.guard.guard import Guard
from ...teach.guard.people import people_finder
from ..options import AskOptions

ADDRESS, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
MODEL = {"model": 1}  # what the journal remembers the model by


def guard_of(options: AskOptions) -> Guard:
    """What masks personal data, as the options want it."""
    return Guard(people=people_finder() if options.people else None, dictionary=_words(options.dictionary))


def connect(options: AskOptions, journal: Path | None) -> tuple[Endpoint, list[str]]:
    """The endpoint, and what its user should know of it.

    Raises
    ------
    InputError
        No endpoint is named, its host was not allowed, its key or model is not accepted, or a cap is given and no price is known.
    MachineError
        Nothing answers there.
    """
    recorded = Recorded(journal)
    if options.replay:
        return replayed(options, recorded), ["nothing was sent: every answer comes from the journal (--replay, replay=True)"]
    place = place_of(address(), options.allow_remote)
    secret = os.environ.get(KEY, "").strip()
    guard, budget = guard_of(options), Budget(options.max_cost)
    endpoint = Endpoint(
        transport=Transport(place, Secret(secret) if secret else None, timeout=options.timeout),
        model="",
        guard=guard,
        recorded=recorded,
        budget=budget,
        parallel=options.parallel,
        marked=not place.local,
    )
    try:
        notes = _settled(endpoint, options, place)
    except BaseException:
        endpoint.close()
        raise
    where = "on this machine" if place.local else f"at {place.host}, which is not this machine"
    signs = ["a sign stood for every space of your texts, so that none reads like an order"] if endpoint.marked else []
    return endpoint, [f"{endpoint.model} was asked {where}", *signs, *notes]


def _settled(endpoint: Endpoint, options: AskOptions, place: Place) -> list[str]:
    """Give the endpoint its model and price, and return notes on them."""
    endpoint.model = choose_model(endpoint.models(), options.llm)
    endpoint.price, notes = price_of(options, endpoint.model, place)
    recorded, entry = endpoint.recorded, {"model": endpoint.model}
    if recorded.get(key_of("", MODEL)) != entry:
        recorded.put(key_of("", MODEL), entry)  # before anything is paid for, so that a folder that cannot be written is seen
    return notes


def replayed(options: AskOptions, recorded: Recorded) -> Endpoint:
    """A teacher that answers from the journal alone."""
    model = options.llm or str((recorded.get(key_of("", MODEL)) or {}).get("model", ""))
    if not model:
        raise InputError("the journal holds no replies.", hint=f"leave {setting('replay', True)} out to ask an endpoint.")
    return Endpoint(transport=None, model=model, guard=guard_of(options), recorded=recorded)


def address() -> str:
    """The address in the environment; InputError without one."""
    url = os.environ.get(ADDRESS, "").strip()
    if not url:
        raise InputError(
            f"no endpoint is named: {ADDRESS} is not set.",
            hint=f"{ADDRESS}=http://localhost:8080/v1 names one; {setting('dry_run', True)} asks nobody.",
        )
    return url


def named_place() -> Place | None:
    """The endpoint that the environment names, if it names one."""
    if not os.environ.get(ADDRESS, "").strip():
        return None
    try:
        host = urlsplit(address()).hostname  # a plan sends nothing, so it may be made for any host
    except ValueError:
        host = None  # place_of says what is wrong
    return place_of(address(), host)


def foreseen(options: AskOptions) -> tuple[Price | None, list[str], bool]:
    """What a plan needs that nobody is asked for: the price, where it is known, notes on it, and whether spaces would be marked."""
    place = named_place()
    marked = place is None or not place.local
    if not (options.llm or options.price or not marked):
        return None, [], marked
    return *price_of(options, options.llm or "the model", place), marked


def price_of(options: AskOptions, model: str, place: Place | None) -> tuple[Price, list[str]]:
    """US dollars per million tokens, and a note where they are a list price."""
    if options.price is not None:
        return Price(*options.price), []
    if place is not None and place.local:
        return FREE, []
    listed = listed_price(model)
    if listed is not None:
        price, month = listed
        terms = f"{price.read:g} and {price.written:g} dollars per million tokens read and written"
        return price, [f"{model} costs {terms} by its list of {month}; --price (price=…) says it otherwise"]
    if options.max_cost is not None:
        raise InputError(
            f"the price of {model!r} is not known, so a cap on the cost cannot be kept.",
            hint=f"give {setting('price')} in dollars per million tokens read and written.",
        )
    return FREE, [f"the price of {model} is not known, so costs are not counted; --price (price=…) gives it"]


def _words(dictionary: str | Path | Sequence[str] | None) -> list[str]:
    """Words to be masked: given one by one, or a file with one on each line."""
    if dictionary is None:
        return []
    if not isinstance(dictionary, str | Path):
        return list(dictionary)
    try:
        lines = Path(dictionary).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{dictionary} cannot be read as UTF-8 text.", hint="give a file with a word on each line.") from error
    return [line.strip() for line in lines if line.strip()]
