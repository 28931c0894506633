"""The tables of speed and memory: encoding, k-means, placing new texts, from file to folder."""

from __future__ import annotations

from collections.abc import Iterator

from harness.results import read
from harness.table import Figures, extent, goals, grid, met, section, spread


@section("Encoding", "encode")
def encode(figures: Figures) -> Iterator[str]:
    """Texts a second, and what the fast path costs in fidelity."""
    ratio, sts, stock, ours = (figures[key] for key in ("ratio", "sts_b_test_spearman", "stock_texts_per_second", "ours_texts_per_second"))
    rates = f"{stock['median']:,.0f}, {figures['onnx_float32_texts_per_second']:,.0f}, {ours['median']:,.0f}"
    times, overlap = extent((ratio["min"], ratio["max"]), ratio["median"]), figures["top10_overlap"]
    yield f": {figures['texts']:,} Banking77 texts, MiniLM, {figures['machine']['threads']} threads"
    yield goals(
        [
            ("texts a second, ours / SentenceTransformer.encode at its defaults", times, "≥ 3", ratio["median"] >= 3),
            ("texts a second (stock, float32 ONNX, ours)", rates, "", None),
            (
                "STS-B test Spearman, stock and ours",
                f"{sts['stock']:.2f}, {sts['ours']:.2f}",
                "within 0.5",
                sts["stock"] - sts["ours"] <= 0.5,
            ),
            ("top-10 neighbour overlap on the same texts", f"{overlap:.3f}", "≥ 0.92", overlap >= 0.92),
            ("making the graph ready, once a model", f"{figures['preparation_seconds']:.1f} s", "", None),
        ]
    )


@section("Spherical k-means", "kmeans")
def kmeans(figures: Figures) -> Iterator[str]:
    """Time and inertia beside faiss, and memory."""
    ratios, inertia, million = figures["time_ratio"]["values"], figures["inertia_ratio"]["mean"], figures["million_mapped"]
    middle = sorted(ratios)[len(ratios) // 2]
    memory = f"{million['peak_gb']:.2f} GB in {million['seconds']:.0f} s"
    yield ""
    yield goals(
        [
            ("time, ours / faiss, equal iterations and start", f"median {extent(ratios, middle)}", "≤ 1.1", middle <= 1.1),
            ("inertia, ours / faiss", f"{inertia:.4f}", "1", inertia <= 1.005),
            ("peak memory, 1 M × 384 mapped, k = 256", memory, "≤ 3 GB", million["peak_gb"] <= 3),
        ]
    )


@section("Placing new texts", "assign")
def assign(figures: Figures) -> Iterator[str]:
    """Vectors a second that find their group."""
    rows = []
    for name, row in figures.items():
        if name not in ("versions", "machine"):
            rate, same = row["vectors_per_second"], f"{row['as_exact_search']:.1%}"
            rows.append([name, f"{row['known_texts']:,}", str(row["groups"]), spread(rate, ",.0f"), met(rate["mean"] >= 20_000), same])
    yield ": vectors a second, beyond encoding (goal 20,000)"
    yield grid(["set", "known texts", "groups", "vectors a second", "", "placed as by exact search"], rows)


@section("From file to folder", "end_to_end")
def end_to_end(figures: Figures) -> Iterator[str]:
    """Time and memory of the whole process, ours and BERTopic's."""
    runs = {label: figures[label] for label in ("matomari", "matomari, again", "BERTopic")}
    yield f": {figures['rows']:,} short texts"
    yield grid(["", "time", "peak memory"], [[label, f"{r['seconds']:.0f} s", f"{r['peak_gb']:.2f} GB"] for label, r in runs.items()])
    yield (
        f"Goals: at most half of BERTopic's time: {figures['ratio']:.2f}, {met(figures['ratio'] <= 0.5)}; "
        f"peak at most 2 GB: {met(runs['matomari']['peak_gb'] <= 2)}; "
        f"again with cached vectors in at most 60 s: {met(runs['matomari, again']['seconds'] <= 60)}."
    )


def best_peer() -> list[str]:
    """The row of the README."""
    figures = read("end_to_end")
    if not figures:
        return []
    ours, theirs = (f"{figures[label]['seconds']:.0f} s" for label in ("matomari", "BERTopic"))
    return [f"{figures['rows']:,} texts, file to folder", ours, "", f"{theirs} (BERTopic, same encoder)"]
