"""People: initials, titles, nicknames, surname first; records of people with errors in their fields; citations of papers by people."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words as names
from harness.data.made_up.thing import Thing, chance, common, identity, invented, joined, misspelt, other, plain, style_of, typo, words

TITLES = words("Dr./Dr/Prof./Prof. Dr./Rev./Hon.", "/")
GENERATIONS = {"": ("",), "Jr.": ("Jr.", "Jr", "Junior", "jr"), "Sr.": ("Sr.", "Sr", "Senior"), "III": ("III", "3rd")}


def surname(rng: random.Random) -> str:
    """A surname of some country, at times of two parts or invented."""
    way = rng.random()
    if way < 0.5:
        return common(rng, names.SURNAMES)
    if way < 0.62:
        return common(rng, names.GERMAN_SURNAMES)
    if way < 0.76:
        return common(rng, names.ROMANCE_SURNAMES[rng.choice(tuple(names.ROMANCE_SURNAMES))]).replace("-", " ")
    if way < 0.95:
        return invented(rng, rng.choice(("english", "english", "german", "french", "italian", "polish", "nordic")))
    return f"{common(rng, names.SURNAMES)}-{common(rng, names.SURNAMES)}"


@dataclass(frozen=True, kw_only=True)
class Person(Thing):
    """Given name, middle name, surname, generation. Some pairs of surname and initial are abbreviated, and have one bearer in a list."""

    given: str
    middle: str
    family: str
    generation: str

    @property
    def abbreviated(self) -> bool:
        """Whether the given name may be an initial: it hangs on the name, so that two people of one initial do not differ in it."""
        return (sum(map(ord, plain(self.family))) + ord(plain(self.given)[0])) % 2 == 0

    @property
    def key(self) -> str:
        """The given name or, where it may be an initial, the initial; the middle name does not count."""
        return identity([self.family, plain(self.given)[0] if self.abbreviated else self.given, self.generation])

    def say(self, first: bool) -> str:
        """Given name first or last, whole, as a nickname or an initial."""
        rng = self.rng
        given, middle, family = self.given, self.middle, self.family
        generation = rng.choice(GENERATIONS[self.generation]) if not first else self.generation
        if not first:
            given = self._given()
            middle = rng.choice((middle, middle[:1] + ("." if chance(rng, 0.6) and middle else ""), "", ""))
            family = misspelt(rng, plain(family) if chance(rng, 0.4) else family, 0.14)
            family = family.replace("-", " ") if chance(rng, 0.3) else family
        way = style_of(rng, 3) if first or chance(rng, 0.5) else rng.randrange(3)
        if way == 0:
            text = joined(given, middle, family, generation)
            return joined(rng.choice(TITLES), text) if not first and chance(rng, 0.12) else text
        if way == 1:
            return joined(f"{family}, {given}", middle) + (f", {generation}" if generation else "")
        text = joined(family, given, middle, generation)
        return text if first or chance(rng, 0.6) else joined(given, middle, family.upper(), generation)

    def _given(self) -> str:
        rng, given = self.rng, self.given
        if self.abbreviated and chance(rng, 0.35):
            return given[0] + rng.choice((".", ".", ""))
        if given in names.NICKNAMES and chance(rng, 0.35):
            return rng.choice(names.NICKNAMES[given])
        return misspelt(rng, plain(given) if chance(rng, 0.5) else given, 0.1)

    def sibling(self) -> Person:
        """A relative, a namesake of another generation, or a surname that looks alike."""
        rng, way = self.rng, self.rng.random()
        if way < 0.12:
            return replace(self, generation=other(rng, tuple(GENERATIONS), self.generation))
        if way < 0.35:
            alike = [given for given in names.GIVEN if given[:2] == self.given[:2] and given != self.given]
            return replace(self, given=rng.choice(alike) if alike else common(rng, names.GIVEN), middle="")
        if way < 0.7:
            return replace(self, given=other(rng, names.GIVEN, self.given), middle="")
        alike = [family for family in names.SURNAMES if family[:3] == self.family[:3] and family != self.family]
        return replace(self, family=rng.choice(alike) if alike else surname(rng))


def person(rng: random.Random) -> Person:
    """The name of a person."""
    middle = common(rng, names.GIVEN) if chance(rng, 0.35) else ""
    return Person(
        rng=rng,
        given=common(rng, names.GIVEN),
        middle=middle,
        family=surname(rng),
        generation=rng.choice(tuple(GENERATIONS)[1:]) if chance(rng, 0.04) else "",
    )


def digit_error(rng: random.Random, number: str) -> str:
    """One digit wrong, or two swapped."""
    at = rng.randrange(len(number))
    if len(number) > 1 and chance(rng, 0.35):
        at = min(at, len(number) - 2)
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + other(rng, "0123456789", number[at]) + number[at + 1 :] if number[at].isdigit() else number


@dataclass(frozen=True, kw_only=True)
class Record(Thing):
    """A row of a register: name, address, date of birth, a number."""

    given: str
    family: str
    born: tuple[int, int, int]
    house: int
    street: str
    town: str
    code: int
    number: int

    @property
    def key(self) -> str:
        """Name and date of birth."""
        return identity([self.given, self.family, *self.born])

    def _fields(self) -> list[str]:
        year, month, day = self.born
        style = style_of(self.rng, 5)
        whole = f"{year}{month:02}{day:02}"
        if style == 0:
            return [self.given.upper(), self.family.upper(), str(year), str(month), str(day)]
        if style == 1:
            return [self.given.lower(), self.family.lower(), str(self.house), self.street.lower(), self.town.lower(), str(self.code), whole]
        if style == 2:
            return [f"{self.family},", self.given, f"{day:02}.{month:02}.{year}", self.town]
        if style == 3:
            return [self.given, self.family, f"{year}-{month:02}-{day:02}", f"{self.number:07}"]
        return [self.family.upper(), self.given.upper(), whole, str(self.house), self.street.upper(), str(self.code)]

    def say(self, first: bool) -> str:
        """The fields in the order of the list; later rows with an error or two, or a field missing."""
        rng, fields = self.rng, self._fields()
        if first:
            return " ".join(fields)
        if self.given in names.NICKNAMES and chance(rng, 0.12):
            fields = [rng.choice(names.NICKNAMES[self.given]) if field == self.given else field for field in fields]
        for _ in range(rng.choice((1, 1, 1, 2) if len(fields) < 6 else (1, 1, 1, 2, 2, 3))):
            at = rng.randrange(len(fields))
            fields[at] = digit_error(rng, fields[at]) if fields[at][:1].isdigit() else self._wrong(fields[at])
        if len(fields) > 5 and chance(rng, 0.2):
            fields.pop(rng.randrange(2, len(fields)))
        if chance(rng, 0.05):
            fields[:2] = [fields[1], fields[0]]
        return " ".join(fields)

    def _wrong(self, field: str) -> str:
        parts = field.split(" ")
        at = self.rng.randrange(len(parts))
        parts[at] = typo(self.rng, parts[at]) if parts[at].isalpha() else parts[at]
        return " ".join(parts)

    def sibling(self) -> Record:
        """One of the family at the same address, a namesake, or someone of the same day."""
        rng, way = self.rng, self.rng.random()
        drawn = record(rng)
        if way < 0.4:
            return replace(self, given=other(rng, names.GIVEN, self.given), born=drawn.born, number=drawn.number)
        if way < 0.75:
            return replace(drawn, given=self.given, family=self.family)
        return replace(drawn, born=self.born, given=self.given)


def record(rng: random.Random) -> Record:
    """A person of a register."""
    town = common(rng, names.CITIES["America"])[:-3] if chance(rng, 0.6) else invented(rng, "english")
    street = joined(common(rng, names.STREETS["Britain"]), rng.choice(("Street", "Road", "Place", "Avenue", "Close")))
    return Record(
        rng=rng, given=plain(common(rng, names.GIVEN)), family=plain(surname(rng)).replace("'", ""), born=(rng.randrange(1920, 2006), rng.randrange(1, 13), rng.randrange(1, 29)),
        house=int(1 + 250 * rng.random() ** 2), street=street, town=town, code=rng.randrange(1000, 9999), number=rng.randrange(10**6, 10**7),
    )  # fmt: skip


TOPICS = words(
    "learning networks inference search planning databases queries estimation retrieval classification clustering regression recognition parsing control induction optimization compression caching scheduling verification visualization simulation generalization reasoning segmentation abstraction prediction boosting transactions indexing approximation concurrency"
)
ADJECTIVES = words(
    "neural adaptive efficient robust probabilistic distributed parallel optimal incremental hierarchical temporal semantic statistical genetic bayesian hidden relational stochastic nonlinear online scalable symbolic inductive dynamic sparse discrete continuous logical linear minimal"
)
OBJECTS = words(
    "decision trees/hidden Markov models/data streams/large databases/noisy data/mobile robots/natural language/time series/relational schemas/finite automata/belief networks/threshold functions/image sequences/spatial data/protein structures/speech signals/random graphs/polynomial functions/multiple experts/constraint programs/object stores/context-free grammars/rule sets/kernel machines/concept drift/partial information/prior knowledge/missing values/local minima/membership queries",
    "/",
)
VENUES = words(
    """
