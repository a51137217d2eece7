"""The bars above the data: what to do, which rows, and the value of the current cell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from engine.api import Variable
from mixedgui.state.data_view import DataView
from mixedgui.state.translation import counted, tr
from mixedgui.theme import theme
from mixedgui.widgets.elided_label import ElidedLabel
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.pane_head import icon_button
from mixedgui.widgets.segments import Segments
from mixedgui.widgets.tinted_label import TintedLabel


class _Bar(QFrame):
    """A row of controls on the colour of the window, with a hairline under it."""

    def __init__(self, parent: QWidget, *, role: QPalette.ColorRole = QPalette.ColorRole.Window) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.setAutoFillBackground(True)
        self.setBackgroundRole(role)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(4 * unit, round(1.5 * unit), 4 * unit, round(1.5 * unit))
        self.row.setSpacing(2 * unit)


class ToolBar(_Bar):
    """Title, what the window does with a cell, what it shows, and the commands."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = TintedLabel(self.tr("Data editor"), "text", self, factor=1.15, bold=True)
        self.about = ElidedLabel("", "text2", self)
        self.mode = Segments(self)
        self.words = Segments(self)
        self.row.addWidget(self.title)
        self.row.addWidget(self.about, 1)
        self.row.addWidget(self.mode)
        self.row.addWidget(self.words)
        self._worded: list[QToolButton] = []
        self._room = 0

    def add_tool(self, action: QAction, icon: str, *, text: bool = True) -> QToolButton:
        """Add a button for an action."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(f"data_editor_{action.objectName().removeprefix('action_data_editor_')}")
        button.setAutoRaise(True)
        button.setAccessibleName(action.text().replace("&", ""))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        set_icon(action, icon)
        self.row.addWidget(button)
        if text:
            self._worded.append(button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons where the window is too narrow for them."""
        super().resizeEvent(event)
        self._room = self._room or self.minimumSizeHint().width()
        style = Qt.ToolButtonStyle
        worded = style.ToolButtonTextBesideIcon if self.width() >= self._room else style.ToolButtonIconOnly
        for button in self._worded:
            if button.toolButtonStyle() is not worded:
                button.setToolButtonStyle(worded)


