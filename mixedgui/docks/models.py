"""The Models pane: each fit a row; two ticked rows are compared."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QListView,
    QMenu,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from engine.api import Session
from mixedgui.models.fits import ACTIVE_ROLE, FIT_ROLE, FitModel
from mixedgui.state.model_list import FitRow, ModelList
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.empty_state import EmptyState
from mixedgui.widgets.icons import icon, set_icon
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.tinted_label import TintedLabel

_Index = QModelIndex | QPersistentModelIndex

_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ENDLESS = 10_000


class ModelsPane(Pane):
    """The list of fits, and what compares the two that are ticked.

    Attributes
    ----------
    run_wanted
        Commands are to be run.
    dialog_wanted
        A command is to be opened in its dialog.
    fit_wanted
        There is no fit yet, and the model dialog is wanted.
    """

    run_wanted = Signal(str)
    dialog_wanted = Signal(str)
    fit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("models", parent)
        self.setWindowTitle(self.tr("Models"))
        self.state = ModelList()
        self._model = FitModel(self.state, self)
        self.view = _FitView(self)
        self.view.setModel(self._model)
        self.view.setItemDelegate(_FitDelegate(self.view))
        self.empty = EmptyState(self.view, self.tr("No model yet."), self.tr("Fit a model"))
        self.empty.wanted.connect(self.fit_wanted)
        self.column.addWidget(self.view, 1)
        self.column.addWidget(self._make_comparison())
        self.set_main(self.view)
        self.view.activate_key.connect(self._restore)
        self.view.doubleClicked.connect(self._restore)
        self.view.customContextMenuRequested.connect(self._open_menu)
        menu = QMenu(self)
        clear = menu.addAction(self.tr("&Clear List"))
        clear.triggered.connect(self.state.clear)
        set_icon(clear, "trash")
        self.head.add_menu(menu, self.tr("More for Models"))
        self.state.subscribe(self._refresh)
        self._refresh()

    def show_session(self, session: Session) -> None:
        """Take note of what a command has left behind."""
        active = session.estimates
        if active is None and not self.state.rows:
            return
        from engine.api import fit_figures  # what it computes with comes with the first fit

        new = active is not None and not self.state.knows(active)
        figures = fit_figures(active) if new and active is not None else None
        self.state.take(active, session.stored, figures)

    def _make_comparison(self) -> QWidget:
        unit = theme().unit
        box = QWidget(self)
        column = QVBoxLayout(box)
        column.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        column.setSpacing(unit)
        self._said = TintedLabel("", "text", box)
        self._said.setWordWrap(True)
        self._why = TintedLabel("", "text2", box, factor=0.92)
        self._why.setWordWrap(True)
        self.test = QPushButton(self.tr("Likelihood-ratio test"), box)
        self.test.setObjectName("models_lrtest")
        self.test.clicked.connect(lambda: self.run_wanted.emit(self.state.comparison("lrtest")))
        self.table = QPushButton(self.tr("Table of both"), box)
        self.table.setObjectName("models_table")
        describe(self.table, self.tr("Table of both"), self.tr("Coefficients of both models side by side"))
        self.table.clicked.connect(lambda: self.run_wanted.emit(self.state.comparison("estimates table")))
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addWidget(self.table)
        row.addStretch()
        column.addWidget(self._said)
        column.addWidget(self._why)
        column.addLayout(row)
        self._comparison = box
        return box

    def _refresh(self) -> None:
        rows, ticked = self.state.rows, self.state.ticked
        stored = sum(bool(row.name) for row in rows)
        counts = self.tr("{0}, {1} stored").format(len(rows), stored) if stored else f"{len(rows) or ''}"
        self.head.set_count(f"{counts}, {self.tr('{0} ticked').format(len(ticked))}" if ticked else counts)
        pair = len(ticked) == 2
        self._comparison.setVisible(pair)
        if not pair:
            return
        self._said.setText(self.state.summary())
        reason = self.state.why_no_test()
        self._why.setText(reason)
        self._why.setVisible(bool(reason))
        self.test.setEnabled(not reason)
        text = (
            tr("Not available now: {reason}").format(reason=reason)
            if reason
            else self.tr("Test the smaller model against the larger one")
        )
        describe(self.test, self.test.text(), text)

    @Slot(QModelIndex)
    def _restore(self, index: QModelIndex) -> None:
        row = index.data(FIT_ROLE)
        if isinstance(row, FitRow) and not self.state.is_active(row):
            self.run_wanted.emit(self.state.restore_command(row))

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        row = index.data(FIT_ROLE)
        if isinstance(row, FitRow):
            self.menu(row).popup(self.view.viewport().mapToGlobal(place))

    def menu(self, row: FitRow) -> QMenu:
        """Return the menu of a row."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        state, command = self.state, row.estimates.cmdline
        restore = menu.addAction(self.tr("&Make Active"))
        restore.triggered.connect(lambda: self.run_wanted.emit(state.restore_command(row)))
        restore.setEnabled(not state.is_active(row))
        store = menu.addAction(self.tr("&Store as…"))
        store.triggered.connect(lambda: self._ask_name(row))
        again = menu.addAction(self.tr("Open in &Dialog"))
        again.triggered.connect(lambda: self.dialog_wanted.emit(command))
        tick = menu.addAction(self.tr("&Untick") if row.ticked else self.tr("&Tick"))
        tick.triggered.connect(lambda: state.tick(row.number, not row.ticked))
        remove = menu.addAction(self.tr("&Remove from List"))
        remove.triggered.connect(lambda: state.remove(row.number))
        for action, name in (
            (restore, "arrow-counter-clockwise"),
            (store, "bookmark-simple"),
            (again, "sliders-horizontal"),
            (remove, "trash"),
        ):
            set_icon(action, name)
        return menu

    def _ask_name(self, row: FitRow) -> None:
        box = QInputDialog(self.window())
        box.setObjectName("models_name")
        box.setWindowTitle(self.tr("Store results"))
        box.setLabelText(self.tr("Name under which these results are stored"))
        box.setTextValue(row.name or f"fit{row.number}")
        box.textValueSelected.connect(lambda name: self.run_wanted.emit(self.state.store_command(row, name.strip())))
        box.finished.connect(box.deleteLater)
        box.open()


