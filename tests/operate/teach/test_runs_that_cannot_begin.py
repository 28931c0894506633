"""A run that cannot begin: one sentence, a hint, the exit code of whose matter it is, nothing asked and nothing written."""

from __future__ import annotations

import functools
import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

import matomari
from builders import images
from builders.asking import patience
from builders.audits import planted, run
from builders.cli import call
from builders.endpoint import MODEL, Fault, Loopback
from builders.knowing import knows, themes_folder, topic_truth
from matomari.operate.teach import connect

ADDRESSES = [
    "localhost:8080/v1",
    "http://",
    "http://[::1",
    "http://[::1]:port/v1",
    "http://localhost:99999/v1",
    "file:///etc/passwd",
    "http://ann:pass@localhost/v1",
    "http://localhost/v1?key=abc",
    "http://local\thost/v1",
    "http://löcalhost/v1",
    "//localhost/v1",
    "::",
    "http://exa mple.com/v1",
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return themes_folder(tmp_path_factory.mktemp("made") / "themes")


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy for one test; no endpoint is named, and waiting takes no time."""
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(connect, "Endpoint", functools.partial(connect.Endpoint, patience=patience()))
    return Path(shutil.copytree(made, tmp_path / "run", symlinks=True))


@pytest.fixture
def refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs the verb on the folder, or on another one, and gives the exit code and the sentence; nothing may be written."""

    def attempt(*words: str, source: Path = folder) -> tuple[int, str]:
        before = everything(tmp_path)
        code = call("teach", str(source), *words, "--no-cache", monkeypatch=monkeypatch)
        said = capsys.readouterr()
        assert said.out == ""
        assert everything(tmp_path) == before
        sentence, hint = said.err.strip().split("\n")
        assert re.fullmatch(r"error: .+[.?]", sentence), sentence
        assert re.fullmatch(r"hint: .+", hint), hint
        return code, f"{sentence} {hint}"

    return attempt


def everything(root: Path) -> dict[str, bytes | None]:
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else None for p in sorted(root.rglob("*"))}


Refused = Callable[..., tuple[int, str]]


def test_no_endpoint_is_named(refused: Refused) -> None:
    code, said = refused()
    assert code == 2 and "no endpoint is named: OPENAI_BASE_URL is not set" in said and "--dry-run" in said


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none(address: str, words: tuple[str, ...], refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    code, said = refused(*words)
    assert code == 2 and "the address of the endpoint" in said
    assert "abc" not in said and "pass" not in said


def test_another_host_without_leave(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(socket.socket, "connect", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    for address in (
        "https://api.example.com/v1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0:1",
        "http://[::]:1",
    ):
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        for words in ((), ("--allow-remote", "example.com"), ("--allow-remote", "*")):
            code, said = refused(*words)
            assert code == 2 and "is not this machine: texts would leave it" in said and "--allow-remote" in said


def test_nothing_listens(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    code, said = refused()
    assert code == 3 and "nothing answers at the address of the endpoint" in said


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key(status: int, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef")
    with Loopback(lambda asked: Fault("no", "", status=status)) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, said = refused()
        assert len(endpoint.asked) == 1
    assert code == 2 and "key" in said and "OPENAI_API_KEY" in said and "0123" not in said


def test_a_key_that_is_wrong_for_completions_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Many endpoints list their models to anybody. The journal then knows the model, and nothing else is written."""
    before = set(everything(folder))
    with Loopback(lambda asked: Fault("no", "", status=401) if asked.raw else None) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        assert call("teach", str(folder), "--no-cache", monkeypatch=monkeypatch) == 2
        assert len(endpoint.asked) == 2
    assert "does not accept the key" in capsys.readouterr().err
    assert set(everything(folder)) - before <= {"teacher.journal"}


def test_a_key_that_cannot_be_sent(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123\n456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    code, said = refused()
    assert code == 2 and "cannot be sent" in said and "0123" not in said


def test_a_model_that_is_not_there(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, said = refused("--llm", "loopback-2")
    assert code == 2 and "has no model 'loopback-2'" in said and f"did you mean '{MODEL}'?" in said


def test_several_models(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(models=("small", "large")) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, said = refused()
    assert code == 2 and "--llm: small, large" in said


@pytest.mark.parametrize("names", [("a\x1b[2Jb", "c\nd\r"), ("\x1b]0;title\x07",), ("\u202egnp", "x" * 5000)])
def test_names_of_models_do_nothing_to_a_terminal(
    names: tuple[str, ...], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hostile endpoint writes what it likes there, and they are shown, kept and put on the page."""
    with Loopback(models=names, answers=knows(topic_truth())) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        call("teach", str(folder), "--only", "names", "--no-cache", monkeypatch=monkeypatch)
    said = capsys.readouterr().err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)
    assert max(map(len, said.split("\n"))) < 1000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"data": 3}',
        b'{"data": [3]}',
        b'{"data": [{}]}',
        b'{"data": []}',
        b'{"data": [{"id": [1]}]}',
        b'{"data": [{"id": ""}]}',
    ],
)
def test_a_list_of_models_that_is_none(body: bytes, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(lambda asked: Fault("bad", "", body=lambda _: body)) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, said = refused()
    assert code in (2, 3) and ("model" in said or "JSON" in said)


def test_folders_of_something_else(refused: Refused, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked for the models before it is known that there are groups to ask about."""
    run(planted()).save(tmp_path / "audit")
    (tmp_path / "drawings").mkdir()
    for i in range(12):
        (tmp_path / "drawings" / f"{i}.png").write_bytes(images.saved(images.noise(12, 12, 1), "PNG"))
    matomari.group(tmp_path / "drawings", image=True, groups=3).save(tmp_path / "images")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.csv").write_text("a,b\n")
    with Loopback() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        for name, expected in {
            "audit": "holds no groups, and a teacher is asked about groups",
            "images": "a teacher is asked about texts, and this folder holds images",
            "empty": "empty",
            "file.csv": "file.csv",
            "nowhere": "nowhere",
        }.items():
            for words in ((), ("--dry-run",)):
                code, said = refused(*words, source=tmp_path / name)
                assert code == 2 and expected in said, said
        code, said = refused("-o", str(folder))
        assert code == 2 and str(folder) in said
        assert endpoint.asked == []


@pytest.mark.parametrize(
    "words",
    [
        ("--only", "everything"),
        ("--max-cost", "-1"),
        ("--max-cost", "nan"),
        ("--price", "-1", "2"),
        ("--timeout", "0"),
        ("--parallel", "0"),
        ("--most", "0"),
        ("--dictionary", "nothing.txt"),
        ("--seed", "-1"),
    ],
)
def test_options_that_make_no_sense(words: tuple[str, ...], refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, _ = refused(*words)
        assert code == 2 and not [asked for asked in endpoint.asked if asked.raw]


def test_a_cap_without_a_price_elsewhere(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine nothing costs; elsewhere a cap needs a price, and a plan can be made all the same."""
    monkeypatch.setattr(connect, "place_of", lambda url, allowed=None: place(url))
    with Loopback() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        code, said = refused("--max-cost", "1")
    assert code == 2 and "the price of 'loopback-1' is not known" in said


def place(url: str) -> object:
    """This machine, as if it were another one."""
    from matomari.teach.client.place import Place

    return Place(url, "127.0.0.1", local=False)
