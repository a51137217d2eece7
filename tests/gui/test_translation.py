"""The window in another language: a made-up one in which every text is a third longer and stands between ‹ and ›."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QTabWidget,
    QToolButton,
    QWidget,
)

from mixedgui.dialogs import registry
from mixedgui.languages import use
from mixedgui.state import translation

ROOT = Path(__file__).resolve().parents[2]

PLACES = re.compile(r"\{[^}]*\}|<[^>]*>|%n|&(?=\w)")


def load_strings():
    place = ROOT / "packaging" / "strings.py"
    sys.path.insert(0, str(place.parent))
    try:
        spec = importlib.util.spec_from_file_location("packaging_strings", place)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(place.parent))
    return module


def pseudo(text):
    """Return the text in the made-up language; places to fill, tags and mnemonics stay."""
    letters = len(PLACES.sub("", text))
    return f"‹{text}{'·' * round(0.3 * letters)}›"


class Pseudo(QTranslator):
    """Knows what the extraction has found, and nothing else."""

    def __init__(self, texts, parent):
        super().__init__(parent)
        self._known = {(text.context, text.source): pseudo(text.source) for text in texts}

    def isEmpty(self):
        return False

    def translate(self, context, source, disambiguation=None, n=-1):
        return self._known.get((context, source))


@pytest.fixture(scope="module")
def texts():
    return load_strings().all_texts()


@pytest.fixture
def spoken(qapp, texts):
    """Speak the made-up language for the time of a test."""
    translator = Pseudo(texts, qapp)
    use(qapp, translator)
    yield translator
    qapp.removeTranslator(translator)
    translation.install(lambda _context, text, _count: text)


@pytest.fixture
def foreign(spoken, new_window):
    return new_window()


def said(widget):
    """Return what a widget shows and tells, with how."""
    kinds = {"tooltip": widget.toolTip(), "accessible name": widget.accessibleName()}
    if isinstance(widget, QLabel | QAbstractButton):
        kinds["text"] = widget.text()
    if isinstance(widget, QLineEdit):
        kinds["placeholder"] = widget.placeholderText()
    if isinstance(widget, QGroupBox):
        kinds["title"] = widget.title()
    if isinstance(widget, QTabWidget):
        kinds |= {f"tab {place}": widget.tabText(place) for place in range(widget.count())}
    if isinstance(widget, QComboBox):
        kinds |= {f"entry {place}": widget.itemText(place) for place in range(widget.count())}
    if isinstance(widget, QMenu):
        kinds |= {f"action {place}": action.text() for place, action in enumerate(widget.actions())}
    return kinds
