"""What all tests share: the reference data, an isolated user, and the marking of window tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
REQUIRE = os.environ.get("MIXEDGUI_REQUIRE_DATA") == "1"

if "MIXEDGUI_DATA" not in os.environ and (SHARED / "data").is_dir():
    os.environ["MIXEDGUI_DATA"] = str(SHARED / "data")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def absent(reason: str) -> None:
    """Skip for want of reference data; fail instead where it has to be there."""
    if REQUIRE:
        pytest.fail(f"reference data required: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data_file() -> Callable[[str], Path]:
    """Give a function that finds a reference data set (``pig`` -> its .dta), or skips with the reason."""

    def find(name: str) -> Path:
        for folder in os.environ.get("MIXEDGUI_DATA", "").split(os.pathsep):
            path = Path(folder) / f"{name}.dta"
            if folder and path.is_file():
                return path
        bundled = ROOT / "resources" / "datasets" / f"{name}.dta"
        if bundled.is_file():
            return bundled
        absent(f"the data set {name} is not bundled and MIXEDGUI_DATA does not hold it")
        raise AssertionError

    return find


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], Any]:
    """Give a function that reads a reference result (``pig_ri_ml``), or skips with the reason."""

    def read(name: str) -> Any:
        path = SHARED / "oracles" / f"{name}.json"
        if not path.is_file():
            absent(f"the reference result {name} is not here")
        return json.loads(path.read_text(encoding="utf-8"))

    return read


@pytest.fixture(autouse=True)
def _own_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the real user's settings and cache."""
    home = tmp_path_factory.mktemp("user")
    for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(variable, str(home))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run slow tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"qtbot", "qapp"}:
            item.add_marker("gui")
        if "slow" in item.keywords and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """End the windows that a test has given up: without a loop of events they pile up and slow down all that follow."""
    result = yield
    if "gui" in item.keywords:
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return result
