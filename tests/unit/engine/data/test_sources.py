"""Looking data up and downloading them, against a server on the loopback."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from engine.data import download, sources
from engine.data.dataset import Dataset, Variable
from engine.data.download import fetch
from engine.data.dta import read_dta
from engine.data.dta_write import dta_bytes
from engine.errors import Break, StataError
from engine.events import CancelToken, Event, Progress

CONTENT = dta_bytes(Dataset().with_variable(Variable("x", "byte", "%8.0g"), np.array([1, 2, 3], dtype=np.int8)))


class Handler(http.server.BaseHTTPRequestHandler):
    release = threading.Event()
    requests: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.requests.append(self.path)
        if self.path.startswith("/missing"):
            self.send_error(404)
        elif self.path.startswith("/forbidden"):
            self.send_error(403)
        elif self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/data/good.dta")
            self.end_headers()
        elif self.path.startswith("/tofile"):
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path.startswith("/silent"):
            self.release.wait(10)
        else:
            self.answer()

    def answer(self) -> None:
        body = b"id,x\n1,2\n" if "text" in self.path else b"<!DOCTYPE html>" if "page" in self.path else CONTENT
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (100 if "short" in self.path else 0)))
        self.end_headers()
        self.wfile.write(body[:50] if "stalled" in self.path else body)
        if "stalled" in self.path:
            self.wfile.flush()
            self.release.wait(10)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    Handler.release = threading.Event()
    Handler.requests = []
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    Handler.release.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_file_is_downloaded_into_the_cache_with_progress(server: str) -> None:
    events: list[Event] = []
    source = sources.find(f"{server}/data/good.dta", sink=events.append)
    assert source.path.is_relative_to(sources.user_cache())
    assert source.shown == f"{server}/data/good.dta"
    assert read_dta(source.path).numeric("x").tolist() == [1, 2, 3]
    steps = [event for event in events if isinstance(event, Progress)]
    assert steps[-1].done == steps[-1].total == len(CONTENT)


def test_a_redirect_is_followed_but_never_to_a_file(server: str) -> None:
    assert fetch(f"{server}/moved") == CONTENT
    with pytest.raises(StataError):
        fetch(f"{server}/tofile")


@pytest.mark.parametrize(("path", "rc"), [("missing.dta", 601), ("forbidden.dta", 675), ("short.dta", 677)])
def test_what_the_server_does_not_give_is_told_with_its_code(server: str, path: str, rc: int) -> None:
    with pytest.raises(StataError) as caught:
        sources.find(f"{server}/{path}")
    assert caught.value.rc == rc
    assert not list(sources.user_cache().rglob("*.dta"))


def test_a_download_that_is_no_data_set_is_not_kept(server: str) -> None:
    with pytest.raises(StataError, match="separated values") as caught:
        sources.find(f"{server}/text.dta")
    assert caught.value.rc == 610
    assert not list(sources.user_cache().rglob("*.dta"))


def test_a_text_file_on_the_web_is_kept_as_such(server: str) -> None:
    found = sources.find(f"{server}/text.csv")
    assert found.path.read_bytes() == b"id,x\n1,2\n"
    assert sources.find(f"{server}/text", ending=".csv").path.suffix == ".csv"


def test_a_web_page_instead_of_a_data_file_is_refused(server: str) -> None:
    with pytest.raises(StataError, match="web page") as caught:
        sources.find(f"{server}/page.csv")
    assert caught.value.rc == 610


def test_a_file_above_the_size_limit_is_refused(server: str) -> None:
    with pytest.raises(StataError, match="larger than the limit") as caught:
        fetch(f"{server}/data/good.dta", size_limit=100)
    assert caught.value.rc == 603


@pytest.mark.parametrize("path", ["silent", "stalled"])
def test_a_server_that_falls_silent_is_given_up(server: str, path: str) -> None:
    with pytest.raises(StataError, match="timed out") as caught:
        fetch(f"{server}/{path}", time_out=0.2)
    assert caught.value.rc == 2


@pytest.mark.parametrize("path", ["silent", "stalled"])
def test_a_download_can_be_cancelled_while_the_server_is_silent(server: str, path: str) -> None:
    cancel = CancelToken()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    with pytest.raises(Break):
        fetch(f"{server}/{path}", cancel=cancel, time_out=10)
    timer.join()


def test_no_server_and_no_such_host_are_told_apart() -> None:
    with pytest.raises(StataError) as caught:
        fetch("http://127.0.0.1:9/x.dta")
    assert caught.value.rc == 677


def test_a_file_in_the_working_directory_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, folder = tmp_path / "here", tmp_path / "folder"
    for place in (here, folder):
        place.mkdir()
        (place / "hsb.dta").write_bytes(CONTENT)
    monkeypatch.chdir(here)
    monkeypatch.setenv("MIXEDGUI_DATA", os.pathsep.join(["", str(tmp_path / "none"), str(folder)]))
    assert sources.find("hsb").path.resolve() == here / "hsb.dta"
    assert sources.find("hsb").shown == "hsb.dta"
    (here / "hsb.dta").unlink()
    assert sources.find("hsb").path == folder / "hsb.dta"
    (folder / "hsb.dta").unlink()
    assert sources.is_bundled(str(sources.find("hsb").path))


def test_a_path_is_not_looked_up_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StataError, match=r"file sub/hsb\.dta not found") as caught:
        sources.find("sub/hsb")
    assert caught.value.rc == 601


def test_another_ending_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIXEDGUI_DATA", "")
    with pytest.raises(StataError, match=r"file hsb\.csv not found"):
        sources.find("hsb.csv")


@pytest.mark.parametrize("name", ["", "  ", "ftp://host/x.dta"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(StataError) as caught:
        sources.find(name)
    assert caught.value.rc == 198


def test_the_publishers_examples_are_taken_from_this_computer_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> bytes:
        pytest.fail("the network was used")

    monkeypatch.setattr(download, "fetch", no_network)
    monkeypatch.setenv("MIXEDGUI_DATA", str(tmp_path))
    address = "https://www.stata-press.com/data/r19/productivity"
    assert sources.is_bundled(str(sources.find(address).path))
    (tmp_path / "productivity.dta").write_bytes(CONTENT)
    assert sources.find(address).path == tmp_path / "productivity.dta"
    cached = sources.user_cache() / "productivity.dta"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(CONTENT)
    assert sources.find(address + ".dta").path == cached
    assert sources.find(sources.example_address("productivity")).shown == address + ".dta"


def test_an_example_is_downloaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetched(address: str, **_: object) -> bytes:
        asked.append(address)
        return CONTENT

    monkeypatch.setenv("MIXEDGUI_DATA", "")
    monkeypatch.setattr(download, "fetch", fetched)
    for _ in range(2):
        sources.find(sources.example_address("nosuchexample"))
    assert asked == ["https://www.stata-press.com/data/r19/nosuchexample.dta"]