Proceedings of the European Conference on Machine Learning|Proc. European Conf. on Mach. Learn.|ECML|In Proc. of the 8th ECML;Journal of Machine Learning Research|J. Mach. Learn. Res.|JMLR;IEEE Transactions on Knowledge and Data Engineering|IEEE Trans. Knowl. Data Eng.|TKDE|IEEE TKDE;
Proceedings of the Symposium on Foundations of Computer Science|Proc. IEEE Symp. Found. of Comp. Sci.|FOCS;Machine Learning|Mach. Learn.|Machine Learning Journal;Neural Computation|Neural Comp.|Neural Comput.;Artificial Intelligence|Artif. Intell.|AI Journal;
Advances in Neural Information Processing Systems|NIPS|Advances in NIPS|Neural Inf. Proc. Systems;Proceedings of the National Conference on Artificial Intelligence|AAAI|Proc. AAAI|In Proc. Nat. Conf. on AI;Information and Computation|Inf. Comput.|Inform. and Comp.;
Proceedings of the Conference on Very Large Data Bases|VLDB|Proc. VLDB;IEEE Transactions on Pattern Analysis|IEEE PAMI|IEEE Trans. Pattern Anal.|PAMI;Technical Report, Department of Computer Science|Tech. rep.|TR|Technical report;PhD thesis|Ph.D. thesis|Doctoral dissertation;
Communications of the ACM|Comm. ACM|CACM|Commun. ACM;Computational Learning Theory|COLT|Proc. Workshop on Comput. Learning Theory;IEEE Transactions on Information Theory|IEEE Trans. Inform. Theory|IEEE Trans. on IT;SIGMOD Record|ACM SIGMOD|Proc. ACM SIGMOD
""",
    ";",
)
FRAMES = (
    "{A} {t} for {o}",
    "{t} of {o}",
    "{A} {t}",
    "on the {t} of {A} {o}",
    "{t} with {A} {o}",
    "{A} approaches to {t} in {o}",
    "{A} {t} and {u}",
    "a theory of {A} {t}",
    "{o} and {A} {t}",
    "using {o} for {A} {t}",
    "the {t} of {o} by {A} {u}",
)


def _title(rng: random.Random) -> str:
    text = rng.choice(FRAMES).format(A=rng.choice(ADJECTIVES), t=common(rng, TOPICS), o=rng.choice(OBJECTS), u=rng.choice(TOPICS))
    return text + rng.choice(("", "", "", "", ": theory and experiments", ": a survey", ", part II", ": preliminary results"))


@dataclass(frozen=True, kw_only=True)
class Citation(Thing):
    """Authors, title, venue, year, volume and pages of a paper."""

    authors: tuple[tuple[str, str], ...]
    title: str
    venue: tuple[str, ...]
    year: int
    volume: int
    page: int

    @property
    def key(self) -> str:
        """First author, title and year."""
        return identity([self.authors[0][1], self.title, self.year])

    def say(self, first: bool) -> str:
        """As one bibliography or another writes it."""
        rng = self.rng
        way = rng.randrange(5)
        forms = [(f"{g} {s}", f"{g[0]}. {s}", f"{s}, {g[0]}.", f"{s}, {g}", f"{g[0]} {s}")[way] for g, s in self.authors]
        if not first:
            forms = [misspelt(rng, form, 0.05) for form in forms]
        people = ", ".join(forms[:-1]) + (rng.choice((" and ", ", ", " & ", ", and ")) if len(forms) > 1 else "") + forms[-1]
        if len(forms) > 2 and not first and chance(rng, 0.15):
            people = f"{forms[0]} et al."
        title = self.title if first else misspelt(rng, self.title.split(":")[0] if chance(rng, 0.04) else self.title, 0.15)
        title = title[0].upper() + title[1:] if chance(rng, 0.5) else title
        venue = self.venue[0] if first else rng.choice(("", *self.venue, *self.venue, *self.venue))
        year = f"({self.year})" if chance(rng, 0.4) else str(self.year)
        where = (
            rng.choice((f"{self.volume}({self.volume % 4 + 1})", f"vol. {self.volume}", f"volume {self.volume}", "", ""))
            if venue and self.volume
            else ""
        )
        pages = rng.choice(
            (f"pages {self.page}-{self.page + 14}", f"pp. {self.page}--{self.page + 14}", f"{self.page}-{self.page + 14}", "", "")
        )
        tail = [part for part in (venue, where, pages) if part]
        if chance(rng, 0.15):
            return f"{people} {year} {title}. {', '.join(tail)}".strip(" .")
        mark = rng.choice((". ", ", ", ' "', " "))
        end = '," ' if mark == ' "' else rng.choice((". ", ", ", " "))
        return people + mark + title + end + ", ".join([*tail, year])

    def sibling(self) -> Citation:
        """Another paper of these authors, or their paper of another year."""
        rng = self.rng
        later = {"venue": words(rng.choice(VENUES), "|"), "year": self.year + rng.choice((1, 2, 3, -1)), "page": rng.randrange(1, 900)}
        if chance(rng, 0.3):
            parts = self.title.split(" ")
            at = rng.randrange(len(parts))
            parts[at] = other(rng, ADJECTIVES if parts[at] in ADJECTIVES else TOPICS, parts[at]) if len(parts[at]) > 4 else parts[at]
            return replace(self, title=" ".join(parts), **later)  # type: ignore[arg-type]
        return replace(self, title=_title(rng), authors=self.authors if chance(rng, 0.6) else self.authors[:1], **later)  # type: ignore[arg-type]


def citation(rng: random.Random) -> Citation:
    """A paper; a few authors write most of them."""
    authors = tuple((plain(common(rng, names.GIVEN)), plain(surname(rng))) for _ in range(rng.choice((1, 1, 2, 2, 3, 4))))
    return Citation(
        rng=rng,
        authors=authors,
        title=_title(rng),
        venue=words(common(rng, VENUES), "|"),
        year=rng.randrange(1983, 2004),
        volume=rng.choice((0, rng.randrange(2, 40))),
        page=rng.randrange(1, 900),
    )
