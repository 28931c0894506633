"""Columns of real and made-up kinds, each with the kind of groups that a person would want of it.

Real ones come from the sets of `texts` and `development`, MedQuAD, Flickr8k captions, Quora questions, SciFact, JGLUE and the project's example;
the others are made up here, in four languages, with spelling variants drawn by a generator.
"""

from __future__ import annotations

import csv
import json
import random
import re
import zipfile
from collections.abc import Callable

from harness.data import development, texts
from harness.data.files import DATA

ROWS = 1_500  # of a column …
WHOLE = ("RLdata10000",)  # … except of these, whose copies would be lost
Column = list[str]


def _some(column: Column, rows: int = ROWS) -> Column:
    kept = list(dict.fromkeys(text for text in column if text and text.strip()))
    return random.Random(0).sample(kept, rows) if len(kept) > rows else kept


def medquad() -> Column:
    """Questions of MedQuAD."""
    with zipfile.ZipFile(DATA / "medquad" / "medquad.zip") as folder:
        pages = [folder.read(name).decode("utf-8", "replace") for name in sorted(folder.namelist()) if name.endswith(".xml")]
    return [" ".join(q.split()) for page in pages for q in re.findall(r"<Question[^>]*>(.*?)</Question>", page, re.S)]


def captions() -> Column:
    """Captions of Flickr8k."""
    lines = (DATA / "flickr8k-captions" / "Flickr8k.token.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t", 1)[1] for line in lines if "\t" in line]


def jsquad() -> Column:
    """Japanese questions of JGLUE."""
    path = DATA / "jglue" / "jsquad-v1.3" / "valid-v1.3.json"
    data = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [qa["question"] for page in data for paragraph in page["paragraphs"] for qa in paragraph["qas"]]


def misspelt(names: Column, copies: float, seed: int) -> Column:
    """The names, and spelling variants of some: a letter lost, doubled or swapped, another case, a mark more or less."""
    rng = random.Random(seed)
    out = list(names)
    for name in names:
        while rng.random() < copies:
            at = rng.randrange(1, max(2, len(name) - 1))
            way = rng.randrange(6)
            changed = {
                0: name[:at] + name[at + 1 :],
                1: name[:at] + name[at] + name[at:],
                2: name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
                3: name.upper(),
                4: name.replace(" ", "-", 1),
                5: name.replace(".", "").replace(",", "") if "." in name or "," in name else name.lower(),
            }[way]
            out.append(changed)
    return list(dict.fromkeys(out))


def _product(rng: random.Random, *parts: list[str], n: int, form: str) -> Column:
    return list(dict.fromkeys(form.format(*(rng.choice(part) for part in parts)) for _ in range(n)))


def addresses_en() -> Column:
    """Streets in England, some spelt twice."""
    rng = random.Random(1)
    kinds = ["Street", "Road", "Avenue", "Lane", "Close"]
    base = [
        f"{rng.randrange(1, 200)} {rng.choice(['Mill', 'Church', 'Station', 'Victoria', 'Park', 'Green', 'Albert', 'High'])} {rng.choice(kinds)}, "
        f"{rng.choice(['Leeds', 'York', 'Bath', 'Derby', 'Hull', 'Luton'])} {rng.choice('LYBDH')}{rng.choice('SOAEU')}{rng.randrange(1, 30)} "
        f"{rng.randrange(1, 9)}{rng.choice('ABDEFG')}{rng.choice('HJLNP')}"
        for _ in range(260)
    ]
    short = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl"}
    return base + [re.sub("|".join(short), lambda m: short[m[0]], text) for text in base[:160]]


def addresses_de() -> Column:
    """Streets in Germany, some spelt twice."""
    rng = random.Random(2)
    base = [
        f"{rng.choice(['Haupt', 'Bahnhof', 'Garten', 'Schul', 'Linden', 'Berg', 'Wald', 'Goethe'])}straße {rng.randrange(1, 120)}, "
        f"{rng.randrange(10000, 99000)} {rng.choice(['Köln', 'Ulm', 'Kassel', 'Jena', 'Bonn', 'Trier'])}"
        for _ in range(260)
    ]
    return base + [text.replace("straße", "str.") for text in base[:160]]


def firms(forms: list[str], stems: list[str], trades: list[str], seed: int) -> Column:
    """Firms with legal forms that are written in several ways."""
    rng = random.Random(seed)
    names = list(dict.fromkeys(f"{rng.choice(stems)} {rng.choice(trades)}" for _ in range(220)))
    out = [f"{name} {rng.choice(forms)}" for name in names]
    out += [f"{name} {rng.choice(forms)}" if rng.random() < 0.7 else name for name in names[:130]]
    return misspelt(list(dict.fromkeys(out)), 0.15, seed)


