"""One result in the rich view: its head with tools, and what it printed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mixedgui.docks.results.card_body import CardBody
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions, table_data
from mixedgui.models.headline import headline
from mixedgui.state.result_marks import ResultMarks
from mixedgui.theme import theme
from mixedgui.widgets.highlighter import coloured_html
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane_head import icon_button
from mixedgui.widgets.tinted_label import TintedLabel


class ResultCard(QFrame):
    """One command: its head with tools, and what it printed, which `grow` makes part by part.

    Attributes
    ----------
    text_wanted
        The record is to be shown in the text view.
    """

    text_wanted = Signal(object)

    def __init__(
        self, record: Record, actions: RecordActions, factor: float, marks: ResultMarks, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._measured: tuple[int, int, int] | None = None
        self._record, self._actions, self._marks = record, actions, marks
        self.setAccessibleName(record.command)
        unit = theme().unit
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 3 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self._head())
        self._title = TintedLabel("", "text", self, factor=1.15 * factor, bold=True)
        self._note = TintedLabel("", "text2", self, factor=factor)
        for label in (self._title, self._note):
            label.setWordWrap(True)
            label.setContentsMargins(4 * unit, 0, 4 * unit, 0)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.hide()
            column.addWidget(label)
        self._marked: tuple[str, str, bool] | None = None
        self._body = CardBody(record, actions, factor, self)
        column.addWidget(self._body)
        self._folded = False

    @property
    def complete(self) -> bool:
        """Whether all that the command printed is there."""
        return self._body.complete

    def grow(self) -> None:
        """Make the next part of what the command printed."""
        self._body.grow()
        self._measured = None
        if self._body.complete and self._body.empty:
            self._body.hide()
            self._column.setContentsMargins(1, 1, 1, theme().unit)

    def measure(self, width: int) -> tuple[int, int]:
        """Return how high the card is at `width`, as far as it is made, and how wide it must be."""
        if self._measured is None or self._measured[0] != width:
            column = self._column
            self._body.settle()
            column.activate()
            height = (
                column.totalHeightForWidth(width) if column.hasHeightForWidth() else column.totalSizeHint().height()
            )
            self._measured = (width, height, column.totalMinimumSize().width())
        return self._measured[1:]

    def event(self, event: QEvent) -> bool:
        """Forget the height when the contents change."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._measured = None
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the names of the first tools beside them where the command leaves room."""
        super().resizeEvent(event)
        metrics = self._command.fontMetrics()
        command = max(metrics.horizontalAdvance(line) for line in self._record.echo or ("",))
        named = [button for button in self._buttons.values() if button.text() and not button.isHidden()]
        others = sum(not button.isHidden() for button in self._buttons.values()) - len(named) + 2
        unit, letters = theme().unit, self.fontMetrics()
        needed = sum(letters.horizontalAdvance(button.text()) + 10 * unit for button in named) + others * 8 * unit
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if self.width() < command + needed + 8 * unit:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in named:
            button.setToolButtonStyle(style)

    def show_marks(self, name: str, note: str) -> None:
        """Show the name and the note of the result, and whether it is pinned."""
        pinned = self._marks.is_pinned(self._record.number)
        if self._marked == (name, note, pinned):
            return
        self._marked = (name, note, pinned)
        for label, text in ((self._title, name), (self._note, note)):
            label.setText(text)
            label.setVisible(bool(text))
        self._measured = None
        set_icon(self._buttons["push-pin"], "push-pin", "accent" if pinned else "text2")
        word = self.tr("Unpin") if pinned else self.tr("Pin on top")
        self._buttons["push-pin"].setToolTip(word)
        self._buttons["push-pin"].setAccessibleName(word)

    def may_show(self, widget: QWidget) -> bool:
        """Tell whether a widget of the card is on show once the card is unfolded."""
        return widget.isVisibleTo(self._body if self._body.isAncestorOf(widget) else self)

    def unfold(self) -> None:
        """Show what the command printed."""
        if self._folded:
            self._toggle()

    def _head(self) -> QWidget:
        unit = theme().unit
        self._buttons: dict[str, QToolButton] = {}
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(unit, unit, 2 * unit, unit)
        row.setSpacing(unit)
        self._fold = icon_button("caret-down", self.tr("Fold this result"), head)
        self._fold.clicked.connect(self._toggle)
        command = self._command = QLabel(head)
        command.setTextFormat(Qt.TextFormat.RichText)
        command.setFont(theme().mono())
        command.setText(coloured_html("\n".join(self._record.echo)))
        command.setWordWrap(True)
        self._headline = TintedLabel(headline(self._record.outcome), "text2", head)
        self._headline.hide()
        row.addWidget(self._fold)
        row.addWidget(command, 0 if self._headline.text() else 1)
        row.addWidget(self._headline, 1)
        shown = {
            "copy": bool(self._record.tables),
            "export": bool(self._record.tables),
            "sliders-horizontal": self._actions.has_dialog(self._record.command),
        }
        for icon, name, word, call in (
            ("copy", self.tr("Copy table"), self.tr("Copy"), self._copy),
            ("export", self.tr("Save table"), self.tr("Export"), self._export),
            ("sliders-horizontal", self.tr("Open in dialog"), self.tr("Open dialog"), self._dialog),
            ("arrow-clockwise", self.tr("Run again"), self.tr("Rerun"), self._again),
            ("pencil-simple", self.tr("Put into Command"), "", self._edit),
            ("push-pin", self.tr("Pin on top"), "", self._pin),
            ("note-pencil", self.tr("Note at this result"), "", self._ask_note),
            ("trash", self.tr("Delete this result"), "", self._delete),
        ):
            button = icon_button(icon, name, head)
            button.setText(word)
            button.clicked.connect(call)
            button.setVisible(shown.get(icon, True))
            row.addWidget(button)
            self._buttons[icon] = button
        self._more = icon_button("dots-three", self.tr("More for this result"), head)
        self._more.clicked.connect(self._menu)
        row.addWidget(self._more)
        return head

    @Slot()
    def _toggle(self) -> None:
        folded = not self._folded
        self._folded = folded
        self._measured = None
        self._body.setVisible(not folded and not (self.complete and self._body.empty))
        self._headline.setVisible(folded and bool(self._headline.text()))
        set_icon(self._fold, "caret-right" if folded else "caret-down")

    @Slot()
    def _copy(self) -> None:
        table = self._actions.table_at(self._record, None)
        if table is not None:
            self._actions.copy(table)

    @Slot()
    def _export(self) -> None:
        table = self._actions.table_at(self._record, None)
        if table is not None:
            self._actions.ask_table_name(table, table_data(self._record, table))

    @Slot()
    def _dialog(self) -> None:
        self._actions.dialog_wanted.emit(self._record.command)

    @Slot()
    def _pin(self) -> None:
        self._actions.marks.toggle_pin(self._record)

    @Slot()
    def _ask_note(self) -> None:
        self._actions.marks.ask_note(self._record)

    @Slot()
    def _delete(self) -> None:
        self._actions.marks.delete(self._record)

    @Slot()
    def _edit(self) -> None:
        self._actions.edit_wanted.emit(self._record.command)

    @Slot()
    def _again(self) -> None:
        self._actions.run_wanted.emit(self._record.command)

    @Slot()
    def _menu(self) -> None:
        menu = self._actions.menu(self._record, folds=False)
        menu.addSeparator()
        menu.addAction(self.tr("Show in &Text View")).triggered.connect(lambda: self.text_wanted.emit(self._record))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet and its hairline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("line"), 1))
        painter.setBrush(theme().color("base"))
        radius = 2.0 * theme().unit
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
