"""The verb `score`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import InputError
from ..operate.options import ScoreOptions
from .options import Talk
from .terminal import print_json, print_line

Scored = Annotated[str, typer.Argument(metavar="FOLDER", help="folder that group wrote, or an encoder", show_default=False)]
Retrieval = Annotated[
    tuple[str, str, str] | None,
    typer.Option("--retrieval", metavar="CORPUS QUERIES QRELS", help="score an encoder on judged documents: BEIR"),
]


def score(model: Scored, *, retrieval: Retrieval = None, options: ScoreOptions, talk: Talk) -> None:
    """Compare groups, or an encoder, with the truth."""
    if sum(given is not None for given in (options.truth, retrieval, options.sts)) != 1:
        hint = "--truth COLUMN scores groups; --retrieval CORPUS QUERIES QRELS and --sts FILE score an encoder."
        raise InputError("score needs exactly one of --truth, --retrieval and --sts.", hint=hint)
    figures: dict[str, int | float]
    if options.truth is not None:
        from ..operate.group.grouping import Grouping
        from ..operate.score.grouping import score as run

        figures = run(Grouping.load(model), options.truth)
    else:
        from ..encode.text import load_encoder
        from ..operate.score.encoder import retrieval_scores, similarity_scores

        encoder = load_encoder(model, fast="off", cache=options.cache)  # the model is scored, not its int8 copy
        figures = retrieval_scores(encoder, *retrieval) if retrieval else similarity_scores(encoder, str(options.sts))
    if talk.as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        print_line(f"{name}\t{value:,}" if isinstance(value, int) else f"{name}\t{value:.4f}")
