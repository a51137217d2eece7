"""Paths as users type them, and writing files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from engine.data.room import check_room
from engine.errors import StataError


def local_path(name: str) -> Path:
    """Return the path that `name` is, with ``~`` replaced by the user's folder where there is one."""
    path = Path(name)
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def exists(path: Path) -> bool:
    """Tell whether something lies at `path`; a name that no file can have is not there."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read_bytes(path: Path, most: int = -1) -> bytes:
    """Return the content of a file, of a long one the first `most` bytes where that is not negative.

    Raises
    ------
    StataError
        601 not found, 603 not readable, no ordinary file or changed meanwhile, 909 too large for the memory.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise StataError(603, f"{path} is a folder, not a data file")
        if not stat.S_ISREG(mode):
            raise StataError(603, f"{path} is not an ordinary file")
        return _unchanged(path, most)
    except FileNotFoundError:
        raise StataError(601, f"file {path} not found") from None
    except PermissionError:
        raise StataError(603, f"file {path} could not be opened: no permission to read it") from None
    except MemoryError:
        raise StataError(909, f"file {path.name} is too large for the memory of this computer") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StataError(603, f"file {path} could not be opened: {reason}") from None


def content_of(path: Path, name: str, title: str) -> bytes:
    """Return the content of a file of another program as `read_bytes`; StataError 610 for one without any."""
    content = read_bytes(path)
    if not content:
        raise StataError(610, f"file {name} is empty; it is not {title}")
    return content


def _unchanged(path: Path, most: int) -> bytes:
    """Return the content of a file; another program that writes it at this moment would leave it half old, half new."""
    with path.open("rb") as stream:
        before = os.fstat(stream.fileno())
        check_room(before.st_size if most < 0 else most, path.name, "in memory")
        content = stream.read(most)
        after = os.fstat(stream.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise StataError(603, f"file {path} changed while it was read; try again once it is complete")
    return content


def write_atomically(path: Path, content: bytes) -> None:
    """Write `content` beside `path` and move it there in one step.

    Raises `StataError` 603 when that is not possible; an existing file is then untouched.
    """
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the path of an empty file beside `path` (with its ending), and move it there once it has been written.

    Raises `StataError` 603 when that is not possible; after any error an existing file is untouched.
    """
    import tempfile  # a twentieth of the start of a window, which writes nothing yet

    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix, delete=False
        ) as stream:
            temporary = stream.name
        yield Path(temporary)
        with open(temporary, "rb+") as stream:
            os.fsync(stream.fileno())
        os.chmod(temporary, _usual_mode(path))
        os.replace(temporary, path)
        temporary = ""
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise StataError(603, f"file {path} could not be written: {reason}") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _usual_mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new one."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
