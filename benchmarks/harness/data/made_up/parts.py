"""Parts: values of electronic ones (4k7 = 4.7k, 0.1uF = 100nF), fasteners and hardware, fittings and cables; every size and finish tells parts apart."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words_trade as trades
from harness.data.made_up.thing import Thing, chance, common, identity, joined, misspelt, other, style_of, words

E24 = (10, 22, 47, 33, 15, 68, 12, 18, 27, 39, 56, 82, 11, 13, 16, 20, 24, 30, 36, 43, 51, 62, 75, 91)
PACKAGES = words("0603 0805 0402 1206 0201 1210 2512 THT SMD")
CASES = words("DIP-8 SOIC-8 SOT-23 SOT-223 TO-220 TO-92 QFN-32 TQFP-44 SMA SMB")
RATINGS = {"R": words("1% 5% 0.1% 0.5% 2%"), "C": words("50V 16V 25V 100V 10V 6.3V 35V 63V 450V"), "L": words("1A 500mA 2A 3A 250mA 5A")}
STEPS = {
    "R": ((1, "R"), (1_000, "k"), (1_000_000, "M")),
    "C": ((1, "p"), (1_000, "n"), (1_000_000, "u")),
    "L": ((1, "n"), (1_000, "u"), (1_000_000, "m")),
}
SIGNS = {"R": ("", "", "Ω", " Ohm", "ohm", " Ω"), "C": ("F", "F", "F", " F", ""), "L": ("H", "H", " H")}
NOUNS = {"R": ("resistor", "RES", "Res.", "R"), "C": ("capacitor", "CAP", "Cap.", "cap cer"), "L": ("inductor", "IND", "coil", "choke")}


def _digits(units: int, step: int) -> str:
    return f"{units / step:.6f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, kw_only=True)
class Value(Thing):
    """A resistor, capacitor or inductor; `units` are thousandths of its smallest step."""

    kind: str
    units: int
    rating: str
    package: str

    @property
    def key(self) -> str:
        """The value in one unit, rating and package; what it is called does not count."""
        return identity([self.kind, self.units, self.rating.replace(".", "p"), self.package])

    def say(self, first: bool) -> str:
        """Value, rating and package in some order and notation, at times with a noun."""
        rng = self.rng
        rating = (
            self.rating if chance(rng, 0.75) else self.rating.replace("%", " %").replace("V", " V").replace("A", " A").replace("m A", " mA")
        )
        if "%" in rating and not first and chance(rng, 0.12):
            rating = "±" + rating
        amount = self._amount(first)
        parts = [amount, rating, self.package]
        if not first and chance(rng, 0.2):
            parts = rng.choice(([amount, self.package, rating], [self.package, amount, rating]))
        noun = rng.choice(NOUNS[self.kind]) if chance(rng, (0.02, 0.02, 0.6)[style_of(rng, 3)]) else ""
        text = joined(noun, *parts) if chance(rng, 0.7) else joined(*parts, noun)
        return text.replace("%", " percent") if not first and chance(rng, 0.02) else text

    def _amount(self, first: bool) -> str:
        rng, units = self.rng, self.units
        fits = [(s * 1000, name) for s, name in STEPS[self.kind] if s <= units < s * 1_000_000] or [(1000, STEPS[self.kind][0][1])]
        near = [(s * 1000, name) for s, name in STEPS[self.kind] if 10 <= units / s < 10_000_000]
        step, name = rng.choice(near) if near and not first and chance(rng, 0.35) else fits[-1] if units >= fits[-1][0] else fits[0]
        number = _digits(units, step)
        sign, gap = rng.choice(SIGNS[self.kind]), " " if chance(rng, 0.12) else ""
        notation = self.kind != "L" and len(number.replace(".", "")) <= 3 and not number.startswith("0.0")
        if notation and "." in number and chance(rng, 0.3):
            return number.replace(".", name) if not number.startswith("0.") or chance(rng, 0.5) else number.replace("0.", f"0{name}")
        if self.kind == "R":
            if name == "R":
                return number + (rng.choice(("R", "R", "Ω", " ohm", " Ohms", "E", " R", " Ω")))
            name = rng.choice((name, name, name.upper())) if not first else name
            if number.isdigit() and len(number) == 1 and chance(rng, 0.15):
                return f"{number}{name}0"
        if name == "u":
            name = rng.choice(("u", "u", "u", "µ", "μ", "u"))
        number = number.replace(".", ",") if not first and chance(rng, 0.05) else number
        return f"{number}{gap}{name}{sign if self.kind == 'R' and not gap else sign.strip()}"

    def sibling(self) -> Value:
        """Another rating, package, power of ten, or number."""
        rng, way = self.rng, self.rng.random()
        if way < 0.3:
            return replace(self, rating=other(rng, RATINGS[self.kind], self.rating))
        if way < 0.5:
            return replace(self, package=other(rng, PACKAGES, self.package))
        if way < 0.75:
            return replace(self, units=self.units * rng.choice((10, 100, 1000)) if self.units < 10**8 else self.units // 10)
        return value(rng, self.kind, self.rating, self.package)


def value(rng: random.Random, kind: str, rating: str, package: str) -> Value:
    """A value of the usual series, between common bounds."""
    decades = {"R": (2, 8), "C": (2, 10), "L": (3, 9)}[kind]
    units = common(rng, E24) * 10 ** rng.randrange(*decades)
    return Value(rng=rng, kind=kind, units=units, rating=rating, package=package)


@dataclass(frozen=True, kw_only=True)
class Chip(Thing):
    """An order code such as UCC27524P or 1N4148W-7, at times with the number of a seller before it."""

    letters: str
    digits: int
    suffix: str
    case: str

    @property
    def key(self) -> str:
        """Code and case."""
        return identity([self.letters, self.digits, self.suffix, self.case])

    def say(self, first: bool) -> str:
        """With or without hyphen, gap, seller's number and reel."""
        rng = self.rng
        gap = "" if first else rng.choice(("", "", "-", " "))
        code = f"{self.letters}{self.digits}{gap if self.suffix else rng.choice(('', gap))}{self.suffix}"
        if not first and chance(rng, 0.12):
            code = f"{rng.randrange(100, 999)}-{code}"
        case = rng.choice((self.case, self.case.replace("-", ""), self.case.replace("-", " "))) if self.case else ""
        text = joined(code, case) if first or chance(rng, 0.8) else joined(case, code)
        return joined(text, rng.choice(("T&R", "reel", "IC", "(RoHS)"))) if not first and chance(rng, 0.1) else text

    def sibling(self) -> Chip:
        """Another number, suffix or case."""
        rng, way = self.rng, self.rng.random()
        if way < 0.4:
            return replace(self, digits=self.digits + rng.choice((1, 1, 2, 10)))
        if way < 0.6 and self.case:
            return replace(self, case=other(rng, CASES, self.case))
        return replace(self, suffix=other(rng, ("", "P", "D", "A", "B", "DR", "PW", "T"), self.suffix))


