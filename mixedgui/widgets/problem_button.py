"""“1 warning” in a dialog's footer: says how many problems there are and lists them on a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from engine.api import Problem
from mixedgui.state.translation import counted, tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon, set_icon


class ProblemButton(QToolButton):
    """Shows the number of problems; the list opens under it.

    Attributes
    ----------
    chosen
        A problem was clicked in the list.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._problems: tuple[Problem, ...] = ()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.clicked.connect(self._open)
        theme().changed.connect(self._paint)
        self.hide()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems listed."""
        return self._problems

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List `problems`; without any the button is hidden."""
        if tuple(problems) == self._problems:
            return
        self._problems = tuple(problems)
        self._paint()
        self.setVisible(bool(problems))

    def _paint(self) -> None:
        if not self._problems:
            return
        errors = sum(not problem.warning for problem in self._problems)
        warnings = len(self._problems) - errors
        counts = [counted(errors, "{n} error", "{n} errors")] if errors else []
        counts += [counted(warnings, "{n} warning", "{n} warnings")] if warnings else []
        role = "error" if errors else "warn"
        self.setText(", ".join(counts))
        set_icon(self, "x-circle" if errors else "warning-fill", role)
        palette = self.palette()
        palette.setColor(palette.ColorRole.ButtonText, theme().color(role))
        self.setPalette(palette)
        text = "\n".join(problem.message for problem in self._problems)
        self.setToolTip(text)
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(text)

    def _open(self) -> None:
        self._menu.clear()
        for problem in self._problems:
            sign, role = ("warning-fill", "warn") if problem.warning else ("x-circle", "error")
            action = self._menu.addAction(icon(sign, role), problem.message)
            action.triggered.connect(lambda _=False, p=problem: self.chosen.emit(p))
        height = self._menu.sizeHint().height()
        self._menu.popup(self.mapToGlobal(QPoint(0, -height)))
