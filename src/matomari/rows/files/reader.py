"""Which reader a file needs."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pyarrow as pa

from ...errors import InputError, MachineError
from ...wording import one_line
from .binary import parquet, xlsx
from .delimited import delimited, plain
from .jsonl import json_array, json_lines
from .lines import HEAD, Lines, find, head_of
from .sniff import delimiter_of, encoding_of, kind_of, refuse_binary, text_of
from .spool import Reading

ENDINGS = {"csv": "csv", "tsv": "csv", "tab": "csv", "txt": "txt", "jsonl": "jsonl", "ndjson": "jsonl", "json": "json"}
TABLES = {"parquet": parquet, "pq": parquet, "xlsx": xlsx, "xlsm": xlsx}


def read_file(name: str) -> Reading:
    """Read the file called `name`; the format comes from its ending, or from its content where the ending does not tell.

    Raises
    ------
    InputError
        The file cannot be read; the message names the file and, where possible, the line and column.
    """
    path = find(name)
    endings = [ending.lower().lstrip(".") for ending in path.suffixes[-2:]]
    if endings and endings[-1] == "gz":
        endings.pop()
    ending = endings[-1] if endings else ""
    if ending in TABLES:
        head_of(path)
        return TABLES[ending](path, name)
    return _text(path, name, ending)


def read_stdin() -> Reading:
    """Read standard input, with the format taken from its content. It is copied to a temporary file because it can be read only once."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.NamedTemporaryFile(prefix="stdin-"))
        try:
            shutil.copyfileobj(sys.stdin.buffer, file, 1 << 20)
            file.flush()
        except OSError as error:
            raise MachineError(
                f"standard input cannot be kept: {error.strerror or one_line(error)}.", hint="give a file instead."
            ) from error
        reading = _text(Path(file.name), "standard input", "")
        later = stack.pop_all()  # the file is needed until its last batch is taken

    def read() -> Iterator[pa.RecordBatch]:
        with later:
            yield from reading.batches

    return Reading(reading.schema, read(), reading.notes)


def _text(path: Path, name: str, ending: str) -> Reading:
    head = head_of(path, name)
    refuse_binary(name, head)
    encoding, how = encoding_of(head)
    text, notes = text_of(head, encoding).removeprefix("\ufeff"), [f"encoding {encoding} ({how})"]
    whole = len(head) < HEAD
    kind = ENDINGS.get(ending) or kind_of(text, whole)
    if kind == "json" and text.lstrip()[:1] == "{":
        kind = "jsonl"
    if kind == "json" and text.lstrip()[:1] != "[":
        raise InputError(f"{name} line 1 is neither a JSON array nor JSON lines.", hint="give one array of objects, or one object a line.")
    if ending not in ENDINGS:
        notes.append(f"read as {kind}, from its content")
    start = partial(Lines, path, name, encoding)
    if kind == "csv":
        return delimited(start, delimiter_of(text, whole, "\t" if ending in ("tsv", "tab") else "")[0], notes)
    if kind == "txt":
        return plain(start, notes)
    return {"jsonl": json_lines, "json": json_array}[kind](start, name, notes)