def part(rng: random.Random) -> Thing:
    """A line of a bill of materials."""
    kind = rng.choice("RRRRCCCCCLX")
    if kind == "X":
        letters = rng.choice(words("UC LM TL NE 74HC STM BC IRF MB MAX AD MCP BAT TPS LT CD ATMEGA ESP PIC 1N 2N BSS DRV INA OPA SN TLV"))
        return Chip(
            rng=rng,
            letters=letters,
            digits=rng.randrange(10, 9999),
            suffix=rng.choice(("", "P", "D", "A", "B", "DR", "PW", "T")),
            case=rng.choice(CASES) if chance(rng, 0.5) else "",
        )
    package = rng.choice(PACKAGES[:4]) if chance(rng, 0.85) else rng.choice(PACKAGES)
    return value(rng, kind, common(rng, RATINGS[kind]), package)


PACKS = (0, 0, 0, 0, 10, 50, 100, 200, 500)
FRACTIONS = ((1, 4), (3, 8), (1, 2), (3, 4), (5, 8), (5, 16), (7, 8), (3, 16))


def inches(rng: random.Random, eighths: tuple[int, int, int], tidy: bool) -> str:
    """1 1/2", 1-1/2 inch, 1.5 in: a whole number, and a fraction of two numbers."""
    whole, top, bottom = eighths
    fraction = f"{top}/{bottom}" if top else ""
    text = rng.choice((" ", "-", " ")).join(part for part in (str(whole) if whole else "", fraction) if part)
    if not tidy and chance(rng, 0.2):
        text = f"{whole + (top / bottom if top else 0):g}"
    return text + rng.choice(('"', '"', " inch", " in", "in", "''", "-inch") if not tidy else ('"', '"', " inch"))


