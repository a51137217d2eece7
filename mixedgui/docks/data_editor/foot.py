"""The strip under the data: how many there are, what is selected, and whether they are saved."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from mixedgui.state.data_view import DataView
from mixedgui.state.selection import Selection
from mixedgui.state.translation import counted, tr
from mixedgui.theme import theme
from mixedgui.widgets.elided_label import ElidedLabel
from mixedgui.widgets.tinted_label import TintedLabel


class Foot(QFrame):
    """Facts in a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.setObjectName("data_editor_status")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self._facts = ElidedLabel("", "text", self, factor=0.92)
        self._selected = TintedLabel("", "accent", self, factor=0.92, bold=True)
        self._state = TintedLabel("", "text2", self, factor=0.92)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, unit, 3 * unit, unit)
        row.setSpacing(4 * unit)
        row.addWidget(self._facts, 1)
        row.addWidget(self._selected)
        row.addWidget(self._state)

    def show_view(self, view: DataView) -> None:
        """Say what the data are."""
        data = view.dataset
        if not data.variables:
            self._facts.setText(self.tr("No data yet."))
            self._state.setText("")
            return
        facts = [
            counted(data.n_obs, "{n} observation", "{n} observations"),
            counted(len(data.variables), "{n} variable", "{n} variables"),
        ]
        if view.filter and view.problem is None:
            facts.append(tr("filter on: {0:,} rows shown").format(view.n_rows))
        facts.append(
            tr("data sorted by {0}").format(" ".join(data.sorted_by)) if data.sorted_by else tr("data not sorted")
        )
        self._facts.setText("   |   ".join(facts))
        self._state.setText(
            self.tr("Not saved since the last change") if data.changed else self.tr("No unsaved changes")
        )

    def show_selected(self, selection: Selection, view: DataView) -> None:
        """Say how many rows are selected."""
        count = int(np.count_nonzero(selection.mask(view.dataset.row_ids))) if len(selection) else 0
        text = selection.label or tr("{count:,} row{0} selected").format("" if count == 1 else "s", count=count)
        self._selected.setText(f"\N{BLACK DIAMOND} {text}" if count else "")
