"""Binary files that are tables already: Parquet, and the first sheet of an Excel workbook."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from ...errors import InputError
from ...wording import one_line
from .lines import FREE_UNPACKED, MAX_RATIO, mend
from .spool import Reading, batches, unique_names

MAX_SHEET = 2 << 30


def parquet(path: Path, name: str) -> Reading:
    """Read a Parquet file; the types of its columns stay as they are.

    Raises
    ------
    InputError
        It is cut off, or not a Parquet file.
    """
    import pyarrow.parquet as pq

    notes: list[str] = []
    try:
        file = pq.ParquetFile(path)
        schema = file.schema_arrow.remove_metadata()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(name, "Parquet file", error) from error
    schema = pa.schema([column.with_name(n) for column, n in zip(schema, unique_names(schema.names, name, notes), strict=True)])

    def read() -> Iterator[pa.RecordBatch]:
        try:
            for batch in file.iter_batches(batch_size=8192, use_threads=False):
                batch.validate(full=True)
                yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _unreadable(name, "Parquet file", error) from error

    return Reading(schema, read(), notes)


def xlsx(path: Path, name: str) -> Reading:
    """Read the first sheet of a workbook; numbers and dates become the text that a person sees.

    Raises
    ------
    InputError
        It is damaged, unpacks to a bomb, or a row is wider than the header.
    """
    _check_zip(path, name)
    notes: list[str] = []
    with ExitStack() as stack:
        file = stack.enter_context(path.open("rb"))
        rows = _sheet_rows(_first_sheet(file, name, notes), name)
        header = next(rows, [])
        while header and not header[-1]:
            header.pop()
        names = unique_names([cell or "" for cell in header], name, notes)
        later = stack.pop_all()  # the sheet is read from the file row by row

    def fitted() -> Iterator[list[str | None]]:
        with later:
            yield from _fitted(rows, len(names), name, notes)

    schema = pa.schema([(column, pa.string()) for column in names])
    return Reading(schema, batches(fitted(), schema), notes)


def _first_sheet(file: BinaryIO, name: str, notes: list[str]) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which are not data
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
    except Exception as error:  # the library lets through whatever its own parsers raise on damaged XML
        raise _unreadable(name, "xlsx workbook", error) from error
    if len(book.worksheets) > 1:
        notes.append(f"the first of {len(book.worksheets)} sheets, {sheet.title!r}, is read")
    return sheet


def _fitted(rows: Iterator[list[str | None]], width: int, name: str, notes: list[str]) -> Iterator[list[str | None]]:
    blank = 0
    for number, row in enumerate(rows, 2):
        if any(row[width:]):
            raise InputError(
                f"{name} row {number} has more cells than the header, which has {width}.", hint="name every column in the first row."
            )
        if any(row):
            yield row[:width] + [None] * (width - len(row))
        else:
            blank += 1
    if blank:
        notes.append(f"{blank} blank row{'s' * (blank != 1)} left out")


def _sheet_rows(sheet: Any, name: str) -> Iterator[list[str | None]]:
    try:
        for row in sheet.iter_rows():
            yield [_seen(cell.value, getattr(cell, "number_format", "") or "") for cell in row]
    except Exception as error:  # as above, because a sheet is parsed while it is read
        raise _unreadable(name, "xlsx workbook", error) from error


def _seen(value: Any, style: str) -> str | None:
    """A cell as a sheet shows it: 3 and not 3.0, a date without midnight, 25% and not 0.25."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return f"{value * 100:.10g}%" if "%" in style else str(value) if isinstance(value, int) else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return str(value.date()) if value.time() == datetime.time() else value.isoformat(" ", "seconds")
    return mend(str(value))


def _check_zip(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            packed = sum(entry.compress_size for entry in archive.infolist())
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _unreadable(name, "xlsx workbook", error) from error
    if size > MAX_SHEET or (size > FREE_UNPACKED and size > MAX_RATIO * packed):
        raise InputError(f"{name} unpacks to {size} bytes.", hint="save the sheet as csv.")


def _unreadable(name: str, what: str, error: Exception) -> InputError:
    return InputError(f"{name} is not a readable {what}: {one_line(error)}.", hint="it may be cut or of another format; export it again.")
