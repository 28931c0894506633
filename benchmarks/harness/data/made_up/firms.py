"""Firms: one firm whatever its legal form and however it is written; another firm with another trade or another name."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words as names
from harness.data.made_up import words_trade as trades
from harness.data.made_up.thing import (
    Thing,
    chance,
    common,
    identity,
    invented,
    joined,
    misspelt,
    other,
    short,
    style_of,
    unaccented,
    words,
)

FORMS = {
    "America": ("Inc.|Inc|Incorporated|INC", "LLC|L.L.C.|llc|Limited Liability Company", "Corp.|Corp|Corporation", "Co.|Company|Co|Comp", "LP|L.P.|Limited Partnership", "LLP|L.L.P."),
    "Britain": ("Ltd|Ltd.|Limited|LTD", "Ltd|Limited|Ltd.", "PLC|plc|P.L.C.|Public Limited Company", "LLP|L.L.P.", "& Co. Ltd|and Company Limited|& Co Ltd"),
    "South": ("Pty Ltd|Pty. Ltd.|Pty Limited|Proprietary Limited|P/L", "Pty Ltd|Pty. Ltd.", "Pvt. Ltd.|Pvt Ltd|Private Limited|(P) Ltd", "Pte Ltd|Pte. Ltd.|Private Limited"),
    "Asia": ("Co., Ltd.|Co Ltd|Company Limited|Co. Ltd|CO.,LTD", "Co., Ltd.|Co.,Ltd.|Company Limited", "Sdn Bhd|Sdn. Bhd.|SDN BHD", "Corporation|Corp.|Corp", "K.K.|KK|Kabushiki Kaisha"),
    "Germany": ("GmbH|G.m.b.H.|Gesellschaft mbH|GMBH|Gesellschaft mit beschränkter Haftung", "GmbH|GmbH.|mbH", "GmbH & Co. KG|GmbH und Co. KG|GmbH & Co KG|GmbH u. Co. KG", "AG|A.G.|Aktiengesellschaft", "KG|Kommanditgesellschaft", "OHG|oHG", "e.K.|e. K.|eK", "UG|UG (haftungsbeschränkt)"),
    "French": ("SARL|S.A.R.L.|Sarl|Société à responsabilité limitée", "SA|S.A.|Société Anonyme", "SAS|S.A.S.", "SNC|S.N.C.", "EURL|E.U.R.L."),
    "Italian": ("S.r.l.|SRL|Srl|s.r.l.", "S.p.A.|SpA|SPA|S.P.A.", "S.n.c.|SNC|snc", "S.a.s.|SAS", "S.r.l.s.|SRLS"),
    "Spanish": ("S.L.|SL|Sociedad Limitada", "S.A.|SA|Sociedad Anónima", "S.L.U.|SLU", "S. Coop.|S.Coop.|Sociedad Cooperativa", "Lda.|Lda|Limitada", "S.A. de C.V.|SA de CV"),
    "Polish": ("Sp. z o.o.|sp. z o.o.|Sp.z o.o.|spółka z o.o.|SP Z O O", "S.A.|SA/Spółka Akcyjna", "Sp. j.|sp.j.|spółka jawna", "s.c.|S.C."),
    "Nordic": ("AB|Aktiebolag|A.B.", "AS|A/S|A.S.", "Oy|OY|Osakeyhtiö", "Oy Ab|OY AB", "ApS|Aps|APS", "Oyj|OYJ", "ASA", "HB|Handelsbolag"),
    "Baltic": ("UAB|Uab|U.A.B.", "SIA|Sia", "OÜ|OU", "PT|PT.", "d.o.o.|doo|D.O.O.", "s.r.o.|sro|spol. s r.o.", "Kft.|Kft|KFT", "OOO|Ltd."),
    "Low": ("B.V.|BV|Besloten Vennootschap", "N.V.|NV", "BVBA|bvba", "VOF|V.O.F."),
}  # fmt: skip
AND = {
    "Germany": ("&", "und", "u."),
    "French": ("&", "et"),
    "Italian": ("&", "e"),
    "Spanish": ("y", "e", "&"),
    "Polish": ("i", "&"),
    "Nordic": ("&", "och", "og"),
}
SONS = {
    "Germany": ("Sohn", "Söhne", "Partner"),
    "French": ("Fils", "Frères", "Cie"),
    "Italian": ("Figli", "Fratelli"),
    "Spanish": ("Hijos", "Hermanos"),
}
TRADES = {
    "Germany": trades.GERMAN_TRADES, "French": trades.FRENCH_TRADES, "Italian": trades.ITALIAN_TRADES, "Spanish": trades.SPANISH_TRADES,
    "Polish": trades.POLISH_TRADES, "Nordic": trades.NORDIC_TRADES,
}  # fmt: skip
TRADE_FIRST = ("French", "Italian", "Spanish", "Polish")
NOTES = words("(old)|- do not use|(inactive)|(HQ)|Head Office|- duplicate|c/o Accounts", "|")
EUROPE_SHORT = {
    "Établissements": ("Ets", "Éts.", "Etabl."), "Société": ("Soc.", "Sté", "Ste"), "Costruzioni": ("Costr.",), "Construcciones": ("Constr.", "Const."),
    "Transports": ("Transp.",), "Transportes": ("Transp.", "Tptes."), "Hermanos": ("Hnos.", "Hnos"), "Fratelli": ("F.lli", "Flli"), "Gebrüder": ("Gebr.",),
    "Przedsiębiorstwo": ("Przeds.", "P."), "Zakłady": ("Zakł.",), "Maschinenbau": ("Masch.bau", "Maschinenb."), "Elektrotechnik": ("E-Technik",),
    "Laboratoires": ("Labo.", "Lab."), "Officine": ("Off.",), "Distribuciones": ("Distrib.",), "Medizintechnik": ("Med.-Technik",),
    "Frères": ("Frs", "Fr."),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Firm(Thing):
    """A firm: its name (a second owner after "&"), its trade, and where it stands when that is part of the name."""

    country: str
    name: str
    owner: str
    trade: tuple[str, ...]
    form: tuple[str, ...]

    @property
    def key(self) -> str:
        """Name and trade, never the legal form."""
        return identity([self.name, self.owner, *self.trade])

    def say(self, first: bool) -> str:
        """Now and then without legal form, shortened, or with an error of typing."""
        rng, forms = self.rng, {**trades.SHORT, **EUROPE_SHORT}
        owner = joined(rng.choice(AND.get(self.country, ("&", "and"))), self.owner) if self.owner else ""
        name, trade, form = joined(self.name, owner), " ".join(self.trade), common(rng, self.form)
        if not first:
            name, trade = self._name(name), misspelt(rng, short(rng, trade, forms, 0.3), 0.07)
            form = "" if chance(rng, 0.12) else rng.choice(self.form)
        whole = joined(trade, name) if self.country in TRADE_FIRST else joined(name, trade)
        if not first and chance(rng, 0.015):
            return joined(whole, form, rng.choice(NOTES))
        return self._with_form(whole, form, first)

    def _name(self, name: str) -> str:
        rng = self.rng
        if "." in name and len(name) < 9:
            return rng.choice((name, name.replace(".", ""), name.replace(".", " ").strip(), name.replace(".", "-").strip("-")))
        name = name.replace("St.", "Saint") if chance(rng, 0.3) else name
        return misspelt(rng, unaccented(rng, name, 0.35), 0.13)

    def _with_form(self, whole: str, form: str, first: bool) -> str:
        rng = self.rng
        whole = whole if first else unaccented(rng, whole, 0.15)
        if not form:
            return whole
        if self.country == "Baltic" and form.isalpha() and chance(rng, 0.7):
            return f"{form} {whole}"
        if self.country == "Nordic" and form in ("Oy", "AB", "OY") and chance(rng, 0.15):
            return f"{form} {whole}"
        mark = "," if self.country == "America" and chance(rng, 0.4) else ""
        return f"{whole}{mark} {form}"

    def sibling(self) -> Firm:
        """Another trade, another name with this trade, or a name that looks alike."""
        rng, way = self.rng, self.rng.random()
        if way < 0.45 and self.trade:
            at = rng.randrange(len(self.trade))
            return self._with(
                trade=(*self.trade[:at], other(rng, TRADES.get(self.country, trades.ENGLISH_TRADES), self.trade[at]), *self.trade[at + 1 :])
            )
        if way < 0.6:
            alike = [pair.split("/") for pair in names.ALIKE if self.name in pair.split("/")]
            return self._with(name=other(rng, alike[0], self.name) if alike else _name(rng, self.country))
        if way < 0.7 and self.owner:
            return self._with(owner=_surname(rng, self.country))
        if self.name[:1].isdigit():
            number, rest = self.name.split(" ", 1)
            return self._with(name=f"{int(number) + rng.choice((1, 2, 10, 100))} {rest}")
        if way < 0.8 and not self.trade:
            return self._with(trade=(rng.choice(TRADES.get(self.country, trades.ENGLISH_TRADES)),))
        return self._with(name=_name(rng, self.country))

    def _with(self, **changes: object) -> Firm:
        form = self.form if chance(self.rng, 0.7) else _form(self.rng, self.country)
        return replace(self, form=form, **changes)  # type: ignore[arg-type]


FLAVOUR = {"Germany": "german", "French": "french", "Italian": "italian", "Spanish": "spanish", "Polish": "polish", "Nordic": "nordic"}


def _surname(rng: random.Random, country: str) -> str:
    flavour = FLAVOUR.get(country, "english")
    if chance(rng, 0.45):
        return invented(rng, flavour)
    if country == "Germany":
        return common(rng, names.GERMAN_SURNAMES)
    return common(rng, names.ROMANCE_SURNAMES.get(flavour, names.SURNAMES))


def _name(rng: random.Random, country: str) -> str:
    way, flavour = rng.random(), FLAVOUR.get(country, "english")
    if way < 0.4:
        return _surname(rng, country)
    if way < 0.6:
        return invented(rng, rng.choice((flavour, "any", "code")))
    if country in FLAVOUR:
        return joined(invented(rng, "code"), rng.choice(("", "", invented(rng, "any")))) if way < 0.8 else _surname(rng, country)
    if way < 0.68:
        return rng.choice(rng.choice(names.ALIKE).split("/"))
    if way < 0.74:
        return "".join(f"{rng.choice('ABCDEFGHKLMNPRSTVW')}." for _ in range(rng.choice((2, 3, 3))))
    if way < 0.77:
        return joined(str(rng.randrange(10, 19000)), common(rng, names.STREETS["America"]), rng.choice(("Street", "Avenue", "Road")))
    if way < 0.87:
        return joined(common(rng, trades.STEMS), rng.choice((invented(rng, "english"), common(rng, names.SURNAMES))))
    return common(rng, trades.STEMS)


def _form(rng: random.Random, country: str) -> tuple[str, ...]:
    return words(common(rng, FORMS[country]), "|")


def _drawn(rng: random.Random, country: str) -> Firm:
    name = _name(rng, country)
    plain_name = name.isalpha() and len(name) > 3
    owner = ""
    if plain_name and chance(rng, 0.14):
        owner = rng.choice(SONS.get(country, ("Sons", "Daughters", "Partners"))) if chance(rng, 0.4) else _surname(rng, country)
    words_of_trade = TRADES.get(country, trades.ENGLISH_TRADES)
    trade = [] if chance(rng, 0.08) and len(name) > 5 else [common(rng, words_of_trade)]
    if country not in TRADES and chance(rng, 0.25):
        trade = [*trade, common(rng, trades.TAILS)] if chance(rng, 0.6) else [other(rng, words_of_trade, trade[0] if trade else ""), *trade]
    if country not in TRADES and len(trade) == 1 and chance(rng, 0.08):
        trade = ["International", *trade]
    return Firm(rng=rng, country=country, name=name, owner=owner, trade=tuple(trade), form=_form(rng, country))


def firm(rng: random.Random) -> Firm:
    """A firm with an English name and a legal form of some country."""
    return _drawn(rng, common(rng, ("America", "Britain", "America", "Asia", "South", "Baltic", "Low")))


def firm_of_europe(rng: random.Random) -> Firm:
    """A firm with a German, French, Italian, Spanish, Polish or Nordic name; half of the lists are mostly of one country."""
    countries = tuple(FLAVOUR)
    style = style_of(rng, 2 * len(countries))
    main = countries[style % len(countries)]
    return _drawn(rng, main if style >= len(countries) and chance(rng, 0.8) else rng.choice(countries))
