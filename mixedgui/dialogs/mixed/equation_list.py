"""The list of random-effects equations with its buttons."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mixedgui.dialogs.mixed.equation_delegate import EquationDelegate
from mixedgui.dialogs.mixed.equation_model import EquationModel
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.templates import TEMPLATES
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.option_group import heading

EMPTY_ROWS, MOST_ROWS = 2, 8
"""Rows that there is room for at least; a list longer than the second number scrolls."""

ABOUT = mark("No random effects yet. An equation names the groups and what varies between them.")


class EquationView(QListView):
    """A list that knows the keys of the equation list.

    Attributes
    ----------
    key
        ``delete``, ``up``, ``down``, ``enable`` or ``edit`` was asked for from the keyboard.
    """

    key = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del deletes, Alt+Up and Alt+Down move, Space switches on and off, F2 edits."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        word = {
            (Qt.Key.Key_Delete, False): "delete",
            (Qt.Key.Key_Backspace, False): "delete",
            (Qt.Key.Key_Up, True): "up",
            (Qt.Key.Key_Down, True): "down",
            (Qt.Key.Key_Space, False): "enable",
            (Qt.Key.Key_F2, False): "edit",
        }.get((Qt.Key(event.key()), alt))
        if word is None:
            super().keyPressEvent(event)
        else:
            self.key.emit(word)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say what the list is for while it is empty."""
        super().paintEvent(event)
        if not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme().color("text2"))
            margin = 3 * theme().unit
            place = self.viewport().rect().adjusted(margin, 0, -margin, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, tr(ABOUT))
            painter.end()


