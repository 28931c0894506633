"""A run that is stopped goes on; what belongs to another run or is not ours is refused by name."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders.learner import student
from builders.learning import RECIPE, interrupted, learn, pair_rows, write
from matomari.errors import InputError, Stopped
from matomari.operate.learn import pairs as verb
from matomari.operate.learn.encoder_folder import TrainedEncoder
from matomari.operate.learn.resume import Watch, claimed
from matomari.store.artefact import writing
from matomari.store.locks import Lease


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_a_checkpoint_and_it_goes_on_to_the_same_weights(
    number: signal.Signals, tuned: TrainedEncoder, start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, step = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}, Watch.on_step_end

    def kill(self: Watch, args: Any, state: Any, control: Any, **more: Any) -> None:
        if state.global_step == 38:
            os.kill(os.getpid(), number)
        step(self, args, state, control, **more)

    monkeypatch.setattr(Watch, "on_step_end", kill)
    with pytest.raises(Stopped) as told:
        learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert told.value.exit_code == 128 + number
    assert isinstance(told.value, KeyboardInterrupt)
    assert {n: signal.getsignal(n) for n in before} == before
    assert not (tmp_path / "o").exists()
    assert (tmp_path / ".o.training" / "checkpoint-38" / "manifest.json").exists()
    monkeypatch.setattr(Watch, "on_step_end", step)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert (found.path / "model.safetensors").read_bytes() == (tuned.path / "model.safetensors").read_bytes()
    assert found.notes == tuned.notes
    assert found.run["difficulty"] == tuned.run["difficulty"]
    assert found.run["loss"][:3] == tuned.run["loss"][:3]
    assert not (tmp_path / ".o.training").exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_whose_exception_a_destructor_swallows_ends_it_all_the_same(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Swallowing:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)  # the handler raises here, and the interpreter only prints it

    after = verb._after

    def probe(*given: Any) -> Any:
        kept = Swallowing()
        del kept
        return after(*given)

    monkeypatch.setattr(verb, "_after", probe)
    with pytest.raises(Stopped) as told:
        learn(pairs, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    assert told.value.exit_code == 143
    assert not (tmp_path / "o").exists()
    assert list((tmp_path / ".o.training").glob("checkpoint-*/manifest.json"))


def test_a_left_over_run_with_other_settings_or_data_is_refused_by_name(start: Path, pairs: Path, tmp_path: Path) -> None:
    interrupted(tmp_path / "o", pairs, start)
    with pytest.raises(InputError, match=r"\.o\.training holds an unfinished run with other learning_rate, mixing, piece\."):
        learn(pairs, out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, learning_rate=0.1, piece=2, mixing=0.5))
    other = write(tmp_path / "other.jsonl", pair_rows(299))
    with pytest.raises(InputError, match="with other pairs"):
        learn(other, out=tmp_path / "o", encoder=start, recipe=RECIPE)
    student(width=16).save_pretrained(str(tmp_path / "narrow"), create_model_card=False)
    with pytest.raises(InputError, match="with other encoder"):
        learn(pairs, out=tmp_path / "o", encoder=tmp_path / "narrow", recipe=RECIPE)
    assert not (tmp_path / "o").exists()


def test_without_a_checkpoint_nothing_is_lost_by_other_settings(start: Path, pairs: Path, tmp_path: Path) -> None:
    interrupted(tmp_path / "o", pairs, start, step=2)
    found = learn(pairs, out=tmp_path / "o", encoder=start, recipe=replace(RECIPE, epochs=1, seed=1))
    assert found.run["settings"]["seed"] == 1


def test_two_at_once_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        claimed(tmp_path / ".o.training", {"a": 1}),
        pytest.raises(InputError, match="another run is at work"),
        claimed(tmp_path / ".o.training", {"a": 1}),
    ):
        pass
    assert not (tmp_path / ".o.training").exists()
    (tmp_path / "x").mkdir()
    held = Lease(tmp_path / "x", shared=False)
    with pytest.raises(InputError, match="another run"), claimed(tmp_path / "x", {}):
        pass
    held.release()


def test_a_folder_that_is_not_ours_is_refused_before_anything_is_read(
    start: Path, pairs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "read_pairs", lambda *_, **__: pytest.fail("it read"))
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "README.md").write_text("mine", encoding="utf-8")
    with writing(tmp_path / "grouping", kind="grouping") as stage:
        (stage / "items.csv").write_text("mine", encoding="utf-8")
    for name, said in (("file", "is a file"), ("notes", "README.md is already there"), ("grouping", "holds a grouping")):
        with pytest.raises(InputError, match=said):
            learn(pairs, out=tmp_path / name, encoder=start)
    with pytest.raises(InputError, match="already there"):
        learn(pairs, out=start, encoder=start)
    assert (tmp_path / "notes" / "README.md").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "grouping" / "items.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "notes" / "CURRENT").exists()
