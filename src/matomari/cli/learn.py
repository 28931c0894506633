"""The verbs `learn pairs`, `learn texts` and `learn labels`."""

from __future__ import annotations

from ..operate.options import LearnLabelsOptions, LearnPairsOptions, LearnTextsOptions
from .options import OutNeeded, Source, Table, Talk
from .terminal import print_run, say, say_notes

PAIRS = ("pairs", "training_pairs", "clusters", "steps", "probe", "outcome", "encoder", "seed", "fingerprint", "notes")
TEXTS = ("texts", "rounds", "groups", "outcome", "encoder", "seed", "fingerprint", "notes")
LABELS = (
    "rows",
    "labelled",
    "classes",
    "probe",
    "corrected",
    "left_out",
    "temperature",
    "outcome",
    "encoder",
    "seed",
    "fingerprint",
    "notes",
)


def pairs(source: Table, *, out: OutNeeded, options: LearnPairsOptions, talk: Talk) -> None:
    """Train an encoder on pairs of texts that belong together."""
    from ..operate.learn.pairs import learn_pairs

    trained = learn_pairs(source, out=out, **options.arguments())
    if talk.as_json:
        print_run(trained.run, PAIRS, out)
    elif not talk.quiet:
        say(f"open {out / 'report.html'} in a browser; matomari group … --encoder {out} groups with it")


def texts(source: Table, *, out: OutNeeded, options: LearnTextsOptions, talk: Talk) -> None:
    """Fit an encoder to texts alone; no round may do harm."""
    from ..operate.learn.texts import learn_texts

    trained = learn_texts(source, out=out, **options.arguments())
    if talk.as_json:
        print_run(trained.run, TEXTS, out)
    elif not talk.quiet:
        groups = trained.groups
        say(f"open {out / 'report.html'} in a browser; matomari group … --encoder {out} --groups {groups} groups with it")


def labels(source: Source, *, out: OutNeeded, options: LearnLabelsOptions, talk: Talk) -> None:
    """Make a calibrated classifier of rows with labels."""
    from ..operate.learn.labels import learn_labels

    classifier = learn_labels(source, out=out, **options.arguments())
    if talk.as_json:
        print_run(classifier.run, LABELS, out)
    elif not talk.quiet:
        say_notes(classifier.notes)
        new = classifier.medium.example
        say(f"open {out / 'report.html'} in a browser; matomari assign {out} {new} places new {classifier.medium.plural}")
