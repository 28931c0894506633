"""The command line: stdout is data, stderr is talk, and every fault has its sentence, its hint and its exit code (I3, D1)."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import matomari
from builders import EXAMPLE, nasty
from builders.cli import call

RUN = [sys.executable, "-m", "matomari.cli"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cli") / "parts"
    with pytest.MonkeyPatch.context() as patch:
        assert call("group", str(EXAMPLE), "--text", "name", "-o", str(out), "-q", "--no-cache", monkeypatch=patch) == 0
    return out


def test_group_talks_on_stderr_and_prints_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("group", str(EXAMPLE), "--text", "name", "-o", str(tmp_path / "o"), "--json", "--no-cache", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr()
    outcome = json.loads(said.out)
    assert outcome["rows"] == 391
    assert outcome["kind"] == "variants"
    assert outcome["out"] == str(tmp_path / "o")
    assert "encoding 391 distinct texts" in said.err


def test_without_a_folder_the_items_are_the_output(
    capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "t.txt").write_text("bolt M8\nBolt M-8\nnut M6\n", encoding="utf-8")
    assert call("group", str(tmp_path / "t.txt"), "-q", "--no-cache", monkeypatch=monkeypatch) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert [row["cluster"] for row in rows] == ["0", "0", "1"]


def test_assign_and_score(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "new.csv").write_text("sku,name\n1,tape measure 5m\n2,Flux capacitor\n", encoding="utf-8")
    for ending in ("csv", "jsonl", "parquet"):
        assert (
            call(
                "assign", str(folder), str(tmp_path / "new.csv"), "-o", str(tmp_path / f"n.{ending}"), "--no-cache", monkeypatch=monkeypatch
            )
            == 0
        )
    rows = list(csv.DictReader(io.StringIO((tmp_path / "n.csv").read_text(encoding="utf-8"))))
    assert [row["sku"] for row in rows] == ["1", "2"]
    assert rows[1]["cluster"] == "-1"
    assert rows[0]["cluster_name"]
    assert [json.loads(line)["cluster"] for line in (tmp_path / "n.jsonl").read_text().splitlines()] == [
        int(row["cluster"]) for row in rows
    ]
    capsys.readouterr()
    assert call("score", str(folder), "--truth", "item", "--json", monkeypatch=monkeypatch) == 0
    assert json.loads(capsys.readouterr().out)["pairwise_f1"] > 0.75
    assert call("score", str(folder), "--truth", "itm", monkeypatch=monkeypatch) == 2
    assert "did you mean 'item'?" in capsys.readouterr().err


FAULTS = [
    (["group", "no-such-file.csv"], 2, "no-such-file.csv"),
    (["group", str(EXAMPLE), "--text", "nmae"], 2, "did you mean 'name'?"),
    (["group", str(EXAMPLE), "--text", "name", "-o", str(EXAMPLE)], 2, "parts.csv"),
    (["group", str(EXAMPLE), "--kind", "topics"], 2, "topics"),
    (["group", str(EXAMPLE), "--groups", "0", "--text", "name"], 2, "'groups' parameter"),
    (["grup"], 2, "grup"),
    (["assign", "no-such-folder", str(EXAMPLE)], 2, "no-such-folder"),
    (["group", str(EXAMPLE), "--encoder", "no/../such"], 2, "such"),
]


@pytest.mark.parametrize(("words", "code", "said"), FAULTS)
def test_faults_have_a_sentence_a_hint_and_a_code(
    words: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*words, monkeypatch=monkeypatch) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "\nhint: " in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "name", sorted(nasty.CASES.keys() - {"10 M character cell"})
)  # its reading is tested; all else takes ten times 1 M
@pytest.mark.long
def test_nasty_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    path, out = nasty.CASES[name](tmp_path), tmp_path / "out"
    monkeypatch.setattr("matomari.operate.items.load_encoder", lambda *_, **__: Counting())  # the encoder has its own tests
    code = call("group", str(path), "-o", str(out), "-q", "--no-cache", monkeypatch=monkeypatch)
    err = capfd.readouterr().err
    assert code in (0, 2, 3)
    assert "Traceback" not in err
    assert "bug in matomari" not in err
    assert (out / "items.csv").exists() if code == 0 else not out.exists()
    assert code == 0 or re.search(r"(?m)^error: .+\nhint: .+", err)


class Counting:
    """Vectors by the hash of each text: any number of texts in no time."""

    name, dimension, fingerprint, notes = "counting", 16, "0" * 64, ()

    def encode(self, texts: list[str]) -> object:
        import hashlib

        import numpy as np

        return (
            np.asarray([np.frombuffer(hashlib.sha256(t.encode("utf-8", "replace")).digest()[:16], np.uint8) for t in texts], np.float32)
            - 127.5
        )


def test_version() -> None:
    said = {
        subprocess.run([*run, "--version"], capture_output=True, text=True, check=True).stdout
        for run in (RUN, [sys.executable, "-m", "matomari"])
    }
    assert said == {f"matomari {matomari.__version__}\n"}


def test_new_texts_are_never_overwritten(folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    new.write_text("name\nbolt M8\n", encoding="utf-8")
    done = subprocess.run([*RUN, "assign", str(folder), str(new), "-o", str(new)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is the file of the new texts itself" in done.stderr
    assert new.read_text(encoding="utf-8") == "name\nbolt M8\n"


def test_help_needs_no_torch() -> None:
    probe = "import sys; sys.argv = ['matomari', 'group', '--help']\nfrom matomari.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    heavy = "torch", "numpy", "pyarrow", "sklearn", "faiss"
    done = subprocess.run(
        [sys.executable, "-c", f"{probe}print([m for m in {heavy!r} if m in sys.modules])"], capture_output=True, text=True, check=True
    )
    assert "--groups" in done.stdout
    assert done.stdout.rstrip().endswith("[]")


def test_standard_input_is_a_source() -> None:
    done = subprocess.run(
        [*RUN, "group", "-", "--json", "-q", "--no-cache"], input="bolt M8\nBolt M-8\n", capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["groups"] == 1


@pytest.mark.long
def test_ctrl_c_and_a_kill_leave_nothing_half_done_and_a_rerun_goes_on(tmp_path: Path) -> None:
    texts = [
        f"order {i} of {w} is late because the {v} broke" for i, w in enumerate(["soap", "rope", "lamps", "tiles"] * 600) for v in ("van",)
    ]
    (tmp_path / "t.txt").write_text("\n".join(texts), encoding="utf-8")
    words = [
        *RUN,
        "group",
        str(tmp_path / "t.txt"),
        "--kind",
        "themes",
        "--groups",
        "8",
        "--keep-boilerplate",  # else texts that differ in a number alone are encoded once
        "--fast",
        "off",
        "-o",
        str(tmp_path / "o"),
        "--cache",
        str(tmp_path / "c"),
    ]
    for number in (signal.SIGINT, signal.SIGKILL):
        child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        before = cached(tmp_path)
        for _ in range(3000):  # until it has put down some more of the vectors
            if cached(tmp_path) > before:
                break
            time.sleep(0.1)
        assert child.poll() is None
        child.send_signal(number)
        said = child.communicate()[1]
        assert child.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL)
        assert "Traceback" not in said
        assert not (tmp_path / "o" / "items.csv").exists()
    assert cached(tmp_path) > 0
    subprocess.run(words, check=True, capture_output=True)
    assert len((tmp_path / "o" / "items.csv").read_text(encoding="utf-8").splitlines()) == 2401


def cached(tmp_path: Path) -> int:
    return sum((Path(at) / f).stat().st_size for at, _, files in os.walk(tmp_path / "c") for f in files if not f.startswith("."))
