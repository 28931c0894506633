"""Makers of nasty files: each writes one into a folder and gives its path. A verb must read it or say what is wrong."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Maker = Callable[[Path], Path]
WORDS = ["red apple", "green apple", "steel bolt", "brass bolt", "blue sky", "grey sky"]
TABLE = "id,text\n" + "".join(f"{n},{word}\n" for n, word in enumerate(WORDS))
JAPANESE = "番号,本文\n" + "".join(
    f"{n},これは{word}のテストです。価格は{n}円。\n" for n, word in enumerate(["りんご", "ボルト", "空", "みかん"])
)
SCRIPTS = ["abc", "где", "日本", "한국", "ไทย", "हिंदी", "עברית", "عربي", "ελλ", "ქართ"]
FRENCH = "id,text\n1,café crème à Évry\n2,garçon naïf à l'été\n3,où êtes-vous né ?\n"


def data(name: str, content: bytes | str) -> Maker:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder / name

    return make


def lazy(name: str, content: Callable[[], bytes]) -> Maker:
    """Content too large to be made before it is wanted."""
    return lambda folder: data(name, content())(folder)


def rows(*values: object) -> str:
    return "".join(json.dumps(v) + "\n" for v in values)


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def bomb() -> bytes:
    """130 MB of zeros that look like text, in about a thousandth of that."""
    return gzip.compress(b"text\n" + b"a" * (10 << 20) + b"\n" * (120 << 20), mtime=0)


def parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def inner_folder(folder: Path) -> Path:
    (folder / "folder.csv").mkdir()
    return folder / "folder.csv"


def missing(folder: Path) -> Path:
    (folder / "parts.csv").write_text(TABLE)
    return folder / "prats.csv"


def loop(folder: Path) -> Path:
    (folder / "loop.csv").symlink_to("loop.csv")
    return folder / "loop.csv"


def dangling(folder: Path) -> Path:
    (folder / "dangling.csv").symlink_to("nowhere.csv")
    return folder / "dangling.csv"


def locked(folder: Path) -> Path:
    """No permission; as root it can be read after all, which is fine too."""
    path = data("locked.csv", TABLE)(folder)
    path.chmod(0)
    return path


def workbook(**sheets: list[list[object]]) -> Callable[[], bytes]:
    def make() -> bytes:
        import openpyxl

        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, lines in sheets.items():
            sheet = book.create_sheet(name)
            for line in lines:
                sheet.append(line)
        sink = io.BytesIO()
        book.save(sink)
        return sink.getvalue()

    return make


MARK = b"\xef\xbb\xbf"
CASES: dict[str, Maker] = {
    # nothing, or hardly anything
    "empty": data("a.csv", b""),
    "empty gzip": data("a.csv.gz", packed(b"")),
    "only a mark": data("a.csv", MARK),
    "one newline": data("a.csv", "\n"),
    "header only": data("a.csv", "id,text\n"),
    "header only, no newline": data("a.csv", "id,text"),
    "one row": data("a.csv", "id,text\n1,alone\n"),
    "one column": data("a.csv", "text\n" + "\n".join(WORDS)),
    "one column with commas below": data("a.csv", "text\nred, green\nblue\nred, blue, grey\n"),
    "empty jsonl": data("a.jsonl", "\n\n"),
    "empty array": data("a.json", "[]"),
    "empty objects": data("a.jsonl", "{}\n{}\n"),
    "empty txt": data("a.txt", "\n  \n"),
    "empty parquet": data("a.parquet", parquet(text=pa.array([], pa.string()))),
    "a million blank rows": lazy("a.csv", lambda: b"\n" * 1_000_000),
    "a million blank rows below": lazy("a.csv", lambda: TABLE.encode() + b"\n" * 1_000_000),
    "all cells empty": data("a.csv", "id,text\n" + ",\n" * 50),
    # encodings
    "mark": data("a.csv", MARK + TABLE.encode()),
    "mark on jsonl": data("a.jsonl", MARK + rows({"text": "a"}, {"text": "b"}).encode()),
    "mark on json": data("a.json", MARK + b'[{"text": "a"}]'),
    "UTF-16": data("a.csv", JAPANESE.encode("utf-16")),
    "UTF-16 without mark": data("a.csv", JAPANESE.encode("utf-16-le")),
    "UTF-16 big end": data("a.csv", TABLE.encode("utf-16-be")),
    "UTF-16 cut": data("a.csv", TABLE.encode("utf-16")[:-1]),
    "UTF-32": data("a.csv", TABLE.encode("utf-32")),
    "Shift_JIS": data("a.csv", JAPANESE.encode("cp932")),
    "EUC-JP": data("a.csv", JAPANESE.encode("euc_jp")),
    "latin-1": data("a.csv", FRENCH.encode("latin-1")),
    "cp1252": data("a.csv", "id,text\n1,“quoted” – 5 €\n2,plain\n".encode("cp1252")),
    "mixed encodings": data("a.csv", JAPANESE.encode() + "9,caf\xe9\n".encode("latin-1")),
    "random bytes": lazy("a.csv", lambda: bytes((n * 7919 + n // 251) % 255 + 1 for n in range(20_000))),
    "NUL": data("a.csv", "id,text\n1,a\0b\n"),
    "NUL only": lazy("a.txt", lambda: bytes(100_000)),
    "lone surrogates as bytes": data("a.csv", b"id,text\n1,\xed\xa0\x80 high\n2,plain\n"),
    "lone surrogates in JSON": data("a.jsonl", '{"text": "\\ud800 high"}\n{"text": "plain", "\\udc00": [1, "\\udfff"]}\n'),
    # lines and cells
    "CR": data("a.csv", TABLE.replace("\n", "\r")),
    "CRLF": data("a.csv", TABLE.replace("\n", "\r\n")),
    "mixed line ends": data("a.csv", "id,text\r\n1,a\n2,b\r3,c\r\n"),
    "100 MB line": lazy("a.txt", lambda: b"word " * (20 << 20)),
    "100 MB line in JSON": lazy("a.jsonl", lambda: b'{"text": "' + b"word " * (20 << 20) + b'"}'),
    "1 M character cell": lazy("a.csv", lambda: b"id,text\n1," + b"word " * 200_000 + b"\n2,b\n"),
    "10 M character cell": lazy("a.csv", lambda: b"id,text\n1," + b"word " * 2_000_000 + b"\n2,b\n"),
    "unclosed quote": data("a.csv", 'id,text\n1,"a\n2,b\n3,c\n'),
    "unclosed quote, long": lazy("a.csv", lambda: b'id,text\n1,a\n2,"b\n' + b"3,some more text\n" * 5_000_000),
    "quotes inside": data("a.csv", 'id,text\n1,5" pipe\n2,"a "big" one"\n3,"a ""big"" one"\n'),
    "quoted newlines": data("a.csv", 'id,text\n1,"a\r\nb"\n2,"c\n\n\nd"\n'),
    "ragged, more": data("a.csv", "id,text\n1,a\n2,b,c\n"),
    "ragged, fewer": data("a.csv", "id,text\n1,a\n2\n"),
    "delimiter at the end": data("a.csv", "id,text\n1,a,\n2,b,\n"),
    "semicolons": data("a.csv", TABLE.replace(",", ";")),
    "tabs": data("a.tsv", TABLE.replace(",", "\t")),
    "bars": data("a.csv", TABLE.replace(",", "|")),
    "names twice": data("a.csv", "text,text,\na,b,c\nd,e,f\n"),
    "no names": data("a.csv", ",,\n1,2,3\n"),
    "a million columns": lazy("a.csv", lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n" + b"," * 999_999 + b"\n"),
    "many keys": lazy("a.jsonl", lambda: rows(*({f"k{n}": "x"} for n in range(20_000))).encode()),
    "trailing garbage": data("a.csv", TABLE.encode() + b"\x00\x01\x02\xff\xfe" * 30),
    # values
    "all the same": data("a.csv", "id,text\n" + "".join(f"{n},same\n" for n in range(60))),
    "ids twice": data("a.csv", "id,text\n1,a\n1,b\n"),
    "ids missing": data("a.csv", "id,text\n1,a\n,b\n"),
    "hostile ids": data(
        "a.jsonl", rows({"id": "../../etc/passwd", "text": "a"}, {"id": "<b>\u202e\r\n=1+1", "text": "b"}, {"id": "x" * 5000, "text": "c"})
    ),
    "numbers as text": data("a.csv", "id,text\n1,007\n2,42\n3,1e5\n"),
    "numbers only": data("a.jsonl", rows({"text": 1}, {"text": 2})),
    "NaN, None, null": data("a.csv", "id,text\n1,NaN\n2,None\n3,null\n4,\n"),
    "mixed types": data("a.jsonl", rows({"text": "a"}, {"text": 1}, {"text": None}, {"text": [1, {"x": "y"}]}, {"text": True}, {})),
    "ten scripts": data("a.csv", "id,text\n" + "".join(f"{n},{text}\n" for n, text in enumerate(SCRIPTS))),
    "joiners and marks": data("a.csv", "id,text\n1,\u202eabc\u202c\n2,👩\u200d👩\u200d👧\n3,e\u0301\u0301\u0301\n4,\u200b\n"),
    "control characters": data("a.csv", "id,text\n" + "".join(f"{n},a{chr(n)}b\n" for n in range(1, 32) if chr(n) not in '\n\r,"')),
    "HTML": data("a.csv", "id,text\n1,<script>alert(1)</script>\n2,<img src=x onerror=alert(1)>\n3,=cmd|' /C calc'!A0\n"),
    "base64": data("a.csv", "id,text\n1," + "QUJD" * 50_000 + "\n2,b\n"),
    # JSON
    "deep JSON": data("a.jsonl", '{"text": ' + "[" * 10_000 + "]" * 10_000 + "}\n"),
    "deep JSON array": data("a.json", '[{"text": ' + "[" * 10_000 + "]" * 10_000 + "}]"),
    "deep objects": data("a.jsonl", '{"a":' * 10_000 + "1" + "}" * 10_000 + "\n"),
    "keys twice": data("a.jsonl", '{"text": "a", "text": "b"}\n'),
    "NaN literal": data("a.jsonl", '{"text": "a", "n": NaN}\n'),
    "infinite number": data("a.jsonl", '{"text": "a", "n": 1e999}\n'),
    "4,301 digits": data("a.jsonl", '{"text": "a", "n": ' + "9" * 4301 + "}\n"),
    "twenty digits": data("a.jsonl", rows({"text": "a", "n": 10**20}, {"text": "b", "n": 1.5})),
    "JSON cut": data("a.jsonl", '{"text": "a"}\n{"text": "b'),
    "JSON no object": data("a.jsonl", '{"text": "a"}\n[1]\n'),
    "array cut": data("a.json", '[{"text": "a"}, {"text": "b"'),
    "array goes on": data("a.json", '[{"text": "a"}] and more'),
    "array of strings": data("a.json", '["a", "b"]'),
    "JSON is a number": data("a.json", "42"),
    "indented object": data("a.json", '{\n  "text": "a"\n}\n'),
    # packed, foreign, torn
    "gzip cut": data("a.csv.gz", packed(TABLE.encode() * 100)[:-20]),
    "gzip flipped": data("a.csv.gz", packed(TABLE.encode() * 100)[:40] + b"\0\0\0\0" + packed(TABLE.encode() * 100)[44:]),
    "gzip with garbage behind": data("a.csv.gz", packed(TABLE.encode()) + b"garbage"),
    "gzip in disguise": data("a.csv", packed(TABLE.encode())),
    "gzip bomb": lazy("a.csv.gz", bomb),
    "no parquet": data("a.parquet", TABLE),
    "parquet cut": data("a.parquet", parquet(text=WORDS)[:-30]),
    "parquet with a hole": data("a.parquet", parquet(text=WORDS)[:20] + b"\xff" * 20 + parquet(text=WORDS)[40:]),
    "parquet nested": data("a.parquet", parquet(tags=[["a"], ["b"]], text=["a", "b"], struct=[{"x": 1}, {"x": 2}])),
    "parquet without text": data("a.parquet", parquet(n=[1, 2], tags=[["a"], ["b"]])),
    "parquet as csv": data("a.csv", parquet(text=WORDS)),
    "no xlsx": data("a.xlsx", TABLE),
    "xlsx cut": lazy("a.xlsx", lambda: workbook(s=[["id", "text"], [1, "a"]])()[:-40]),
    "xlsx wider below": lazy("a.xlsx", workbook(s=[["id", "text"], [1, "a", "more"]])),
    "xlsx empty": lazy("a.xlsx", workbook(s=[])),
    "PDF as csv": data("a.csv", b"%PDF-1.7\n1 0 obj\n"),
    "PNG as txt": data("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100)),
    "unknown ending": data("a.dat", TABLE),
    "no ending": data("notes", "\n".join(WORDS)),
    # no files
    "FIFO": fifo,
    "folder": inner_folder,
    "missing": missing,
    "symlink loop": loop,
    "dangling symlink": dangling,
    "no permission": locked,
    "device": lambda _: Path("/dev/zero"),
    "long name": lambda folder: folder / ("x" * 5000 + ".csv"),
}
