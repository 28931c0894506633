"""Goods with quantities: groceries, drugs and chemicals, software; another quantity, flavour, strength or edition is another thing."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words_trade as trades
from harness.data.made_up.thing import Thing, chance, common, identity, invented, joined, misspelt, other, short, style_of, words

AMOUNTS = {
    "g": (500, 250, 1000, 200, 100, 400, 125, 150, 750, 2000, 5000, 300, 80, 50),
    "ml": (500, 1000, 330, 250, 750, 1500, 2000, 200, 100, 5000, 400, 50),
    "oz": (16, 12, 8, 32, 24, 6, 20, 10, 4, 64),
    "fl oz": (12, 16, 8, 32, 64, 20, 6),
}


def amount(rng: random.Random, number: int, unit: str, tidy: bool) -> str:
    """A quantity in one of the units that say the same."""
    gap = " " if chance(rng, 0.5) else ""
    if unit == "g":
        forms = [f"{number}{gap}g", f"{number}{gap}g"] + ([] if tidy else [f"{number}{gap}gr", f"{number}{gap}G"])
        forms += (
            [f"{number / 1000:g}{gap}kg", f"{number / 1000:g}{gap}{rng.choice(('KG', 'kg', 'kilo'))}"]
            if number >= 250 and (number >= 1000 or not tidy)
            else []
        )
    elif unit == "ml":
        forms = (
            [f"{number}{gap}ml", f"{number}{gap}{rng.choice(('ml', 'mL', 'ML'))}"]
            if number < 1000 or not tidy
            else [f"{number / 1000:g}{gap}l"]
        )
        forms += [f"{number / 1000:g}{gap}{rng.choice(('l', 'L', 'ltr', 'litre', 'Lt'))}"] if number >= 250 else []
        forms += [f"{number / 10:g}{gap}cl"] if number < 1000 and not tidy else []
    else:
        forms = [
            f"{number}{gap}{name}"
            for name in ({"oz": ("oz", "oz.", "ounce", "OZ"), "fl oz": ("fl oz", "fl. oz.", "floz", "FL OZ")}[unit][: 2 if tidy else 4])
        ]
    text = rng.choice(forms)
    return text.replace(".", ",") if not tidy and "." in text and unit in ("g", "ml") and chance(rng, 0.15) else text


@dataclass(frozen=True, kw_only=True)
class Grocery(Thing):
    """Brand, product, flavour or sort, and so many packs of a quantity."""

    brand: str
    product: str
    sort: str
    number: int
    unit: str
    packs: int

    @property
    def key(self) -> str:
        """Everything, the quantity in one unit."""
        return identity([self.brand, self.product, self.sort, self.number, self.unit, self.packs])

    def say(self, first: bool) -> str:
        """Brand, sort and product, with the quantity in one of its units."""
        rng = self.rng
        size = amount(rng, self.number, self.unit, first)
        if self.packs > 1:
            forms = (
                f"{self.packs} x {size}",
                f"{self.packs}x{size}",
                f"{size} x {self.packs}",
                f"{size} (pack of {self.packs})",
                f"{self.packs} pack {size}",
                f"{size}, {self.packs} ct",
                f"{self.packs}pk {size}",
            )
            size = rng.choice(forms[: 2 if first else 7])
        elif not first and chance(rng, 0.05):
            size = rng.choice((f"1 x {size}", f"({size})", f"{size} pack"))
        name = (
            joined(self.sort, self.product)
            if first or chance(rng, 0.65)
            else rng.choice((f"{self.product} {self.sort}", f"{self.product}, {self.sort}" if self.sort else self.product))
        )
        name = name if first else misspelt(rng, short(rng, name, trades.SHORT_GOODS, 0.35), 0.12)
        brand = self.brand if first else misspelt(rng, self.brand, 0.06)
        if not first and chance(rng, 0.12):
            return joined(name, brand, size) if chance(rng, 0.6) else joined(size, brand, name)
        return joined(brand, name) + rng.choice((" ", " ", ", ", " - ") if not first else (" ",)) + size

    def sibling(self) -> Grocery:
        """Another quantity, number of packs, sort, product or brand."""
        rng, way = self.rng, self.rng.random()
        if way < 0.3:
            return replace(self, number=other(rng, AMOUNTS[self.unit], self.number))
        if way < 0.45:
            return replace(self, packs=other(rng, (1, 2, 4, 6, 8, 12, 24), self.packs))
        if way < 0.75:
            sorts = trades.GROCERIES[self.product]
            return replace(self, sort=other(rng, (*sorts, ""), self.sort))
        return (
            replace(self, brand=invented(rng))
            if way < 0.85 and self.brand
            else replace(self, product=other(rng, tuple(trades.GROCERIES), self.product))
        )


def grocery(rng: random.Random) -> Grocery:
    """Something of a supermarket."""
    product = common(rng, tuple(trades.GROCERIES))
    sorts = trades.GROCERIES[product]
    american = style_of(rng, 4) == 3
    liquid = product in trades.LIQUIDS
    unit = ("fl oz" if liquid else "oz") if american else ("ml" if liquid else "g")
    brand = "" if chance(rng, 0.12) else common(rng, trades.BRANDS) if chance(rng, 0.55) else invented(rng)
    sort = common(rng, sorts) if chance(rng, 0.8) else rng.choice(trades.SORTS)
    return Grocery(
        rng=rng,
        brand=brand,
        product=product,
        sort=sort,
        number=common(rng, AMOUNTS[unit]),
        unit=unit,
        packs=rng.choice((1, 1, 1, 1, 1, 6, 4, 12, 24, 2)),
    )


@dataclass(frozen=True, kw_only=True)
class Dose(Thing):
    """A drug or a chemical: name (other names), strength, form, number or quantity, maker."""

    name: tuple[str, ...]
    salt: str
    strength: tuple[float, str]
    form: tuple[str, ...]
    count: int
    unit: str
    maker: str

    @property
    def key(self) -> str:
        """Everything but how it is called."""
        return identity(
            [
                self.name[0],
                self.salt,
                str(self.strength[0]).replace(".", "p"),
                self.strength[1],
                self.form[0],
                self.count,
                self.unit,
                self.maker,
            ]
        )

    def say(self, first: bool) -> str:
        """Name, strength, form, count."""
        rng = self.rng
        name = self.name[0] if first else misspelt(rng, rng.choice((self.name[0], *self.name)), 0.12)
        salt = self.salt if first else rng.choice(trades.SALTS[self.salt])
        form = self.form[0] if first or chance(rng, 0.3) else rng.choice(self.form)
        parts = [joined(name, salt), self.maker, self._strength(first), form, self._count(first)]
        if not first and chance(rng, 0.25):
            parts = rng.choice(
                ([parts[1], parts[0], *parts[2:]], [parts[0], *parts[2:], parts[1]], [parts[0], parts[3], parts[2], parts[4], parts[1]])
            )
        mark = ", " if not first and chance(rng, 0.15) else " "
        return mark.join(part for part in parts if part)

    def _strength(self, first: bool) -> str:
        rng, (number, unit) = self.rng, self.strength
        gap = " " if first or chance(rng, 0.5) else ""
        forms = [f"{number:g}{gap}{unit}"]
        if unit == "mg" and number >= 500:
            forms.append(f"{number / 1000:g}{gap}g")
        if unit == "mg" and number < 1:
            forms.append(f"{number * 1000:g}{gap}mcg")
        return forms[0] if first else rng.choice((forms[0], *forms))

    def _count(self, first: bool) -> str:
        if self.unit:
            return amount(self.rng, self.count, self.unit, first)
        return (
            ""
            if not self.count
            else f"{self.count} pcs"
            if first
            else self.rng.choice(
                (
                    f"{self.count} pcs",
                    f"x{self.count}",
                    f"N{self.count}",
                    f"#{self.count}",
                    f"({self.count})",
                    f"pack of {self.count}",
                    f"{self.count}'s",
                )
            )
        )

    def sibling(self) -> Dose:
        """Another strength, count, form, maker or name."""
        rng, way, (number, unit) = self.rng, self.rng.random(), self.strength
        if way < 0.4:
            factors = (2, 0.5, 4, 10, 0.1) if unit == "mg" else ()
            return replace(
                self,
                strength=(number * rng.choice(factors), unit)
                if factors
                else (other(rng, (35, 37, 70, 95, 96, 98, 99, 99.5), number), unit),
            )
        if way < 0.55:
            return replace(self, count=other(rng, AMOUNTS[self.unit] if self.unit else (10, 20, 28, 30, 50, 60, 100), self.count))
        if way < 0.7:
            return replace(
                self,
                form=words(other(rng, trades.GRADES, "/".join(self.form)), "/")
                if self.unit
                else other(rng, tuple(trades.DOSE_FORMS.values()), self.form),
            )
        return (
            replace(self, maker=invented(rng, "code")) if way < 0.8 and self.maker else replace(self, name=_dose_name(rng, bool(self.unit)))
        )


def _dose_name(rng: random.Random, chemical: bool) -> tuple[str, ...]:
    if chemical:
        return words(rng.choice(trades.CHEMICALS), "/")
    ends = words(
        "olol pril sartan statin cillin mycin azole idine prazole oxacin ifen amide umab tinib gliptin oxetine azepam dipine parin vir ine ate"
    )
    return (common(rng, trades.DRUGS).capitalize() if chance(rng, 0.5) else invented(rng)[:6].rstrip("aeiou") + rng.choice(ends),)


def dose(rng: random.Random) -> Dose:
    """A drug of a pharmacy; in some lists also chemicals of a laboratory."""
    if chance(rng, (0.0, 0.25, 0.9)[style_of(rng, 3)]):
        unit = rng.choice(("g", "ml"))
        return Dose(
            rng=rng,
            name=_dose_name(rng, True),
            salt="",
            strength=(rng.choice((99, 98, 95, 96, 37, 70, 35, 99.5)), "%"),
            form=words(common(rng, trades.GRADES), "/"),
            count=common(rng, AMOUNTS[unit]),
            unit=unit,
            maker=rng.choice(("", "", invented(rng, "code"))),
        )
    strength = common(rng, (500, 10, 20, 5, 100, 50, 250, 25, 40, 200, 1000, 2.5, 400, 850, 75, 0.5, 0.25, 12.5, 150, 300))
    maker = rng.choice(trades.BRANDS) if chance(rng, 0.2) else ""
    return Dose(
        rng=rng,
        name=_dose_name(rng, False),
        salt=common(rng, ("", "", "hydrochloride", "sodium", "maleate", "sulfate", "phosphate")),
        strength=(strength, "mg"),
        form=common(rng, tuple(trades.DOSE_FORMS.values())),
        count=rng.choice((0, 10, 20, 28, 30, 50, 60, 100)),
        unit="",
        maker=maker,
    )


@dataclass(frozen=True, kw_only=True)
class Software(Thing):
    """Maker (may be left out), title, version, edition, system, licence."""

    maker: str
    title: str
    version: str
    edition: str
    system: str
    licence: str

    @property
    def key(self) -> str:
        """All but the maker."""
        return identity([self.title, self.version.replace(".", "p"), self.edition, self.system, self.licence])

    def say(self, first: bool) -> str:
        """The parts of the name in some order, with what shops add."""
        rng = self.rng
        title = self.title if first else misspelt(rng, self.title, 0.07)
        edition = self.edition if first else rng.choice(trades.EDITIONS[self.edition])
        system, licence = (
            options[self_value][0] if first else rng.choice(options[self_value])
            for options, self_value in ((trades.SYSTEMS, self.system), (trades.LICENCES, self.licence))
        )
        version = self.version
        if not first and len(version) < 4 and version:
            version = rng.choice(
                (
                    version,
                    f"v{version}",
                    f"{version}.0" if "." not in version else version,
                    f"version {version}",
                    f"V{version}",
                    f"ver. {version}",
                )
            )
        maker = self.maker if first or chance(rng, 0.65) else ""
        parts = [maker, title, version, edition, licence, system]
        if not first and chance(rng, 0.35):
            parts = rng.choice(
                (
                    [maker, title, edition, version, licence, system],
                    [title, version, edition, system, licence, f"- {maker}" if maker else ""],
                    [maker, title, version, edition, system, licence],
                )
            )
        tail = (
            rng.choice(("CD", "(Download)", "retail box", "complete package", "software", "[Old Version]", "DVD", "- media"))
            if not first and chance(rng, 0.2)
            else ""
        )
        return joined(*parts, tail)

    def sibling(self) -> Software:
        """Another version, edition, system, licence or title."""
        rng, way = self.rng, self.rng.random()
        if way < 0.3 and self.version:
            whole = int(self.version.split(".")[0]) + rng.choice((1, 1, 2, -1))
            return replace(self, version=str(max(1, whole)))
        if way < 0.5:
            return replace(self, edition=other(rng, tuple(trades.EDITIONS), self.edition))
        if way < 0.65:
            return replace(self, system=other(rng, tuple(trades.SYSTEMS), self.system))
        if way < 0.8:
            return replace(self, licence=other(rng, tuple(trades.LICENCES), self.licence))
        first, *rest = self.title.split(" ")
        return replace(self, title=joined(first, *rest[:-1], other(rng, trades.SOFTWARE_NOUNS, rest[-1] if rest else "")))


def software(rng: random.Random) -> Software:
    """A program in a box."""
    title = joined(
        rng.choice(("", "", invented(rng), invented(rng, "code"))),
        common(rng, trades.SOFTWARE_SUBJECTS),
        common(rng, trades.SOFTWARE_NOUNS),
    ).replace("-", " ")
    version = common(rng, ("", "2007", "3", "5", "2008", "2", "10", "4.5", "7", "2006", "8", "6.1", "12", "2005", "1.2", "11"))
    return Software(
        rng=rng,
        maker=common(rng, trades.MAKERS),
        title=title,
        version=version,
        edition=common(rng, tuple(trades.EDITIONS)[::-1]),
        system=common(rng, tuple(trades.SYSTEMS)),
        licence=common(rng, tuple(trades.LICENCES)),
    )
