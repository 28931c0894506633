"""Training scripts as processes of their own: one, or several that torchrun starts."""

from __future__ import annotations

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
