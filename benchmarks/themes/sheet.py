"""A sheet for blind readers: which of two names tells better what a group is about?

`sheet.py write FOLDER` names fifty true groups of Banking77 test and CLINC150 test by matomari and by KeyBERT (which has to be installed:
phrases of one to three words, MMR, the best two), and writes sheet.txt with six texts and two names of each, in random order, and key.json.
`sheet.py count FOLDER ANSWERS …` counts the answers of readers, lines such as "12 A", by the key.
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.data.files import encoder
from themes.names import ours, sets

GROUPS, TEXTS = 25, 6  # groups of each set, texts of each group


def keybert(texts: list[str]) -> str:
    """Two phrases of a group by KeyBERT, on the encoder that names ours."""
    from keybert import KeyBERT

    found = KeyBERT(model=encoder("off").model).extract_keywords(
        " . ".join(texts), keyphrase_ngram_range=(1, 3), stop_words="english", top_n=2, use_mmr=True, diversity=0.5
    )
    return ", ".join(phrase for phrase, _ in found)


def write(folder: Path) -> None:
    """The sheet and its key."""
    rng, lines, key = random.Random(0), [], {}
    for texts, groups, labels in sets().values():
        names = ours(texts, groups, len(labels))
        for group in rng.sample(range(len(labels)), GROUPS):
            own = [text for text, of in zip(texts, groups, strict=True) if of == group]
            pair = [("ours", names[group]), ("KeyBERT", keybert(own))]
            rng.shuffle(pair)
            number = str(len(key) + 1)
            key[number] = "AB"[[who for who, _ in pair].index("ours")]
            shown = [f"- {text}" for text in rng.sample(own, TEXTS)]
            lines.append("\n".join([f"## {number}", *shown, *(f"{letter}: {name}" for letter, (_, name) in zip("AB", pair, strict=True))]))
    rng.shuffle(lines)
    (folder / "sheet.txt").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    (folder / "key.json").write_text(json.dumps(key), encoding="utf-8")


def count(folder: Path, answers: list[str]) -> None:
    """How often each reader preferred ours."""
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    for name in answers:
        given = dict(re.findall(r"^(\d+)\s+([AB])", Path(name).read_text(encoding="utf-8"), re.MULTILINE))
        print(name, sum(given.get(number) == letter for number, letter in key.items()), "of", len(key))


if __name__ == "__main__":
    verb, where, *rest = sys.argv[1:]
    if verb == "write":
        write(Path(where))
    else:
        count(Path(where), rest)