@dataclass(frozen=True, kw_only=True)
class Piece(Thing):
    """Something from the hardware shop: what it is called, its size as (way of writing, numbers), finish, further words, number in a pack."""

    called: tuple[str, ...]
    size: tuple[str, tuple[int | str, ...]]
    finish: tuple[str, ...] = ("",)
    extra: tuple[str, ...] = ("",)
    pack: int = 0

    @property
    def key(self) -> str:
        """Everything; only its words and signs may change."""
        return identity(
            [
                self.called[0],
                self.size[0],
                "-".join(map(str, self.size[1])).replace("-", "n").replace(".", "p"),
                self.finish[0],
                self.extra[0],
                self.pack,
            ]
        )

    def say(self, first: bool) -> str:
        """Name, size, finish and pack in some order."""
        rng = self.rng
        name = self.called[0] if first or chance(rng, 0.5) else rng.choice(self.called)
        name = name if first else misspelt(rng, name, 0.1)
        finish, extra = (words_of[0] if first or chance(rng, 0.5) else rng.choice(words_of) for words_of in (self.finish, self.extra))
        pack = (
            rng.choice(
                (f"{self.pack} pcs", f"pack of {self.pack}", f"({self.pack})", f"{self.pack}/pk", f"x{self.pack}", f"{self.pack} pieces")
            )
            if self.pack
            else ""
        )
        size = written(rng, self.size, first)
        parts = [name, size, extra, finish, pack]
        if not first and chance(rng, 0.3):
            parts = rng.choice(([name, extra, finish, size, pack], [finish, name, size, extra, pack], [size, name, extra, finish, pack]))
        mark = rng.choice((" ", " ", ", ", " - ")) if not first else " "
        return mark.join(part for part in parts if part)

    def sibling(self) -> Piece:
        """Another size, finish, side, pack or name."""
        rng, way = self.rng, self.rng.random()
        if way < 0.15 and len(self.finish) > 2 and self.called not in _FITTINGS:
            return replace(
                self,
                finish=words(
                    other(
                        rng, trades.FINISHES if "/".join(self.finish) in trades.FINISHES else trades.FINISHES_GERMAN, "/".join(self.finish)
                    ),
                    "/",
                ),
            )
        if way < 0.25 and self.called[0] in trades.EXTRAS:
            return replace(self, extra=words(other(rng, trades.EXTRAS[self.called[0]], "/".join(self.extra)), "/"))
        if way < 0.3 and self.pack:
            return replace(self, pack=other(rng, PACKS[4:], self.pack))
        if way < 0.45 and self.size[0] == "metric":
            return replace(self, size=("metric", (self.size[1][0], int(self.size[1][1]) + rng.choice((5, 10)))))
        make = fitting if self.called in _FITTINGS else fastener
        likely = [make(rng) for _ in range(40)]
        near = [made for made in likely if made.called == self.called and made.size != self.size]
        return replace(self, size=near[0].size) if near and way < 0.9 else likely[0]