def parts_de() -> Column:
    """Spare parts in German."""
    rng = random.Random(3)
    base = _product(
        rng,
        ["Sechskantschraube", "Zylinderschraube", "Mutter", "Scheibe", "Gewindestange"],
        ["M4", "M5", "M6", "M8", "M10", "M12"],
        ["verzinkt", "A2", "A4", "blank"],
        n=300,
        form="{0} {1} {2}",
    )
    return misspelt(base, 0.45, 3)


def products_es() -> Column:
    """Products of a shop in Spanish."""
    rng = random.Random(4)
    base = _product(
        rng,
        ["Taladro", "Sierra", "Lijadora", "Amoladora", "Martillo"],
        ["Halden", "Brixor", "Monta", "Kervo"],
        ["500W", "750W", "18V", "12V"],
        ["rojo", "azul", "negro"],
        n=260,
        form="{0} {1} {2} {3}",
    )
    return misspelt(base, 0.5, 4)


def people_fr() -> Column:
    """Names of people in French, some misspelt."""
    rng = random.Random(5)
    first = ["Jean", "Marie", "Luc", "Claire", "Hugo", "Élise", "Paul", "Zoé", "Rémi", "Anne"]
    last = [
        "Martin",
        "Bernard",
        "Thomas",
        "Petit",
        "Robert",
        "Richard",
        "Durand",
        "Dubois",
        "Moreau",
        "Laurent",
        "Simon",
        "Michel",
        "Lefèvre",
    ]
    return misspelt(_product(rng, first, last, n=300, form="{1}, {0}"), 0.6, 5)


def sentences(openings: list[str], subjects: list[str], endings: list[str], n: int, seed: int) -> Column:
    """Sentences out of three parts."""
    return _product(random.Random(seed), openings, subjects, endings, n=n, form="{0} {1} {2}")


def logs() -> Column:
    """Log lines with a time, an address and a number."""
    rng = random.Random(6)
    what = [
        "Failed password for user {w} from {ip} port {n}",
        "Connection closed by {ip} port {n}",
        "Accepted publickey for {w} from {ip}",
        "disk /dev/sd{l} is {p} percent full",
        "service {w} restarted after {n} ms",
        "cannot open file /var/{w}/{n}.log: permission denied",
        "worker {n} finished job {w}-{n} in {p} s",
        "timeout while reading from {ip}",
    ]
    words = ["backup", "mailer", "alice", "bob", "indexer", "billing", "root", "deploy"]
    return [
        f"2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02} {rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02} "
        + rng.choice(what).format(
            w=rng.choice(words),
            ip=f"10.0.{rng.randrange(255)}.{rng.randrange(255)}",
            n=rng.randrange(1000, 65000),
            p=rng.randrange(100),
            l=rng.choice("abcd"),
        )
        for _ in range(900)
    ]


def orders() -> Column:
    """Notifications with numbers."""
    rng = random.Random(7)
    what = [
        "Your order {n} has been shipped",
        "Payment {n} over EUR {p}.{c:02} failed",
        "Invoice {n} is due on 2024-{m:02}-{d:02}",
        "Return {n} was received at our warehouse",
        "Ticket #{n} was closed",
        "Your refund for order {n} is on its way",
    ]
    return [
        rng.choice(what).format(
            n=rng.randrange(10**5, 10**6), p=rng.randrange(900), c=rng.randrange(100), m=rng.randrange(1, 13), d=rng.randrange(1, 29)
        )
        for _ in range(700)
    ]


def with_ids(column: Column) -> Column:
    """The texts with a ticket number and a date before them."""
    rng = random.Random(8)
    return [f"[T-{rng.randrange(10**5, 10**6)}] 2024-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02} {text}" for text in column]


def in_mail(column: Column) -> Column:
    """The texts as mails with a greeting, a sign-off and a footer."""
    rng = random.Random(9)
    names = ["Alex Doe", "Kim Roe", "Sam Poe", "Robin Loe"]
    footer = "This message may hold confidential information and is meant for the addressee alone."
    return [f"Hello {rng.choice(names).split()[0]},\n\n{text}\n\nBest regards\n{rng.choice(names)}\n{footer}" for text in column]


def in_html(column: Column) -> Column:
    """The texts as HTML with a link."""
    rng = random.Random(10)
    return [
        f'<div><p>{text}</p><br/>&nbsp;<a href="https://shop.example/t?id={rng.randrange(10**6)}">view in browser</a></div>'
        for text in column
    ]


