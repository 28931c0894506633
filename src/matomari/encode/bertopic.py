"""An embedding model for BERTopic. BERTopic is not a dependency, so its base class is imported only on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import MachineError

if TYPE_CHECKING:
    from ..protocols import Encodes


def backend(encoder: Encodes) -> Any:
    """A ``bertopic.backend.BaseEmbedder`` that uses `encoder`.

    Raises
    ------
    MachineError
        BERTopic is not installed.
    """
    try:
        from bertopic.backend import BaseEmbedder
    except ImportError as error:
        raise MachineError("BERTopic is not installed.", hint="pip install bertopic") from error

    class Matomari(BaseEmbedder):  # type: ignore[misc]
        def embed(self, documents: Sequence[str], verbose: bool = False) -> NDArray[np.float32]:
            return np.asarray(encoder.encode(list(documents), show_progress_bar=verbose or None))

    return Matomari(embedding_model=encoder)
