"""Locks that the kernel frees when their process dies, so that a crash leaves none behind."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_UNKNOWN = (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class Lease:
    """A lock on a folder for as long as this object lives.

    Parameters
    ----------
    folder : Path
        An existing folder, not a link.
    shared : bool
        A shared lease waits, and others may share it; an exclusive lease is taken at once or fails.

    Raises
    ------
    FileNotFoundError
        The folder is gone, or was replaced while the lock was taken.
    BlockingIOError
        Somebody else holds it.

    Examples
    --------
    >>> import tempfile
    >>> reader = Lease(Path(tempfile.mkdtemp()), shared=True)
    >>> reader.release()
    """

    def __init__(self, folder: Path, shared: bool) -> None:
        self._fd = -1
        self.held = False  # stays False if the file system does not support locks
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        if sys.platform == "win32":
            return
        self._fd = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
        try:
            self.held = lock(self._fd, shared=shared, wait=shared)
            mine, there = os.fstat(self._fd), os.lstat(folder)
            if (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    __del__ = release


def lock(fd: int, *, shared: bool = False, wait: bool = True) -> bool:
    """Lock an open file; False if the file system does not support locks, BlockingIOError if it is taken and `wait` is False."""
    if sys.platform == "win32":
        return False
    import fcntl

    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno in _UNKNOWN:
            return False
        raise
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`. The file is not removed, because then two holders could lock two different files."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        lock(fd)
        yield
    finally:
        os.close(fd)