def written(rng: random.Random, size: tuple[str, tuple[int | str, ...]], tidy: bool) -> str:
    """A size in one of the notations that mean the same."""
    way, n = size
    by = "x" if tidy else rng.choice(("x", "x", " x ", "X", "×", " X ", "*"))
    if way == "metric":
        return f"M{n[0]}{by}{n[1]}{'' if tidy else rng.choice(('', '', ' mm', 'mm'))}"
    if way == "thread":
        return f"M{n[0]}" if tidy else rng.choice((f"M{n[0]}", f"M {n[0]}", f"M-{n[0]}"))
    if way == "inch":
        long = tuple(int(part) for part in n[2:5])
        return f"{n[0]}-{n[1]}{by if by != '*' else ' x '}{inches(rng, (long[0], long[1], long[2]), tidy)}"
    if way == "pipe":
        return inches(rng, (int(n[0]), int(n[1]), int(n[2])), tidy)
    if way in ("ring", "wire", "square"):
        unit = {
            "ring": ("", " mm", "mm"),
            "wire": ("", " mm²", "mm2", " mm2", "mm²", " qmm"),
            "square": (" mm²", "mm²", " mm2", "mm2", " sqmm"),
        }[way]
        text = by.join(str(part) for part in n) if by != "*" else "x".join(str(part) for part in n)
        return (text if tidy or chance(rng, 0.85) else text.replace(".", ",")) + rng.choice(unit)
    if way == "mm":
        mm = int(n[0]) / 10
        return (
            f"{mm:g} mm"
            if tidy
            else rng.choice(
                (f"{mm:g}mm", f"{mm:g} mm", f"Ø{mm:g}", f"{mm:.1f} mm", f"{mm:.1f}mm", f"{mm / 10:g} cm", f"{mm:g} mm".replace(".", ","))
            )
        )
    if way == "amp":
        amp = f"{int(n[0]) / 1000:g} A"
        return amp if tidy else rng.choice((amp, amp.replace(" ", ""), f"{n[0]} mA", f"{n[0]}mA"))
    forms = {
        "range": "{} mm|{}mm|{} MM",
        "grit": "grit {}|P{}|K{}|{} grit",
        "size": "size {}|sz {}|size: {}|Gr. {}",
        "force": "{} N|{}N|{} Newton",
        "DN": "DN{}|DN {}|DN-{}",
        "metres": "{} m|{}m|{} metres|{} mtr",
    }
    options = words(forms.get(way, "{}"), "|")
    return (options[0] if tidy else rng.choice(options)).format(n[0])


def fastener(rng: random.Random) -> Piece:
    """A screw, nut, tool or other small hardware."""
    pack = rng.choice(PACKS)
    german = style_of(rng, 4) == 3
    if chance(rng, 0.3) and not german:
        name, way, sizes = rng.choice(trades.TOOLS).split("|")
        called = words(name, "/")
        extra = words(rng.choice(trades.EXTRAS.get(called[0], ("",))) or "", "/") or ("",)
        size = common(rng, sizes.split())
        return Piece(
            rng=rng,
            called=called,
            size=(way, tuple(size.split("x")) if way == "ring" else (size,)),
            extra=extra,
            pack=rng.choice((0, pack)),
        )
    called = words(common(rng, trades.FASTENERS_GERMAN if german else trades.FASTENERS), "/")
    finish = words(common(rng, trades.FINISHES_GERMAN if german else trades.FINISHES), "/") if chance(rng, 0.8) else ("",)
    if any(word in called[0].lower() for word in ("nut", "washer", "mutter", "scheibe", "federring")):
        return Piece(
            rng=rng, called=called, size=("thread", (rng.choice((3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24)),)), finish=finish, pack=pack
        )
    if chance(rng, 0.2) and not german:
        gauge = rng.choice(("1/4-20", "5/16-18", "3/8-16", "1/2-13", "#8-32", "#10-24", "#6-32")).split("-")
        return Piece(
            rng=rng,
            called=called,
            size=("inch", (*gauge, rng.choice((0, 1, 1, 2, 3)), *rng.choice(((1, 2), (3, 4), (1, 4))))),
            finish=finish,
            pack=pack,
        )
    length = rng.choice((6, 8, 10, 12, 16, 20, 25, 30, 35, 40, 45, 50, 60, 70, 80, 100, 120, 150))
    return Piece(rng=rng, called=called, size=("metric", (common(rng, (8, 6, 10, 5, 4, 12, 3, 16, 20)), length)), finish=finish, pack=pack)


