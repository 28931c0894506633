"""What is known of rows beside their texts: their cells, column by column, who lists them, and whom they may meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from ..cluster.variants.records.records import NO_RECORDS, Records
from ..errors import InputError, setting
from ..rows.columns import check_column, listed
from ..rows.read import Rows
from .items import Items
from .options import GroupOptions
from .run import GroupRun

# whole cells that say that nothing is known
UNKNOWN = frozenset({"n/a", "na", "n.a.", "#n/a", "nan", "none", "null", "nil", "unknown", "not available", "not applicable"})
SHOWN = 4  # of them in a note
FOR_VARIANTS = ("precision", "variants_by", "distinct", "block")  # options that have no meaning for themes


def columns_of(rows: Rows, options: GroupOptions) -> list[str]:
    """The columns that are compared one by one; none where the texts are compared whole."""
    columns = list(dict.fromkeys(rows.text_columns))
    return columns if options.variants_by == "columns" and len(columns) > 1 else []


def is_asked(rows: Rows, options: GroupOptions) -> bool:
    """Whether anything but their texts counts for variants."""
    return bool(columns_of(rows, options) or options.distinct or options.block)


def check_asked(rows: Rows, options: GroupOptions) -> None:
    """Refuse columns of sources and blocks that are not there, before anything is encoded."""
    for column in (options.distinct, options.block):
        if column is not None:
            check_column(rows.table, column, rows.source)


def of_rows(rows: Rows, columns: Sequence[str], *, distinct: str | None = None, block: str | None = None) -> Records:
    """Cells, sources and blocks of each row; a cell that says that nothing is known is empty.

    Parameters
    ----------
    rows : Rows, of n rows
    columns : sequence of str
        Those that are compared one by one.
    distinct, block : str, optional
        The columns of sources and blocks.
    """
    read = {name: _cells(rows.table[name]) for name in {*columns, distinct, block} - {None}}
    cells = zip(*([_known(cell) for cell in read[name]] for name in columns), strict=True)
    return Records(
        cells=list(cells),
        sources=[frozenset({cell} - {""}) for cell in read[distinct]] if distinct else (),
        blocks=read[block] if block else (),
    )


def _cells(column: pa.ChunkedArray) -> list[str]:
    return [(cell or "").strip() for cell in column.cast(pa.string()).to_pylist()]


def _known(cell: str) -> str:
    return "" if cell.casefold() in UNKNOWN else cell


def identities(keys: Sequence[str], records: Records) -> list[tuple[Any, ...]]:
    """What each item, or each row, is known again by: its text, with its cells and its block where these count."""
    return list(zip(keys, *(part for part in (records.cells, records.blocks) if part), strict=True))


def by_records(items: Items, options: GroupOptions) -> Items:
    """The items of variants: one for each text of other cells or of another block, with what is known of them beside their texts.

    A record all of whose cells are empty is none.
    """
    if not is_asked(items.rows, options):
        return items
    rows = of_rows(items.rows, columns_of(items.rows, options), distinct=options.distinct, block=options.block)
    texts = [items.names[place] if place >= 0 else "" for place in items.place.tolist()]
    number: dict[tuple[Any, ...], int] = {}
    place = np.full(len(texts), -1, np.int64)
    for row, identity in enumerate(identities(texts, rows)):
        if texts[row] and (not rows.cells or any(rows.cells[row])):
            place[row] = number.setdefault(identity, len(number))
    if not number:
        raise InputError(f"{items.rows.source} holds no text: every cell says that nothing is known.", hint="choose other columns.")
    spoken = np.flatnonzero(place >= 0)
    first = spoken[np.unique(place[spoken], return_index=True)[1]].tolist()
    sources = [frozenset[str]()] * len(first)
    for row in spoken.tolist() if rows.sources else ():
        sources[place[row]] |= rows.sources[row]
    names = [texts[row] for row in first]
    records = Records(
        cells=[rows.cells[row] for row in first] if rows.cells else (),
        sources=sources if rows.sources else (),
        blocks=[rows.blocks[row] for row in first] if rows.blocks else (),
    )
    return replace(items, names=names, keys=names, inputs=names, letters=names, place=place, records=records)


def recorded(rows: Rows, options: GroupOptions, own_words: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What run.json keeps, so that new rows are compared alike."""
    asked = {
        "vocabulary": own_words,
        "variants_by": "columns" if columns_of(rows, options) else "",
        "distinct": options.distinct,
        "block": options.block,
    }
    return {name: value for name, value in asked.items() if value}


