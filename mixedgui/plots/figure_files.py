"""Asking where a graph is to be saved, and as which kind of file."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from mixedgui.state.translation import mark, tr

_KINDS = {
    ".png": mark("PNG picture (*.png)"),
    ".svg": mark("SVG drawing (*.svg)"),
    ".pdf": mark("PDF document (*.pdf)"),
    ".tif": mark("TIFF picture (*.tif)"),
}
_LONGEST = 60


def ask_figure_name(parent: QWidget, title: str, wish: str) -> str:
    """Return the path that was chosen, with an ending that names its kind; empty when it was not."""
    name = re.sub(r"\W+", "_", wish).strip("_")[:_LONGEST]
    filters = {tr(text): ending for ending, text in _KINDS.items()}
    path, kind = QFileDialog.getSaveFileName(parent, title, f"{name}.png", ";;".join(filters))
    if path and Path(path).suffix.lower() not in _KINDS:
        path += filters.get(kind, ".png")
    return path
