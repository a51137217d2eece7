"""What a list shows while it is empty: one sentence and one button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QVBoxLayout, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel


class EmptyState(QWidget):
    """Lies over a list while its model has no rows; the list keeps its place in the tab order.

    Attributes
    ----------
    wanted
        The button was pressed.
    """

    wanted = Signal()

    def __init__(self, view: QAbstractItemView, sentence: str, verb: str) -> None:
        super().__init__(view.viewport())
        self._view = view
        unit = theme().unit
        self.label = TintedLabel(sentence, "text2", self)
        self.label.setWordWrap(True)
        self.button = QPushButton(verb, self)
        self.button.setObjectName(f"{view.objectName()}_empty")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self.label)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        view.viewport().installEventFilter(self)
        model = view.model()
        for change in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            change.connect(self.follow)
        self.follow()

    def say(self, sentence: str, verb: str) -> None:
        """Change sentence and button."""
        self.label.setText(sentence)
        self.button.setText(verb)

    def follow(self) -> None:
        """Show or hide as the model says."""
        self.setVisible(self._view.model().rowCount() == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the list."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.viewport().rect())
        return super().eventFilter(watched, event)
