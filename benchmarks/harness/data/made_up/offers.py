"""Electronics: model codes (S9 is not S9+, a colour or size is another model), and the long noisy titles that shops give them."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from harness.data.made_up import words_trade as trades
from harness.data.made_up.thing import Thing, chance, common, identity, invented, joined, misspelt, other, style_of, words

COLOURS = {"black": ("black", "blk", "Black", "BK"), "white": ("white", "wht", "White"), "silver": ("silver", "slv", "Silver"), "grey": ("grey", "gray", "Grey"), "red": ("red", "Red"), "blue": ("blue", "Blue"), "pink": ("pink", "Pink"), "gold": ("gold", "Gold"), "stainless steel": ("stainless steel", "stainless", "st. steel", "S/S"), "titanium": ("titanium", "Titanium")}  # fmt: skip
CATEGORIES = {
    "phone": ("smartphone", "phone", "mobile phone", "unlocked"), "TV": ("LED TV", "LCD HDTV", "television", "HDTV", "TV"), "toner": ("toner cartridge", "toner", "laser toner"), "ink": ("ink cartridge", "ink", "inkjet cartridge"),
    "camera": ("digital camera", "camera", "body only", "DSLR"), "laptop": ("laptop", "notebook", "notebook PC"), "headphones": ("headphones", "headset", "earphones"), "printer": ("printer", "laser printer", "all-in-one printer"), "drill": ("cordless drill", "drill driver", "drill"),
    "monitor": ("monitor", "LCD monitor", "display"), "drive": ("hard drive", "HDD", "external hard disk"), "router": ("wireless router", "router", "Wi-Fi router"), "washer": ("washing machine", "front load washer", "washer"), "vacuum": ("vacuum cleaner", "vacuum", "upright vacuum"),
    "speaker": ("speaker", "bookshelf speaker", "loudspeaker"), "receiver": ("A/V receiver", "home theater receiver", "receiver"), "microwave": ("microwave oven", "microwave", "over-the-range microwave"), "toaster": ("toaster", "slot toaster"), "cable": ("HDMI cable", "A/V cable", "video cable"), "phone system": ("cordless phone", "expandable handset", "telephone"),
}  # fmt: skip
FAMILIES = words(
    "Galant Aquila Bravura Cyber-Snap Inspira Lumina Pixora Stylos Vaiona Travelmax Powershift Officejet Coolstream Micromate Theatro Soundbarrel Everio Handy-Cam Ultrabeam Silverstone Elitepro Ideapad Latitudo Precisa Optima Sensio Evolva Momenta Harmonia Envoy Spectra Regza-Line Vierana Quietline Profi Maxima Nomad Zenbar Cinemate Acousta"
)
FEATURES = words(
    "with remote/Energy Star/1080p/widescreen/refurbished/high definition/USB 2.0/Bluetooth/wireless/rechargeable/8x optical zoom/touch screen/dual band/for home and office/built-in Wi-Fi/with case/2-year warranty/compact/portable/digital/stereo/noise cancelling/programmable/5.1 channel/energy efficient/retail/factory sealed/water resistant/front loading/single pack/multi-region/gigabit/new/HD/wall mountable/with stand/slim/quiet/series/lightweight/heavy duty/professional/auto shut-off/LED backlight/low noise/dishwasher safe/digital display/expandable",
    "/",
)
NOISE = words("new/retail/OEM/original/(boxed)/free shipping/genuine/brand new/in stock/*sale*", "/")
LETTERS = "ABCDEFGHKLMNPRSTVWXZ"


def gigabytes(rng: random.Random, number: int, tidy: bool) -> str:
    """64GB, 64 GB, (64 GB)."""
    return f"{number}GB" if tidy else rng.choice((f"{number}GB", f"{number} GB", f"({number} GB)", f"{number}gb", f"{number}G"))


def across(rng: random.Random, number: int, tidy: bool) -> str:
    """52", 52-inch, 52 in."""
    return (
        f'{number}"'
        if tidy
        else rng.choice((f'{number}"', f"{number}-inch", f"{number} inch", f"{number}in", f"{number}'", f"{number} in."))
    )