class EquationList(QWidget):
    """Heading, buttons and list.

    Attributes
    ----------
    create_asked, edit_asked
        The sub-dialog is wanted, for a new equation or for a row.
    template_asked
        A common model is wanted (`Template`).
    """

    create_asked = Signal()
    edit_asked = Signal(int)
    template_asked = Signal(object)

    def __init__(self, state: MixedState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = EquationModel(state, self)
        unit = theme().unit
        self.head = heading(tr("Random-effects equations"), self)
        self.buttons: dict[str, QToolButton] = {}
        self._templates: dict[str, QAction] = {}
        bar = QHBoxLayout()
        bar.setSpacing(unit // 2)
        bar.addWidget(self.head)
        bar.addStretch()
        for name, sign, label, tip in _BUTTONS:
            bar.addWidget(self._button(name, sign, tr(label), tr(tip)))
        self.view = self._view()
        self.head.setBuddy(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * unit)
        column.addLayout(bar)
        column.addWidget(self.view)
        self._refresh_templates()
        self.refresh()

    @property
    def row(self) -> int:
        """The selected row, -1 for none."""
        return self.view.currentIndex().row()

    def select(self, row: int) -> None:
        """Select a row."""
        if 0 <= row < self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(row))

    def refresh(self) -> None:
        """Show the state's equations; the same row stays selected as far as possible."""
        before = self.row
        self.model.refresh()
        count = self.model.rowCount()
        if count and self.row < 0:
            self.select(min(max(before, 0), count - 1))
        height = self.view.sizeHintForRow(0) if count else 7 * theme().unit
        self.view.setFixedHeight(min(max(count, EMPTY_ROWS), MOST_ROWS) * height + 2 * self.view.frameWidth())
        self._refresh_buttons()

    @Slot()
    def delete(self) -> None:
        """Delete the selected equation."""
        row = self.row
        if row >= 0:
            self._state.delete_equation(row)
            self.select(min(row, self.model.rowCount() - 1))

    @Slot()
    def duplicate(self) -> None:
        """Copy the selected equation under itself."""
        if self.row >= 0:
            self.select(self._state.duplicate_equation(self.row))

    @Slot()
    def up(self) -> None:
        """Move the selected equation up."""
        self._move(-1)

    @Slot()
    def down(self) -> None:
        """Move the selected equation down."""
        self._move(1)

    @Slot()
    def enable(self) -> None:
        """Switch the selected equation on or off."""
        if self.row >= 0:
            self._state.enable_equation(self.row, not self._state.form.equations[self.row].enabled)

    @Slot()
    def edit(self) -> None:
        """Ask for the sub-dialog of the selected equation."""
        if self.row >= 0:
            self.edit_asked.emit(self.row)

    def focus_order(self) -> list[QWidget]:
        """Return the controls in the order of Tab."""
        return [*self.buttons.values(), self.view]

    def _move(self, step: int) -> None:
        row = self.row
        if row >= 0 and 0 <= row + step < self.model.rowCount():
            self.select(self._state.move_equation(row, row + step))

    def _view(self) -> EquationView:
        view = EquationView(self)
        view.setObjectName("mixed_equations")
        view.setAccessibleName(tr("Random-effects equations"))
        view.setAccessibleDescription(
            tr(
                "Levels from the outermost to the innermost; F2 edits, Alt+Up and Alt+Down move, "
                "Space switches on or off"
            )
        )
        view.setModel(self.model)
        view.setItemDelegate(EquationDelegate(view))
        view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.doubleClicked.connect(self._double_clicked)
        view.key.connect(self._key)
        view.selectionModel().currentChanged.connect(self._refresh_buttons)
        return view

    def _button(self, name: str, sign: str, label: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"mixed_equations_{name}")
        button.setAccessibleName(tr("{label} equation").format(label=label))
        button.setAccessibleDescription(tip)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(button, sign)
        if name == "create":
            button.setText(label)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.clicked.connect(self.create_asked)
            button.setMenu(self._template_menu())
            button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        elif name == "enable":
            button.setCheckable(True)
            button.clicked.connect(self.enable)
        else:
            button.clicked.connect(getattr(self, name))
        self.buttons[name] = button
        return button

    def _template_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("mixed_equations_templates")
        menu.setToolTipsVisible(True)
        for template in TEMPLATES:
            action = menu.addAction(f"{tr(template.label)}…")
            action.setObjectName(f"mixed_equations_create_{template.name}")
            action.triggered.connect(lambda _=False, t=template: self.template_asked.emit(t))
            self._templates[template.name] = action
        menu.aboutToShow.connect(self._refresh_templates)
        return menu

    @Slot()
    def _refresh_templates(self) -> None:
        reasons = self._state.disabled_reasons()
        for template in TEMPLATES:
            reason = reasons.get(template.option, "") if template.option else ""
            action = self._templates[template.name]
            action.setEnabled(not reason)
            action.setToolTip(tr("Not available now: {reason}").format(reason=reason) if reason else tr(template.help))
            action.setStatusTip(action.toolTip())

    @Slot(QModelIndex)
    def _double_clicked(self, index: QModelIndex) -> None:
        self.edit_asked.emit(index.row())

    @Slot(str)
    def _key(self, word: str) -> None:
        getattr(self, word)()

    @Slot()
    def _refresh_buttons(self) -> None:
        row, count = self.row, self.model.rowCount()
        none = "" if row >= 0 else tr("choose an equation first")
        reasons = {
            "edit": none,
            "duplicate": none,
            "delete": none,
            "enable": none,
            "up": none or ("" if row > 0 else tr("this equation is the first")),
            "down": none or ("" if row < count - 1 else tr("this equation is the last")),
        }
        tips = {name: tr(tip) for name, _, _, tip in _BUTTONS}
        for name, reason in reasons.items():
            button = self.buttons[name]
            button.setEnabled(not reason)
            text = tr("{0}. Not available now: {reason}").format(tips[name], reason=reason) if reason else tips[name]
            button.setToolTip(text)
            button.setAccessibleDescription(text)
        on = row >= 0 and self._state.form.equations[row].enabled
        enable = self.buttons["enable"]
        enable.blockSignals(True)
        enable.setChecked(on)
        enable.blockSignals(False)


_BUTTONS = (
    ("create", "plus", mark("Create"), mark("Add an equation; the arrow offers common models")),
    ("edit", "pencil-simple", mark("Edit"), mark("Edit the equation (F2 or double click)")),
    ("duplicate", "copy", mark("Duplicate"), mark("Copy the equation under itself")),
    ("delete", "trash", mark("Delete"), mark("Delete the equation (Del)")),
    ("up", "arrow-up", mark("Move up"), mark("Move the equation outwards (Alt+Up)")),
    ("down", "arrow-down", mark("Move down"), mark("Move the equation inwards (Alt+Down)")),
    ("enable", "eye", mark("Enable"), mark("Let the equation take part in the command, or not (Space)")),
)
