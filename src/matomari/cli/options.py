"""What the verbs of the command line have in common to be told."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """What the groups are for."""

    auto = "auto"
    themes = "themes"
    variants = "variants"


class Method(StrEnum):
    """How themes are made."""

    louvain = "louvain"
    soft = "soft"


class Fast(StrEnum):
    """Whether the encoder may run as int8."""

    auto = "auto"
    on = "on"
    off = "off"


Input = Annotated[str, typer.Argument(help="csv, tsv, jsonl, json, txt, parquet or xlsx file; - for standard input; or a folder of images")]
Text = Annotated[list[str] | None, typer.Option("--text", help="column of text; give it again to join several")]
Image = Annotated[bool, typer.Option("--image", help="the input is a folder of images")]
Id = Annotated[str | None, typer.Option("--id", help="column of unique ids; rows are numbered without it")]
Json = Annotated[bool, typer.Option("--json", help="print the outcome as one JSON object on stdout")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="say nothing but errors")]
Cache = Annotated[Path | None, typer.Option("--cache", help="folder that keeps vectors between runs [default: the user's cache folder]")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="keep no vectors")]
Encoder = Annotated[
    str,
    typer.Option("--encoder", help="minilm, multilingual, a sentence-transformers name or a folder; of images: auto, pixels, efficientnet"),
]
AssignAll = Annotated[bool, typer.Option("--assign-all", help="leave no text without a group")]
Reported = Annotated[Path, typer.Argument(metavar="MODEL", help="folder that group, learn or audit wrote")]
Placer = Annotated[Path, typer.Argument(metavar="MODEL", help="folder that matomari group wrote, or matomari learn from labels")]
Scored = Annotated[str, typer.Argument(help="folder that matomari group wrote; with --retrieval or --sts an encoder: a name or a folder")]
Truth = Annotated[str | None, typer.Option("--truth", help="column of true groups: AMI, ARI, NMI, ACC, pairwise and B-cubed")]
Retrieval = Annotated[
    tuple[str, str, str] | None,
    typer.Option("--retrieval", metavar="CORPUS QUERIES QRELS", help="BEIR's corpus.jsonl, queries.jsonl and qrels .tsv"),
]
Sts = Annotated[str | None, typer.Option("--sts", metavar="FILE", help="STS-B file, or a table with sentence1, sentence2 and score")]
Deep = Annotated[bool, typer.Option("--deep", help="with --method soft: learn a code of the items first; takes minutes")]
HowMade = Annotated[
    Method, typer.Option("--method", help="louvain: communities of near neighbours; soft: prototypes with calibrated confidences")
]
WhatFor = Annotated[Kind, typer.Option("--kind", help="themes: topics; variants: spellings of one thing; auto chooses and says why")]
Lesson = Annotated[
    str,
    typer.Argument(
        metavar="LESSON",
        help="csv, tsv, jsonl, json, parquet or xlsx file of pairs, such as anchor and positive, of texts, or of texts with labels; - for standard "
        "input; with --image a folder with a folder of images for each class",
    ),
]
Columns = Annotated[
    tuple[str, str] | None,
    typer.Option("--columns", metavar="ANCHOR POSITIVE", help="columns of the pairs; found by their names when left out"),
]
Rounds = Annotated[
    int,
    typer.Option("--rounds", help="no pairs: learn from a column of texts alone, in at most so many rounds of group, learn, group again"),
]
Judges = Annotated[
    Path | None,
    typer.Option("--pairs", help="with --rounds: pairs that judge every round and that nothing is learnt from (--columns names theirs)"),
]
Mixing = Annotated[
    str,
    typer.Option(
        "--mixing", metavar="SHARE", help="of the rows, drawn at random instead of from a cluster; 0.5,0.2,0 for one epoch after the other"
    ),
]
Refresh = Annotated[
    int, typer.Option("--refresh", help="epochs after which the clusters are made again from the model's own vectors; 0 never")
]
Start = Annotated[
    str,
    typer.Option(
        "--encoder", help="what to start from: minilm, a sentence-transformers name or a folder; of images: auto, pixels, efficientnet"
    ),
]
Correct = Annotated[
    bool,
    typer.Option(
        "--correct",
        help="with --label or --image: latent cluster correction without hardly believed labels, kept only where held-out rows do not suffer",
    ),
]
Label = Annotated[str | None, typer.Option("--label", help="column of labels; with --image the label is the top folder")]
By = Annotated[list[str] | None, typer.Option("--by", help="column for whose values rates are compared; give it again for more")]
Gold = Annotated[
    Path | None, typer.Option("--gold", help="corrected labels: a JSON or JSON_MIN export of Label Studio, or a table with id and label")
]