class FilterBar(_Bar):
    """Which rows are shown.

    Attributes
    ----------
    applied
        Enter was pressed, or the field was cleared; the text.
    """

    applied = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        label = TintedLabel(self.tr("Show rows where"), "text2", self)
        self.field = MarkedEdit(self)
        self.field.setObjectName("data_editor_filter")
        self.field.setPlaceholderText(self.tr("an expression, for example ses < -1; Enter applies it"))
        self.field.setAccessibleName(self.tr("Show rows where"))
        self.field.setAccessibleDescription(self.tr("An expression; Enter applies it, Escape clears it"))
        self.field.setFont(theme().mono())
        self.field.setMinimumWidth(40 * unit)
        label.setBuddy(self.field)
        self.clear = icon_button("x", self.tr("Clear the filter"), self)
        self.clear.setObjectName("data_editor_filter_clear")
        self.clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.count = ElidedLabel("", "text2", self)
        self.count.setObjectName("data_editor_count")
        self.again = self._button("data_editor_reapply", self.tr("Apply again"))
        self.again.setToolTip(self.tr("Cells have changed since: filter and sort by the values as they are now (F5)"))
        self.keep = self._button("data_editor_keep", self.tr("Keep only these"))
        self.keep.setToolTip(self.tr("Remove the other rows from the data (keep if …)"))
        self.use = self._button("data_editor_use_condition", self.tr("Use as if condition"))
        self.use.setToolTip(self.tr("Write the filter where a condition is being written, or into the command line"))
        self.row.addWidget(label)
        self.row.addWidget(self.field, 5)
        self.row.addWidget(self.clear)
        self.row.addWidget(self.count, 4)
        for button in (self.again, self.keep, self.use):
            self.row.addWidget(button)
        self.field.returnPressed.connect(self._apply)
        self.clear.clicked.connect(self.reset)
        theme().changed.connect(self._refont)

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    @Slot()
    def _refont(self) -> None:
        self.field.setFont(theme().mono())

    @Slot()
    def _apply(self) -> None:
        self.applied.emit(self.field.text())

    @Slot()
    def reset(self) -> None:
        """Show all rows."""
        self.field.clear()
        self.applied.emit("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.reset()
            return
        super().keyPressEvent(event)

    def show_view(self, view: DataView) -> None:
        """Say how many rows are shown, how they are sorted, or why the filter is not in force."""
        if view.working:
            self.count.tint("text2")
            self.count.setText(self.tr("Looking through {0} rows …").format(f"{view.dataset.n_obs:,}"))
        elif view.problem is not None:
            self.count.tint("error")
            self.count.setText(view.problem.message)
            self.field.mark_wrong(view.problem.span)
        else:
            self.count.tint("text2")
            self.count.setText(view_words(view))
            self.field.mark_wrong(None)
        active = bool(view.filter) and view.problem is None and not view.working
        self.clear.setVisible(bool(view.filter or self.field.text()))
        self.again.setVisible(view.stale)
        for button in (self.keep, self.use):
            button.setVisible(active)


def view_words(view: DataView) -> str:
    """Return ``723 of 7,185 rows · sorted by mathach, highest first``."""
    pieces: list[str] = []
    total = view.dataset.n_obs
    if view.filter and view.problem is None:
        pieces.append(tr("{0:,} of {1:,} rows").format(view.n_rows, total))
    if view.sort:
        keys = [tr("{name}, highest first").format(name=name) if descending else name for name, descending in view.sort]
        pieces.append(tr("sorted by {0}").format("; ".join(keys)))
    if view.hidden:
        pieces.append(counted(view.hidden, "{n} variable not shown", "{n} variables not shown"))
    if view.stale:
        pieces.append(tr("as before the last change"))
    return "  ·  ".join(pieces)


class ValueBar(_Bar):
    """The whole value of the current cell, and a place to type another.

    Attributes
    ----------
    typed
        Enter was pressed; the text.
    left
        The user goes back to the table.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, role=QPalette.ColorRole.Base)
        unit = theme().unit
        self.name = TintedLabel("", "text", self)
        self.name.setFont(theme().mono())
        self.place = TintedLabel("", "text2", self)
        self.field = QLineEdit(self)
        self.field.setObjectName("data_editor_value")
        self.field.setAccessibleName(self.tr("Value of the current cell"))
        self.hint = ElidedLabel("", "text2", self)
        self.hint.setObjectName("data_editor_hint")
        self.row.addWidget(self.name)
        self.row.addWidget(self.place)
        self.row.addWidget(self.field, 3)
        self.row.addWidget(self.hint, 2)
        self.row.setSpacing(2 * unit)
        self.field.returnPressed.connect(self._commit)
        theme().changed.connect(self._refont)

    @Slot()
    def _refont(self) -> None:
        self.name.setFont(theme().mono())

    @Slot()
    def _commit(self) -> None:
        if not self.field.isReadOnly():
            self.typed.emit(self.field.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the table with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def show_cell(self, variable: Variable | None, observation: int, text: str) -> None:
        """Show a cell, or none."""
        if variable is None:
            self.name.setText("")
            self.place.setText(self.tr("no cell"))
            self.field.clear()
            self.field.setEnabled(False)
            return
        self.field.setEnabled(True)
        self.name.setText(variable.name)
        self.place.setText(self.tr("row {0}").format(f"{observation:,}"))
        if self.field.text() != text:
            self.field.setText(text)
            self.field.setCursorPosition(0)

    def say(self, text: str, *, problem: bool = False) -> None:
        """Show a sentence beside the field."""
        self.hint.tint("error" if problem else "text2")
        self.hint.setText(text)
        self.hint.setAccessibleName(text)

    @Slot(str, bool)
    def say_of(self, text: str, problem: bool) -> None:
        """Show a sentence that another part of the window says."""
        self.say(text, problem=problem)
