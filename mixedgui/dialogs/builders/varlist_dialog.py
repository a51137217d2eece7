"""The builder of a list of variables: factor variables, interactions, polynomials; with the columns they stand for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QWidget,
)

from engine.api import Dataset, StataError, TermsPreview
from mixedgui.dialogs.builders.sub_dialog import SubDialog
from mixedgui.dialogs.builders.term_fields import TermFields
from mixedgui.jobs.latest import Latest
from mixedgui.models.preview_columns import PreviewModel
from mixedgui.size import open_at
from mixedgui.state.translation import mark, tr
from mixedgui.state.varlist_builder import BuilderForm, PreviewQuestion, VarlistBuilder, preview_words
from mixedgui.theme import theme
from mixedgui.widgets.binding import bind_text
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.varlist_edit import VarlistEdit

ABOUT = mark("Builds a list of variables term by term, and shows the columns that it stands for in the data.")
NOTHING = mark("Nothing is in the list yet: choose a variable and press Add to list, or Cancel.")

AT_ONCE = 20_000
"""Up to so many rows the columns are looked at while one edits."""


class VarlistDialog(SubDialog):
    """Puts lists of variables together and hands them to who asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "varlist_builder",
            tr("Factor variables and interactions"),
            parent,
            about=tr(ABOUT),
            takes=tr("the list"),
            state=VarlistBuilder(BuilderForm()),
        )
        self.band.preview.setAccessibleName(tr("Term"))
        self._dataset = Dataset()
        self._condition = ""
        self._take: Callable[[str], object] = str
        self._reminded = False
        self._latest = Latest(self)
        self._latest.answered.connect(self._show_preview)
        self.fields = TermFields(self.state, self.page)
        self.add = QPushButton(tr("Add to list"), self.page)
        self.add.setObjectName("varlist_builder_add")
        describe(self.add, tr("Add to list"), tr("Put the term at the end of the list and begin a new one."))
        self.add.setAutoDefault(False)
        set_icon(self.add, "plus")
        self.add.clicked.connect(self._add)
        self.varlist = VarlistEdit(self.page)
        self.varlist.setObjectName("varlist_builder_varlist")
        describe(self.varlist, tr("List"), tr("The terms so far; it can be edited."))
        self._note = TintedLabel("", "error", self.page, factor=0.92)
        self._said = TintedLabel("", "text2", self.page, factor=0.92)
        self._warning = TintedLabel("", "warn", self.page, factor=0.92)
        self._model = PreviewModel(self)
        self._table = self._make_table()
        self._lay_out()
        self.bindings.append(
            bind_text(self.varlist, lambda: self.state.form.varlist, lambda text: self.state.set(varlist=text))
        )
        open_at(self, 178, 150)
        self.finish([*self.fields.focus_order, self.add, self.varlist, self._table])

    def edit(self, text: str, take: Callable[[str], object], *, dataset: Dataset, condition: str = "") -> None:
        """Show a list of variables of `dataset`, to be handed to `take`; cells count the rows of `condition`."""
        self._dataset, self._condition, self._take = dataset, condition, take
        self._reminded = False
        numeric = [variable for variable in dataset.variables if not variable.is_string]
        self.fields.set_variables(numeric)
        self.varlist.set_variables(numeric)
        self.fields.state = VarlistBuilder(BuilderForm(varlist=text.strip()))
        self.begin(self.fields.state)
        self.open_here()
        self.fields.focus_order[0].setFocus()

    def accept(self) -> None:
        """Hand the list over; a term that is ready is taken along, an empty list is refused with a reminder."""
        self.state.add()
        if not self.state.form.varlist.strip():
            self._reminded = True
            self.refresh()
            self.fields.first_empty().setFocus()
            return
        self.hide()
        self._take(self.state.form.varlist.strip())

    @Slot()
    def refresh(self) -> None:
        """Show term and list, and ask what they stand for."""
        super().refresh()
        self.fields.refresh()
        form = self.state.form
        self.band.preview.setText(form.term())
        self.add.setEnabled(bool(form.term()))
        self.add.setToolTip("" if form.term() else tr("Not available now: choose the variables of the term first"))
        problems = self.state.problems(self._dataset)
        self.footer.problems.show_problems(problems)
        wrong = next((p for p in problems if p.option == "varlist"), None)
        self.varlist.mark_wrong((wrong.span or (0, len(form.varlist))) if wrong else None)
        text = "; ".join(problem.message for problem in problems) or (tr(NOTHING) if self._reminded else "")
        self._note.setText(text[:1].upper() + text[1:])
        self._note.setVisible(bool(text))
        whole = self.state.whole()
        question = PreviewQuestion(whole, self._dataset, self._condition) if whole and not problems else None
        self._latest.ask(question, at_once=self._dataset.n_obs <= AT_ONCE)
        if question is None:
            self._show_preview(TermsPreview())

    @Slot(object)
    def _show_preview(self, answer: TermsPreview | StataError) -> None:
        if isinstance(answer, StataError):
            self._model.show_columns(())
            said, warning = "", answer.message[:1].upper() + answer.message[1:]
        else:
            self._model.show_columns(answer.columns)
            said, warning = preview_words(answer) if answer.columns else ("", "")
        self._said.setText(said or tr("The columns appear here as the list grows."))
        self._warning.setText(warning)
        self._warning.setVisible(bool(warning))

    @Slot()
    def _add(self) -> None:
        self._reminded = False
        if self.state.add():
            self.fields.first_empty().setFocus()

    def _make_table(self) -> QTableView:
        table = QTableView(self.page)
        table.setObjectName("varlist_builder_columns")
        table.setAccessibleName(tr("Columns of the list"))
        table.setAccessibleDescription(tr("Name of each column, rows in its cell, and why it is not estimated"))
        table.setModel(self._model)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(round(6 * theme().unit))
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for section in (1, 2):
            head.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        table.setMinimumHeight(24 * theme().unit)
        return table

    def _lay_out(self) -> None:
        unit = theme().unit
        for label in (self._note, self._said, self._warning):
            label.setWordWrap(True)
        button = QHBoxLayout()
        button.addStretch()
        button.addWidget(self.add)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(unit)
        name = QLabel(tr("List"), self.page)
        name.setBuddy(self.varlist)
        grid.addWidget(name, 0, 0)
        grid.addWidget(self.varlist, 0, 1)
        grid.addWidget(self._note, 1, 1)
        grid.setColumnStretch(1, 1)
        self.column.addWidget(self.fields)
        self.column.addLayout(button)
        self.column.addLayout(grid)
        self.column.addWidget(heading(tr("What it stands for"), self.page))
        self.column.addWidget(self._said)
        self.column.addWidget(self._warning)
        self.column.addWidget(self._table, 1)
        assign_mnemonics([*self.fields.labels, self.add, name])
