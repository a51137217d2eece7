"""Ends PySide's watch over imports, before the program's own modules are loaded.

PySide replaces ``__import__`` to serve ``from __feature__ import snake_case``, and for that reads the source of every
module that is imported after it: a tenth of the time to the first paint, and a quarter of what pandas and SciPy take
when the first command asks for them. This program uses no such feature.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  what puts the watch there

builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
