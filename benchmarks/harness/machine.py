"""What work costs: wall and CPU seconds, and the highest memory of a process, measured in one way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

GB, MB = 1e9, 1e6


class Clock:
    """Wall and CPU seconds of a block."""

    def __enter__(self) -> Clock:
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds, self.cpu_seconds = time.perf_counter() - self._wall, time.process_time() - self._cpu


def peak() -> int:
    """The most memory that this process has held, in bytes; the kernel's ru_maxrss would count what its parent held before."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def child(file: str, *arguments: object, **environment: str) -> Any:
    """What a script of ours reports last when it runs in a process of its own, whose memory is not counted with ours."""
    import os

    command = [sys.executable, file, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | environment)
    return json.loads(done.stdout.splitlines()[-1])


def report(figures: dict[str, float]) -> None:
    """Tell the parent of this process."""
    print(json.dumps(figures), flush=True)
