"""Where a data set is found by the name a user types: a file, the data folders, the examples, or an address."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from engine.data.bundled import bundled_file, datasets_folder
from engine.data.file_kinds import kind_of
from engine.data.files import exists, local_path, write_atomically
from engine.errors import StataError
from engine.events import CancelToken, EventSink, ignore_event

DATA_FOLDERS = "MIXEDGUI_DATA"
ENDING = ".dta"
STATA_PRESS = "www.stata-press.com"
WEB_RELEASE = "r19"
"""Release whose example data ``webuse`` fetches."""


@dataclass(frozen=True, slots=True)
class Source:
    """A data file that exists: its path, and the name under which it is shown."""

    path: Path
    shown: str


def is_address(name: str) -> bool:
    """Tell whether `name` is an http or https address."""
    return name.lower().startswith(("http://", "https://"))


def find(
    name: str,
    *,
    ending: str = ENDING,
    sink: EventSink = ignore_event,
    cancel: CancelToken | None = None,
    folder: Path | None = None,
) -> Source:
    """Return the data file that `name` stands for (with `ending` when it has none), downloading an address.

    Looked up in this order: as a file relative to `folder` (the working directory), in the folders of
    ``MIXEDGUI_DATA``, among the bundled examples. An address of the publisher's example data is first looked up by its
    base name in the cache, the folders and the examples.

    Raises
    ------
    StataError
        601 not found (also 198 for no name at all), and what `download.fetch` raises.
    """
    name = name.strip()
    if not name:
        raise StataError(198, "a file name is missing")
    if is_address(name):
        return _find_address(name, ending, sink, cancel)
    if "://" in name:
        raise StataError(198, f"{name}: only http and https addresses can be opened")
    typed = _with_ending(name, ending)
    local = local_path(typed)
    here = local if folder is None else folder / local
    if exists(here):
        return Source(here, typed)
    if local.name == typed:
        for path in _by_base_name(typed):
            return Source(path, str(path))
    raise _not_found(typed)


def example_address(name: str) -> str:
    """Return the address from which ``webuse name`` takes the data."""
    return f"https://{STATA_PRESS}/data/{WEB_RELEASE}/{quote(_with_ending(name, ENDING))}"


def user_cache() -> Path:
    """Return the folder for downloaded data on this system; it need not exist yet."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "mixedgui" / "datasets"


def is_bundled(path: str) -> bool:
    """Tell whether a file belongs to the program, so that it must not be overwritten."""
    return bool(path) and not is_address(path) and Path(path).resolve().is_relative_to(datasets_folder().resolve())


def _with_ending(name: str, ending: str) -> str:
    return name if Path(name).suffix else name + ending


def _data_folders() -> Iterator[Path]:
    for folder in os.environ.get(DATA_FOLDERS, "").split(os.pathsep):
        if folder:
            yield local_path(folder)


def _by_base_name(name: str) -> Iterator[Path]:
    """Return the files called `name` in the data folders and among the examples."""
    for folder in _data_folders():
        if exists(folder / name):
            yield folder / name
    bundled = bundled_file(name)
    if bundled:
        yield bundled


def _find_address(address: str, ending: str, sink: EventSink, cancel: CancelToken | None) -> Source:
    parts = urlsplit(address)
    name = _with_ending(unquote(parts.path.rsplit("/", 1)[-1]) or "data", ending)
    if any(mark in name for mark in '/\\:*?"<>|\0'):
        raise StataError(198, f"{address} does not end in the name of a file")
    publisher = parts.hostname == STATA_PRESS and parts.path.startswith("/data/")
    if publisher:
        cached = user_cache() / name
        for path in (cached, *_by_base_name(name)):
            if path.is_file():
                return Source(path, _address_with_ending(address, ending))
        return Source(
            _download(_address_with_ending(address, ending), cached, sink, cancel),
            _address_with_ending(address, ending),
        )
    import hashlib

    digest = hashlib.sha256(address.encode()).hexdigest()[:16]
    return Source(_download(address, user_cache() / digest / name, sink, cancel), address)


def _address_with_ending(address: str, ending: str) -> str:
    return address if Path(urlsplit(address).path).suffix else address + ending


def _download(address: str, target: Path, sink: EventSink, cancel: CancelToken | None) -> Path:
    """Fetch `address` into `target`, a Stata data file only once its content is known to be one."""
    from engine.data import download  # the network library takes long to import and is rarely needed

    content = download.fetch(address, sink=sink, cancel=cancel)
    if kind_of(target.name) is None and target.suffix == ENDING:
        from engine.data.dta import dataset_from_bytes

        dataset_from_bytes(content, target.name)
    elif content[:200].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise StataError(610, f"{address} is a web page, not a data file")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StataError(603, f"the cache folder {target.parent} cannot be made: {error.strerror}") from None
    write_atomically(target, content)
    return target


def _not_found(typed: str) -> StataError:
    return StataError(601, f"file {typed} not found")
