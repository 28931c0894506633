"""J2: bugs planted on purpose, each in a copy of the source, and the tests that must turn red."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from builders import ROOT, SOURCE, path_of


@dataclass(frozen=True)
class Bug:
    """Where (a module, or the folder that holds it), what it says now, what the bug says, and who must notice."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


BUGS = {
    "a missing fsync": Bug(
        "store/manifest",
        "        os.fsync(fd)\n",
        "        pass\n",
        ("test_artefact.py::test_every_file_and_folder_is_flushed_before_the_switch",),
    ),
    "label and id swapped on disk": Bug(
        "partition",
        '{"id": self.ids, "cluster": self.labels,',
        '{"id": self.labels, "cluster": self.ids,',
        ("test_partition_disk.py::test_round_trip",),
    ),
    "labels turned round on disk": Bug(
        "partition",
        '"cluster": self.labels, "strength"',
        '"cluster": self.labels[::-1], "strength"',
        ("test_partition_disk.py::test_round_trip",),
    ),
    "match minimises": Bug(
        "partition",
        "linear_sum_assignment(shared, maximize=True)",
        "linear_sum_assignment(shared)",
        ("test_partition_methods.py::test_match_by_hand",),
    ),
    "batches that mix clusters": Bug(
        "partition",
        "np.flatnonzero(self.labels == cluster)",
        "np.flatnonzero(self.labels >= cluster)",
        ("test_partition_methods.py::test_batches_are_full_pure_and_disjoint",),
    ),
    "empty neighbours": Bug(
        "vectors",
        "return cosines[~own].reshape(n, k), rows[~own].reshape(n, k)",
        "return cosines[:, :0], rows[:, :0]",
        ("test_vectors.py::test_neighbours_against_every_pair[4]",),
    ),
    "a row is its own neighbour": Bug(
        "vectors", "own = rows == np.arange(n)[:, None]", "own = rows < 0", ("test_vectors.py::test_neighbours_against_every_pair[4]",)
    ),
    "recall that nobody tunes": Bug(
        "vectors", "self.recall >= recall or", "True or", ("test_vectors.py::test_neighbours_against_every_pair",)
    ),
    "-1 counted as one group": Bug(
        "metrics", "none = labels == -1", "none = labels == -999", ("test_metrics.py::test_a_thousand_random_cases",)
    ),
    "accuracy minimises": Bug(
        "metrics", "linear_sum_assignment(table, maximize=True)", "linear_sum_assignment(table)", ("test_metrics.py::test_worked_by_hand",)
    ),
    "labels of the step before": Bug(
        "cluster",
        "        labels, cosines = assign(rows, centers)\n        used =",
        "        used =",
        ("test_kmeans.py::test_kmeans_stopped_early_labels_are_those_of_its_centres",),
    ),
    "weights that weigh nothing": Bug(
        "cluster",
        "share = weight[start : start + n].astype(np.float64 if len(rows.X) <= BLOCK else np.float32)",
        "share = np.ones(n)",
        ("test_kmeans.py::test_kmeans_weight_three_is_three_copies",),
    ),
    "Louvain without a seed": Bug(
        "cluster", "random_state=seed % 2**31", "random_state=None", ("test_determinism.py::test_global_random_states_do_not_matter",)
    ),
    "every code agrees": Bug(
        "cluster",
        "share[pair] = max(of_a, of_b)",
        "share[pair] = 1",
        ("test_likeness.py::test_a_conflict_of_codes_keeps_two_sizes_apart",),
    ),
    "two quantities agree": Bug(
        "cluster", "forbids = [quantity > 0,", "forbids = [quantity > 9,", ("test_sameness.py::test_vetoes_by_hand",)
    ),
    "no word is rare": Bug("cluster", "log - math.log(count)) for", "log) for", ("test_sameness.py::test_surprise_by_hand",)),
    "single linkage for average linkage": Bug(
        "cluster",
        "average = total / possible(a, other)",
        "average = links[a][other][1]",
        ("test_linkage.py::test_linkage_against_scipy_on_complete_tables",),
    ),
    "a gradient through the gate": Bug(
        "triplets",
        "now = far.diagonal().detach()",
        "now = far.diagonal()",
        ("test_triplet_loss.py::test_value_and_gradient_are_those_of_a_plain_loop",),
    ),
    "a judge asked by place": Bug(
        "triplets",
        "_like(side[numbers], mine[0])",
        "_like(side[: len(numbers)], mine[0])",
        ("test_triplet_loss.py::test_value_and_gradient_are_those_of_a_plain_loop",),
    ),
    "distillation of a pair's own sides": Bug(
        "distillation",
        "others = ~torch.eye(len(left), dtype=torch.bool, device=left.device)",
        "others = torch.ones(len(left), len(left), dtype=torch.bool)",
        (
            "test_triplet_loss.py::test_a_pairs_own_positive_and_negative_are_free_to_move",
            "test_contrastive.py::test_distillation_is_that_of_a_plain_loop",
        ),
    ),
    "a start that moves along": Bug(
        "triplets", ".detach().clone()", ".detach()", ("test_triplet_loss.py::test_the_weight_decay_adds_what_a_loop_adds",)
    ),
    "dropout that is not on": Bug(
        "triplets", "training=True", "training=False", ("test_dropout_noise.py::test_mean_and_deviation_are_those_of_a_loop",)
    ),
    "a gate that forgets half an epoch": Bug(
        "triplets",
        'list(kept["update"]), list(kept["epoch"])',
        'list(kept["update"]), [0.0, 0.0]',
        ("test_gaussian_gate.py::test_what_was_kept_goes_on_where_it_was",),
    ),
    "ids that repeat are let in": Bug(
        "rows/read", "if pc.count_distinct(ids).as_py() == len(ids):", "if len(ids):", ("test_columns.py::test_ids_are_checked",)
    ),
}


