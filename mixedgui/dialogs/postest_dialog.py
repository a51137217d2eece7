"""The Postestimation selector: what is possible after the last fit, and the reason where it is not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QPushButton, QTreeView, QVBoxLayout, QWidget

from engine.api import declarations
from mixedgui.dialogs.registry import available
from mixedgui.dialogs.window import CommandWindow
from mixedgui.models.possibilities import POSSIBILITY_ROLE, PossibilityModel
from mixedgui.size import open_at
from mixedgui.state.postestimation import Possibility, possibilities
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.tinted_label import TintedLabel

NOTHING = mark("Choose an entry to see what it does.")


class PostestDialog(QDialog):
    """A tree, a sentence about the entry chosen, and Launch.

    Parameters
    ----------
    window
        Holds the session.
    open_dialog
        Opens the dialog of a command and returns it.
    """

    def __init__(self, window: CommandWindow, open_dialog: Callable[[str], QDialog]) -> None:
        super().__init__(window if isinstance(window, QWidget) else None)
        self._window = window
        self._open_dialog = open_dialog
        self.setObjectName("dialog_postest")
        self.setWindowTitle(tr("Postestimation selector"))
        self.setModal(False)
        unit = theme().unit
        self._fit = TintedLabel("", "text2", self)
        self._fit.setWordWrap(True)
        self._model = PossibilityModel(self)
        self.tree = QTreeView(self)
        self.tree.setObjectName("postest_entries")
        describe(
            self.tree, tr("What is possible"), tr("Commands and statistics after the last fit; Enter opens the dialog.")
        )
        self.tree.setModel(self._model)
        self.tree.setHeaderHidden(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setUniformRowHeights(True)
        self._model.row_height = round(6 * unit)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.doubleClicked.connect(self.launch)
        self._about = TintedLabel(tr(NOTHING), "text2", self, factor=0.92)
        self._about.setWordWrap(True)
        self._about.setMinimumHeight(round(9 * unit))
        self.go = QPushButton(tr("Launch"), self)
        self.go.setObjectName("launch")
        self.go.setDefault(True)
        self.go.clicked.connect(self.launch)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("cancel")
        close.setAutoDefault(False)
        close.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 3 * unit)
        column.setSpacing(2 * unit)
        for widget in (self._fit, self.tree, self._about):
            column.addWidget(widget, 1 if widget is self.tree else 0)
        column.addLayout(row)
        for first, second in pairwise([self.tree, self.go, close]):
            QWidget.setTabOrder(first, second)
        window.command_finished.connect(self._something_changed)
        theme().changed.connect(self._something_changed)
        self.refresh()
        open_at(self, max(110, self._needed_width() // unit), 150)

    def _needed_width(self) -> int:
        """Return the width at which no entry is cut."""
        bar = self.tree.verticalScrollBar().sizeHint().width()
        return self.tree.sizeHintForColumn(0) + bar + 4 * self.tree.frameWidth() + 10 * theme().unit

    @Slot()
    def _something_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look at the last fit anew; what was chosen stays chosen."""
        estimates = self._window.session.estimates
        fit = tr("There is no fit yet.") if estimates is None else tr("After: {0}").format(estimates.cmdline)
        self._fit.setText(fit)
        with_dialog = set(available())
        entries = tuple(e for e in possibilities(declarations(), estimates) if e.dialog in with_dialog)
        before = self.current()
        if self._model.show_possibilities(entries):
            self.tree.expandAll()
            if before is not None:
                self.choose(before.dialog, before.word)
        self._chosen()

    def current(self) -> Possibility | None:
        """Return the entry chosen, None on a heading."""
        found = self.tree.currentIndex().data(POSSIBILITY_ROLE)
        return found if isinstance(found, Possibility) else None

    def choose(self, dialog: str, word: str = "") -> None:
        """Choose an entry by its command."""
        for row in range(self._model.rowCount()):
            head = self._model.index(row, 0)
            for line in range(self._model.rowCount(head)):
                index = self._model.index(line, 0, head)
                entry = index.data(POSSIBILITY_ROLE)
                if (entry.dialog, entry.word) == (dialog, word):
                    self.tree.setCurrentIndex(index)
                    return

    @Slot()
    @Slot(QModelIndex)
    def _chosen(self, _index: QModelIndex | None = None) -> None:
        if _index is not None and not _index.isValid():  # the list is filled anew, or goes
            return
        entry = self.current()
        reason = entry.reason if entry is not None else tr("choose an entry first")
        self.go.setEnabled(entry is not None and not reason)
        describe(
            self.go,
            tr("Launch"),
            tr("Not available now: {reason}").format(reason=reason) if reason else tr("Open the dialog of this entry"),
        )
        if entry is None:
            self._about.setText(tr(NOTHING))
            return
        self._about.setText(tr("Not available now: {0}").format(entry.reason) if entry.reason else entry.help)
        self._about.tint("warn" if entry.reason else "text2")

    @Slot()
    def launch(self) -> None:
        """Open the dialog of the entry chosen, unless it is not possible now."""
        entry = self.current()
        if entry is None or entry.reason:
            return
        dialog = self._open_dialog(entry.dialog)
        choose = getattr(getattr(dialog, "state", None), "choose", None)
        if entry.word and callable(choose):
            choose(entry.word)
