"""Addresses: one address however the street is shortened; another with another number, direction, street, kind of street, flat or town."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from harness.data.made_up import words as names
from harness.data.made_up.thing import Thing, chance, common, identity, invented, joined, misspelt, other, plain, style_of

AMERICAN = {
    "Street": ("St", "St.", "Str"), "Avenue": ("Ave", "Ave.", "Av"), "Road": ("Rd", "Rd."), "Drive": ("Dr", "Dr."), "Lane": ("Ln", "Ln."), "Court": ("Ct", "Ct."),
    "Boulevard": ("Blvd", "Blvd."), "Place": ("Pl", "Pl."), "Way": ("Wy",), "Circle": ("Cir", "Cir."), "Terrace": ("Ter", "Terr."), "Parkway": ("Pkwy", "Pky"),
    "Trail": ("Trl", "Tr"), "Highway": ("Hwy", "Hwy."), "Square": ("Sq", "Sq."), "Crescent": ("Cres", "Cr"),
}  # fmt: skip
WINDS = {
    "North": ("N", "N.", "No."),
    "South": ("S", "S.", "So."),
    "East": ("E", "E."),
    "West": ("W", "W."),
    "Northeast": ("NE", "N.E."),
    "Southwest": ("SW", "S.W."),
}
STATES = {"MA": "Massachusetts", "CO": "Colorado", "WA": "Washington", "TX": "Texas", "FL": "Florida", "IL": "Illinois", "OR": "Oregon", "CA": "California", "OH": "Ohio", "ON": "Ontario", "PA": "Pennsylvania", "GA": "Georgia"}  # fmt: skip
UNITS = {"Apt": ("Apt", "Apt.", "#", "Unit", "Apartment", "No."), "Suite": ("Suite", "Ste", "Ste.", "#"), "Floor": ("Floor", "Fl", "Fl.")}
ORDINALS = ("Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
BRITISH = {
    "Road": ("Rd", "Rd."), "Street": ("St", "St."), "Lane": ("Ln", "La."), "Avenue": ("Ave", "Av."), "Close": ("Cl", "Cl."), "Drive": ("Dr", "Drv"), "Gardens": ("Gdns", "Gdn"),
    "Terrace": ("Terr", "Ter."), "Square": ("Sq", "Sq."), "Grove": ("Gr", "Gve"), "Court": ("Ct", "Crt"), "Crescent": ("Cres", "Cres."), "Place": ("Pl", "Pl."), "Parade": ("Pde", "Par."),
}  # fmt: skip
FRENCH = {"rue": ("r.", "r", "Rue"), "avenue": ("av.", "av", "Ave", "Avenue"), "boulevard": ("bd", "boul.", "Bld", "bvd"), "place": ("pl.", "Place"), "chemin": ("ch.", "chem."), "allée": ("all.", "Allée"), "impasse": ("imp.", "Impasse"), "route": ("rte", "Route")}  # fmt: skip
GERMAN = {"straße": ("str.", "strasse", " Straße", " Str.", "str"), "weg": ("weg", " Weg"), "platz": ("pl.", "platz", " Platz"), "allee": ("allee", " Allee"), "gasse": ("gasse", "g."), "ring": ("ring",)}  # fmt: skip


def ordinal(number: int) -> str:
    """1st, 2nd, 11th."""
    return f"{number}{'th' if number % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


@dataclass(frozen=True, kw_only=True)
class Address(Thing):
    """What all addresses have."""

    number: int
    letter: str
    street: str
    kind: str
    town: str
    code: str  # goes with street and town

    def _elsewhere(self) -> dict[str, object]:
        rng, way = self.rng, self.rng.random()
        if way < 0.45:
            return {"number": self.number + rng.choice((1, 2, 2, 4, 10, 100))}
        if way < 0.6:
            return {"kind": other(rng, tuple(self.kinds), self.kind)} if self.kind else {"number": self.number + 2}
        if way < 0.85:
            return {"street": _street(rng, self.country)}
        town = other(rng, names.CITIES[self.country], self.town)
        return {"town": town, "code": _code(rng, self.country, town)}

    @property
    def country(self) -> str:
        """Where the lists of streets and towns are."""
        raise NotImplementedError

    @property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """Kinds of street and their short forms."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class American(Address):
    """American or Canadian; `wind` stands before the street or behind it."""

    wind: str
    behind: bool
    unit: tuple[str, int]

    country = "America"
    kinds = AMERICAN

    @property
    def key(self) -> str:
        """All but state and code."""
        return identity([self.number, self.wind, self.street, self.kind, self.unit[1], self.town[:-3]])

    def say(self, first: bool) -> str:
        """Long or short words, with or without state and code."""
        rng, tidy = self.rng, 0.8 if first else 0.35
        kind = self.kind if chance(rng, tidy) else rng.choice(AMERICAN[self.kind])
        wind = self.wind if not self.wind or chance(rng, tidy) else rng.choice(WINDS[self.wind])
        street = self._street(first)
        line = joined(str(self.number), street, kind, wind) if self.behind else joined(str(self.number), wind, street, kind)
        if self.unit[1]:
            word = self.unit[0] if first else rng.choice(UNITS[self.unit[0]])
            line += rng.choice((", ", " ")) + f"{word}{'' if word == '#' else ' '}{self.unit[1]}"
        return line + rng.choice((", ", ", ", " ")) + self._town(first)

    def _street(self, first: bool) -> str:
        rng, street = self.rng, self.street
        if street.isdigit():
            number = int(street)
            forms = [ordinal(number), ordinal(number), *([street] if not first else []), *(ORDINALS[number : number + 1])]
            return rng.choice(forms)
        if first:
            return street
        for long, brief in (("Fort ", "Ft "), ("Mount ", "Mt "), ("St. ", "St "), ("St. ", "Saint ")):
            street = street.replace(long, brief) if chance(rng, 0.4) else street
        return misspelt(rng, street, 0.08)

    def _town(self, first: bool) -> str:
        rng, town, state = self.rng, self.town[:-3], self.town[-2:]
        if not first:
            town = misspelt(rng, town, 0.03).replace("Saint ", "St. ")
            state = rng.choice((state, state, STATES.get(state, state), ""))
        return joined(town + ("," if state and chance(rng, 0.4) else ""), state, self.code if chance(rng, 0.6) else "")

    def sibling(self) -> American:
        """Another number, wind, street, kind, flat or town."""
        rng, way = self.rng, self.rng.random()
        if way < 0.3 and self.unit[1]:
            return replace(self, unit=(self.unit[0], self.unit[1] + rng.choice((1, 1, 2, 10))))
        if way < 0.5 and self.wind:
            return replace(self, wind=other(rng, tuple(WINDS), self.wind))
        if self.street.isdigit() and way < 0.7:
            return replace(self, street=str(int(self.street) + 1))
        return replace(self, **self._elsewhere())  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class British(Address):
    """British; the flat comes first, the code last."""

    flat: int

    country = "Britain"
    kinds = BRITISH

    @property
    def key(self) -> str:
        """All but the code."""
        return identity([self.flat, self.number, self.letter, self.street, self.kind, self.town.rsplit(" ", 1)[0]])

    def say(self, first: bool) -> str:
        """Long or short words, with or without code."""
        rng = self.rng
        kind = self.kind if chance(rng, 0.85 if first else 0.4) else rng.choice(BRITISH[self.kind])
        street = self.street if first else misspelt(rng, self.street.replace(".", "").replace("'", rng.choice(("'", "")), 1), 0.08)
        town, area = self.town.rsplit(" ", 1)
        line = joined(str(self.number) + (rng.choice((self.letter, " " + self.letter)) if self.letter else ""), street, kind)
        if self.flat:
            line = (
                rng.choice(
                    (f"Flat {self.flat}, ", f"Flat {self.flat} ", f"Apt {self.flat}, ", f"{self.flat}/")
                    if not first
                    else (f"Flat {self.flat}, ",)
                )
                + line
            )
        code = f"{area}{self.code}" if chance(rng, 0.6) else ""
        return line + rng.choice((", ", ", ", " ")) + joined(town, code if chance(rng, 0.7) else code.replace(" ", ""))

    def sibling(self) -> British:
        """Another flat, letter, number, street, kind or town."""
        way = self.rng.random()
        if way < 0.3 and self.flat:
            return replace(self, flat=self.flat + 1)
        if way < 0.3:
            return replace(self, letter=other(self.rng, ("", "A", "B", "C"), self.letter))
        return replace(self, **self._elsewhere())  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class German(Address):
    """German, Austrian or Swiss; the kind of street is part of its word."""

    country = "Germany"
    kinds = GERMAN

    @property
    def key(self) -> str:
        """All but the code, which goes with the town."""
        return identity([self.number, self.letter, self.street, self.kind, self.town.split(" ", 1)[1]])

    def say(self, first: bool) -> str:
        """straße, str. or strasse; 5a or 5 a; with or without the code."""
        rng = self.rng
        kind = self.kind if chance(rng, 0.8 if first else 0.3) else rng.choice(GERMAN[self.kind])
        street = misspelt(rng, self.street, 0 if first else 0.08) + kind
        street = street.translate({ord("ü"): "ue", ord("ö"): "oe", ord("ä"): "ae"}) if not first and chance(rng, 0.25) else street
        number = f"{self.number}{rng.choice(('', ' ')) if self.letter else ''}{self.letter}"
        code, town = self.town.split(" ", 1)
        if not first:
            code, town = rng.choice((code, code, f"D-{code}" if len(code) == 5 else code, "")), town if chance(rng, 0.8) else plain(town)
            town = rng.choice((town, town.replace("Frankfurt am Main", "Frankfurt/Main"), town.replace("am Main", "a. M.")))
        return f"{street} {number}{rng.choice((', ', ', ', ' '))}{joined(code, town)}"

    def sibling(self) -> German:
        """Another letter, number, street, kind or town."""
        if chance(self.rng, 0.3):
            return replace(self, letter=other(self.rng, ("", "a", "b", "c"), self.letter))
        return replace(self, **self._elsewhere())  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class French(Address):
    """French; bis and ter belong to the number."""

    country = "France"
    kinds = FRENCH

    @property
    def key(self) -> str:
        """All but the code."""
        return identity([self.number, self.letter, self.kind, self.street, self.town.split(" ", 1)[1]])

    def say(self, first: bool) -> str:
        """rue or r., with or without accents and code."""
        rng = self.rng
        kind = self.kind if chance(rng, 0.85 if first else 0.45) else rng.choice(FRENCH[self.kind])
        street = self.street if first else misspelt(rng, plain(self.street) if chance(rng, 0.4) else self.street, 0.08)
        street = street.replace("Saint", "St").replace("Sainte", "Ste") if not first and chance(rng, 0.3) else street
        code, town = self.town.split(" ", 1)
        letter = self.letter if first or not self.letter else rng.choice((self.letter, self.letter[0].upper()))
        line = joined(str(self.number) + ("," if not self.letter and chance(rng, 0.25) else ""), letter, kind, street)
        return (
            line
            + rng.choice((", ", ", ", " "))
            + joined(code if chance(rng, 0.65) else "", town if first or chance(rng, 0.7) else plain(town))
        )

    def sibling(self) -> French:
        """Another number, bis, street, kind or town."""
        if chance(self.rng, 0.25):
            return replace(self, letter=other(self.rng, ("", "bis", "ter"), self.letter))
        return replace(self, **self._elsewhere())  # type: ignore[arg-type]