@dataclass(frozen=True, kw_only=True)
class Model(Thing):
    """A model: brand (may be left out), line, letters and number, suffix, storage, colour."""

    brand: str
    line: str
    letters: str
    number: int
    suffix: str
    storage: int
    colour: str
    category: str

    @property
    def key(self) -> str:
        """Line and code with suffix, storage and colour."""
        return identity([self.line, self.letters, self.number, self.suffix, self.storage, self.colour])

    def _code(self, first: bool) -> str:
        rng = self.rng
        gap = "" if first else rng.choice(("", "", "-", " "))
        code = f"{self.letters}{gap if self.letters else ''}{self.number}"
        if self.suffix == "Plus":
            return code + (" Plus" if first else rng.choice((" Plus", "+", " plus", "Plus")))
        if self.suffix in ("XL", "Pro", "Max", "Mini", "Lite"):
            return code + (f" {self.suffix}" if first and self.suffix != "XL" else rng.choice(("", " ", " ", "-")) + self.suffix)
        return code + self.suffix

    def say(self, first: bool) -> str:
        """Brand, line, code, storage, colour and category in some order."""
        rng = self.rng
        line = self.line if first else misspelt(rng, self.line, 0.05)
        code = self._code(first)
        name = joined(line, code) if first or not self.line or chance(rng, 0.85) else line + code
        alone = self.number > 99 and len(self.letters) > 1
        brand = (
            ""
            if not first and (chance(rng, 0.25) if alone or self.line else False)
            else self.brand
            if first
            else misspelt(rng, self.brand, 0.04)
        )
        storage = gigabytes(rng, self.storage, first) if self.storage else ""
        colour = (self.colour if first else rng.choice(COLOURS[self.colour])) if self.colour else ""
        category = "" if chance(rng, 0.35) else rng.choice(CATEGORIES[self.category]) if not first else CATEGORIES[self.category][0]
        parts = [brand, name, storage, colour, category]
        if not first and chance(rng, 0.3):
            parts = rng.choice(
                (
                    [name, storage, colour, brand, category],
                    [brand, category, name, storage, colour],
                    [brand, name, category, colour, storage],
                    [name, brand, category, storage, f"- {colour}" if colour else ""],
                )
            )
        return joined(*parts, rng.choice(NOISE) if not first and chance(rng, 0.12) else "")

    def sibling(self) -> Model:
        """Another suffix, number, storage or colour."""
        rng, way = self.rng, self.rng.random()
        if way < 0.3:
            return replace(self, suffix=other(rng, ("", "Plus", "XL", "Pro", "A", "S", "Mini", "Lite"), self.suffix))
        if way < 0.5:
            return replace(
                self,
                number=self.number + rng.choice((1, 1, 2, 5, 10)) if self.number < 900 or chance(rng, 0.6) else int(str(self.number)[:-1]),
            )
        if way < 0.7 and self.storage:
            return replace(self, storage=other(rng, (16, 32, 64, 128, 256, 512), self.storage))
        if way < 0.9 and self.colour:
            return replace(self, colour=other(rng, tuple(COLOURS)[:8], self.colour))
        return replace(self, letters=other(rng, LETTERS, self.letters[:1]) + self.letters[1:])


