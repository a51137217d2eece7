"""Tying a widget to a piece of state: what the user does goes in, what changed elsewhere comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from mixedgui.widgets.combo_edit import ComboEdit
from mixedgui.widgets.marked_edit import MarkedEdit

T = TypeVar("T")


class Binding(Generic[T]):
    """A widget that shows `read()`.

    Parameters
    ----------
    widget
        What shows the value; its signals are held back while it is refreshed.
    read, show
        Gets the value from the state, puts it into the widget.
    """

    def __init__(self, widget: QWidget, read: Callable[[], T], show: Callable[[T], None]) -> None:
        self.widget = widget
        self._read = read
        self._show = show

    def refresh(self) -> None:
        """Show the state's value, without telling the state about it."""
        with QSignalBlocker(self.widget):
            self._show(self._read())


def bind_text(
    widget: MarkedEdit | ComboEdit | QLineEdit,
    read: Callable[[], str],
    write: Callable[[str], None],
) -> Binding[str]:
    """Tie a text field to a text; the cursor stays where it is while the text is the same."""

    def show(text: str) -> None:
        if widget.text() != text:
            widget.setText(text)

    signal = widget.changed if isinstance(widget, MarkedEdit | ComboEdit) else widget.textChanged
    signal.connect(lambda *_: write(widget.text()))
    return Binding(widget, read, show)


def bind_check(widget: QAbstractButton, read: Callable[[], bool], write: Callable[[bool], None]) -> Binding[bool]:
    """Tie a check box or radio button to a truth value."""
    widget.toggled.connect(write)
    return Binding(widget, read, widget.setChecked)


def bind_choice(widget: QComboBox, read: Callable[[], str], write: Callable[[str], None]) -> Binding[str]:
    """Tie a list to the word kept as data of its entries; a word that is not there shows the first entry."""

    def show(word: str) -> None:
        widget.setCurrentIndex(max(widget.findData(word), 0))

    widget.currentIndexChanged.connect(lambda: write(str(widget.currentData())))
    return Binding(widget, read, show)


def bind_number(
    widget: QSpinBox | QDoubleSpinBox, read: Callable[[], float], write: Callable[[float], None]
) -> Binding[float]:
    """Tie a spin box to a number."""

    def show(value: float) -> None:
        if isinstance(widget, QSpinBox):
            widget.setValue(int(value))
        else:
            widget.setValue(value)

    widget.valueChanged.connect(write)
    return Binding(widget, read, show)
