"""What a graph window shows besides the graph: labels of marks, and how it looks without colours."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QActionGroup, QColor
from PySide6.QtWidgets import QGraphicsColorizeEffect, QMenu, QToolButton

from mixedgui.state.translation import tr

if TYPE_CHECKING:
    from mixedgui.plots.graph_window import GraphWindow

_GREY = QColor(128, 128, 128)


class ViewMenu(QToolButton):
    """A button with a menu: which variable labels show, removing them, the greyscale preview."""

    def __init__(self, window: GraphWindow) -> None:
        super().__init__(window)
        self._window = window
        self._label = ""
        self.setObjectName("graph_view")
        self.setText(tr("La&bels"))
        self.setAccessibleName(tr("Labels and preview"))
        tip = tr("A click on a mark labels it (Ctrl+click while selecting); choose here what labels show")
        self.setToolTip(tip)
        self.setAccessibleDescription(tip)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._variables = menu.addMenu(tr("Label &by"))
        self._variables.setObjectName("graph_label_by")
        self._clear = menu.addAction(tr("&Remove labels"))
        self._clear.setObjectName("action_graph_remove_labels")
        self._clear.triggered.connect(self._remove)
        menu.addSeparator()
        self.grey = menu.addAction(tr("&Greyscale preview"))
        self.grey.setObjectName("action_graph_grey")
        self.grey.setCheckable(True)
        self.grey.toggled.connect(self._preview)
        menu.aboutToShow.connect(self.refresh)
        self.setMenu(menu)

    @Slot()
    def refresh(self) -> None:
        """List the variables of the data as they are now."""
        self._clear.setEnabled(any(len(view.pins) for view in self._window.view.views))
        self._variables.clear()
        group = QActionGroup(self._variables)
        for name in ("", *self._window.names.variables):
            action = self._variables.addAction(name or tr("Group and observation"))
            action.setCheckable(True)
            action.setChecked(name == self._label)
            action.triggered.connect(partial(self.label_by, name))
            group.addAction(action)

    def label_by(self, variable: str, _checked: bool = False) -> None:
        """Let labels, and what pointing tells, show a variable; empty for group and observation."""
        self._label = variable
        self.apply()

    def apply(self) -> None:
        """Bring what was chosen to the graph that is shown now."""
        for view in self._window.view.views:
            view.pins.label_by(self._label)
        self._preview(self.grey.isChecked())

    @Slot()
    def _remove(self) -> None:
        for view in self._window.view.views:
            view.pins.clear()

    @Slot(bool)
    def _preview(self, on: bool) -> None:
        """Show the graph as a printer without colours would; the graph itself stays as it is."""
        if not on:
            self._window.view.setGraphicsEffect(None)  # type: ignore[arg-type]  # Qt takes the effect away
            return
        effect = QGraphicsColorizeEffect(self._window.view)
        effect.setColor(_GREY)
        self._window.view.setGraphicsEffect(effect)
