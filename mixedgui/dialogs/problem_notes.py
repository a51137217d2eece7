"""What is wrong, where it is wrong: a line under the field, a wave under the word, a mark on the tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QSizePolicy, QTabWidget, QWidget

from engine.api import Problem
from mixedgui.widgets.icons import icon
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.tinted_label import TintedLabel


class ProblemNotes:
    """Spreads problems over a dialog.

    Parameters
    ----------
    tabs
        The pages.
    control
        Finds the control of an option or field.
    """

    def __init__(self, tabs: QTabWidget, control: Callable[[str], QWidget | None]) -> None:
        self._tabs = tabs
        self._control = control
        self._notes: dict[str, TintedLabel] = {}

    def under(self, option: str, name: str, parent: QWidget) -> QLabel:
        """Return the line that says what is wrong with a field; hidden while nothing is."""
        note = TintedLabel("", "error", parent, factor=0.92)
        note.setWordWrap(True)
        note.setObjectName(name)
        policy = note.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        note.setSizePolicy(policy)
        note.hide()
        self._notes[option] = note
        return note

    def says(self, option: str) -> bool:
        """Tell whether a field has a line of its own."""
        return option in self._notes

    def show(self, problems: Sequence[Problem]) -> None:
        """Mark fields and tabs."""
        marks: dict[int, bool] = {}
        wrong: dict[str, Problem] = {}
        for problem in problems:
            option = problem.option.partition("[")[0]
            wrong.setdefault(option, problem)
            page = self.page_of(self._control(option))
            if page >= 0:
                marks[page] = marks.get(page, False) or not problem.warning
        for page in range(self._tabs.count()):
            self._tabs.setTabIcon(page, _mark(marks.get(page)))
        for option, note in self._notes.items():
            self._show_note(note, option, wrong.get(option))

    def page_of(self, control: QWidget | None) -> int:
        """Return the number of the page a control stands on, -1 for none."""
        if control is None:
            return -1
        opener = getattr(control.window(), "opener", None)  # a sub-dialog counts where its button stands
        control = opener if isinstance(opener, QWidget) else control
        pages = [self._tabs.widget(place) for place in range(self._tabs.count())]
        return next((i for i, page in enumerate(pages) if page is not None and page.isAncestorOf(control)), -1)

    def _show_note(self, note: TintedLabel, option: str, problem: Problem | None) -> None:
        control = self._control(option)
        if isinstance(control, MarkedEdit):
            control.mark_wrong((problem.span or (0, len(control.text()))) if problem else None)
        message = problem.message if problem else ""
        note.setText(message[:1].upper() + message[1:])
        note.tint("warn" if problem and problem.warning else "error")
        note.setVisible(bool(message))


def _mark(error: bool | None) -> QIcon:
    if error is None:
        return QIcon()
    return icon("x-circle", "error") if error else icon("warning-fill", "warn")
