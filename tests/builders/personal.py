"""Personal values of fifteen kinds in five locales, valid by their check digits, made by plain loops that share nothing with the package."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

from builders.carriers import GENERIC, LABELS
from builders.people import full_name

LOCALES = ("US", "GB", "DE", "FR", "JP")
KEYED = ("tax", "passport", "birthdate")
Draw = random.Random


def _digits(draw: Draw, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _grouped(digits: str, sizes: list[int], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(digits[at : at + size])
        at += size
    return sign.join(parts)


def mail(draw: Draw, locale: str) -> str:
    given, surname = {
        "US": ("megan", "hollis"),
        "GB": ("alfie", "thwaite"),
        "DE": ("jörg", "kühne"),
        "FR": ("zoé", "lefèvre"),
        "JP": ("haruto", "kobayashi"),
    }[locale]
    if draw.random() < 0.7:
        given, surname = (s.replace("ö", "oe").replace("ü", "ue").replace("é", "e").replace("è", "e") for s in (given, surname))
    user = draw.choice(["{g}.{s}{n}", "{g}{n}", "{s}_{g}{n}", "{g}+shop{n}", "{g}-{s}{n}", "{g[0]}.{s}{n}"]).format(
        g=given, s=surname, n=draw.randrange(1, 999)
    )
    domain = draw.choice(["example", "mail-box", "post.firma", "kaisha", "x1"]) + draw.choice(
        [".com", ".org", ".co.uk", ".de", ".fr", ".co.jp", ".museum", ".io"]
    )
    address = f"{user}@{domain}"
    return draw.choice([address, address, address.upper(), address.title()])


_PLANS: dict[str, list[tuple[list[str], int, list[list[int]]]]] = {  # beginnings, digits to follow, groups with the beginning first
    "US": [(["212", "415", "617", "303", "512", "206", "312", "404", "702", "919"], 7, [[3, 3, 4]])],
    "GB": [
        (["0207", "0208"], 7, [[3, 4, 4]]),
        (["0121", "0161", "0113"], 7, [[4, 3, 4]]),
        (["07802", "07450", "07973", "07725"], 6, [[5, 6], [5, 3, 3]]),
    ],
    "DE": [
        (["030"], 8, [[3, 8], [3, 4, 4]]),
        (["0171", "0151", "0160", "0176"], 8, [[4, 8], [4, 4, 4]]),
        (["089"], 7, [[3, 7], [3, 3, 4]]),
    ],
    "FR": [(["01", "02", "04", "06"], 8, [[2, 2, 2, 2, 2]])],
    "JP": [(["090", "080", "070"], 8, [[3, 4, 4]]), (["03", "06"], 8, [[2, 4, 4]])],
}
_COUNTRY = {"US": "1", "GB": "44", "DE": "49", "FR": "33", "JP": "81"}


def _subscriber(draw: Draw, locale: str, start: str, count: int) -> str:
    first = (
        "23456789"
        if locale in ("US", "DE")
        else {"03": "3", "06": "6"}.get(start, "3468")
        if locale == "JP"
        else "3456"
        if locale == "FR"
        else "23"
    )
    if locale == "FR" and start == "06":
        first = "1234567"
    digits = draw.choice(first) + _digits(draw, count - 1)
    return digits if locale != "US" or (digits[1:3] != "11" and not digits.startswith("555")) else "2" + "34" + digits[3:]


def phone(draw: Draw, locale: str) -> str:
    starts, count, shapes = draw.choice(_PLANS[locale])
    start = draw.choice(starts)
    digits, sizes = start + _subscriber(draw, locale, start, count), draw.choice(shapes)
    way = draw.randrange(5)
    if way == 0:
        bare = digits.removeprefix("0")
        return draw.choice(["+", "00"]) + _COUNTRY[locale] + draw.choice(["", " "]) + bare
    if way == 1:
        first = sizes[0] - digits.startswith("0")
        return f"+{_COUNTRY[locale]} " + _grouped(digits.removeprefix("0"), [first, *sizes[1:]], draw.choice(" -"))
    if way == 2:
        return digits
    if way == 3:
        return f"({digits[: sizes[0]]}) " + _grouped(digits[sizes[0] :], sizes[1:], draw.choice(" -"))
    text = _grouped(digits, sizes, draw.choice([" ", "-", "."] if locale in ("US", "FR") else [" ", "-"]))
    return _wide(text) if locale == "JP" and draw.random() < 0.4 else text


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else "　" if c == " " else c for c in text)


def card(draw: Draw, locale: str) -> str:
    start, length, sizes = draw.choice(
        [
            ("4", 16, [4] * 4),
            ("53", 16, [4] * 4),
            ("2301", 16, [4] * 4),
            ("37", 15, [4, 6, 5]),
            ("6011", 16, [4] * 4),
            ("3530", 16, [4] * 4),
            ("36", 14, [4, 6, 4]),
            ("6221", 19, [4, 4, 4, 4, 3]),
        ]
    )
    body = start + _digits(draw, length - len(start) - 1)
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    number = body + str(-total % 10)
    text = _grouped(number, sizes, draw.choice(["", " ", "-"]))
    return _wide(text) if locale == "JP" and draw.random() < 0.3 else text


_IBANS = {"US": ("CH", 17), "GB": ("GB", 18), "DE": ("DE", 18), "FR": ("FR", 23), "JP": ("NL", 14)}  # two countries have none


def iban(draw: Draw, locale: str) -> str:
    country, count = _IBANS[locale]
    letters = {"GB": 4, "NL": 4}.get(country, 0)
    body = "".join(draw.choice(string.ascii_uppercase) for _ in range(letters)) + _digits(draw, count - letters)
    number = ""
    for c in body + country + "00":
        number += c if c.isdigit() else str(ord(c) - 55)
    text = f"{country}{98 - int(number) % 97:02d}{body}"
    way = draw.randrange(4)
    return text if way == 0 else text.lower() if way == 1 else _grouped(text, [4] * 9, " -"[way - 2]).rstrip(" -")


def ipv4(draw: Draw, locale: str) -> str:
    return ".".join(str(draw.randrange(low, 256)) for low in (1, 0, 0, 0))


def ipv6(draw: Draw, locale: str) -> str:
    groups = [f"{draw.randrange(1, 65536):x}" for _ in range(8)]
    at, count = draw.randrange(1, 5), draw.randrange(2, 4)
    short = ":".join(groups[:at]) + "::" + ":".join(groups[at + count :])
    return draw.choice([":".join(groups), short, short.upper()])


def _word(draw: Draw, count: int, letters: str = string.ascii_letters + string.digits) -> str:
    return "".join(draw.choice(letters) for _ in range(count))


def login(draw: Draw, locale: str) -> str:
    scheme = draw.choice(["https", "ftp", "postgresql", "http"])
    return f"{scheme}://{draw.choice(['admin', 'ann', 'svc-7'])}:{_word(draw, 9)}@{draw.choice(['db.example.org:5432', 'intra.kaisha.jp'])}/{_word(draw, 5)}"


def token(draw: Draw, locale: str) -> str:
    name = draw.choice(["token", "api_key", "access_token", "key", "sig", "session", "password", "X-Amz-Signature"])
    return f"https://{draw.choice(['api.example.com', 'www.laden.de'])}/v1/{_word(draw, 4)}?page=2&{name}={_word(draw, 24)}"


def mac(draw: Draw, locale: str) -> str:
    pairs = [_word(draw, 2, "0123456789abcdef") for _ in range(6)]
    text = draw.choice([":".join(pairs), "-".join(pairs), ".".join(pairs[i] + pairs[i + 1] for i in (0, 2, 4))])
    return draw.choice([text, text.upper()])


def national(draw: Draw, locale: str) -> str:
    return _NATIONAL[locale](draw)


def _ssn(draw: Draw) -> str:
    area = draw.choice([n for n in range(1, 900) if n != 666])
    return f"{area:03d}-{draw.randrange(1, 100):02d}-{draw.randrange(1, 10000):04d}"


def _nino(draw: Draw) -> str:
    prefix = draw.choice(["AA", "AB", "CE", "JN", "SK", "TP", "YW", "PX"])
    text = f"{prefix}{_digits(draw, 6)}{draw.choice('ABCD')}"
    return draw.choice([text, text.lower(), _grouped(text, [2, 2, 2, 2, 1], " ")])


def _steuer_id(draw: Draw) -> str:
    while True:
        chosen = draw.sample("0123456789", 9)
        ten = [*chosen, draw.choice(chosen)]
        draw.shuffle(ten)
        if ten[0] != "0":
            break
    rest = 10
    for digit in ten:
        rest = (int(digit) + rest) % 10
        rest = ((10 if rest == 0 else rest) * 2) % 11
    check = 11 - rest
    number = "".join(ten) + str(0 if check == 10 else check)
    return draw.choice([number, _grouped(number, [2, 3, 3, 3], " ")])


def _nir(draw: Draw) -> str:
    place = draw.choice(["75", "13", "69", "2A", "2B", "59"])
    body = f"{draw.choice('12')}{draw.randrange(100):02d}{draw.randrange(1, 13):02d}{place}{_digits(draw, 6)}"
    key = 97 - int(body.replace("2A", "19").replace("2B", "18")) % 97
    number = f"{body}{key:02d}"
    return draw.choice([number, _grouped(number, [1, 2, 2, 2, 3, 3, 2], " ")])


def _individual_number(draw: Draw) -> str:
    body = _digits(draw, 11)
    total = 0
    for digit, weight in zip(body, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], strict=True):
        total += int(digit) * weight
    number = body + str(0 if total % 11 < 2 else 11 - total % 11)
    text = draw.choice([number, _grouped(number, [4, 4, 4], " "), _grouped(number, [4, 4, 4], "-")])
    return _wide(text) if draw.random() < 0.3 else text


_NATIONAL: dict[str, Callable[[Draw], str]] = {"US": _ssn, "GB": _nino, "DE": _steuer_id, "FR": _nir, "JP": _individual_number}


def tax(draw: Draw, locale: str) -> str:
    shape = {"US": "##-#######", "GB": "GB### #### ##", "DE": "DE#########", "FR": "FR## #########", "JP": "T#############"}[locale]
    return "".join(draw.choice("123456789") if c == "#" else c for c in shape)


def passport(draw: Draw, locale: str) -> str:
    shape = {"US": "?########", "GB": "#########", "DE": "C##T###X#", "FR": "##??#####", "JP": "??#######"}[locale]
    return "".join(draw.choice("123456789") if c == "#" else draw.choice("ABFKLMTZ") if c == "?" else c for c in shape)


def birthdate(draw: Draw, locale: str) -> str:
    year, month, day = draw.randrange(1930, 2012), draw.randrange(1, 13), draw.randrange(1, 29)
    months = {
        "US": "January February March April May June July August September October November December",
        "DE": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "FR": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    }
    name = months.get(locale, months["US"]).split()[month - 1]
    ways = {
        "US": [f"{month:02d}/{day:02d}/{year}", f"{name} {day}, {year}", f"{name[:3]} {day}, {year}"],
        "GB": [f"{day:02d}/{month:02d}/{year}", f"{day} {name} {year}", f"{day}th {name} {year}"],
        "DE": [f"{day}.{month}.{year}", f"{day:02d}.{month:02d}.{year}", f"{day}. {name} {year}"],
        "FR": [f"{day:02d}/{month:02d}/{year}", f"{day} {name} {year}", f"{day}-{month}-{year}"],
        "JP": [f"{year}年{month}月{day}日", f"{year}/{month:02d}/{day:02d}", f"昭和{draw.randrange(5, 64)}年{month}月{day}日"],
    }
    return draw.choice([*ways[locale], f"{year}-{month:02d}-{day:02d}"])


def secret(draw: Draw, locale: str) -> str:
    part = base64.urlsafe_b64encode(json.dumps({"sub": _word(draw, 12)}).encode()).decode().rstrip("=")
    return draw.choice(
        [
            f"sk-{_word(draw, 48)}",
            f"ghp_{_word(draw, 36)}",
            f"AKIA{_word(draw, 16, string.ascii_uppercase + string.digits)}",
            f"xoxb-{_digits(draw, 11)}-{_word(draw, 24)}",
            f"eyJhbGciOiJIUzI1NiJ9.{part}.{_word(draw, 43)}",
            f"AIza{_word(draw, 35)}",
            f"glpat-{_word(draw, 20)}",
            f"Bearer {_word(draw, 40)}",
        ]
    )


MAKERS: dict[str, Callable[[Draw, str], str]] = {
    "mail": mail, "phone": phone, "card": card, "iban": iban, "ipv4": ipv4, "ipv6": ipv6, "login": login, "token": token, "mac": mac,
    "national": national, "tax": tax, "passport": passport, "birthdate": birthdate, "secret": secret, "person": full_name,
}  # fmt: skip


def planted(kind: str, locale: str, count: int, half: str = "test") -> list[tuple[str, str]]:
    """Sentences in the language of a locale and the value planted in each; the halves share no wording."""
    draw = random.Random(f"{kind} {locale} {half}")
    made = []
    for _ in range(count):
        value = MAKERS[kind](draw, locale)
        label, frame = draw.choice(LABELS[half][locale][kind]), draw.choice(GENERIC[half][locale])
        made.append((frame.replace("{label}", label).replace("{value}", value), value))
    return made
