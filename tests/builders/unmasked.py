"""Sentences without anything personal that are full of numbers: orders, parts, dates, amounts, versions, books, measures."""

from __future__ import annotations

import random

FRAMES = [
    "Where is my order {order}?",
    "Order {order} from {date} has not arrived, amount {money}.",
    "Part {part} does not fit, I need {part} instead.",
    "Invoice {order} over {money} was paid on {date}.",
    "The book with ISBN {isbn} costs {money}.",
    "After version {version} the app crashes on {date} at {time}.",
    "Firmware v{version} build {number} is out.",
    "Tracking number {tracking} shows nothing since {date}.",
    "Bolt {size}, {number} pieces, {money} each.",
    "Bestellung {order} vom {date}, Betrag {money}.",
    "Artikelnummer {part}, EAN {ean}, Lieferung am {date}.",
    "Die Version {version} braucht {number} MB.",
    "Ma commande {order} du {date} n'est pas arrivée ({money}).",
    "La pièce {part} mesure {size}.",
    "注文番号{order}の商品がまだ届きません。",
    "型番{part}を{number}個、{date}までにお願いします。",
    "{date}に{money}が引き落とされました。",
    "My flight {flight} leaves at {time} on {date}.",
    "Serial {serial}, model {part}, bought {date}.",
    "See pages {pages} of chapter {number}.",
    "The screen is {size} and weighs {number} g.",
    "commit {hash} fixes issue #{number}",
    "id {uuid} was retried {number} times between {time} and {time}",
    "Read https://www.example.com/help/{number}/?page={number} before you write.",
    "The sensor at {coordinates} read {decimal} on {date}.",
    "Our score was {score}, after {score} in {year}.",
    "From {year} to {year} the price rose from {money} to {money}.",
    "UPC {upc} scans as another item.",
    "{number} {number} {number} are the sizes that I tried",
    "Meeting room {number}, floor {score}, {date} {time}",
]


def _many(draw: random.Random, shape: str) -> str:
    letters = {"#": "0123456789", "?": "ABCDEFGHJKLMNPRSTUVWXYZ", "x": "0123456789abcdef"}
    return "".join(draw.choice(letters[c]) if c in letters else c for c in shape)


SHAPES = {
    "order": [
        "########",
        "##-#####",
        "#########",
        "###-#######-#######",
        "A#######",
        "ORD-######",
        "##########",
        "###########",
        "20##-######",
    ],
    "part": [
        "??-####",
        "###-#####",
        "?###?##-#",
        "####.###.##",
        "##-###-###",
        "??######",
        "#######-##",
        "###.####",
        "0##-#####-##",
        "?????-##/##",
    ],
    "version": ["#.#", "1#.#.#", "2.0.#.###", "1.2.3.#", "10.0.19###.1###", "202#.#.#"],
    "tracking": ["1Z###?##########", "####-####-####", "############", "JD01####################", "RR#########DE"],
    "size": ["M8x##", "### x ## x ## mm", "1#.5 in", "##/##/##", '2# 1/2"', "DIN 9##-8.8"],
    "isbn": ["978-3-16-######-#", "978#########", "0-####-####-#", "3-499-#####-X"],
    "ean": ["40#### #######", "50###########", "76###########"],
    "upc": ["0###########", "#-#####-#####-#"],
    "flight": ["LH ###", "BA####"],
    "serial": ["C02?#?##?###", "SN########", "##?########", "S/N #########"],
    "pages": ["1##-2##", "1##–1##"],
    "hash": ["xxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    "uuid": ["xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx"],
    "coordinates": ["4#.####, 1#.####", "N 5#.###### E ##.######"],
    "decimal": ["#.###", "##,#", "-#.##e-#"],
    "score": ["#:#", "#-#", "#/10"],
    "number": ["#", "##", "###", "####", "1,###", "1.###"],
    "year": ["19##", "20##"],
    "time": ["1#:##", "0#:##:##", "# pm", "##.## Uhr", "1#h##"],
}


def _date(draw: random.Random) -> str:
    year, month, day = draw.randrange(1995, 2030), draw.randrange(1, 13), draw.randrange(1, 29)
    return draw.choice(
        [
            f"{year}-{month:02d}-{day:02d}",
            f"{day:02d}.{month:02d}.{year}",
            f"{month}/{day}/{year % 100:02d}",
            f"{year}年{month}月{day}日",
            f"{day} March {year}",
            f"{year}{month:02d}{day:02d}",
            f"{day:02d}/{month:02d}/{year} 14:30",
            f"{year}/{month}/{day}",
        ]
    )


def _money(draw: random.Random) -> str:
    amount = draw.choice([draw.randrange(1, 99), draw.randrange(1000, 9_999_999)])
    cents = draw.randrange(100)
    german = f"{amount:,}".replace(",", ".")
    return draw.choice(
        [
            f"${amount:,}.{cents:02d}",
            f"{german},{cents:02d} €",
            f"{amount:,}円",
            f"£{amount}",
            f"{amount:,}".replace(",", " ") + f",{cents:02d} EUR",
        ]
    )


def unmasked(count: int) -> list[str]:
    """That many sentences in which nothing is to be masked."""
    draw = random.Random("nothing personal")
    rows = []
    for _ in range(count):
        row = draw.choice(FRAMES)
        for kind, shapes in SHAPES.items():
            while "{" + kind + "}" in row:
                row = row.replace("{" + kind + "}", _many(draw, draw.choice(shapes)), 1)
        while "{date}" in row:
            row = row.replace("{date}", _date(draw), 1)
        while "{money}" in row:
            row = row.replace("{money}", _money(draw), 1)
        rows.append(row)
    return rows