def _street(rng: random.Random, country: str) -> str:
    if country == "America" and chance(rng, 0.2):
        return str(rng.randrange(1, 99))
    if chance(rng, 0.3):
        return invented(rng, {"Germany": "german", "France": "french"}.get(country, "english"))
    if chance(rng, 0.2):
        surnames = {"Germany": names.GERMAN_SURNAMES, "France": names.ROMANCE_SURNAMES["french"]}.get(country, names.SURNAMES)
        return common(rng, surnames)
    return common(rng, names.STREETS[country])


def _code(rng: random.Random, country: str, town: str) -> str:
    if country == "Britain":
        return f"{rng.randrange(1, 30)} {rng.randrange(1, 10)}{rng.choice('ABDEFGHJLN')}{rng.choice('ABDEFGHJLN')}"
    if country != "America":
        return ""
    if town[-2:] not in ("ON", "AB", "NS", "MB", "BC"):
        return f"{rng.randrange(1000, 99000):05}"
    letters, digits = [rng.choice("ABCEGHJKLMNPRSTV") for _ in range(3)], [rng.randrange(1, 10) for _ in range(3)]
    return f"{letters[0]}{digits[0]}{letters[1]} {digits[1]}{letters[2]}{digits[2]}"


def _number(rng: random.Random, top: int) -> int:
    return int(1 + top * rng.random() ** 2)


