"""Every pane and every window beside the main one: named, with letters of its own, uncut, readable in both schemes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QStyle,
    QTabBar,
    QTabWidget,
    QToolButton,
    QWidget,
)

from mixedgui.plots.graph_window import GraphWindow
from mixedgui.state.templates import TEMPLATES
from mixedgui.theme import ThemeChoice, theme
from mixedgui.theme_tokens import contrast
from mixedgui.widgets.elided_label import ElidedLabel

COMMANDS = (
    "use hsb",
    "mixed mathach ses || id:",
    "estimates store small",
    "mixed mathach ses sector || id: ses, cov(un)",
    "scatter mathach ses",
    "edit",
    "varmanage",
)


SETTLING_ROUNDS = 12
ENOUGH = 4.5
"""The ratio that WCAG 2.2 AA asks of text."""


def _until(met):
    """Let the windows live until something is so; widgets given up meanwhile go, as they do in the event loop."""
    wait = QDeadlineTimer(20_000)
    while not met():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not wait.hasExpired()


def _settle():
    """Lay everything out: tables and cards take their heights one after the other."""
    for _ in range(SETTLING_ROUNDS):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def _open(folder, factor):
    """Open the window, run the commands and open every other window; return all by what they are."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    from mixedgui.app import build

    _, window = build(["mixedgui"])
    window.resize(round(1440 * min(factor, 4 / 3)), round(900 * min(factor, 1.2)))
    window.layout_.reset()
    window.show()
    for command in COMMANDS:
        window.run_command(command)
    _until(lambda: not window.busy)
    dashboard = window._menus.dashboard.show_dashboard()
    _until(lambda: bool(dashboard.assumptions.cards))
    (graph,) = window.findChildren(GraphWindow)
    graph.findChild(QToolButton, "graph_edit").click()
    satellites = window.satellites
    satellites.postest()
    satellites.show_commands()
    tour = satellites.take_tour()
    editor = window.data_windows.editor
    editor.resize(1280, 720)
    opened = {
        "main window": window,
        "tour": tour,
        "dashboard": dashboard,
        "graph": graph,
        "preferences": satellites.preferences(),
        "do-file editor": satellites.dofile_editor(),
        "postestimation": satellites._postest,
        "help": satellites._help,
        "data editor": editor,
        "variables manager": editor.manager,
    }
    opened |= _dialogs(window, editor)
    _settle()
    return opened


def _dialogs(window, editor):
    """Open the dialog of the model with what it opens in turn, and the dialogs beside the tables of data."""
    mixed = window.open_dialog("mixed")
    mixed.load_command("mixed mathach ses || id: ses, covariance(unstructured)")
    mixed.findChild(QAbstractButton, "mixed_equations_create").click()
    mixed.findChild(QAbstractButton, "mixed_indepvars_build").click()
    mixed.findChild(QAbstractButton, "mixed_if_build").click()
    mixed.ask_template(TEMPLATES[1])
    manager = editor.manager
    manager.open_value_labels()
    manager.open_notes()
    opened = {
        "mixed": mixed,
        "within and between": window.open_dialog("center"),
        "reshape": window.open_dialog("reshape"),
    }
    for dialog in (*mixed.findChildren(QDialog), *manager.findChildren(QDialog)):
        if dialog.isVisible():
            opened[dialog.objectName() or type(dialog).__name__] = dialog
    return opened


@pytest.fixture(scope="module", params=[1.0, 1.5, 2.0], ids=["100", "150", "200"])
def windows(request, qapp, tmp_path_factory):
    """Give every window of a session at some size of text, by what it is."""
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(before.pointSizeF() * request.param)
    qapp.setFont(font)
    opened = _open(tmp_path_factory.mktemp("settings"), request.param)
    yield opened
    window = opened["main window"]
    window.session.data = type(window.session.data)()  # nothing to save, so nothing is asked
    window.close()
    window.deleteLater()
    qapp.processEvents()
    qapp.setFont(before)


ordinary_size = pytest.mark.parametrize("windows", [1.0], ids=["100"], indirect=True, scope="module")
"""For what holds at every size where it holds at one."""


def _of(window, kinds=QWidget):
    return [widget for widget in window.findChildren(kinds) if widget.window() is window.window()]


def _tabs_to(window):
    """Widgets that take the keyboard focus themselves."""
    return [
        widget
        for widget in _of(window)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox | QAbstractScrollArea)
        and not isinstance(widget, QScrollArea | QMenu)
        and not (isinstance(widget, QLabel) and widget.isHidden())  # put away until it has words
        and not widget.objectName().startswith(("qt_", "_q_"))
    ]


def _spoken(widget):
    if widget.accessibleName():
        return widget.accessibleName()
    return widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""


@ordinary_size
def test_whatever_takes_the_focus_has_a_name(windows):
    for name, window in windows.items():
        nameless = [(type(widget).__name__, widget.objectName()) for widget in _tabs_to(window) if not _spoken(widget)]
        assert nameless == [], name


def _letter(text):
    text = text.replace("&&", "")
    return text[text.index("&") + 1].lower() if "&" in text[:-1] else ""


def _wearers(window):
    """Whatever bears an underlined letter and is on the screen at once, tabs and menus of the bar included."""
    for widget in _of(window, QAbstractButton) + _of(window, QLabel) + _of(window, QGroupBox):
        if widget.isVisible() and (not isinstance(widget, QLabel) or widget.buddy() is not None):
            yield widget.title() if isinstance(widget, QGroupBox) else widget.text()
    for bar in _of(window, QTabBar):
        if bar.isVisible():
            yield from (bar.tabText(place) for place in range(bar.count()))
    if hasattr(window, "menuBar") and window.menuBar() is not None:
        yield from (action.text() for action in window.menuBar().actions())


