"""Training scripts as processes of their own: one, or several that torchrun starts."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path


def command(script: Path, *words: str, processes: int = 1) -> list[str]:
    """What starts the script with these words in so many processes."""
    if processes == 1:
        return [sys.executable, str(script), *words]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    torchrun = ["-m", "torch.distributed.run", "--nproc_per_node", str(processes), "--master_port", str(port)]
    return [sys.executable, *torchrun, str(script), *words]


def leave() -> None:
    """The last line of such a script: all processes go together, and past the interpreter's own end.

    Gloo's threads may still hold tensors when the interpreter is taken down, and then abort the process ("terminate called without an
    active exception", about one run in fifty on a busy machine; pytorch #179291), although all is done and printed.
    """
    import torch

    if torch.distributed.is_initialized():
        torch.distributed.barrier()  # who leaves first takes the others' connection away
        torch.distributed.destroy_process_group()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
