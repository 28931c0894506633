"""matomari (まとまり, "things that hang together"): texts or images in, named groups out, and an encoder that fits them.

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
    from .encode.text import TextEncoder as TextEncoder
    from .encode.text import load_encoder
    from .errors import DamagedError as DamagedError
    from .errors import InputError as InputError
    from .errors import MachineError as MachineError
    from .errors import MatomariError
    from .learn.correction.correction import LatentClusterCorrection
    from .learn.deep import DeepSoftKMeans
    from .learn.pairs.sampler import ClusterBatchSampler
    from .metrics.grouping import scores
    from .operate.apply.apply import apply
    from .operate.audit.audit import audit
    from .operate.folders import load
    from .operate.group.group import group
    from .operate.group.grouping import Grouping as Grouping
    from .operate.learn.labels import learn_labels
    from .operate.learn.pairs import learn_pairs
    from .operate.learn.texts import learn_texts
    from .operate.teach.teach import ask_teacher
    from .operate.teach.triplets.make import teach_pairs
    from .partition import Partition

_HOMES = {
    # the jobs, and what opens their folders
    "group": "operate.group.group",
    "audit": "operate.audit.audit",
    "learn_pairs": "operate.learn.pairs",
    "learn_texts": "operate.learn.texts",
    "learn_labels": "operate.learn.labels",
    "load": "operate.folders",
    "apply": "operate.apply.apply",
    "ask_teacher": "operate.teach.teach",  # matomari.teach is the folder of what it stands on
    "teach_pairs": "operate.teach.triplets.make",
    # the parts, for those who build their own
    "Partition": "partition",
    "SphericalKMeans": "cluster.kmeans",
    "SoftKMeans": "cluster.soft.estimator",
    "DeepSoftKMeans": "learn.deep",
    "LouvainCommunities": "cluster.communities.louvain",
    "ClusterBatchSampler": "learn.pairs.sampler",
    "LatentClusterCorrection": "learn.correction.correction",
    "load_encoder": "encode.text",
    "scores": "metrics.grouping",
    "MatomariError": "errors",
}
_OF_0_1 = {
    "DamagedError": "errors",
    "Grouping": "operate.group.grouping",
    "InputError": "errors",
    "MachineError": "errors",
    "TextEncoder": "encode.text",
}  # public in 0.1; they go on working

__all__ = [
    "ClusterBatchSampler",
    "DeepSoftKMeans",
    "LatentClusterCorrection",
    "LouvainCommunities",
    "MatomariError",
    "Partition",
    "SoftKMeans",
    "SphericalKMeans",
    "apply",
    "ask_teacher",
    "audit",
    "group",
    "learn_labels",
    "learn_pairs",
    "learn_texts",
    "load",
    "load_encoder",
    "scores",
    "teach_pairs",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that `import matomari` costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("matomari")
    home = _HOMES.get(name) or _OF_0_1.get(name)
    if home is None:
        raise AttributeError(f"module 'matomari' has no attribute {name!r}")
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
