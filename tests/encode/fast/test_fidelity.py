"""The fast path is taken only where it keeps the neighbours."""

from __future__ import annotations

import numpy as np

from matomari.encode.fast import fidelity as gate


def test_the_gate_takes_what_keeps_the_neighbours() -> None:
    exact = np.random.default_rng(0).normal(size=(600, 16)).astype(np.float32)
    texts = [str(i) for i in range(600)]
    noise = np.random.default_rng(1).normal(size=(600, 16)).astype(np.float32)

    class Path_:
        def __init__(self, key: str, amount: float) -> None:
            self.key, self.amount = key, amount

        def vectors(self, rows: list[str], batch_size: int) -> np.ndarray:
            at = [int(row) for row in rows]
            return exact[at] + self.amount * noise[at]

    def chosen(int8: float, plain: float, forced: bool = False) -> tuple[str, str]:
        made = {True: Path_("int8", int8), False: Path_("plain", plain)}
        path, said = gate.choose(texts, Path_("float32", 0), made.__getitem__, lambda b, t: b.vectors(t, 1), forced)
        return path.key, said

    assert chosen(0.001, 0)[0] == "int8"
    assert chosen(0.5, 1e-7)[0] == "plain"
    assert chosen(0.5, 0.1)[0] == "float32"
    assert chosen(0.5, 0.1, forced=True)[0] == "int8"
    assert "of your rows" in chosen(0.5, 0)[1]
