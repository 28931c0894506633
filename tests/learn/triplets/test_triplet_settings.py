"""The settings of a training on triplets: what is refused, and the named sets."""

from __future__ import annotations

from typing import Any

import pytest

from matomari.errors import InputError
from matomari.learn.pairs.recipe import Recipe
from matomari.learn.triplets import PRESETS, TripletSettings, preset

BAD: list[tuple[str, Any]] = [
    ("decay", "gauss"),
    ("follow", "never"),
    ("bounds", (3.0, 1.0)),
    ("margins", 0.1),
    ("margins", {"negation": -0.1}),
    ("margin", 2.1),
    ("margin", "wide"),
    ("batch_size", 1),
    ("epochs", 0),
    ("steps", -1),
    ("judge_steps", -1),
    ("every", 0),
    ("seed", 1.5),
    ("temperature", 0.0),
    ("sigma", float("inf")),
    ("rate", 0),
    ("pull", 0),
    ("learning_rate", True),
    ("distillation", -1e-9),
    ("noise", float("nan")),
    ("target", 1.5),
    ("warmup", -0.1),
]


@pytest.mark.parametrize(("named", "value"), BAD)
def test_a_setting_that_cannot_be_is_refused_by_name(named: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"'{named}.*' parameter of TripletSettings"):
        TripletSettings(**{named: value})


def test_every_setting_is_checked() -> None:
    assert {named for named, _ in BAD} == set(TripletSettings.__dataclass_fields__)


def test_a_margin_of_a_kind_is_named_with_its_kind() -> None:
    with pytest.raises(InputError, match=r"'margins\[negation\]' parameter .* must be at most 2, as a difference of cosines"):
        TripletSettings(margins={"number": 0.1, "negation": 3})


def test_the_named_sets() -> None:
    assert (PRESETS["balanced"].decay, PRESETS["balanced"].distillation) == ("none", 50.0)
    assert (PRESETS["sharp"].decay, PRESETS["sharp"].distillation) == ("none", 2.0)
    assert preset() == TripletSettings() == PRESETS["balanced"]
    assert preset("sharp", seed=3) == TripletSettings(distillation=2.0, seed=3)
    with pytest.raises(InputError, match="'name' parameter of preset must be one of 'balanced', 'sharp'"):
        preset("blunt")
    with pytest.raises(InputError, match="'seed' parameter of TripletSettings"):
        preset(seed=-1)


def test_what_any_training_needs_is_handed_on() -> None:
    told = {"batch_size": 8, "epochs": 2.5, "steps": 7, "learning_rate": 0.1, "warmup": 0.3, "temperature": 0.2, "every": 9, "seed": 4}
    assert TripletSettings(margin=0.4, **told).recipe() == Recipe(**told)  # type: ignore[arg-type]


def test_settings_do_not_change_with_what_was_handed_in() -> None:
    margins, bounds = {"number": 0.1}, [1.0, 2.0]
    settings = TripletSettings(margins=margins, bounds=bounds)  # type: ignore[arg-type]
    margins["number"] = 0.5
    bounds[0] = 0.5
    assert (settings.margins, settings.bounds) == ({"number": 0.1}, (1.0, 2.0))