def _menus(menu):
    yield menu
    for action in menu.actions():
        if action.menu() is not None:
            yield from _menus(action.menu())


@ordinary_size
def test_no_letter_leads_to_two_places(windows):
    for name, window in windows.items():
        tabs = [tab for tab in _of(window, QTabWidget) if tab.isVisible()]
        for page in range(max((tab.count() for tab in tabs), default=1)):
            for tab in tabs:
                tab.setCurrentIndex(min(page, tab.count() - 1))
            letters = Counter(filter(None, map(_letter, _wearers(window))))
            twice = {letter for letter, times in letters.items() if times > 1}
            assert {letter: [t for t in _wearers(window) if _letter(t) == letter] for letter in twice} == {}, name


@ordinary_size
def test_no_letter_leads_to_two_entries_of_a_menu(windows):
    for name, window in windows.items():
        bar = window.menuBar() if hasattr(window, "menuBar") else None
        for action in bar.actions() if bar is not None else []:
            for menu in _menus(action.menu()):
                menu.aboutToShow.emit()
                letters = Counter(filter(None, (_letter(entry.text()) for entry in menu.actions())))
                assert [letter for letter, times in letters.items() if times > 1] == [], (name, menu.title())


def _is_seen(widget):
    """Not in a pane that lies behind another, nor scrolled away."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def _wordy(window):
    """Whatever shows words of its own."""
    for widget in _of(window, QLabel) + _of(window, QAbstractButton):
        icon_only = isinstance(widget, QToolButton) and (
            widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly and not widget.icon().isNull()
        )
        if _is_seen(widget) and widget.text() and not icon_only:
            yield widget


def _needs(widget):
    """Width that the words of a widget take."""
    if isinstance(widget, QLineEdit):
        margin = 2 * widget.style().pixelMetric(QStyle.PixelMetric.PM_DefaultFrameWidth)
        return widget.fontMetrics().horizontalAdvance(widget.text() or widget.placeholderText()) + margin
    return widget.sizeHint().width()


def _is_cut(widget):
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    return widget.width() < _needs(widget) or widget.height() < widget.fontMetrics().height()


def _cut(window):
    return [
        (type(widget).__name__, widget.objectName(), widget.text())
        for widget in _wordy(window)
        if not isinstance(widget, ElidedLabel) and _is_cut(widget)
    ]


def _outside(window):
    """Controls that lie, wholly or in part, beyond the window and cannot be scrolled to."""
    return [
        (type(widget).__name__, widget.objectName())
        for widget in _tabs_to(window)
        if _is_seen(widget)
        and not any(isinstance(above, QAbstractScrollArea) for above in _above(widget))
        and not window.rect().contains(widget.rect().translated(widget.mapTo(window, widget.rect().topLeft())))
    ]


def _above(widget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


def test_nothing_is_cut_at_any_size_of_text(windows):
    for name, window in windows.items():
        assert _cut(window) == [], name
        assert _outside(window) == [], name


def _painted(window):
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return pixels & 0xFFFFFF


def _contrast(pixels):
    """Contrast of the commonest colour with the one that differs most from it."""
    colours, times = np.unique(pixels, return_counts=True)
    ground = f"#{colours[times.argmax()]:06X}"
    lightness = 2 * (colours >> 16 & 0xFF) + 7 * (colours >> 8 & 0xFF) + (colours & 0xFF)
    ends = colours[lightness.argmin()], colours[lightness.argmax()]
    return max(contrast(f"#{colour:06X}", ground) for colour in ends)


def _pale(window):
    """Words whose painted letters stand out too little from their ground."""
    pixels = _painted(window)
    for widget in _wordy(window):
        area = widget.visibleRegion().boundingRect().translated(widget.mapTo(window, QPoint()))
        part = pixels[area.top() : area.bottom() + 1, area.left() : area.right() + 1]
        if part.size and (ratio := _contrast(part)) < ENOUGH:
            yield widget.objectName(), widget.text(), round(ratio, 1)


def _show_whole_tables(window):
    """Show the results as tables, all parts of all cards made."""
    window.results.show_tables()
    for record in window.results.tables.records():
        window.results.tables.card(record)
    _settle()


@ordinary_size
@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_words_as_painted_are_readable(windows, choice):
    try:
        theme().choose(choice)
        _settle()
        for name, window in windows.items():
            windows["tour"].setVisible(name == "tour")  # it covers a pane
            assert list(_pale(window)) == [], name
        _show_whole_tables(windows["main window"])
        assert list(_pale(windows["main window"])) == [], "results as tables"
    finally:
        windows["main window"].results.show_text()
        theme().choose(ThemeChoice.SYSTEM)


@ordinary_size
def test_each_pane_is_named_for_those_who_hear_it(windows):
    window = windows["main window"]
    assert [dock.objectName() for dock in window.findChildren(QDockWidget) if not dock.windowTitle()] == []


@ordinary_size
def test_results_as_tables_are_named_and_whole(windows):
    window = windows["main window"]
    try:
        _show_whole_tables(window)
        nameless = [widget for widget in _tabs_to(window.results) if widget.isVisible() and not _spoken(widget)]
        assert [(type(widget).__name__, widget.objectName(), widget.parent()) for widget in nameless] == []
        assert _cut(window.results.tables) == []
    finally:
        window.results.show_text()
