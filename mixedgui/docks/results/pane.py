"""The Results pane: head, start page or log, find bar, and the tools of the record under the pointer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QStackedWidget, QVBoxLayout, QWidget

from engine.api import Outcome, Started
from mixedgui.docks.results.find_in_tables import CardPlace, TablesFinder
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.docks.results.record_tools import RecordTools
from mixedgui.docks.results.tables_view import ResultsTables
from mixedgui.docks.results.text_view import ZOOM_STEP, ResultsText
from mixedgui.jobs.worker import Shown
from mixedgui.theme import theme
from mixedgui.widgets.find_bar import FindBar, in_document
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane_head import PaneHead
from mixedgui.widgets.segments import Segments
from mixedgui.widgets.tinted_label import TintedLabel


class ResultsPane(QWidget):
    """The centre of the window.

    Attributes
    ----------
    run_wanted, edit_wanted
        A command is to be run again, or to be put into the Command pane.
    message
        A sentence for the status bar.
    start_left
        The start page, which had the focus, has gone for the first result.
    """

    start_left = Signal()
    run_wanted = Signal(str)
    edit_wanted = Signal(str)
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results")
        self.setAccessibleName(self.tr("Results"))
        self.head = PaneHead(self.tr("Results"), self)
        self.text = ResultsText(self)
        self.actions_ = RecordActions(self.text, self)
        self._tools = RecordTools(self.text, self.actions_)
        self._find_in_text = partial(in_document, self.text.document())
        self._find = FindBar(self._find_in_text, self.tr("Find in Results"), self)
        self._find.hide()
        self._stack = QStackedWidget(self)
        self.tables = ResultsTables(self.text.kept, self.text.marks, self.actions_, self)
        self._find_in_tables = TablesFinder(self.tables, self.text.record_text)
        self._stack.addWidget(self.text)
        self._stack.addWidget(self.tables)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, self._stack, self._find):
            column.addWidget(widget)
        self.setFocusProxy(self.text)
        self._make_actions()
        self._make_head()
        self._connect()

    def show_start_page(self, page: QWidget) -> None:
        """Show `page` until the first command runs."""
        self._start = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        self.head.hide()

    # --- what runs ---------------------------------------------------------------------------------------------------

    @Slot(object)
    def begin(self, started: Started) -> None:
        """Echo a command that starts."""
        if self.head.isHidden():  # the start page is on show
            focus = QApplication.focusWidget()
            had_focus = focus is not None and self._start.isAncestorOf(focus)
            self._stack.setCurrentWidget(self.text)
            self.head.show()
            if had_focus:
                self.start_left.emit()
        self.text.begin(started.command, started.lines, started.prompts)
        self._tools.follow(self.text.current)
        self._fill_jumps()

    @Slot(object)
    def add(self, shown: Shown) -> None:
        """Append a block of output."""
        self.text.add(shown.block, shown.lines)

    @Slot(object)
    def end(self, outcome: Outcome) -> None:
        """Close the record of a command."""
        self.text.end(outcome)
        self._tools.follow(self.text.current)
        self.tables.sync()

    def log(self) -> str:
        """Return the whole log as text."""
        return self.text.log()

    # --- tools -------------------------------------------------------------------------------------------------------

    @Slot()
    def open_find_bar(self) -> None:
        """Open the find bar, with the selection as what to look for."""
        if self._stack.currentWidget() is self.tables:
            self._find.open()
            return
        self.show_text()
        self._find.open(self.text.textCursor().selectedText())

    @Slot()
    def explain_number(self) -> None:
        """Explain the number at the cursor of the view that has the focus."""
        focus = QApplication.focusWidget()
        explain = getattr(focus, "explain_here", None) if focus is not None and self.isAncestorOf(focus) else None
        if not (callable(explain) and explain()):
            self.message.emit(self.tr("Put the cursor on a number of a result to have it explained"))

    @Slot()
    def show_text(self) -> None:
        """Show the results as text."""
        self._views[0].setChecked(True)
        self._stack.setCurrentWidget(self.text)
        self._find.search_with(self._find_in_text)

    @Slot()
    def show_tables(self) -> None:
        """Show the results as tables."""
        self._views[1].setChecked(True)
        self._stack.setCurrentWidget(self.tables)
        self.tables.sync()
        self._find.search_with(self._find_in_tables.search)

    @Slot()
    def larger(self) -> None:
        """Enlarge the text."""
        self.text.set_zoom(self.text.zoom + 1)

    @Slot()
    def smaller(self) -> None:
        """Reduce the text."""
        self.text.set_zoom(self.text.zoom - 1)

    @Slot()
    def usual_size(self) -> None:
        """Show the text at its usual size."""
        self.text.set_zoom(0)

    def _make_actions(self) -> None:
        self.find_action = QAction(self.tr("&Find in Results…"), self)
        self.find_action.setShortcut(QKeySequence.StandardKey.Find)
        self.find_action.triggered.connect(self.open_find_bar)
        set_icon(self.find_action, "magnifying-glass")
        self.explain_action = QAction(self.tr("E&xplain This Number"), self)
        self.explain_action.setObjectName("action_explain_number")
        self.explain_action.setShortcut("Shift+F1")
        self.explain_action.triggered.connect(self.explain_number)
        set_icon(self.explain_action, "question")
        self.step_actions: list[QAction] = []
        for name, text, keys, step in (
            ("next", self.tr("&Next Result"), "Ctrl+Tab", 1),
            ("previous", self.tr("Pre&vious Result"), "Ctrl+Shift+Tab", -1),
        ):
            action = QAction(text, self)
            action.setObjectName(f"action_{name}_result")
            action.setShortcut(keys)
            action.triggered.connect(partial(self._step, step))
            self.step_actions.append(action)
        self.clear_action = QAction(self.tr("C&lear Results"), self)
        self.clear_action.triggered.connect(self._clear)
        set_icon(self.clear_action, "trash")

    def _make_head(self) -> None:
        views = Segments(self)
        self._views = (
            views.add("results_as_text", self.tr("Text"), "text-align-left", self.show_text),
            views.add("results_as_tables", self.tr("Tables"), "rows", self.show_tables),
        )
        for button in self._views:
            button.setAccessibleName(self.tr("Show results as {0}").format(button.text()))
        self._views[0].setChecked(True)
        self.head.add_after_title(views)
        label = TintedLabel(self.tr("Go to"), "text2", self)
        self._jumps = QComboBox(self)
        self._jumps.setObjectName("results_go_to")
        self._jumps.setAccessibleName(self.tr("Go to a result"))
        self._jumps.view().setAccessibleName(self.tr("Results so far"))
        self._jumps.setFont(theme().mono(0.92))
        self._jumps.setMinimumContentsLength(20)
        self._jumps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        label.setBuddy(self._jumps)
        self.head.add(label)
        self.head.add(self._jumps)
        self.head.add_button(self.find_action, "magnifying-glass")
        menu = QMenu(self)
        marks = self.actions_.marks
        menu.addActions([marks.undo, marks.redo])
        menu.addMenu(marks.bin)
        menu.addSeparator()
        menu.addActions([self.actions_.save_log, self.clear_action])
        self.head.add_menu(menu, self.tr("More for Results"))

    def _connect(self) -> None:
        self.text.marks.subscribe(self._marks_changed)
        self.text.menu_wanted.connect(self._open_menu)
        self.text.current_changed.connect(self._tools.follow)
        self.actions_.run_wanted.connect(self.run_wanted)
        self.actions_.edit_wanted.connect(self.edit_wanted)
        self.actions_.message.connect(self.message)
        self.tables.text_wanted.connect(self._show_in_text)
        self.text.zoomed.connect(self._zoom_tables)
        self._find.found.connect(self._show_found)
        self._find.closed.connect(self._leave_find_bar)
        self._jumps.activated.connect(self._jump)

    @Slot(object, int, QPoint)
    def _open_menu(self, record: Record | None, line: int, place: QPoint) -> None:
        menu = self.actions_.menu(record, line)
        menu.addSeparator()
        menu.addActions([self.explain_action, self.find_action, self.actions_.save_log, self.clear_action])
        menu.popup(place)

    @Slot(list, object)
    def _show_found(self, places: list[object], at: object) -> None:
        """Mark the places in the view they are in: the text colours all of them, the tables the one to go to."""
        self._find_in_tables.show(at if isinstance(at, CardPlace) else None)
        in_text = [place for place in places if isinstance(place, QTextCursor)]
        self.text.mark_matches(in_text, at if isinstance(at, QTextCursor) else None)
        if isinstance(at, QTextCursor):
            cursor = QTextCursor(at)
            cursor.clearSelection()
            self.text.setTextCursor(cursor)
            self.text.ensureCursorVisible()

    @Slot()
    def _leave_find_bar(self) -> None:
        (self.tables if self._stack.currentWidget() is self.tables else self.text).setFocus()

    def _fill_jumps(self) -> None:
        record = self.text.records[-1]
        self._jumps.addItem(self._jump_text(record), record)
        self._jumps.setCurrentIndex(self._jumps.count() - 1)

    def _jump_text(self, record: Record) -> str:
        marks = self.text.marks
        text = marks.name(record.number) or " ".join(record.command.split())
        return self.tr("Pinned: {0}").format(text) if marks.is_pinned(record.number) else text

    def _marks_changed(self) -> None:
        """List the results anew, pinned ones first; deleted ones are gone."""
        pinned = self.text.marks.form.pinned
        current = self._jumps.currentData()
        records = sorted(self.text.kept(), key=lambda r: pinned.index(r.number) if r.number in pinned else len(pinned))
        self._jumps.clear()
        for record in records:
            self._jumps.addItem(self._jump_text(record), record)
        self._jumps.setCurrentIndex(max(records.index(current), 0) if current in records else len(records) - 1)
        self._tools.follow(self.text.current)
        self.tables.sync()

    def _step(self, step: int, _checked: bool = False) -> None:
        """Go to the result after or before the one shown last, round the end."""
        if self._jumps.count():
            self._jumps.setCurrentIndex((self._jumps.currentIndex() + step) % self._jumps.count())
            self._jump(self._jumps.currentIndex())

    @Slot(int)
    def _jump(self, index: int) -> None:
        record = self._jumps.itemData(index)
        if isinstance(record, Record):
            self.text.go_to(record)
            self.tables.go_to(record)

    @Slot(object)
    def _show_in_text(self, record: Record) -> None:
        self.show_text()
        self.text.go_to(record)

    @Slot(int)
    def _zoom_tables(self, steps: int) -> None:
        self.tables.set_factor(ZOOM_STEP**steps)

    @Slot()
    def _clear(self) -> None:
        self.text.clear_log()
        if not self.text.records:
            self._jumps.clear()
            self.tables.sync()
