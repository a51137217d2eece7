"""Where the program's own files lie."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources() -> Path:
    """Return the folder of style sheet and data sets: the checkout's, else the one inside the installed package."""
    package = Path(__file__).resolve().parent
    if (package.parent / "pyproject.toml").exists():
        return package.parent / "resources"
    return package / "_resources"
