"""Whether what is about to be read fits into the memory of this computer."""

from __future__ import annotations

from engine.errors import StataError
from engine.machine import memory_of_machine

_SHARE = 0.5
"""Share of the memory that one file may take."""
_GIB = float(1 << 30)


def room() -> float:
    """Return how many bytes a file may take in memory."""
    return _SHARE * memory_of_machine()


def check_room(needed: float, name: str, what: str = "unpacked") -> None:
    """Raise `StataError` 909 when a file would take `needed` bytes and that is too much; `what` says how it would."""
    if needed > room():
        message = (
            f"file {name} takes at least {needed / _GIB:,.1f} GB {what}, too much for the "
            f"{memory_of_machine() / _GIB:,.0f} GB of memory of this computer"
        )
        raise StataError(909, message)
