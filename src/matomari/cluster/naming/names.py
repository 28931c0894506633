"""Names of groups, made of their keywords or of what nearly all their rows say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Namer = Callable[[list[str], list[str]], str]  # keywords and central texts of a group -> its name
NAME_PHRASES = 2
BRIEF = 3  # words: a name of no more has room for a third phrase, which readers preferred
LONGEST_NAME = 60  # characters
NO_WORDS = "(no words)"


def names(
    keywords: Sequence[Sequence[str]],
    examples: Sequence[str],
    *,
    usual: Sequence[str | None] | None = None,
    parents: Sequence[str | None] | None = None,
) -> list[str]:
    """A short name for each group, unlike every other's and unlike its parent's.

    Parameters
    ----------
    keywords : k lists of str
        Best first. The name is the first two, with a third where these are brief, or later ones where the name is taken.
    examples : k str
        The most central text of each group, which names a group without keywords.
    usual : k str, optional
        What most rows of a group say word for word, such as "n/a": then that is its name.
    parents : k str, optional
        The name of the coarser group of each.

    Examples
    --------
    >>> names([["card", "lost"], ["card", "lost", "stolen"], ["lost my card", "stolen", "bank"], []], ["a", "b", "c", "!!"])
    ['card, lost', 'card, lost, stolen', 'lost my card, stolen', '!!']
    >>> names([["top up"]], ["a"], usual=["n/a"]), names([["top up", "failed"]], ["a"], parents=["top up, failed"])
    (['n/a'], ['top up'])
    """
    taken: set[str] = set()
    made = []
    for group, (phrases, example) in enumerate(zip(keywords, examples, strict=True)):
        said = usual[group] if usual else None
        forbidden = taken | ({parents[group] or ""} if parents and not said else set())
        choices = [shortened(said)] if said else [*_joined(phrases), shortened(example)]
        name = next((choice for choice in choices if choice and choice not in forbidden), None) or _numbered(choices, forbidden)
        taken.add(name)
        made.append(name)
    return made


def _joined(phrases: Sequence[str]) -> list[str]:
    """Names that the keywords allow, the best first."""
    brief = sum(len(phrase.split()) for phrase in phrases[:NAME_PHRASES]) <= BRIEF
    pairs = [", ".join(phrases[: NAME_PHRASES + brief]), ", ".join(phrases[:NAME_PHRASES])]
    pairs += [f"{phrases[0]}, {other}" for other in phrases[NAME_PHRASES:]]
    return [*pairs, *phrases] if phrases else []


def _numbered(choices: Sequence[str], forbidden: set[str]) -> str:
    base = next((choice for choice in choices if choice), NO_WORDS)
    name, number = base, 1
    while name in forbidden:
        number += 1
        name = f"{base} ({number})"
    return name


def shortened(text: str) -> str:
    """The beginning of a text, on one line, in at most sixty characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else line[: LONGEST_NAME - 1].rstrip() + "…"
