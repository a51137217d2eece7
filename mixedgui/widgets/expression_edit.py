"""A field for an expression."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.api import Variable
from mixedgui.state.translation import tr
from mixedgui.widgets.marked_edit import MarkedEdit


class ExpressionEdit(MarkedEdit):
    """Takes ``week > 2 & !missing(weight)``; completes variable names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(tr("expression"))

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer the names of the variables."""
        self.set_names([v.name for v in variables])