def model(rng: random.Random) -> Model:
    """A model of something electronic."""
    category = rng.choice(tuple(CATEGORIES))
    line = rng.choice((common(rng, FAMILIES), invented(rng, "code"))).replace("-", " ") if chance(rng, 0.5) else ""
    letters = "".join(rng.choice(LETTERS) for _ in range(rng.choice((1, 2, 2, 3) if not line else (0, 1, 1, 2))))
    number = (
        rng.randrange(3, 99) if line and chance(rng, 0.6) else rng.randrange(100, 9900) if chance(rng, 0.7) else rng.randrange(10, 99) * 10
    )
    storage = common(rng, (64, 128, 32, 256, 16, 512)) if category in ("phone", "laptop", "drive") and chance(rng, 0.8) else 0
    return Model(
        rng=rng, brand=common(rng, trades.MAKERS).replace("-", " "), line=line, letters=letters, number=number, storage=storage, category=category,
        suffix=rng.choice(("", "", "", "Plus", "XL", "Pro", "A", "S", "N", "Mini", "Max")), colour=common(rng, tuple(COLOURS)) if chance(rng, 0.55) else "",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Offer(Thing):
    """A product in a shop. Its code goes with brand, family, category, size and colour, so that either tells it apart."""

    brand: str
    family: str
    code: str
    category: str
    size: tuple[str, int]
    colour: str
    features: tuple[str, ...]

    @property
    def key(self) -> str:
        """What the title says when the code is missing."""
        return identity([self.brand, self.family, self.category, *self.size, self.colour])

    def say(self, first: bool) -> str:
        """A long title as one shop writes it, or a short one of another shop."""
        rng = self.rng
        coded = first or chance(rng, 0.82)
        code = self._code(first) if coded else ""
        full = identity([self.code]) not in identity([code]) or chance(rng, 0.6)  # what is lost of the code is said in words
        size = self._size(first) if self.size[1] and (full or chance(rng, 0.6)) else ""
        colour = (
            (rng.choice(COLOURS[self.colour]) if not first else self.colour.title()) if self.colour and (full or chance(rng, 0.5)) else ""
        )
        category = rng.choice(CATEGORIES[self.category]) if full or chance(rng, 0.7) else ""
        family = self.family if full or chance(rng, 0.6) else ""
        kept = [feature for feature in self.features if chance(rng, 0.65 if first else 0.4)] + (
            [rng.choice(FEATURES)] if chance(rng, 0.2) else []
        )
        brand = self.brand if first or chance(rng, 0.93) or not coded else ""
        middle = [size, *rng.sample(kept, len(kept)), category] if chance(rng, 0.6) else [*kept, category, size]
        style = style_of(rng, 3)
        if style == 0 or chance(rng, 0.25):
            body = (
                joined(brand, family, *middle)
                + (f" - {code}" if code else "")
                + (f" - {colour}" if colour and chance(rng, 0.5) else f" {colour}" if colour else "")
            )
        elif chance(rng, 0.7):
            body = joined(brand, family, code, *middle) + (
                f", {colour}"
                if colour and chance(rng, 0.4)
                else f" ({colour})"
                if colour and chance(rng, 0.4)
                else f" {colour}"
                if colour
                else ""
            )
        else:
            body = joined(brand, code, family, colour, *middle)
        return body if first else misspelt(rng, body, 0.05)

    def _code(self, first: bool) -> str:
        rng, code = self.rng, self.code
        if first:
            return code
        way = rng.random()
        if way < 0.25:
            return code.replace("-", "").replace("/", "")
        if way < 0.35:
            return code.replace("-", " ").replace("/", " ")
        if way < 0.43 and len(code) > 7:
            return code[:-1].rstrip("/-") if code[-1].isalpha() else code.rsplit("/", 1)[0]
        return code + rng.choice(("#ABA", "/US", "-R", "BB")) if way < 0.48 else code

    def _size(self, first: bool) -> str:
        way, number = self.size
        rng = self.rng
        if way == "inch":
            return across(rng, number, first)
        if way == "GB":
            return gigabytes(rng, number, first)
        forms = {
            "W": "{} W|{}W|{} Watt|{}-Watt",
            "ft": "{} ft|{} ft.|{}ft|{}'|{}-foot",
            "cu": "{} cu. ft.|{} cu ft|{} cubic feet",
            "MP": "{} MP|{}MP|{} megapixel|{}.0 megapixels",
            "yield": "{} pages|{} page yield|{}pg",
            "V": "{} V|{}V|{}-Volt|{} volt",
        }[way]
        return rng.choice(words(forms, "|")[: 1 if first else 9]).format(number)

    def sibling(self) -> Offer:
        """The same family in another size or colour, or another family; always with another code, often one character away."""
        rng, way = self.rng, self.rng.random()
        code = self.code
        digits = [i for i, letter in enumerate(code) if letter.isdigit()]
        for at in rng.sample(digits, min(len(digits), rng.choice((1, 1, 2)))):
            code = code[:at] + other(rng, "0123456789", code[at]) + code[at + 1 :]
        features = tuple(feature for feature in self.features if chance(rng, 0.8))
        if way < 0.4 and self.size[1]:
            return replace(self, size=(self.size[0], other(rng, SIZES[self.size[0]], self.size[1])), code=code, features=features)
        if way < 0.7:
            changed = self.code[:-1] + other(rng, "BWSKRTG", self.code[-1]) if self.code[-1].isalpha() else self.code + rng.choice("BWSK")
            return replace(self, colour=other(rng, tuple(COLOURS)[:8], self.colour), code=changed, features=features)
        return replace(self, family=_family(rng), code=code, features=features)


SIZES = {
    "inch": (19, 22, 26, 32, 37, 40, 42, 46, 52, 60, 15, 17),
    "GB": (80, 160, 250, 320, 500, 750, 4, 8, 16),
    "W": (50, 100, 150, 300, 600, 900, 1200),
    "ft": (3, 6, 10, 12, 25, 50),
    "cu": (2, 4, 5, 14, 18, 22, 25),
    "MP": (6, 7, 8, 10, 12, 14),
    "yield": (1500, 2500, 5000, 6000, 10000),
    "V": (12, 14, 18, 24, 36),
}
MEASURE = {
    "TV": "inch",
    "monitor": "inch",
    "laptop": "inch",
    "drive": "GB",
    "phone": "GB",
    "camera": "MP",
    "toner": "yield",
    "ink": "yield",
    "cable": "ft",
    "washer": "cu",
    "microwave": "W",
    "speaker": "W",
    "receiver": "W",
    "vacuum": "W",
    "drill": "V",
}


def _family(rng: random.Random) -> str:
    family = (common(rng, FAMILIES) if chance(rng, 0.5) else invented(rng, rng.choice(("code", "any")))).replace("-", " ")
    return joined(family, rng.choice(("", "", "", "II", "Series", "Pro", "Plus", "300", "5")))


def offer(rng: random.Random) -> Offer:
    """A product as shops title it."""
    category = common(rng, tuple(CATEGORIES))
    way = MEASURE.get(category, "W")
    size = (way, rng.choice(SIZES[way]) if category in MEASURE and chance(rng, 0.85) else 0)
    head, tail = (
        "".join(rng.choice(LETTERS) for _ in range(rng.choice((2, 2, 3, 4)))),
        "".join(rng.choice(LETTERS) for _ in range(rng.choice((0, 1, 1, 2)))),
    )
    code = (
        head
        + rng.choice(("", "-", "", "-"))
        + str(size[1] if way == "inch" and size[1] and chance(rng, 0.6) else "")
        + str(rng.randrange(10, 9999))
        + tail
    )
    if chance(rng, 0.15):
        code += "/" + rng.choice(("B", "W", "37", "12", "A"))
    if chance(rng, 0.1):
        code = "".join(rng.choice("0123456789") for _ in range(rng.choice((5, 7, 8)))) + rng.choice(("", "A", "-01"))
    features = tuple(rng.sample(FEATURES, rng.choice((1, 2, 3, 4))))
    colour = common(rng, tuple(COLOURS)) if chance(rng, 0.6) else ""
    return Offer(
        rng=rng,
        brand=common(rng, trades.MAKERS).replace("-", " "),
        family=_family(rng),
        code=code,
        category=category,
        size=size,
        colour=colour,
        features=features,
    )
