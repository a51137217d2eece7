"""A graph on the clipboard: pixels as on the screen, and a drawing that other programs can scale and edit."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from engine.api import GraphSpec, StataError, save_figure

SVG = "image/svg+xml"


def both_pictures(image: QImage, graph: GraphSpec) -> QMimeData:
    """Return the picture with the same graph as SVG; without the drawing where there is no room to write it."""
    data = QMimeData()
    data.setImageData(image)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.svg"
        try:
            save_figure(graph, path)
        except StataError:
            return data
        data.setData(SVG, path.read_bytes())
    return data
