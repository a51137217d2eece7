"""The builder of expressions: what there is by heading, operators, and what the expression gives in the data."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QSignalBlocker, QStringListModel, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import Session
from mixedgui.dialogs.builders.sub_dialog import SubDialog
from mixedgui.models.entries import ENTRY_ROLE, EntryModel
from mixedgui.size import open_at
from mixedgui.state.expression_builder import (
    OPERATORS,
    VALUES,
    Entry,
    ExpressionBuilder,
    ExpressionForm,
    entries,
    groups,
    search,
    verdict,
)
from mixedgui.state.translation import mark, shown, tr
from mixedgui.theme import theme
from mixedgui.widgets.entry_table import EntryTable
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.icons import icon
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.search_field import SearchField
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.variable_edit import VariableEdit

ABOUT = mark("Puts an expression together from variables, values, operators and functions, and tries it on the data.")
PAUSE_MS = 150


class ExpressionDialog(SubDialog):
    """Puts expressions together and hands them to who asked."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            "expression_builder",
            tr("Expression builder"),
            parent,
            about=tr(ABOUT),
            takes=tr("the expression"),
            state=ExpressionBuilder(ExpressionForm()),
        )
        self.band.hide()
        self._session = session
        self._condition = True
        self._take: Callable[[str], object] = str
        self.expression = ExpressionEdit(self.page)
        self.expression.setObjectName("expression_builder_expression")
        self.expression.setFont(theme().mono())
        describe(self.expression, tr("Expression"), tr("It can be typed, or put together from what is listed below."))
        self.expression.changed.connect(self._typed)
        self.expression.cursorPositionChanged.connect(self._moved)
        self._sign = QLabel(self.page)
        self._verdict = TintedLabel("", "text2", self.page, factor=0.92)
        self._verdict.setWordWrap(True)
        self._verdict.setObjectName("expression_builder_verdict")
        self._operators = [self._operator(sign, text) for sign, text in OPERATORS]
        self.search = SearchField(tr("Find a function, variable or result"), self.page)
        self.search.setObjectName("expression_builder_search")
        self.search.textChanged.connect(self._list)
        self.of = VariableEdit(self.page)
        self.of.setObjectName("expression_builder_of")
        describe(self.of, tr("Variable whose values are listed"), tr("Its different values appear in the list."))
        self.of.setPlaceholderText(tr("choose a variable"))
        self.of.changed.connect(self._list)
        self.groups = self._make_groups()
        self._model = EntryModel(self)
        self.items = EntryTable("expression_builder_items", tr("Entries"), self.page)
        self.items.show_wide(self._model, 48)
        self.items.chosen.connect(self._insert)
        self.insert = QPushButton(tr("Insert"), self.page)
        self.insert.setObjectName("expression_builder_insert")
        self.insert.setAutoDefault(False)
        describe(
            self.insert,
            tr("Insert"),
            tr("Put the chosen entry into the expression (Enter or double click in the list)."),
        )
        self.insert.clicked.connect(self._insert_current)
        self._try = QTimer(self)
        self._try.setSingleShot(True)
        self._try.setInterval(PAUSE_MS)
        self._try.timeout.connect(self._judge)
        self._lay_out()
        open_at(self, 180, 140)
        self.finish([self.expression, *self._operators, self.search, self.groups, self.of, self.items, self.insert])

    def edit(self, text: str, take: Callable[[str], object], *, condition: bool, title: str) -> None:
        """Show an expression, to be handed to `take`; a condition is told in how many observations it holds."""
        self._condition, self._take = condition, take
        self.setWindowTitle(title)
        variables = self._session.data.variables
        self.expression.set_variables(variables)
        self.of.set_variables(variables)
        self.search.clear()
        self._list()
        self.begin(ExpressionBuilder(ExpressionForm(text.strip(), len(text.strip()))))
        self._judge()
        self.open_here()
        self.expression.setFocus()

    def accept(self) -> None:
        """Hand the expression over, finished or not: the field says what is wrong with it."""
        self.hide()
        self._take(self.state.form.text.strip())

    @Slot()
    def refresh(self) -> None:
        """Show the expression."""
        super().refresh()
        form = self.state.form
        with QSignalBlocker(self.expression):
            if self.expression.text() != form.text:
                self.expression.setText(form.text)
            if self.expression.cursorPosition() != form.cursor:
                self.expression.setCursorPosition(form.cursor)
        self._try.start()

    @Slot()
    def _judge(self) -> None:
        """Say what the expression gives; the data are looked at after a pause in typing."""
        text, well = verdict(self.state.form.text, self._session, condition=self._condition)
        side = round(4 * theme().unit)
        sign = icon("check-circle-fill", "ok") if well else icon("x-circle", "error")
        self._sign.setPixmap(sign.pixmap(side, side))
        self._sign.setVisible(bool(text))
        self._verdict.setText(text)
        self._verdict.tint("text2" if well else "error")

    @Slot()
    def _typed(self) -> None:
        self.state.type(self.expression.text(), self.expression.cursorPosition())

    @Slot()
    def _moved(self) -> None:
        self.state.move(self.expression.cursorPosition())

    @Slot()
    def _list(self) -> None:
        """List what stands under the heading chosen, or what the search finds everywhere."""
        word = self.search.text()
        group = groups()[max(self.groups.currentIndex().row(), 0)]
        self.of.setVisible(group == VALUES and not word)
        found = search(word, self._session) if word.strip() else entries(group, self._session, self.of.text().strip())
        self._model.show_entries(found)
        if found:
            self.items.setCurrentIndex(self._model.index(0, 0))
        self.insert.setEnabled(bool(found))

    @Slot(QModelIndex)
    def _heading_chosen(self, index: QModelIndex) -> None:
        if index.isValid():  # not when the list goes
            self._list()

    @Slot()
    def _insert_current(self) -> None:
        self._insert(self.items.currentIndex())

    @Slot(QModelIndex)
    def _insert(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, Entry):
            self.state.insert(entry.text)
            self.expression.setFocus()

    def _operator(self, sign: str, text: str) -> QToolButton:
        button = QToolButton(self.page)
        button.setText(sign.replace("&", "&&"))
        button.setFont(theme().mono())
        describe(button, tr("Insert {sign}").format(sign=sign), text[:1].upper() + text[1:])
        button.setMinimumWidth(8 * theme().unit)
        button.clicked.connect(lambda: (self.state.insert(sign), self.expression.setFocus()))
        return button

    def _make_groups(self) -> QListView:
        view = QListView(self.page)
        view.setObjectName("expression_builder_groups")
        describe(view, tr("Headings"), tr("What there is to put into an expression."))
        view.setModel(QStringListModel([shown(group) for group in groups()], view))
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setUniformItemSizes(True)
        view.setSpacing(theme().unit // 2)
        view.setMinimumHeight(40 * theme().unit)
        view.setCurrentIndex(view.model().index(0, 0))
        view.selectionModel().currentChanged.connect(self._heading_chosen)
        return view

    def _lay_out(self) -> None:
        unit = theme().unit
        said = QHBoxLayout()
        said.setSpacing(unit)
        said.addWidget(self._sign)
        said.addWidget(self._verdict, 1)
        signs = QHBoxLayout()
        signs.setSpacing(unit // 2)
        for button in self._operators:
            signs.addWidget(button)
        signs.addStretch()
        right = QVBoxLayout()
        right.setSpacing(unit)
        right.addWidget(self.of)
        right.addWidget(self.items, 1)
        bottom = QHBoxLayout()
        bottom.addStretch()
        bottom.addWidget(self.insert)
        right.addLayout(bottom)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(2 * unit)
        grid.addWidget(self.search, 0, 0, 1, 2)
        grid.addWidget(self.groups, 1, 0)
        grid.addLayout(right, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 3)
        label = QLabel(tr("Expression"), self.page)
        label.setBuddy(self.expression)
        self.column.addWidget(label)
        self.column.addWidget(self.expression)
        self.column.addLayout(said)
        self.column.addLayout(signs)
        self.column.addLayout(grid, 1)
        assign_mnemonics([label, self.insert])
