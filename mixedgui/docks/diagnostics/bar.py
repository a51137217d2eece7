"""What is selected in the dashboard, as words and as a condition, and what can be made of it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.elided_label import ElidedLabel
from mixedgui.widgets.icons import icon
from mixedgui.widgets.pane_head import icon_button
from mixedgui.widgets.tinted_label import TintedLabel

_ACTIONS = (
    ("indicator", mark("&Indicator variable"), mark("Create a variable that is 1 for the selected observations")),
    (
        "condition",
        mark("As &condition"),
        mark("Write the selection as an if condition into the command line or an open dialog"),
    ),
    ("refit", mark("&Fit without them"), mark("Fit the model again without the selected observations")),
    ("clear", mark("Cl&ear"), mark("Select nothing")),
)

_FIRST = 1000
"""Stretch of what takes the room there is as far as it needs it."""


class SelectionBar(QWidget):
    """Attributes: `wanted` emits the name of what is to be done with the selection."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * unit, unit, 3 * unit, unit)
        row.setSpacing(2 * unit)
        self._sign = QLabel(self)
        row.addWidget(self._sign)
        self._words = TintedLabel("", "text", self)
        self._words.setObjectName("selection_words")
        row.addWidget(self._words)
        self._condition = ElidedLabel("", "text", self)
        self._condition.setObjectName("selection_text")
        self._condition.setFont(theme().mono())
        row.addWidget(self._condition, _FIRST)
        self._copy = icon_button("copy", tr("Copy the condition"), self)
        self._copy.setObjectName("selection_copy")
        self._copy.clicked.connect(self._copy_condition)
        row.addWidget(self._copy)
        row.addStretch(1)
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

    def show_words(self, text: str, condition: str, *, any_selected: bool, reason: str = "") -> None:
        """Say what is selected; buttons that need a condition are off with the reason where there is none."""
        side = 4 * theme().unit
        self.setBackgroundRole(QPalette.ColorRole.Highlight if any_selected else QPalette.ColorRole.Midlight)
        self._sign.setPixmap(icon("mdi6.rhombus", "brushed").pixmap(side, side))
        self._sign.setVisible(any_selected)
        self._words.setText(text)
        self._words.setFont(theme().font(bold=any_selected))
        self._words.tint("text" if any_selected else "text2")
        self._words.setToolTip(text)
        self._condition.setText(condition)
        self._condition.setMaximumWidth(self._condition.fontMetrics().horizontalAdvance(condition) + theme().unit)
        self._copy.setVisible(bool(condition))
        for name, tip in ((action[0], tr(action[2])) for action in _ACTIONS):
            button = self.buttons[name]
            needs = name != "clear"
            button.setEnabled(any_selected and not (needs and reason))
            button.setToolTip(reason if needs and reason else tip if any_selected else tr("Nothing is selected"))

    @Slot()
    def _copy_condition(self) -> None:
        QGuiApplication.clipboard().setText(self._condition.text())
