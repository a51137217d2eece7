"""Lists beside the free text of a command: pieces of the last fit to insert, stored results to choose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import CommandDecl, Picks, Session
from mixedgui.state.picks import FITS, TITLES, picks_of, why_none
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.entry_table import EntryTable
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.tinted_label import TintedLabel

LAST_FIT = mark("the last fit")
PAIRS = {
    "lrtest": (mark("Model"), mark("Against")),
    "hausman": (mark("Consistent fit"), mark("Efficient fit")),
}
"""Command -> what its two fits are called."""


class PickPanel(QWidget):
    """What all have in common: a heading, a reason while there is nothing to pick.

    Attributes
    ----------
    labels, focus_order
        What gets mnemonics, and the order of Tab.
    """

    def __init__(self, decl: CommandDecl, parent: QWidget) -> None:
        super().__init__(parent)
        self.decl = decl
        self.labels: list[Any] = []
        self.focus_order: list[QWidget] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme().unit)
        self.reason = TintedLabel("", "text2", self)
        self.reason.setObjectName(f"{decl.name}_pick_reason")
        self.reason.setWordWrap(True)
        self.reason.hide()

    def show_session(self, session: Session) -> None:
        """Look at the fits anew."""
        reason = why_none(self.decl.picks, session)
        self.reason.setText(tr("Not available now: {reason}").format(reason=reason) if reason else "")
        self.reason.setVisible(bool(reason))
        self.fill(session)
        for widget in self.focus_order:
            widget.setEnabled(not reason)
            widget.setAccessibleDescription(
                tr("Not available now: {reason}").format(reason=reason) if reason else widget.whatsThis()
            )

    def fill(self, session: Session) -> None:
        """Show what there is to pick."""
        raise NotImplementedError


class InsertPanel(PickPanel):
    """Pieces of the last fit; a click on Insert puts one into the text at its cursor."""

    def __init__(self, decl: CommandDecl, edit: MarkedEdit, parent: QWidget) -> None:
        super().__init__(decl, parent)
        self._edit = edit
        self._shown: tuple[object, ...] = ()
        title = TITLES[decl.picks]
        label = QLabel(tr(title), self)
        self.list = EntryTable(f"{decl.name}_picks", title, self)
        label.setBuddy(self.list)
        self.insert = QPushButton(tr("Insert"), self)
        self.insert.setObjectName(f"{decl.name}_insert")
        self.insert.setAutoDefault(False)
        describe(
            self.insert, tr("Insert"), tr("Put the chosen entry into the text (Enter or double click in the list).")
        )
        self.insert.clicked.connect(self._insert_current)
        self.list.chosen.connect(self._insert)
        for widget in (label, self.list, self.reason):
            self.column.addWidget(widget)
        self.column.addWidget(self.insert, 0, Qt.AlignmentFlag.AlignRight)
        self.labels += [label, self.insert]
        self.focus_order += [self.list, self.insert]

    def fill(self, session: Session) -> None:
        """List the pieces."""
        found = picks_of(self.decl.picks, session)
        if found == self._shown and self.list.model() is not None:
            return
        self._shown = found
        model = QStandardItemModel(0, 2, self)
        for pick in found:
            name, about = QStandardItem(pick.text), QStandardItem(pick.help)
            name.setFont(theme().mono(0.95))
            about.setForeground(theme().color("text2"))
            model.appendRow([name, about])
        self.list.show_fitting(model)
        if found:
            self.list.setCurrentIndex(model.index(0, 0))
        self._edit.set_names([pick.text for pick in found] + [v.name for v in session.data.variables])

    @Slot()
    def _insert_current(self) -> None:
        self._insert(self.list.currentIndex())

    @Slot(QModelIndex)
    def _insert(self, index: QModelIndex) -> None:
        if index.isValid():
            self._edit.insert_word(str(index.siblingAtColumn(0).data()))
            self._edit.setFocus()


class FitsPanel(PickPanel):
    """Stored results to tick, or one of them to choose; the text lists them.

    Parameters
    ----------
    read, write
        Return and change the text.
    """

    def __init__(
        self, decl: CommandDecl, read: Callable[[], str], write: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(decl, parent)
        self._read, self._write = read, write
        self._several = decl.picks is Picks.FITS
        title = TITLES[decl.picks]
        label = QLabel(tr(title), self)
        self.list = EntryTable(f"{decl.name}_picks", title, self)
        label.setBuddy(self.list)
        self._model = QStandardItemModel(0, 2, self)
        self._model.itemChanged.connect(self._ticked)
        self.list.chosen.connect(self._take)
        if not self._several:
            self.list.clicked.connect(self._take)
        for widget in (label, self.list, self.reason):
            self.column.addWidget(widget)
        self.labels.append(label)
        self.focus_order.append(self.list)

    def fill(self, session: Session) -> None:
        """List the stored results; those that the text names are ticked."""
        named = self._read().split()
        found = picks_of(self.decl.picks, session)
        rows = [(self._model.item(r, 0).text(), self._model.item(r, 1).text()) for r in range(self._model.rowCount())]
        with QSignalBlocker(self._model):
            if rows != [(pick.text, pick.help) for pick in found] or self.list.model() is None:
                self._model.clear()
                for pick in found:
                    name, about = QStandardItem(pick.text), QStandardItem(pick.help)
                    name.setCheckable(self._several)
                    about.setForeground(theme().color("text2"))
                    self._model.appendRow([name, about])
            for row in range(self._model.rowCount() if self._several else 0):
                item = self._model.item(row, 0)
                item.setCheckState(Qt.CheckState.Checked if item.text() in named else Qt.CheckState.Unchecked)
        self.list.show_fitting(self._model)
        self.list.viewport().update()

    @Slot(QStandardItem)
    def _ticked(self, item: QStandardItem) -> None:
        names = [name for name in self._read().split() if name != item.text()]
        if item.checkState() is Qt.CheckState.Checked:
            names.append(item.text())
        self._write(" ".join(names))

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        item = self._model.item(index.row(), 0)
        if self._several:
            on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
        else:
            self._write(item.text())


class FitPairPanel(PickPanel):
    """Two stored results; the second may be the last fit."""

    def __init__(
        self, decl: CommandDecl, read: Callable[[], str], write: Callable[[str], None], parent: QWidget
    ) -> None:
        super().__init__(decl, parent)
        self._read, self._write = read, write
        self.boxes: list[QComboBox] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * theme().unit)
        grid.setColumnStretch(1, 1)
        for row, (name, title) in enumerate(
            zip(("first", "second"), PAIRS.get(decl.name, PAIRS["lrtest"]), strict=True)
        ):
            label, box = QLabel(tr(title), self), QComboBox(self)
            box.setObjectName(f"{decl.name}_{name}")
            describe(box, title, tr("Results stored by estimates store, or those of the last fit."))
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(self._chosen)
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            self.boxes.append(box)
            self.labels.append(label)
            self.focus_order.append(box)
        self.column.addLayout(grid)
        self.column.addWidget(self.reason)

    def fill(self, session: Session) -> None:
        """List the stored results and show what the text names."""
        found = picks_of(self.decl.picks, session)
        named = self._read().split()
        shown = [*named[:2], *[""] * 2][:2] if len(named) <= 2 else ["", ""]
        for place, box in enumerate(self.boxes):
            box.clear()
            box.addItem(tr(LAST_FIT) if place else f"{tr(LAST_FIT)} (.)", "" if place else ".")
            for pick in found:
                box.addItem(f"{pick.text}:  {pick.help}", pick.text)
            wanted = shown[place]
            box.setCurrentIndex(max(box.findData(wanted), 0) if wanted or place else -1)

    @Slot()
    def _chosen(self) -> None:
        first, second = (str(box.currentData() or "") for box in self.boxes)
        self._write(" ".join(filter(None, (first, second))))


def make_panel(
    decl: CommandDecl, edit: MarkedEdit, read: Callable[[], str], write: Callable[[str], None], parent: QWidget
) -> PickPanel | None:
    """Return the list for a command's free text, None where there is nothing to pick."""
    if not decl.picks.of_fit:
        return None
    if decl.picks is Picks.FIT_PAIR:
        return FitPairPanel(decl, read, write, parent)
    if decl.picks in FITS:
        return FitsPanel(decl, read, write, parent)
    return InsertPanel(decl, edit, parent)