def case(name: str, column: str) -> Column:
    """A column of the cases of variants that come with the data."""
    with (DATA.parent / "cases" / "variants" / name / "input.csv").open(encoding="utf-8", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


GERMAN = (
    ["Die Rechnung", "Das Paket", "Mein Passwort", "Die Lieferung", "Der Gutschein", "Das Gerät", "Mein Konto"],
    ["ist leider", "war gestern", "wird seit Montag", "ist schon wieder", "ist nach dem Update", "bleibt trotz Anruf"],
    ["falsch und niemand hilft mir", "nicht angekommen", "gesperrt und ich weiß nicht warum", "verschwunden", "kaputt", "zu spät"],
)
FRENCH = (
    ["La livraison", "Le remboursement", "Le service client", "L'application", "La facture", "Le produit", "Le mot de passe"],
    ["est toujours", "n'est pas du tout", "a été très", "était malheureusement", "me semble vraiment", "n'est plus"],
    ["en retard", "satisfaisant pour le prix", "rapide et agréable", "correct après la mise à jour", "clair pour moi", "utilisable"],
)
SURVEY = (
    ["More", "Better", "Fewer", "Longer", "Cheaper", "Clearer"],
    ["opening hours", "parking near the entrance", "staff at the desk", "explanations of the bill", "waiting times", "food in the canteen"],
    ["please", "would be nice", "because I work late", "for families", "on weekends", ""],
)

THEMES: dict[str, Callable[[], Column]] = {
    "Banking77 test": lambda: texts.banking("test")[0],
    "CLINC150 val": lambda: texts.clinc("val")[0],
    "AgNews titles": lambda: texts.short_text("agnewsdataraw-8000")[0],
    "Reuters": lambda: development.reuters()[0],
    "SearchSnippets": lambda: texts.short_text("search_snippets/search_snippets_true_text")[0],
    "Tweet": lambda: texts.short_text("tweet-original-order.txt")[0],
    "GoEmotions": lambda: development.emotions("train")[0],
    "captions": captions,
    "MedQuAD questions": medquad,
    "UNSPSC titles": lambda: development.unspsc(2)[0],
    "Google taxonomy": lambda: development.google()[0],
    "STS sentences": lambda: texts.similar()[0],
    "JSQuAD questions": jsquad,
    "log lines": logs,
    "notifications": orders,
    "tickets with ids": lambda: with_ids(_some(texts.banking("test")[0])),
    "mails": lambda: in_mail(_some(texts.clinc("val")[0])),
    "HTML": lambda: in_html(_some(texts.banking("test")[0])),
    "German tickets": lambda: sentences(*GERMAN, n=240, seed=11),
    "French reviews": lambda: sentences(*FRENCH, n=240, seed=12),
    "survey answers": lambda: sentences(*SURVEY, n=180, seed=13),
    "three intents": lambda: development.classes(texts.clinc("train"), 3, 100, 0)[0],
}
VARIANTS: dict[str, Callable[[], Column]] = {
    "Abt-Buy": lambda: texts.abt_buy()[0],
    "Amazon-Google": lambda: texts.amazon_google()[0],
    "Cora": lambda: texts.cora()[0],
    "RLdata500": lambda: texts.rldata(500)[0],
    "RLdata10000": lambda: texts.rldata(10000)[0],
    "example parts": lambda: development.parts()[0],
    "English addresses": addresses_en,
    "German addresses": addresses_de,
    "English firms": lambda: firms(
        ["Ltd", "Limited", "plc", "LLC", "Inc."],
        ["Harrow", "Kelton", "Minster", "Orwell", "Thorne", "Wexley"],
        ["Bearings", "Foods", "Gear", "Holdings", "Logistics", "Oil", "Gas", "Paper", "Textiles"],
        14,
    ),
    "German firms": lambda: firms(
        ["GmbH", "AG", "GmbH & Co. KG", "KG", "mbH"],
        ["Brandt", "Hoffer", "Kessler", "Lindner", "Vogt", "Zeller"],
        ["Maschinenbau", "Logistik", "Holzbau", "Elektro", "Bau", "Metall", "Papier", "Verlag"],
        15,
    ),
    "German parts": parts_de,
    "Spanish products": products_es,
    "French people": people_fr,
    "legal forms": lambda: case("legal_forms", "name"),
    "addresses": lambda: case("addresses", "name"),
    "values of parts": lambda: case("bom_values", "name"),
    "codes of models": lambda: case("model_codes", "name"),
    "Japanese firms": lambda: case("jp_companies", "name"),
    "suppliers": lambda: case("freq", "supplier"),
}


def columns() -> dict[str, tuple[Column, str]]:
    """Each column, and its right kind."""
    made = {name: (_some(load()), "themes") for name, load in THEMES.items()}
    return made | {name: (_some(load(), 10**6 if name in WHOLE else ROWS), "variants") for name, load in VARIANTS.items()}
