"""Replace one file atomically: a reader gets the old content or the new."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import MachineError
from .manifest import sync


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A draft beside `path` to write into; it replaces `path` if the block succeeds, and is deleted otherwise.

    Raises
    ------
    MachineError
        The file cannot be written; an existing file is left unchanged.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(target) as draft:
    ...     _ = draft.write_text("whole")
    >>> target.read_text()
    'whole'
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.tmp-{os.getpid()}")
    try:
        yield draft
        sync(draft)
        draft.replace(target)
        sync(target.parent)
    except OSError as error:
        raise MachineError(
            f"cannot write {target}: {error.strerror or error}.", hint="look at the folder, its permissions and the free space."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
