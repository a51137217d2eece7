"""What is selected in the dashboard, what dragging does, and what can be made of the selection."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mixedgui.plots.brush import BrushMode
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.segments import Segments
from mixedgui.widgets.tinted_label import TintedLabel

_MODES = (
    (BrushMode.MOVE, "Mo&ve", "mdi6.cursor-move", mark("Drag moves the plot; a click labels a mark")),
    (
        BrushMode.RECTANGLE,
        "&Rectangle",
        "selection",
        mark("Drag a rectangle around marks; Shift adds, Alt removes, Ctrl+click labels a mark"),
    ),
    (BrushMode.LASSO, "&Lasso", "mdi6.lasso", mark("Draw a line around marks; Shift adds, Alt removes")),
)
_ACTIONS = (
    ("indicator", mark("&Indicator variable"), mark("Create a variable that is 1 for the selected observations")),
    (
        "condition",
        mark("As &condition"),
        mark("Write the selection as an if condition into the command line or an open dialog"),
    ),
    ("refit", mark("&Fit without them"), mark("Fit the model again without the selected observations")),
    ("clear", "Cl&ear", mark("Select nothing")),
)


class SelectionBar(QWidget):
    """Attributes: `mode_chosen` emits a `BrushMode`; `wanted` the name of what is to be done with the selection."""

    mode_chosen = Signal(object)
    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Midlight)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, unit, 3 * unit, unit)
        row.setSpacing(2 * unit)
        modes = Segments(self)
        for mode, text, icon, tip in _MODES:
            choice = modes.add(f"brush_{mode.value}", text, icon, partial(self.mode_chosen.emit, mode))
            choice.setToolTip(tip)
            choice.setAccessibleDescription(tip)
            choice.setChecked(mode is BrushMode.RECTANGLE)
        row.addWidget(modes)
        self._words = TintedLabel("", "text2", self)
        self._words.setObjectName("selection_words")
        self._words.setWordWrap(True)
        row.addWidget(self._words, 1)
        self.buttons: dict[str, QPushButton] = {}
        for name, text, tip in ((action[0], tr(action[1]), tr(action[2])) for action in _ACTIONS):
            button = QPushButton(text, self)
            button.setObjectName(f"selection_{name}")
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, what=name: self.wanted.emit(what))
            row.addWidget(button)
            self.buttons[name] = button

    def show_words(self, text: str, *, any_selected: bool, reason: str = "") -> None:
        """Say what is selected; buttons that need a condition are off with the reason where there is none."""
        self._words.setText(text)
        self._words.setToolTip(text)
        for name, tip in ((action[0], tr(action[2])) for action in _ACTIONS):
            button = self.buttons[name]
            needs = name != "clear"
            button.setEnabled(any_selected and not (needs and reason))
            button.setToolTip(reason if needs and reason else tip if any_selected else tr("Nothing is selected"))