def files(root: Path, name: str) -> list[Path]:
    """The file `name`.py, or the files of the folder `name`."""
    found = [*root.rglob(f"{name}.py"), *(p for folder in root.rglob(name) if folder.is_dir() for p in folder.rglob("*.py"))]
    return sorted(set(found))


def plant(root: Path, bug: Bug) -> None:
    """Put the bug in; the old text must stand exactly once, so that no patch can silently stop applying."""
    holds = [p for p in files(root, bug.file) for _ in range(p.read_text(encoding="utf-8").count(bug.old))]
    assert len(holds) == 1, f"{bug.old!r} stands {len(holds)} times in {bug.file}"
    holds[0].write_text(holds[0].read_text(encoding="utf-8").replace(bug.old, bug.new), encoding="utf-8")


def run(nodes: tuple[str, ...], source: Path) -> subprocess.CompletedProcess[str]:
    """pytest on these tests alone, each named by its file without the folders, with the package taken from `source`."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    paths = [f"{path_of(file)}{mark}{test}" for file, mark, test in (node.partition("::") for node in nodes)]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=line", *paths]
    return subprocess.run(command, cwd=ROOT, env=env | {"PYTHONPATH": str(source)}, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(SOURCE, tmp_path / "src" / "matomari", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "src"


@pytest.mark.parametrize("name", BUGS)
def test_bugs_can_be_planted(name: str, copied: Path) -> None:
    plant(copied / "matomari", BUGS[name])


@pytest.mark.drill
@pytest.mark.parametrize("name", BUGS)
def test_planted_bugs_turn_tests_red(name: str, copied: Path) -> None:
    bug = BUGS[name]
    plant(copied / "matomari", bug)
    done = run(bug.tests, copied)
    assert done.returncode == 1, done.stdout + done.stderr  # 1: tests ran and some failed; anything else is no proof
    assert re.search(r"\b[1-9]\d* failed", done.stdout), done.stdout
    assert " error" not in done.stdout.splitlines()[-1], done.stdout


@pytest.mark.drill
def test_without_a_bug_the_same_tests_are_green(copied: Path) -> None:
    done = run(tuple(sorted({node for bug in BUGS.values() for node in bug.tests})), copied)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.drill
def test_the_copy_is_what_is_tested(copied: Path) -> None:
    (copied / "matomari" / "partition.py").write_text("raise SystemError('the copy')\n")
    assert "the copy" in run(("test_partition_fields.py",), copied).stdout