class _FitView(QListView):
    """Attributes: `activate_key` (Enter) asks to make the current row active; Space ticks it."""

    activate_key = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("models_list")
        self.setAccessibleName(self.tr("Fits so far"))
        self.setAccessibleDescription(self.tr("Enter makes a fit active, Space ticks it; two ticked ones are compared"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.activate_key.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class _FitDelegate(QStyledItemDelegate):
    """Check mark; name and AIC; what changed; further figures."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The name, and as many lines as what changed and the figures need."""
        unit, row = theme().unit, index.data(FIT_ROLE)
        view = self.parent()
        width = view.viewport().width() - 10 * unit if isinstance(view, QListView) else 40 * unit
        height = QFontMetrics(theme().font()).height()
        height += sum(_wrapped(text, QRect(0, 0, width, _ENDLESS)).height() for text in _texts(row))
        return QSize(40 * unit, height + 4 * unit)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        row = index.data(FIT_ROLE)
        look, unit = theme(), theme().unit
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        widget: QWidget = option.widget
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, palette.highlight())
        painter.setPen(look.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        mark = QStyleOptionButton()
        mark.rect = self._mark(rect)
        mark.state = QStyle.StateFlag.State_Enabled
        mark.state |= QStyle.StateFlag.State_On if row.ticked else QStyle.StateFlag.State_Off
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, mark, painter, widget)
        inner = rect.adjusted(8 * unit, 2 * unit, -2 * unit, -2 * unit)
        active = bool(index.data(ACTIVE_ROLE))
        bold, small = look.font(bold=True), look.font(0.92)
        painter.setFont(bold)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, row.title)
        if active:
            side = QFontMetrics(bold).height() * 3 // 4
            left = inner.left() + QFontMetrics(bold).horizontalAdvance(row.title) + 2 * unit
            icon("star-fill", "accent").paint(painter, QRect(left, inner.top() + unit // 2, side, side))
        painter.setFont(bold if active else look.font())
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, row.aic)
        number = QFontMetrics(painter.font()).horizontalAdvance(row.aic) + unit
        painter.setFont(small)
        painter.setPen(look.color("text2"))
        if row.aic:
            caption = inner.adjusted(0, QFontMetrics(bold).ascent() - QFontMetrics(small).ascent(), -number, 0)
            painter.drawText(caption, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, "AIC")
        top = inner.top() + QFontMetrics(bold).height()
        for text in _texts(row):
            area = _wrapped(text, QRect(inner.left(), top, inner.width(), _ENDLESS))
            painter.drawText(area, _WRAPPED, text)
            top += area.height()
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(look.color("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: _Index) -> bool:
        """Tick with the mouse at the mark, or with Space."""
        space = (
            event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        )
        hit = (
            event.type() is QEvent.Type.MouseButtonRelease
            and isinstance(event, QMouseEvent)
            and self._mark(option.rect).adjusted(-4, -4, 4, 4).contains(event.position().toPoint())
        )
        if (hit or space) and isinstance(model, FitModel):
            row = index.data(FIT_ROLE)
            on = Qt.CheckState.Unchecked if row.ticked else Qt.CheckState.Checked
            return model.setData(index, on, Qt.ItemDataRole.CheckStateRole)
        return False

    def _mark(self, rect: QRect) -> QRect:
        unit = theme().unit
        return QRect(rect.left() + 2 * unit, rect.top() + 2 * unit, 4 * unit, 4 * unit)


def _wrapped(text: str, room: QRect) -> QRect:
    """Return the rectangle that a small text needs when it is broken into lines."""
    used = QFontMetrics(theme().font(0.92)).boundingRect(room, _WRAPPED, text) if text else QRect()
    return QRect(room.left(), room.top(), room.width(), used.height())


def _texts(row: FitRow) -> tuple[str, str]:
    """Return what changed and the figures; a line breaks between figures, not within one."""
    return row.changes, " · ".join(part.replace(" ", "\u00a0") for part in row.line.split(" · "))