def american(rng: random.Random) -> American:
    """An address in the United States or Canada."""
    town = common(rng, names.CITIES["America"])
    code = _code(rng, "America", town)
    return American(
        rng=rng, number=_number(rng, 9500), letter="", street=_street(rng, "America"), kind=common(rng, tuple(AMERICAN)), town=town, code=code,
        wind=rng.choice(tuple(WINDS)[:4]) if chance(rng, 0.35) else rng.choice(tuple(WINDS)[4:]) if chance(rng, 0.05) else "",
        behind=chance(rng, 0.25), unit=(rng.choice(tuple(UNITS)), rng.randrange(1, 40)) if chance(rng, 0.2) else ("", 0),
    )  # fmt: skip


def european(rng: random.Random) -> Address:
    """An address in Britain, Germany or France; most lists are of one country."""
    style = style_of(rng, 4)
    country = ("Britain", "Germany", "France")[style if style < 3 and chance(rng, 0.9) else rng.randrange(3)]
    town, street = common(rng, names.CITIES[country]), _street(rng, country)
    if country == "Germany":
        return German(
            rng=rng,
            number=_number(rng, 180),
            letter=rng.choice("aabc") if chance(rng, 0.2) else "",
            street=street,
            kind=common(rng, tuple(GERMAN)),
            town=town,
            code="",
        )
    if country == "France":
        return French(
            rng=rng,
            number=_number(rng, 160),
            letter=rng.choice(("bis", "ter")) if chance(rng, 0.12) else "",
            street=street,
            kind=common(rng, tuple(FRENCH)),
            town=town,
            code="",
        )
    code = _code(rng, "Britain", town)
    return British(
        rng=rng, number=_number(rng, 240), letter=rng.choice("AB") if chance(rng, 0.08) else "", street=street,
        kind=common(rng, tuple(BRITISH)), town=town, code=code, flat=rng.randrange(1, 25) if chance(rng, 0.15) else 0,
    )  # fmt: skip
