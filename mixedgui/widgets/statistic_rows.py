"""Rows of a statistic, the name of a new variable and the variables it is taken of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.api import Choice, Variable
from mixedgui.state.statistic_rows import StatisticRow, read_rows, write_rows
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.varlist_edit import VarlistEdit

_FIRST_ROWS = 3


class StatisticRows(QWidget):
    """A few rows to fill, and a button for more; rows without variables do not count.

    Parameters
    ----------
    name
        Beginning of the object names: ``<name>_1_statistic``, ``<name>_1_name``, ``<name>_1_variables``.
    choices
        The statistics.
    offer
        Gives the variables of the data in memory.
    """

    changed = Signal()

    def __init__(
        self, name: str, choices: Sequence[Choice], offer: Callable[[], Sequence[Variable]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._choices = choices
        self._offer = offer
        self._rows: list[tuple[ChoiceBox, QLineEdit, VarlistEdit]] = []
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * unit)
        self._grid.setVerticalSpacing(unit)
        self._grid.setColumnStretch(2, 1)
        for place, text in enumerate((tr("Statistic"), tr("New variable"), tr("Variables"))):
            self._grid.addWidget(QLabel(text, self), 0, place)
        column.addLayout(self._grid)
        self.more = QPushButton(tr("Another statistic"), self)
        self.more.setObjectName(f"{name}_add")
        self.more.setAutoDefault(False)
        self.more.clicked.connect(self._add_row)
        line = QHBoxLayout()
        line.addWidget(self.more)
        line.addStretch()
        column.addLayout(line)
        for _ in range(_FIRST_ROWS):
            self._add_row()

    @property
    def focus_order(self) -> list[QWidget]:
        """The controls of the first rows, and the button."""
        return [*(widget for row in self._rows for widget in row), self.more]

    def rows(self) -> tuple[StatisticRow, ...]:
        """Return all rows, empty ones too."""
        return tuple(StatisticRow(str(box.currentData()), name.text(), edit.text()) for box, name, edit in self._rows)

    def text(self) -> str:
        """Return the rows as the command writes them."""
        return write_rows(self.rows())

    def setText(self, text: str) -> None:
        """Show what a text says; rows that say the same stay as they are."""
        if text == self.text():
            return
        wanted = read_rows(text)
        self.blockSignals(True)
        while len(self._rows) < len(wanted):
            self._add_row()
        for place, (box, name, edit) in enumerate(self._rows):
            row = wanted[place] if place < len(wanted) else StatisticRow()
            if box.findData(row.statistic) < 0:
                box.addItem(row.statistic, row.statistic)
            box.setCurrentIndex(box.findData(row.statistic))
            name.setText(row.name)
            edit.setText(row.variables)
        self.blockSignals(False)

    @Slot()
    def _add_row(self) -> None:
        number = len(self._rows) + 1
        box = ChoiceBox(self._choices, self)
        box.setObjectName(f"{self.objectName()}_{number}_statistic")
        describe(box, tr("Statistic"), tr("What is computed of the variables in this row."))
        name = QLineEdit(self)
        name.setObjectName(f"{self.objectName()}_{number}_name")
        name.setPlaceholderText(tr("same name"))
        describe(name, tr("New variable"), tr("Name of the result, where one variable is named beside it."))
        edit = VarlistEdit(self)
        edit.setObjectName(f"{self.objectName()}_{number}_variables")
        edit.setPlaceholderText("")
        describe(edit, tr("Variables"), tr("The variables it is taken of; one where the result has a name of its own."))
        edit.set_variables(self._offer())
        for place, widget in enumerate((box, name, edit)):
            self._grid.addWidget(widget, number, place)
        box.currentIndexChanged.connect(self.changed)
        name.textChanged.connect(self.changed)
        edit.changed.connect(self.changed)
        self._rows.append((box, name, edit))
