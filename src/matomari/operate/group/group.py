"""The main job: texts or images in, named groups out. read → encode → cluster → name → place on a map."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...cluster.naming.names import Namer
from ...cluster.naming.stop_words import read_stop_words
from ...cluster.variants.reading.vocabulary import built_in, read_words
from ...errors import InputError
from ...logs import log
from ...protocols import EncoderLike
from ..items import EncodedItems, Items, medium_of
from ..options import Fast, GroupOptions, Kind, Method, VariantsBy
from ..provenance import origin_of
from ..records import by_records, check_asked, recorded, said_of, unused
from .assemble import Draft
from .grouping import Grouping
from .kinds import Made, grouped


def group(
    source: Any,
    *,
    text: str | Sequence[str] | None = None,
    id: str | None = None,
    image: bool = False,
    kind: Kind = "auto",
    method: Method = "louvain",
    deep: bool = False,
    groups: int | None = None,
    assign_all: bool = False,
    stop_words: str | Path | Collection[str] | None = None,
    vocabulary: str | Path | Mapping[str, str] | None = None,
    precision: float | None = None,
    variants_by: VariantsBy = "text",
    distinct: str | None = None,
    block: str | None = None,
    namer: Namer | None = None,
    keep_boilerplate: bool = False,
    encoder: EncoderLike = "minilm",
    fast: Fast = "auto",
    cache: str | Path | None = None,
    seed: int = 0,
) -> Grouping:
    """Group texts or images, with no decision to make.

    Parameters
    ----------
    source : path, "-" or texts in memory
        A csv, tsv, jsonl, json, txt, parquet or xlsx file; standard input; a list, Series, Arrow column, data frame, `datasets` column.
    text : str or list of str, optional
        Column or columns of text; chosen, and said, when left out.
    id : str, optional
        Column of unique ids; rows are numbered when left out.
    image : bool
        The source is a folder of images, or a list of image files; they make themes.
    kind : {"auto", "themes", "variants"}
        Topics, or spellings of single things; chosen from the texts, with the reason said, by default.
    method : {"louvain", "soft"}
        How themes are made: communities of near neighbours, or prototypes with calibrated confidences and a runner-up for all.
    deep : bool
        With "soft": learn a code of the items together with the prototypes first, which takes minutes.
    groups : int, optional
        How many; found by a documented rule when left out.
    assign_all : bool
        Leave no text without a group (a row without any text has none all the same).
    stop_words : path or collection of str, optional
        More words that no keyword begins or ends with: a file of words, or the words.
    vocabulary : path or mapping, optional
        For variants, what you write for one thing: a csv file with the columns written, meaning and set, or a mapping of the first two.
    precision : float, optional
        For variants, the share of the pairs put together that shall be right, as far as their probabilities are.
    variants_by : {"text", "columns"}
        Compare several columns of text as one, or column by column: then an empty cell speaks neither for nor against, and the first column
        says what a thing is called.
    distinct : str, optional
        For variants, a column of sources each of which lists a thing once: rows with one value there are never one thing.
    block : str, optional
        For variants, a column whose values are kept apart: rows with two values there are never compared, nor in one group.
    namer : callable, optional
        Names a group: called with its keywords and its most central texts, it returns the name.
    keep_boilerplate : bool
        Compare the texts as they are: HTML, quoted mails, shared lines, beginnings and ends, dates and identifiers count, too.
    encoder : str, path or SentenceTransformer
        What turns texts into vectors; for images "pixels", "efficientnet" or "auto", which looks at their size.
    fast : {"auto", "on", "off"}
        Whether the encoder may run as int8 on the CPU.
    cache : path, optional
        Folder that keeps vectors, so that a rerun encodes nothing.
    seed : int
        Same texts, same settings, same seed: same groups.

    Raises
    ------
    InputError
        The source cannot be read, a column is missing, a parameter is out of range.

    Examples
    --------
    >>> import matomari
    >>> cards = matomari.group(["lost card", "my card is lost", "card was stolen", "top up failed", "my top-up failed"], groups=2)
    >>> cards.groups["size"].to_pylist()
    [3, 2]
    """
    options = GroupOptions(
        text=text, id=id, image=image, kind=kind, method=method, deep=deep, groups=groups, assign_all=assign_all,
        stop_words=stop_words, vocabulary=vocabulary, precision=precision, variants_by=variants_by, distinct=distinct, block=block, namer=namer,
        keep_boilerplate=keep_boilerplate, encoder=encoder, fast=fast, cache=cache, seed=seed,
    )  # fmt: skip
    more_words, own_words = read_stop_words(stop_words), read_words(vocabulary)  # at once, because a mistake should cost no minutes
    log.info("reading")
    items = _read(source, options)
    made = grouped(items, encoder, options, built_in().extended(own_words))
    encoded, clustering = made.items, made.clustering
    log.info("%s groups: %s", f"{clustering.k:,}", clustering.reason)
    settings = {
        **origin_of(items.rows),
        "id_column": id,
        "distinct_texts": len(items),
        "kind": made.kind,
        "kind_reason": made.why,
        "method": method if made.kind == "themes" else "linkage",
        "deep": made.deep.code.facts() if made.deep else None,
        "groups_reason": clustering.reason,
        "groups_asked": groups,
        "assign_all": assign_all,
        **({"boilerplate": encoded.boilerplate.record()} if encoded.boilerplate else {}),
        **(recorded(items.rows, options, own_words) if made.kind == "variants" else {}),
        "image": image,
        **_encoder_of(encoded),
        "fast": fast,
        "seed": seed,
        "options": options.record(),
    }
    log.info("naming and drawing")
    draft = Draft(
        items=encoded, clustering=clustering, kind=made.kind, seed=seed, merges=made.merges, soft=made.soft, deep=made.deep,
        stop_words=more_words, namer=namer,
    )  # fmt: skip
    return draft.finish(settings, _notes(made, options, own_words))


def _encoder_of(items: EncodedItems) -> dict[str, str]:
    return {"encoder": items.encoder_name, "encoder_fingerprint": items.encoder.fingerprint}


def _notes(made: Made, options: GroupOptions, own_words: Sequence[Mapping[str, str]]) -> list[str]:
    """What was read, taken off, guessed and doubted, in this order."""
    encoded = made.items
    taken_off = encoded.boilerplate.note(encoded.names, encoded.inputs) if encoded.boilerplate else ""
    said = [f"{taken_off}; --keep-boilerplate (keep_boilerplate=True) compares the texts as they are"] if taken_off else []
    beside = said_of(encoded, options) if made.kind == "variants" else unused(options, own_words)
    return [
        *encoded.rows.notes,
        *said,
        *beside,
        *encoded.notes,
        *(made.deep.notes if made.deep else []),
        *made.notes,
        *made.clustering.notes,
    ]


def _read(source: Any, options: GroupOptions) -> Items:
    items = medium_of(options.image).read(source, text=options.text, id=options.id)
    check_asked(items.rows, options)
    if options.groups is not None:
        count = len(by_records(items, options) if options.kind == "variants" else items)
        if options.groups > count:
            raise InputError(f"{options.groups} groups were asked of {count} distinct {items.medium.plural}.", hint="ask for fewer.")
    return items
