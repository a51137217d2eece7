"""What this computer has."""

from __future__ import annotations

import os

_UNKNOWN = 8 << 30


def memory_of_machine() -> float:
    """Bytes of physical memory; a modest guess where the system does not tell."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * float(os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return float(_UNKNOWN)
