"""Preferences: look, results and keys, with a search over all of it; every change holds at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mixedgui.preferences import Preferences
from mixedgui.shortcuts import Shortcut, Shortcuts
from mixedgui.size import open_at
from mixedgui.state.translation import mark, tr
from mixedgui.theme import ThemeChoice, theme
from mixedgui.widgets.search_field import SearchField
from mixedgui.widgets.tinted_label import TintedLabel

_PORTABLE = QKeySequence.SequenceFormat.PortableText
_THEMES = {ThemeChoice.SYSTEM: mark("As the system"), ThemeChoice.LIGHT: mark("Light"), ThemeChoice.DARK: mark("Dark")}
_MOST_STEPS = 12


class PreferencesDialog(QDialog):
    """What the user may choose; `set_zoom`, `choose_theme`, `set_level` and `set_comma` carry it out."""

    def __init__(
        self,
        preferences: Preferences,
        shortcuts: Shortcuts,
        parent: QWidget,
        *,
        set_zoom: Callable[[int], None],
        choose_theme: Callable[[ThemeChoice], None],
        set_level: Callable[[float], None],
        set_comma: Callable[[bool], None],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialog_preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self._preferences, self._shortcuts = preferences, shortcuts
        self._set_zoom, self._choose_theme, self._set_level = set_zoom, choose_theme, set_level
        self._shown: list[Shortcut] = []
        self.search = SearchField(self.tr("Search preferences"), self)
        self.search.setObjectName("preferences_search")
        self.search.textChanged.connect(self._filter)
        self._form = QFormLayout()
        self.theme = self._theme_field()
        self.zoom = self._zoom_field()
        self.level = self._level_field()
        self.comma = self._comma_field(set_comma)
        self.keys = self._table()
        self.field = QKeySequenceEdit(self)
        self.field.setObjectName("preferences_keys")
        self.field.setAccessibleName(self.tr("Keys of the selected action"))
        self.field.setMaximumSequenceLength(1)
        self.field.editingFinished.connect(self._change)
        self.usual = QPushButton(self.tr("&Usual keys"), self)
        self.usual.setObjectName("preferences_usual")
        self.usual.setAutoDefault(False)
        self.usual.clicked.connect(self._restore)
        self.words = TintedLabel("", "text2", self, factor=0.92)
        self.words.setWordWrap(True)
        self._lay_out()
        self._filter("")
        open_at(self, 180, 150)

    def _theme_field(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("preferences_theme")
        for choice, text in _THEMES.items():
            box.addItem(tr(text), choice)
        box.setCurrentIndex(list(_THEMES).index(self._preferences.theme))
        box.activated.connect(lambda index: self._choose_theme(list(_THEMES)[index]))
        self._add_row(self.tr("&Theme"), box)
        return box

    def _zoom_field(self) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName("preferences_zoom")
        box.setRange(-_MOST_STEPS // 3, _MOST_STEPS)
        box.setValue(self._preferences.zoom)
        box.setSuffix(self.tr(" steps"))
        box.valueChanged.connect(self._set_zoom)
        self._add_row(self.tr("Text &size of results, steps from usual"), box)
        return box

    def _level_field(self) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setObjectName("preferences_level")
        box.setRange(10.0, 99.99)
        box.setDecimals(2)
        box.setSuffix(" %")
        box.setValue(self._preferences.level)
        box.editingFinished.connect(lambda: self._set_level(box.value()))
        self._add_row(self.tr("&Confidence level at the start"), box)
        return box

    def _comma_field(self, set_comma: Callable[[bool], None]) -> QCheckBox:
        box = QCheckBox(self.tr("12,5 instead of 12.5; commands and files keep the point"), self)
        box.setObjectName("preferences_decimal_comma")
        box.setChecked(self._preferences.decimal_comma)
        box.toggled.connect(set_comma)
        self._add_row(self.tr("&Decimal comma in what is shown"), box)
        return box

    def _add_row(self, label: str, field: QWidget) -> None:
        field.setAccessibleName(label.replace("&", ""))
        if isinstance(field, QAbstractSpinBox):
            field.lineEdit().setTextMargins(theme().unit, 0, 0, 0)
        self._form.addRow(label, field)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 2, self)
        table.setObjectName("preferences_shortcuts")
        table.setAccessibleName(self.tr("Actions and their keys"))
        table.setHorizontalHeaderLabels([self.tr("Action"), self.tr("Keys")])
        table.verticalHeader().hide()
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.itemSelectionChanged.connect(self._selected)
        return table

    def _lay_out(self) -> None:
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 3 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self.search)
        column.addLayout(self._form)
        column.addWidget(self.keys, 1)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.usual)
        column.addLayout(row)
        column.addWidget(self.words)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    @Slot(str)
    def _filter(self, wanted: str) -> None:
        """Show what the words of the search are in: settings by their labels, actions by text and keys."""
        words = wanted.lower().split()
        for row in range(self._form.rowCount()):
            item = self._form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            text = getattr(item.widget() if item is not None else None, "text", str)().replace("&", "").lower()
            self._form.setRowVisible(row, all(word in text for word in words))
        self._shown = [s for s in self._shortcuts.all if all(w in _words(s) for w in words)]
        self.keys.setRowCount(len(self._shown))
        for row, shortcut in enumerate(self._shown):
            self.keys.setItem(row, 0, QTableWidgetItem(shortcut.text))
            self.keys.setItem(row, 1, QTableWidgetItem(_native(shortcut)))
        self._selected()

    @property
    def settings(self) -> tuple[str, ...]:
        """The labels of all settings."""
        labels = (self._form.itemAt(row, QFormLayout.ItemRole.LabelRole) for row in range(self._form.rowCount()))
        return tuple(getattr(item.widget(), "text", str)() for item in labels if item is not None)

    @property
    def current(self) -> Shortcut | None:
        """The selected action."""
        rows = self.keys.selectionModel().selectedRows()
        return self._shown[rows[0].row()] if rows else None

    @Slot()
    def _selected(self) -> None:
        shortcut = self.current
        self.field.setEnabled(shortcut is not None)
        self.usual.setEnabled(shortcut is not None and shortcut.now != shortcut.usual)
        reason = self.tr("Select an action to give it other keys")
        self.field.setToolTip("" if shortcut is not None else reason)
        self.field.blockSignals(True)
        self.field.setKeySequence(QKeySequence(shortcut.now[0] if shortcut and shortcut.now else "", _PORTABLE))
        self.field.blockSignals(False)
        self.words.setText("" if shortcut is not None else reason)

    @Slot()
    def _change(self) -> None:
        shortcut = self.current
        if shortcut is None:
            return
        keys = self.field.keySequence().toString(_PORTABLE)
        others = self._shortcuts.others_with(shortcut, keys)
        if others:
            names = ", ".join(other.text for other in others)
            self._selected()
            self.words.setText(self.tr("{0} is taken by {1}. Give that other keys first.").format(keys, names))
            return
        if (keys,) != shortcut.now:
            self._shortcuts.change(shortcut, keys)
        self._refresh(shortcut)

    @Slot()
    def _restore(self) -> None:
        shortcut = self.current
        if shortcut is not None:
            self._shortcuts.restore(shortcut)
            self._refresh(shortcut)

    def _refresh(self, shortcut: Shortcut) -> None:
        item = self.keys.item(self._shown.index(shortcut), 1)
        if item is not None:
            item.setText(_native(shortcut))
        self._selected()


def _native(shortcut: Shortcut) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(keys, _PORTABLE).toString(native) for keys in shortcut.now)


def _words(shortcut: Shortcut) -> str:
    return f"{shortcut.text} {_native(shortcut)}".lower()
