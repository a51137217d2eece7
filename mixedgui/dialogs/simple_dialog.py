"""A dialog made from a command's declaration."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from engine.api import ByRule, CommandDecl, OptionDecl, Picks, Problem, Session, VarlistRule
from mixedgui.dialogs.builders.buttons import beside, expression_button, varlist_button
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.if_in_page import IfInPage
from mixedgui.dialogs.pick_panel import PickPanel, make_panel
from mixedgui.dialogs.weights_page import WeightsPage
from mixedgui.dialogs.window import CommandWindow
from mixedgui.size import align_labels, fit_to, open_at
from mixedgui.state.command_state import CommandState
from mixedgui.state.picks import picks_of, why_none
from mixedgui.state.postestimation import lacking, reason_against
from mixedgui.state.translation import mark, shown, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import bind_choice, bind_text
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.file_edit import FileEdit
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import OptionGroup, heading
from mixedgui.widgets.pick_edit import PickEdit
from mixedgui.widgets.section import Section
from mixedgui.widgets.varlist_edit import VarlistEdit

NO_FIT_RC = 301
"""Return code of a command that needs a fit."""

STORAGE_TYPES = ("byte", "int", "long", "float", "double")


PAGES = {
    "se": mark("SE/Robust"),
    "reporting": mark("Reporting"),
    "plots": mark("Plots"),
    "axes": mark("Axes"),
    "titles": mark("Titles"),
    "overall": mark("Overall"),
}
"""Pages of their own for options that say so, in this order: name -> title."""


class OptionsPage(Section):
    """The options of one page."""

    def __init__(self, group: OptionGroup, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        group.setParent(self)
        column.addWidget(group)
        column.addStretch()
        self.absorb(group)


class SimpleDialog(CommandDialog):
    """Variables, options, if/in; everything follows from the declaration."""

    def __init__(self, decl: CommandDecl, window: CommandWindow, state: CommandState | None = None) -> None:
        super().__init__(decl, state or CommandState(decl), window)
        self._labels: list[Any] = []
        self._order: list[QWidget] = []
        unit = theme().unit
        scroll = self.tabs.open_page("model", tr("Main"))
        page = QWidget(scroll.viewport())
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        self._column.setSpacing(3 * unit)
        self._add_body(page)
        self.add_choices(page, self._column)
        self._add_options(page)
        self._column.addStretch()
        self.tabs.fill_page(scroll, page)
        by = decl.by is not ByRule.REFUSED and not any(option.name == "by" for option in decl.options)
        if decl.allow_if or decl.allow_in or by:
            title = tr("by/if/in") if by else tr("if/in")
            self.late.add("byifin", title, lambda parent: self._rows_page(parent, by=by))
        if decl.weights:
            self.late.add("weights", tr("Weights"), lambda parent: WeightsPage(self, parent))
        for name, title in PAGES.items():
            declared = self._options_of(name)
            if declared:
                self.late.add(name, shown(title), partial(self._options_page, declared))
        open_at(self, self.least_width, 92)
        self.finish([self._labels], self._order)

    def hide_options(self, names: Collection[str]) -> None:
        """Hide the options named, and the heading where none is left."""
        if self.options is not None:
            self.options.hide_options(names)
            self._options_head.setVisible(any(each.decl.name not in names for each in self.options.controls))

    def _rows_page(self, parent: QWidget, *, by: bool) -> IfInPage:
        decl = self.decl
        return IfInPage(self, parent, allow_if=decl.allow_if, allow_in=decl.allow_in, by=by)

    least_width = 150
    """Units across that it opens with at least."""

    _fitted = False

    def showEvent(self, event: QShowEvent) -> None:
        """Open as large as the first page wants to be; later the size is the user's."""
        super().showEvent(event)
        scroll = self.tabs.widget(0)
        if self._fitted or not isinstance(scroll, QScrollArea):
            return
        self._fitted = True
        if self.options is not None and self.options.grid is not None:
            align_labels(self._grid, self.options.grid)
        fit_to(self, scroll, least_width=self.least_width)

    options: OptionGroup | None = None
    """The options laid out from their declarations, if there are any."""

    def add_choices(self, page: QWidget, column: QVBoxLayout) -> None:
        """Add what a command lays out in its own way, between variables and options."""

    def own_options(self) -> frozenset[str]:
        """Return the options that `add_choices` has laid out."""
        return frozenset()

    def adopt(self, labels: list[Any], order: list[QWidget]) -> None:
        """Give controls a mnemonic and a place in the order of Tab."""
        self._labels += labels
        self._order += order

    def _add_body(self, page: QWidget) -> None:
        decl, unit = self.decl, theme().unit
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(2 * unit)
        grid.setVerticalSpacing(unit)
        row = self.add_pieces(page, grid)
        if decl.varlist not in {VarlistRule.NONE, VarlistRule.TEXT} and not decl.pieces:
            label, edit = self._body_field(page)
            build = None
            if decl.factor_variables and isinstance(edit, VarlistEdit):
                build = varlist_button(edit, page)
            self._place(grid, row, label, edit, option="varlist", build=build)
            row += 2
        if decl.varlist is VarlistRule.TEXT and not (decl.subcommands or decl.using or decl.pieces):
            label, edit = self._text_field(page)
            self._place(grid, row, label, edit, option="text", build=None)
            row += 2
            self._add_picks(page, grid, row, edit)
            row += 1
        if decl.prefix:
            self._add_collected(page, grid, row)
            row += 2
        if decl.varlist is VarlistRule.NEW:
            self._add_storage(page, grid, row)
            row += 1
        if decl.assign:
            expression = ExpressionEdit(page)
            expression.setObjectName(f"{decl.name}_exp")
            describe(expression, tr("Expression"), tr("What the variable is set to, for example ln(income) or x^2."))
            state = self.state
            self.bindings.append(
                bind_text(expression, lambda: state.form.expression, lambda text: state.set(expression=text))
            )
            build = expression_button(expression, page)
            self._place(grid, row, QLabel(tr("Expression"), page), expression, option="exp", build=build)
            row += 2
        if decl.using:
            chooser = FileEdit(page, f"{decl.name}_using", saving=decl.menu[:2] == ("File", "Export"))
            state = self.state
            self.bindings.append(bind_text(chooser.edit, lambda: state.form.using, lambda text: state.set(using=text)))
            label = QLabel(tr("File"), page)
            self._place(grid, row, label, chooser, option="using", build=None)
            label.setBuddy(chooser.edit)
            row += 2
        grid.setColumnStretch(1, 1)
        if row:
            self._column.addLayout(grid)

    def add_pieces(self, page: QWidget, grid: QGridLayout) -> int:  # for others to extend
        """Add the fields of the pieces of a free text, and return how many rows of the grid they take."""
        return 0

    def _place(
        self, grid: QGridLayout, row: int, label: QLabel, edit: QWidget, *, option: str, build: QWidget | None
    ) -> None:
        label.setBuddy(edit)
        grid.addWidget(label, row, 0)
        if build is None:
            grid.addWidget(edit, row, 1)
        else:
            grid.addLayout(beside(edit, build), row, 1)
        grid.addWidget(self.note_under(option, edit.parentWidget() or self), row + 1, 1)
        self.adopt([label], [edit] if build is None else [edit, build])

    def _body_field(self, page: QWidget) -> tuple[QLabel, QWidget]:
        decl, state = self.decl, self.state
        new = decl.varlist is VarlistRule.NEW
        edit: QLineEdit | MarkedEdit = QLineEdit(page) if new else VarlistEdit(page)
        edit.setObjectName(f"{decl.name}_varlist")
        if new:
            words = (tr("New variable"), tr("Name of the new variable."))
        elif decl.varlist is VarlistRule.OPTIONAL:
            words = (tr("Variables"), tr("Names, ranges (a-c) and patterns (a*); empty for all variables."))
            edit.setPlaceholderText(tr("all"))
        else:
            words = (tr("Variables"), tr("Names, ranges (a-c) and patterns (a*)."))
            edit.setPlaceholderText("")
        describe(edit, *words)
        self.bindings.append(bind_text(edit, lambda: state.form.body, lambda text: state.set(body=text)))
        return QLabel(words[0], page), edit

    def _text_field(self, page: QWidget) -> tuple[QLabel, QWidget]:
        """Return the field of what a command reads itself; the names of variables are offered in it."""
        decl, state = self.decl, self.state
        edit = ExpressionEdit(page)
        edit.setObjectName(f"{decl.name}_text")
        text = shown(decl.text_label) or tr("Arguments")
        own = (e.removeprefix(decl.name).strip() for e in decl.examples if e.startswith(f"{decl.name} "))
        repeated = (e.partition(": ")[2] for e in decl.examples)
        example = next(repeated if decl.prefix else own, "")
        edit.setPlaceholderText(tr("for example {0}").format(example.partition(",")[0]) if example else "")
        describe(
            edit,
            text,
            tr("{0} Example: {1}").format(shown(decl.help), decl.examples[0]) if decl.examples else decl.help,
        )
        self.bindings.append(bind_text(edit, lambda: state.form.body, lambda text: state.set(body=text)))
        return QLabel(text, page), edit

    picks: PickPanel | None = None
    """What the free text can be put together from, if the declaration says so."""

    def _add_picks(self, page: QWidget, grid: QGridLayout, row: int, edit: QWidget) -> None:
        state = self.state
        if not isinstance(edit, MarkedEdit):
            return
        panel = make_panel(self.decl, edit, lambda: state.form.body, lambda text: state.set(body=text), page)
        if panel is not None:
            self.picks = panel
            grid.addWidget(panel, row, 0, 1, 2)
            self.adopt(panel.labels, panel.focus_order)
            self.refreshers.append(lambda: panel.show_session(self.window_.session))

    @Slot()
    def refresh_data(self) -> None:
        """Offer what the fits at hand have to pick from."""
        session = self.window_.session
        for edit in QWidget.findChildren(self, PickEdit):
            edit.set_source(partial(_entries, edit.picks, session), why_none(edit.picks, session))
        self.state.note_missing(lacking(self.decl, session))
        super().refresh_data()

    def problems(self) -> list[Problem]:
        """Return what is wrong, the want of a fit included."""
        found = super().problems()
        reason = reason_against(self.decl, self.window_.session.estimates)
        return [Problem(NO_FIT_RC, reason, "text" if self.picks is not None else ""), *found] if reason else found

    def _add_collected(self, page: QWidget, grid: QGridLayout, row: int) -> None:
        """Add the field of what a command that repeats another one collects of it."""
        edit, state = ExpressionEdit(page), self.state
        edit.setObjectName(f"{self.decl.name}_exp_list")
        edit.setPlaceholderText(tr("coefficients"))
        describe(edit, tr("Statistics"), tr("Expressions, for example m=r(mean) ratio=(_b[x]/_b[z]); or coefficients."))
        self.bindings.append(bind_text(edit, lambda: state.form.expression, lambda text: state.set(expression=text)))
        self._place(grid, row, QLabel(tr("Statistics"), page), edit, option="exp_list", build=None)

    def shown_problems(self) -> list[Problem]:
        """Return the problems to show; the want of a fit stands at the list until Submit is tried."""
        found = super().shown_problems()
        return [each for each in found if self._asked or self.picks is None or each.rc != NO_FIT_RC]

    def _add_storage(self, page: QWidget, grid: QGridLayout, row: int) -> None:
        state = self.state
        box = QComboBox(page)
        box.setObjectName(f"{self.decl.name}_type")
        box.addItem(tr("default"), "")
        for word in STORAGE_TYPES:
            box.addItem(word, word)
        describe(box, tr("Storage type"), tr("How the numbers are stored; the default is float."))
        self.bindings.append(bind_choice(box, lambda: state.form.storage, lambda word: state.set(storage=word)))
        label = QLabel(tr("Storage type"), page)
        label.setBuddy(box)
        grid.addWidget(label, row, 0)
        grid.addWidget(box, row, 1)
        self.adopt([label], [box])

    def _options_of(self, name: str) -> list[OptionDecl]:
        """Return the options that stand on a page, those of the first page for an empty name.

        What goes with a word, or is picked from the results in memory, stays beside it.
        """
        own = self.own_options()
        found = [o for o in self.decl.options if not (o.refused or o.older or o.name in own)]
        apart = {o.name: o.page for o in found if o.page in PAGES and o.picks is Picks.NOTHING}
        return [o for o in found if (apart.get(o.name, "") if not self.decl.subcommands else "") == name]

    def _options_page(self, declared: list[OptionDecl], parent: QWidget) -> OptionsPage:
        return OptionsPage(OptionGroup(declared, self.state, self.decl.name, parent), parent)

    def _add_options(self, page: QWidget) -> None:
        declared = self._options_of("")
        if not declared:
            return
        group = self.options = OptionGroup(declared, self.state, self.decl.name, page)
        for control in group.controls:
            self.bindings += control.bindings
        self.reasons |= group.reasons
        self._options_head = heading(tr("Options"), page)
        self._column.addWidget(self._options_head)
        self._column.addWidget(group)
        self.adopt(group.labels, group.focus_order)


def _entries(kind: Picks, session: Session) -> list[tuple[str, str]]:
    return [(pick.text, pick.help) for pick in picks_of(kind, session)]
