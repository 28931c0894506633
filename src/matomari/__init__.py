"""matomari (まとまり, "things that hang together"): a column of texts in, named groups out.

>>> import matomari
>>> matomari.Partition(["a", "b"], [0, 0]).k
1
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster.communities.louvain import LouvainCommunities
    from .cluster.kmeans import SphericalKMeans
    from .cluster.soft.estimator import SoftKMeans
    from .encode.text import TextEncoder, load_encoder
    from .errors import DamagedError, InputError, MachineError, MatomariError
    from .learn.correction.correction import LatentClusterCorrection
    from .learn.deep import DeepSoftKMeans
    from .learn.pairs.sampler import ClusterBatchSampler
    from .metrics.grouping import scores
    from .operate.group.group import group
    from .operate.group.grouping import Grouping
    from .partition import Partition

_HOMES = {
    "ClusterBatchSampler": "learn.pairs.sampler",
    "DamagedError": "errors",
    "DeepSoftKMeans": "learn.deep",
    "Grouping": "operate.group.grouping",
    "InputError": "errors",
    "LatentClusterCorrection": "learn.correction.correction",
    "LouvainCommunities": "cluster.communities.louvain",
    "MachineError": "errors",
    "MatomariError": "errors",
    "Partition": "partition",
    "SoftKMeans": "cluster.soft.estimator",
    "SphericalKMeans": "cluster.kmeans",
    "TextEncoder": "encode.text",
    "group": "operate.group.group",
    "load_encoder": "encode.text",
    "scores": "metrics.grouping",
}

__all__ = [
    "ClusterBatchSampler",
    "DamagedError",
    "DeepSoftKMeans",
    "Grouping",
    "InputError",
    "LatentClusterCorrection",
    "LouvainCommunities",
    "MachineError",
    "MatomariError",
    "Partition",
    "SoftKMeans",
    "SphericalKMeans",
    "TextEncoder",
    "group",
    "load_encoder",
    "scores",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import matomari` costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("matomari")
    if name not in _HOMES:
        raise AttributeError(f"module 'matomari' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
