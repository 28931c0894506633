"""Detect the encoding, format and delimiter of a text from its first characters."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata

from ...errors import InputError
from .lines import BROKEN

ALONE = "\x1f"  # stands for "one column": a delimiter that text does not hold
MAGIC = {
    b"PAR1": "Parquet file",
    b"PK\x03\x04": "zip or xlsx file",
    b"%PDF": "PDF document",
    b"\x89PNG": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
}
MAGIC |= {
    b"\xd0\xcf\x11\xe0": "old Office document",
    b"(\xb5/\xfd": "zstd archive",
    b"BZh": "bzip2 archive",
    b"7z\xbc\xaf": "7-zip archive",
}
MAGIC |= {b"ARROW1": "Arrow file", b"SQLite format 3": "SQLite database", b"\xfd7zXZ": "xz archive", b"\x7fELF": "program"}
_BOMS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_OTHERS = {
    "cp1250",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp874",
    "tis_620",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "euc_kr",
    "cp949",
}


def refuse_binary(name: str, head: bytes) -> None:
    """InputError when the first bytes are those of a well-known binary format."""
    for magic, what in MAGIC.items():
        if head.startswith(magic):
            raise InputError(
                f"{name} is a {what}, not text.", hint="give csv, tsv, jsonl, txt, or a parquet or xlsx file under its own ending."
            )


def encoding_of(head: bytes) -> tuple[str, str]:
    """The encoding of a text that begins with `head`, and how it was found.

    Examples
    --------
    >>> encoding_of("名前\\n".encode("utf-16"))
    ('utf-16', 'it begins with a byte order mark')
    """
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding, "it begins with a byte order mark"
    if b"\0" in head:
        wide = _wide(head)
        return (wide, "every other byte is a zero") if wide else ("utf-8", "nothing else fits")
    known = re.sub(rb"\xed[\xa0-\xbf][\x80-\xbf]", b"", head)  # lone surrogates: UTF-8 by a sloppy writer
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(known)
    broken = len(BROKEN.findall(text))
    whole = sum(map(len, re.findall("[^\0-\x7f\ud800-\udfff]+", text)))
    if not broken:
        return "utf-8", "every byte fits"
    if whole >= 4 * broken:
        return "utf-8", "nearly every byte fits"
    return _legacy(head)


def text_of(head: bytes, encoding: str) -> str:
    """The first characters, with broken ones replaced and a character that is cut at the end left out."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def delimiter_of(text: str, whole: bool, favourite: str = "") -> tuple[str, float]:
    """The delimiter of delimited text, and the share of sampled records that have as many fields as the header.

    `ALONE` stands for a file of one column. Quotes are honoured.

    Examples
    --------
    >>> delimiter_of('id;text\\n1;"a, b; c"\\n', whole=True)
    (';', 1.0)
    """
    best = (ALONE, 1.0)
    key = (0.0, 0.0, 0)
    for candidate in (",", ";", "\t", "|", "#"):
        records = _sample(text, candidate, whole)
        if not records or len(records[0]) < 2:
            continue
        width = len(records[0])
        same = [len(r) == width or (len(r) == width + 1 and not r[-1]) for r in records[1:]]
        share = sum(same) / len(same) if same else 1.0
        mine = (float(candidate == favourite), share - (0.5 if candidate == "#" else 0), width)
        if mine > key:
            best, key = (candidate, share), mine
    return best


def kind_of(text: str, whole: bool) -> str:
    """The format of text whose name does not tell it: 'json' array, 'jsonl', 'csv', or 'txt' where no other is likely."""
    start = text.lstrip()
    if start.startswith("{"):
        return "jsonl"
    if re.match(r"\[\s*[{\]]", start):
        return "json"
    delimiter, share = delimiter_of(text, whole)
    if delimiter == ALONE or share < 1:
        return "txt"
    records = _sample(text, delimiter, whole)
    header = [cell.strip() for cell in records[0]]
    named = all(header) and len(set(header)) == len(header) and max(map(len, header)) <= 40
    prose = any(cell.startswith(" ") for cell in records[0])  # "well, yes" is a sentence, not two columns
    return "csv" if named and not prose and len(records) > 1 else "txt"


def _wide(head: bytes) -> str:
    """The byte order of utf-16 without a mark: the one in which nearly every character is printable."""
    scores = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head[: len(head) // 2 * 2])[:5000]
        except UnicodeDecodeError:
            continue
        good = sum(c in "\t\r\n" or unicodedata.category(c)[0] not in "C" for c in text)
        plain = sum(c in " \t\r\n,;" or c.isascii() for c in text)
        scores[encoding] = (good / max(1, len(text)), plain)
    best = max(scores, key=lambda e: scores[e], default="")
    return best if best and scores[best][0] > 0.98 and scores[best][1] else ""


def _legacy(head: bytes) -> tuple[str, str]:
    for encoding in ("euc_jp", "cp932"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        foreign = [c for c in text if not c.isascii()]
        kana = sum("\u3040" <= c <= "\u30ff" for c in foreign)
        han = sum("\u4e00" <= c <= "\u9fff" for c in foreign)
        if kana >= 0.15 * len(foreign) or (encoding == "cp932" and kana + han >= 0.9 * len(foreign) and kana):
            return encoding, "its kana fit"
    if sum(b > 127 for b in head) >= 16:
        from charset_normalizer import from_bytes

        lines = [line for line in head.splitlines() if not line.isascii()]
        best = from_bytes(b"\n".join(lines)[: 64 << 10]).best()
        if best is not None and best.encoding in _OTHERS:
            return best.encoding, "its letters fit"
    return "cp1252", "a guess: its bytes are not UTF-8"


def _sample(text: str, delimiter: str, whole: bool) -> list[list[str]]:
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            if record:
                records.append(record)
            if len(records) > 100:
                return records
    except csv.Error:  # a cell is longer than the default of csv; what was read so far is enough
        return records
    return records if whole or len(records) < 2 else records[:-1]
