"""learn on the command line: JSON, faults, and a run that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from builders.cli import call
from builders.learning import files, is_a_stock_model, pair_rows, write


def test_the_verb_prints_json_and_talks_on_stderr(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "learn",
        "pairs",
        str(pairs),
        "-o",
        str(tmp_path / "o"),
        "--encoder",
        str(start),
        "--columns",
        "positive",
        "anchor",
        "--no-cache",
    ]
    more = ["--batch-size", "16", "--learning-rate", "0.05", "--steps", "9", "--seed", "3", "--piece", "2", "--mixing", "0.5", "--json"]
    assert call(*words, *more, monkeypatch=monkeypatch) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    run = json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))
    assert told["steps"] == 9
    assert told["probe"] == run["probe"]
    assert told["out"] == str(tmp_path / "o")
    assert (run["settings"]["mixing"], run["settings"]["seed"], run["settings"]["steps"]) == (0.5, 3, 9)
    assert "step 9 of 9, loss" in err
    assert told["outcome"] in err
    assert "'train_runtime'" not in err + out
    assert call(*words, *more[:-1], "--quiet", monkeypatch=monkeypatch) == 0
    assert capsys.readouterr() == ("", "")


def test_a_curriculum_and_new_clusters_are_told_of(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "learn",
        "pairs",
        str(pairs),
        "-o",
        str(tmp_path / "o"),
        "--encoder",
        str(start),
        "--no-cache",
        "--batch-size",
        "16",
        "--epochs",
        "3",
    ]
    assert call(*words, "--learning-rate", "0.05", "--piece", "2", "--mixing", "0.5,0.2,0", "--refresh", "1", monkeypatch=monkeypatch) == 0
    run = json.loads((tmp_path / "o" / "run.json").read_text(encoding="utf-8"))
    assert (run["settings"]["mixing"], run["settings"]["refresh"]) == ([0.5, 0.2, 0.0], 1)
    assert [one["epoch"] for one in run["refreshes"]] == [1, 2]
    assert all(0 <= one["moved"] < 1 for one in run["refreshes"])  # clusters of two or three rows hold on to them
    assert "the clusters were made again from the model's own vectors 2 times" in " ".join(run["notes"])
    assert "epoch 1: clusters refreshed in" in capsys.readouterr().err
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "0.5, then 0.2, then 0" in page


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ([{"anchor": "a", "positive": ""}] * 3, [], "row 1 (column 'positive' is empty)"),
        ([{"colour": "red", "size": "9", "shape": "round"}], [], "colour"),
        (pair_rows(), ["--columns", "anchor", "positve"], "positve"),
        (pair_rows(), ["--encoder", "multilingual"], "'multilingual' cannot be trained"),
        (pair_rows(20), [], "do not fill one batch of 64"),
        (pair_rows(), ["--report-to", "nowhere"], "nowhere"),
        (pair_rows(), ["--mixing", "half"], "--mixing takes shares between 0 and 1, got 'half'"),
        (pair_rows(), ["--mixing", "0.5,1.2"], "'mixing' parameter of Recipe must be a float in the range [0, 1]"),
        (pair_rows(), ["--refresh", "-1"], "'refresh' parameter of learn_pairs"),
    ],
)
def test_faults_have_a_sentence_a_hint_and_a_code(
    rows: list[Any], more: list[str], said: str, start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    source = write(tmp_path / "p.jsonl", rows)
    words = ["learn", "pairs", str(source), "-o", str(tmp_path / "o"), "--encoder", str(start), "--no-cache", *more]
    assert call(*words, monkeypatch=monkeypatch) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "\nhint: " in err
    assert "Traceback" not in err
    assert not (tmp_path / "o").exists()


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nouns = ["bolt", "nut", "screw", "washer", "hose", "valve", "pump", "gear", "belt", "spring", "fuse", "switch"]
    colours = ["red", "blue", "black", "long", "small"]
    rows = [{"anchor": f"a {c} {n}", "positive": f"the {n}, which is {c}, is kept in store {i}"} for i, (n, c) in
            enumerate((n, c) for n in nouns for c in colours)]  # fmt: skip
    return write(tmp_path_factory.mktemp("sixty") / "pairs.jsonl", rows)


def command(source: Path, out: Path, cache: Path) -> list[str]:
    fast = ["--batch-size", "8", "--epochs", "3", "--every", "4", "--learning-rate", "5e-5"]  # steps enough after the second kill
    return [sys.executable, "-m", "matomari", "learn", "pairs", str(source), "-o", str(out), *fast, "--cache", str(cache)]


@pytest.mark.long
def test_killed_and_run_again_minilm_ends_with_the_same_weights(sixty: Path, tmp_path: Path) -> None:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command(sixty, tmp_path / "whole", tmp_path / "c1"), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout == "" and "it/s" not in done.stderr, done.stderr
    words, left = command(sixty, tmp_path / "again", tmp_path / "c2"), tmp_path / ".again.training"
    for number, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 143)):
        child = subprocess.Popen(words, env=env, stderr=subprocess.PIPE, text=True)
        known = set(left.glob("checkpoint-*/manifest.json"))
        while child.poll() is None and not set(left.glob("checkpoint-*/manifest.json")) - known:
            time.sleep(0.02)
        child.send_signal(number)
        said = child.communicate()[1].split("Exception ignored in")[0]  # a destructor of datasets may be interrupted at the very end
        assert "Traceback" not in said
        assert child.returncode == code
        assert not (tmp_path / "again").exists()
    subprocess.run(words, env=env, check=True, capture_output=True)
    found, wanted = files(tmp_path / "again" / "CURRENT"), files(tmp_path / "whole" / "CURRENT")
    assert found["model.safetensors"] == wanted["model.safetensors"]
    assert not left.exists()
    is_a_stock_model(tmp_path / "again")
