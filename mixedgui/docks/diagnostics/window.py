"""The dashboard's window: pages of linked graphs, the assumption card, the group table, the selection bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import Qt, SignalInstance, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.api import (
    GroupTable,
    MixedEstimates,
    Session,
    StataError,
    fit_figures,
    fit_levels,
    missing_graphs,
    prepare_findings,
    prepare_groups,
)
from mixedgui.closing import close_by_key
from mixedgui.docks.diagnostics.assumptions import AssumptionPane
from mixedgui.docks.diagnostics.bar import SelectionBar
from mixedgui.docks.diagnostics.groups import GroupPane
from mixedgui.docks.diagnostics.head import DashboardHead
from mixedgui.docks.diagnostics.pages import DashboardPages
from mixedgui.docks.diagnostics.tile import PlotTile
from mixedgui.jobs.computation import Computation, Failure
from mixedgui.plots.figure_files import ask_figure_name
from mixedgui.size import open_at
from mixedgui.state.data_commands import TooManyRows
from mixedgui.state.diagnostic_pages import OVERVIEW, fit_facts, pages
from mixedgui.state.grouping import Grouping, grouping_by
from mixedgui.state.selection import RowIds, Selection
from mixedgui.state.selection_words import Words, free_name, in_words, indicator, without
from mixedgui.state.translation import tr
from mixedgui.theme import theme


class Host(Protocol):
    """The main window, as far as the dashboard needs it."""

    session: Session
    selection: Selection
    command_finished: SignalInstance

    def run_command(self, text: str) -> object:
        """Run a command as if typed."""

    def put_condition(self, condition: str) -> None:
        """Write a condition into a field that takes one."""


class DiagnosticsWindow(QWidget):
    """Graphs of one fit; made anew for the next one.

    Attributes
    ----------
    head, bar
        The title line, and what is selected.
    pages
        The graphs under their tabs.
    groups, assumptions
        The column at the right.
    """

    def __init__(self, host: Host, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("diagnostics")
        self._host = host
        self.session, self.selection = host.session, host.selection
        estimates = host.session.estimates
        if estimates is None:
            raise StataError(301, self.tr("fit a model first"))
        self._estimates = estimates
        self.setWindowTitle(self.tr("Diagnostics: {0}").format(estimates.cmdline))
        self._groupings: dict[tuple[str, ...], Grouping] = {}
        self.head = DashboardHead(self._facts(), estimates.cmdline, self)
        self.pages = DashboardPages(self, self)
        self.bar = SelectionBar(self)
        self.assumptions = AssumptionPane(self, self)
        self.groups = GroupPane(self)
        self._lay_out()
        self._fill()
        self.head.mode_chosen.connect(self.pages.set_mode)
        self.head.export_wanted.connect(self.export_page)
        self.bar.wanted.connect(self._act)
        self.groups.picked.connect(self._pick_groups)
        self.assumptions.made.connect(self.pages.link)
        self.assumptions.opened.connect(self._open_assumption)
        self._looking, self._grouping = Computation(self), Computation(self)
        self._looking.done.connect(self._show_findings)
        self._grouping.done.connect(self._show_groups)
        self._unsubscribe = self.selection.subscribe(self._selected)
        self.pages.changed.connect(self._offer_plots)
        self.pages.open(0)
        self._ask()
        self._selected()
        close_by_key(self)
        open_at(self, 360, 225)
        side = min(98 * theme().unit, self.width() // 3)
        self._split.setSizes([self.width() - side, side])

    # --- what tiles ask of their host ---------------------------------------------------------------------------------

    def run_command(self, text: str) -> object:
        """Run a command as if typed."""
        return self._host.run_command(text)

    def grouping_of(self, path: tuple[str, ...]) -> Grouping | None:
        """Return the groups named by these variables, None where they are not known."""
        return self._groupings.get(path)

    # --- building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = QSplitter(Qt.Orientation.Vertical, self)
        side.addWidget(self.groups)
        side.addWidget(self.assumptions)
        for place in range(2):
            side.setStretchFactor(place, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.pages)
        split.addWidget(side)
        split.setStretchFactor(0, 1)
        self._split = split
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.bar)
        column.addWidget(split, 1)

    def _facts(self) -> str:
        """Return what the fit is, with the name it is stored under."""
        stored = (name for name, kept in self.session.stored.items() if kept is self._estimates)
        return fit_facts(self._estimates, next(stored, ""), fit_figures(self._estimates))

    def _fill(self) -> None:
        for page in pages(self._estimates, self.session.data):
            self.pages.add_plots(page.title, page.icon, page.commands)
            if page.key == OVERVIEW:
                title = self.tr("Assumption")
                self._assumption = self.pages.add_page(title, "check-circle", self.assumptions.plots)
        absent = missing_graphs(self._estimates)
        if absent:
            self.pages.add_page(self.tr("Not for this model"), "info", _reasons_page(absent, self))

    @property
    def tiles(self) -> list[PlotTile]:
        """All graphs, on whatever page."""
        return self.pages.tiles

    def _ask(self) -> None:
        self.assumptions.say(self.tr("Looking at the residuals…"))
        self._looking.start(prepare_findings(self.session))
        levels = self._levels()
        if not levels:
            self.groups.say(self.tr("The model has no groups."))
            return
        self.groups.say(self.tr("Summarising the groups…"))
        self._grouping.start(prepare_groups(self.session, levels[-1]))

    def _levels(self) -> tuple[str, ...]:
        """Return the levels of the fit, top first; `_all` of a crossed factor is one of them."""
        if isinstance(self._estimates, MixedEstimates):
            return tuple(level.name for level in self._estimates.result.levels)
        return fit_levels(self._estimates)

    # --- answers ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_findings(self, answer: object) -> None:
        if isinstance(answer, Failure):
            self.assumptions.say(answer.reason)
        elif isinstance(answer, tuple):
            self.assumptions.show_findings(answer)
            self.pages.draw()

    @Slot(object)
    def _show_groups(self, answer: object) -> None:
        if isinstance(answer, Failure):
            self.groups.say(answer.reason)
        elif isinstance(answer, GroupTable):
            self.groups.show_table(answer)
            if self.groups.grouping is not None:
                self._groupings[answer.path] = self.groups.grouping
            for depth in range(1, len(answer.path)):
                upper = grouping_by(self.session.data, answer.path[:depth])
                if upper is not None:
                    self._groupings[answer.path[:depth]] = upper
            for tile in self.tiles:
                tile.refresh_selection()
            self._selected()

    @Slot()
    def _open_assumption(self) -> None:
        """Show the plot of the card chosen."""
        self.pages.open(self._assumption)

    @Slot()
    def _offer_plots(self) -> None:
        self.head.offer_plots(self.pages.in_front())

    # --- export -------------------------------------------------------------------------------------------------------

    @Slot()
    def export_page(self) -> None:
        """Ask for a name and save the graphs of the page."""
        bar = self.pages.bar
        path = ask_figure_name(self, self.tr("Export page"), bar.tabText(bar.currentIndex()))
        if not path:
            return
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.pages.save(path)
            reason = ""
        except StataError as error:
            reason = error.message
        finally:
            QApplication.restoreOverrideCursor()
        if reason:
            QMessageBox.warning(self, self.tr("Export page"), self.tr("Not saved: {0}.").format(reason))

    # --- the selection ------------------------------------------------------------------------------------------------

    @Slot(object)
    def _pick_groups(self, rows: RowIds) -> None:
        self.selection.set(rows)

    def _words(self) -> tuple[Words, str]:
        """Return what is selected, and why there is no condition for it, if there is none."""
        path = fit_levels(self._estimates)
        try:
            return in_words(self.selection.row_ids, self.session.data, self._groupings.get(path), path), ""
        except TooManyRows as error:
            return Words(tr("{0:,} observations selected").format(len(self.selection)), ""), str(error)

    def _selected(self) -> None:
        self.groups.follow(self.selection)
        words, reason = self._words()
        self.bar.show_words(words.text, words.condition, any_selected=len(self.selection) > 0, reason=reason)

    @Slot(str)
    def _act(self, what: str) -> None:
        if what == "clear":
            self.selection.clear()
            return
        words, _ = self._words()
        if not words.condition:
            return
        if what == "indicator":
            self.run_command(indicator(free_name(self.session.data), words.condition))
        elif what == "refit":
            self.run_command(without(self._estimates.cmdline, words.condition))
        else:
            self._host.put_condition(words.condition)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the graphs and of the selection."""
        self._looking.stop()
        self._grouping.stop()
        self._unsubscribe()
        for tile in self.tiles:
            tile.release()
        super().closeEvent(event)


def _reasons_page(sentences: Sequence[str], parent: QWidget) -> QWidget:
    """Return a page that says which graphs do not go with the fit, and why."""
    page = QWidget(parent)
    page.setObjectName("diagnostics_absent")
    column = QVBoxLayout(page)
    unit = theme().unit
    column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
    for sentence in sentences:
        label = QLabel(sentence, page)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        column.addWidget(label)
    column.addStretch(1)
    return page
