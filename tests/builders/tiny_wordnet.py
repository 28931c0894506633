"""A WordNet of a dozen words in the files that the real one has, so that its reader can be tested without it."""

from __future__ import annotations

from pathlib import Path

# name: words, lexicographer's file, hypernyms, antonyms as (own word's number, other synset, its word's number), gloss
NOUNS: dict[str, tuple[str, int, list[str], str]] = {
    "entity": ("entity", 3, [], "that which is"),
    "animal": ("animal beast", 5, ["entity"], "a living thing that moves"),
    "dog": ("dog domestic_dog", 5, ["animal"], "a barking animal"),
    "cat": ("cat", 5, ["animal"], "a purring animal"),
    "puppy": ("puppy", 5, ["dog"], "a young dog"),
    "chap": ("dog chap", 18, ["entity"], "a fellow"),
    "goose": ("goose", 5, ["animal"], "a loud bird"),
    "hot dog": ("hot_dog", 13, ["entity"], "a sausage in a roll"),
}
VERBS: dict[str, tuple[str, int, list[str], str]] = {
    "move": ("move", 38, [], "change place"),
    "rise": ("rise", 38, ["move"], "move upward"),
    "fall": ("fall", 38, ["move"], "move downward"),
    "dog": ("dog chase", 38, ["move"], "go after"),
}
OPPOSITES = {"rise": "fall", "fall": "rise"}


def _data(synsets: dict[str, tuple[str, int, list[str], str]], letter: str, places: dict[str, int]) -> str:
    lines = ["  1 A licence stands here, and it begins with spaces.\n"]
    at = len(lines[0])
    for name, (words, lexfile, hypernyms, gloss) in synsets.items():
        pointers = [f"@ {places.get(up, 0):08d} {letter} 0000" for up in hypernyms]
        pointers += [f"~ {places.get(down, 0):08d} {letter} 0000" for down, entry in synsets.items() if name in entry[2]]
        pointers += [f"! {places.get(OPPOSITES[name], 0):08d} {letter} 0101"] if name in OPPOSITES and letter == "v" else []
        written = " ".join(f"{word} 0" for word in words.split())
        lines.append(
            f"{at:08d} {lexfile:02d} {letter} {len(words.split()):02x} {written} {len(pointers):03d} {' '.join(pointers)} | {gloss}\n"
        )
        places[name] = at
        at += len(lines[-1])
    return "".join(lines)


def _index(synsets: dict[str, tuple[str, int, list[str], str]], letter: str, places: dict[str, int]) -> str:
    senses: dict[str, list[int]] = {}
    for name, (words, *_) in synsets.items():
        for word in words.split():
            senses.setdefault(word, []).append(places[name])
    rows = [f"{w} {letter} {len(p)} 1 @ {len(p)} 0 {' '.join(f'{o:08d}' for o in p)}  \n" for w, p in sorted(senses.items())]
    return "  1 A licence.\n" + "".join(rows)


def tiny_wordnet(folder: Path) -> Path:
    """The files, in a folder that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, letter, synsets in (("noun", "n", NOUNS), ("verb", "v", VERBS), ("adj", "a", {}), ("adv", "r", {})):
        places: dict[str, int] = {}
        _data(synsets, letter, places)  # the places are known after a first time
        (folder / f"data.{name}").write_text(_data(synsets, letter, places), encoding="utf-8")
        (folder / f"index.{name}").write_text(_index(synsets, letter, places), encoding="utf-8")
    (folder / "noun.exc").write_text("geese goose\n", encoding="utf-8")
    (folder / "verb.exc").write_text("fell fall\nrose rise\n", encoding="utf-8")
    (folder / "cntlist.rev").write_text("dog%1:05:00:: 1 40\ndog%2:38:00:: 1 2\nrise%2:38:00:: 1 9\n", encoding="utf-8")
    return folder
