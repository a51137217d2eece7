"""A field for a list of variables, factor-variable operators included."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.api import Variable
from mixedgui.state.translation import tr
from mixedgui.widgets.marked_edit import MarkedEdit


class VarlistEdit(MarkedEdit):
    """Takes ``week i.sex c.age##c.age``; each word is drawn as a chip.

    Parameters
    ----------
    numeric
        True to offer numeric variables only.
    """

    def __init__(self, parent: QWidget | None = None, *, numeric: bool = False) -> None:
        super().__init__(parent, chips=True)
        self._numeric = numeric
        self.setPlaceholderText(tr("none"))

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer the names of the variables that fit."""
        self.set_names([v.name for v in variables if not (self._numeric and v.is_string)])