_FITTINGS = {words(line.split("|")[0], "/"): line.split("|")[1:] for line in words("""
pipe elbow 90°/elbow 90/90° elbow/elbow 90 deg|pipe|brass copper PVC; pipe elbow 45°/elbow 45/45° elbow|pipe|brass copper PVC; tee/equal tee/T-piece/pipe tee|pipe|brass copper PVC galvanised;
hex nipple/nipple hex/nipple, hexagon|pipe|brass galvanised stainless; ball valve/valve ball/valve, ball|pipe|brass stainless PVC; union/pipe union/union coupling|pipe|brass galvanised; end cap/cap end/pipe cap|pipe|brass PVC;
reducer/pipe reducer/reducing socket|pipe|brass galvanised; hose tail/hose barb/hosetail|pipe|brass nylon stainless; gate valve/valve gate/valve, gate|DN|PN10 PN16 PN25; flange weld neck/weld neck flange/WN flange|DN|PN10 PN16 PN40;
butterfly valve/valve butterfly|DN|PN10 PN16; check valve/non-return valve/valve check|DN|PN10 PN16; flange gasket/gasket flange/gasket, flange|DN|EPDM NBR PTFE; strainer Y/Y strainer/Y-strainer|DN|PN16 PN25;
cable NYM-J/NYM-J/NYM-J cable/NYM J|wire|grey; cable H07RN-F/H07RN-F/rubber cable H07RN-F|wire|black; cable H05VV-F/H05VV-F/flex H05VV-F|wire|black white; wire H07V-K/H07V-K/single core H07V-K|square|black blue brown red green/yellow;
wire H05V-K/H05V-K/H05V-K single core|square|black blue red white grey; control cable LIYCY/LIYCY/LiYCY cable|wire|grey; ferrule/end sleeve/wire ferrule/bootlace ferrule|square|red blue grey black; cable lug/lug cable/ring terminal|square|M6 M8 M10
""", ";")}  # fmt: skip


def fitting(rng: random.Random) -> Piece:
    """A fitting of a pipe, a valve, a cable."""
    called = rng.choice(tuple(_FITTINGS))
    way, finishes = _FITTINGS[called]
    finish = rng.choice(finishes.split())
    synonyms = {
        "galvanised": ("galvanised", "galv.", "galvanized"),
        "stainless": ("stainless", "SS", "inox", "st. steel"),
        "copper": ("copper", "Cu"),
        "grey": ("grey", "gray", "gy"),
        "black": ("black", "blk"),
    }
    pack = rng.choice((0, 0, 0, 10, 25, 50, 100))
    size: tuple[int | str, ...] = (rng.choice((15, 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200)),)
    extra: tuple[str, ...] = ("",)
    if way == "pipe":
        size = (rng.choice((0, 0, 1, 1, 2)), *rng.choice(((1, 4), (1, 2), (3, 4), (3, 8), (1, 2), (1, 2))))
        size = (rng.choice((1, 2, 3)), 0, 1) if chance(rng, 0.25) else size
    elif way == "wire":
        size, pack = (rng.choice((2, 3, 3, 4, 5, 7, 12)), rng.choice(("1", "1.5", "1.5", "2.5", "4", "6", "0.75", "10"))), 0
    elif way == "square":
        size = (rng.choice(("0.5", "0.75", "1", "1.5", "2.5", "4", "6", "10", "16", "25")),)
        pack = pack if "H0" not in called[0] else 0
    if way in ("wire", "square") and "ca" in called[0] + called[1] and not pack and chance(rng, 0.7):
        metres = rng.choice((5, 10, 25, 50, 100, 200, 500))
        extra = (f"{metres} m", f"{metres}m", f"{metres} mtr", f"ring {metres} m")
    return Piece(rng=rng, called=called, size=(way, size), finish=synonyms.get(finish, (finish, finish)), extra=extra, pack=pack)