def unused(options: GroupOptions, own_words: Sequence[Mapping[str, str]]) -> list[str]:
    """That options of variants were not used, where some were given and themes were made."""
    said = ["the vocabulary was not used: it is for variants (--kind variants, kind='variants')"] if own_words else []
    given = [name for name in FOR_VARIANTS if getattr(options, name) not in (None, "text")]
    if not given:
        return said
    words = ", ".join(f"--{name.replace('_', '-')}" for name in given)
    were, are = ("was", "it is") if len(given) == 1 else ("were", "they are")
    return [*said, f"{words} {were} not used: {are} for variants (--kind variants, kind='variants')"]


def said_of(items: Items, options: GroupOptions) -> list[str]:
    """How the columns of variants were compared, and what was not known of their rows."""
    rows, columns = items.rows, list(dict.fromkeys(items.rows.text_columns))
    said = []
    if len(columns) > 1 and options.variants_by == "text":
        said.append(
            f"the columns {', '.join(columns)} were glued to one text; --variants-by columns (variants_by='columns') compares them one by one"
        )
    elif options.variants_by == "columns" and len(columns) == 1:
        said.append("there is one column of text alone, so --variants-by columns (variants_by='columns') changes nothing")
    if not is_asked(rows, options):
        return said
    known = of_rows(rows, columns_of(rows, options), distinct=options.distinct, block=options.block)
    return [*said, *_said_of_cells(rows, columns, known), *_said_of_sources(items, options, known), *_said_of_blocks(options, known)]


def _said_of_cells(rows: Rows, columns: list[str], known: Records) -> list[str]:
    if not known.cells:
        return []
    empty = sum(not cell for record in known.cells for cell in record)
    said = [
        f"compared column by column ({', '.join(columns)}; the first says what a thing is called): "
        f"{empty:,} of {len(rows) * len(columns):,} cells are empty and speak neither for nor against"
    ]
    unknown = Counter(cell for name in columns for cell in _cells(rows.table[name]) if cell and not _known(cell))
    if unknown:
        shown = ", ".join(f"{cell!r}" for cell, _ in unknown.most_common(SHOWN)) + (", …" if len(unknown) > SHOWN else "")
        many = f"{unknown.total():,} cell{'s say' if unknown.total() > 1 else ' says'}"
        said.append(f"{many} that nothing is known ({shown}); they count as empty, and --variants-by text reads them as words")
    return said


def _said_of_sources(items: Items, options: GroupOptions, known: Records) -> list[str]:
    if not options.distinct:
        return []
    none = sum(not source for source in known.sources)
    times = Counter((place, source) for place, of in zip(items.place.tolist(), known.sources, strict=True) if place >= 0 for source in of)
    twice = len({place for (place, _), count in times.items() if count > 1})
    said = []
    if none:
        many = f"{none:,} row{'s have' if none > 1 else ' has'}"
        said.append(f"{many} no {options.distinct!r} (--distinct) and may be one thing with any other")
    if twice:
        many = f"{twice:,} text{'s stand' if twice > 1 else ' stands'}"
        said.append(f"{many} more than once with one {options.distinct!r} (--distinct): such texts are one thing each")
    return said


def _said_of_blocks(options: GroupOptions, known: Records) -> list[str]:
    none = sum(not block for block in known.blocks)
    if not none:
        return []
    return [f"{none:,} row{'s have' if none > 1 else ' has'} no {options.block!r} (--block) and were compared with one another only"]


def of_new(rows: Rows, run: GroupRun, *, named: bool) -> Records:
    """Cells and blocks of rows that are to be matched with the variants of an earlier run.

    Parameters
    ----------
    rows : Rows
    run : GroupRun
    named : bool
        The columns of text were given, so they stand for those of the run, one by one.

    Raises
    ------
    InputError
        A column that the variants were compared by is missing, or as many are not given.
    """
    if run.block:
        if run.block not in rows.table.column_names:
            raise InputError(
                f"{rows.source} has no column {run.block!r}, and only rows of one {run.block!r} were compared.",
                hint=f"add the column; it has: {listed(rows.table)}.",
            )
        check_column(rows.table, run.block, rows.source)
    if not run.variants_by:
        return of_rows(rows, [], block=run.block) if run.block else NO_RECORDS
    wanted, columns = (list(dict.fromkeys(of)) for of in (run.text_columns, rows.text_columns))
    if not named:
        for column in wanted:
            check_column(rows.table, column, rows.source)
    if len(columns) != len(wanted):
        raise InputError(
            f"these groups compare {len(wanted)} columns ({', '.join(wanted)}), and {len(columns)} of {rows.source} were named.",
            hint=f"name as many with {setting('text')}, in the same order.",
        )
    return of_rows(rows, columns, block=run.block or None)
