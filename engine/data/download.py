"""Fetching a file over http(s): with progress, cancel, time-out and a size limit."""

from __future__ import annotations

import queue
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

from engine.errors import StataError
from engine.events import CancelToken, EventSink, Progress, ignore_event

TIME_OUT = 20.0
"""Seconds without a byte after which a server is given up."""

SIZE_LIMIT = 500_000_000
"""Bytes of the largest file that is fetched."""

_CHUNK = 65_536
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class _Failure:
    error: StataError


@dataclass(frozen=True, slots=True)
class _Size:
    total: int


_End = None


def fetch(
    address: str,
    *,
    sink: EventSink = ignore_event,
    cancel: CancelToken | None = None,
    time_out: float = TIME_OUT,
    size_limit: int = SIZE_LIMIT,
) -> bytes:
    """Return the content of an http(s) address.

    A thread of its own reads from the network, so that a cancel is heeded even while the server is silent.

    Raises
    ------
    StataError
        601 there is no such file, 631 host not found, 677 no connection or an incomplete file, 2 time-out, 603 too
        large, 675 another answer of the server.
    Break
        When `cancel` was set.
    """
    cancel = cancel or CancelToken()
    pieces: queue.Queue[bytes | _Failure | _Size | None] = queue.Queue(maxsize=64)
    stop = threading.Event()
    reader = threading.Thread(target=_read, args=(address, time_out, pieces, stop), daemon=True)
    reader.start()
    label = f"Downloading {address}"
    content: list[bytes] = []
    done, total = 0, 0
    try:
        sink(Progress(label, 0.0, 0.0))
        while True:
            cancel.check()
            try:
                piece = pieces.get(timeout=_POLL)
            except queue.Empty:
                continue
            if piece is _End:
                break
            if isinstance(piece, _Failure):
                raise piece.error
            if isinstance(piece, _Size):
                total = piece.total
            else:
                content.append(piece)
                done += len(piece)
            if max(done, total) > size_limit:
                limit = f"{size_limit / 1e6:,.0f} MB"
                raise StataError(603, f"file {address} is larger than the limit of {limit} for downloads")
            sink(Progress(label, float(done), float(total)))
    finally:
        stop.set()
    if done < total:
        raise StataError(677, f"the download of {address} ended after {done:,} of {total:,} bytes")
    return b"".join(content)


def _read(
    address: str, time_out: float, pieces: queue.Queue[bytes | _Failure | _Size | None], stop: threading.Event
) -> None:
    """Read the address piece by piece into `pieces`, ended by None or a failure."""

    def put(piece: bytes | _Failure | _Size | None) -> None:
        while not stop.is_set():
            try:
                pieces.put(piece, timeout=_POLL)
            except queue.Full:
                continue
            return

    try:
        with _opener().open(_request(address), timeout=time_out) as response:
            put(_Size(_announced(response)))
            while not stop.is_set():
                piece = response.read1(_CHUNK)
                if not piece:
                    put(_End)
                    return
                put(piece)
    except (OSError, HTTPException, ValueError) as error:
        put(_Failure(_explained(error, address)))


def _announced(response: HTTPResponse) -> int:
    length = response.headers.get("Content-Length") or ""
    return int(length) if length.isdigit() else 0


def _request(address: str) -> urllib.request.Request:
    return urllib.request.Request(address, headers={"User-Agent": "mixedgui", "Accept-Encoding": "identity"})


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for http and https alone, so that no server can redirect to a file or another protocol."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _explained(error: Exception, address: str) -> StataError:
    """Return the plain error behind what the network library raised."""
    host = urlsplit(address).hostname or address
    if isinstance(error, urllib.error.HTTPError):
        if error.code in {404, 410}:
            return StataError(601, f"file {address} not found")
        return StataError(675, f"the server {host} answered with status {error.code} for {address}")
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return StataError(2, f"the connection to {host} timed out")
    if isinstance(reason, socket.gaierror):
        return StataError(631, f"host {host} not found; is this computer connected to the network?")
    if isinstance(reason, HTTPException):
        return StataError(677, f"the connection to {host} broke off")
    words = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return StataError(677, f"could not connect to {host}: {words}")
