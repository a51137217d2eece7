"""The data editor over a million rows: how long it takes to open, and to repaint while one scrolls.

Ratios rather than times are asserted: what is measured is held against drawing the same number of cells by hand.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPixmap

from engine.api import Dataset, Variable

N_ROWS, N_COLUMNS = 1_000_000, 50


@pytest.fixture(scope="module")
def large():
    """A million rows: bytes with labels, text, days, floats, doubles."""
    from engine.api import ValueLabel
    from engine.data.dataset import new_row_ids

    random = np.random.default_rng(1)
    kinds = (
        ("byte", "%8.0g", random.integers(0, 5, N_ROWS).astype(np.int8)),
        ("str5", "%9s", np.array(["abc", "defgh", "x"], dtype=object)[random.integers(0, 3, N_ROWS)]),
        ("long", "%td", random.integers(0, 20_000, N_ROWS).astype(np.int32)),
        ("float", "%9.0g", random.normal(size=N_ROWS).astype(np.float32)),
        ("double", "%10.0g", random.normal(size=N_ROWS)),
    )
    variables, columns = [], {}
    for place in range(N_COLUMNS):
        storage, fmt, column = kinds[place % len(kinds)]
        name = f"v{place}"
        variables.append(Variable(name, storage, fmt, "", "yesno" if storage == "byte" else ""))
        columns[name] = column
    labels = {"yesno": ValueLabel("yesno", {0.0: "No", 1.0: "Yes", 2.0: "Maybe"})}
    return Dataset(
        variables=tuple(variables), columns=columns, n_obs=N_ROWS, row_ids=new_row_ids(N_ROWS), value_labels=labels
    )


@pytest.fixture
def window(qtbot, qapp, tmp_path):
    from PySide6.QtCore import QSettings

    from mixedgui.app import build

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))
    _, window = build(["mixedgui"])
    yield window
    window.session.data = Dataset()
    window.close()


def _open(window, large):
    window.session.data = large
    window.data_windows._editor = None
    editor = window.data_windows.editor
    editor.resize(1280, 720)
    editor.browse()
    return editor


def _hand_drawn(cells):
    """Return the seconds that Qt takes to draw so many short texts, one after the other."""
    picture = QPixmap(1280, 720)
    painter = QPainter(picture)
    texts = [f"{value:.6f}" for value in np.random.default_rng(2).normal(size=cells)]
    started = time.perf_counter()
    for text in texts:
        painter.drawText(QPointF(10, 20), text)
    taken = time.perf_counter() - started
    painter.end()
    return taken


def _visible_cells(editor):
    rows = editor.grid.table.viewport().height() // editor.grid.table.rowHeight(0)
    header = editor.grid.table.horizontalHeader()
    return rows * max(1, header.visualIndexAt(editor.grid.table.viewport().width() - 1) + 1)


@pytest.mark.benchmark(group="data editor")
def test_open(benchmark, window, large, qapp):
    """A window with its first paint."""

    def act():
        editor = _open(window, large)
        qapp.processEvents()
        editor.hide()

    benchmark.pedantic(act, rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(group="data editor")
def test_repaint_while_scrolling(benchmark, window, large, qapp):
    """A turn of the wheel: three rows."""
    editor = _open(window, large)
    qapp.processEvents()
    bar = editor.grid.table.verticalScrollBar()

    def act():
        bar.setValue(bar.value() + 3)
        qapp.processEvents()

    benchmark.pedantic(act, rounds=100, warmup_rounds=5)


@pytest.mark.benchmark(group="data editor")
def test_repaint_of_rows_never_seen(benchmark, window, large, qapp):
    """A jump of the scroll bar: every cell is new."""
    editor = _open(window, large)
    qapp.processEvents()
    bar = editor.grid.table.verticalScrollBar()
    places = iter(np.random.default_rng(3).integers(0, N_ROWS - 100, 1000).tolist())

    def act():
        bar.setValue(next(places))
        qapp.processEvents()

    benchmark.pedantic(act, rounds=60, warmup_rounds=3)


def test_a_million_rows_cost_little_more_to_open_than_a_thousand(window, large, qapp):
    def opened(data):
        started = time.perf_counter()
        editor = _open(window, data)
        qapp.processEvents()
        taken = time.perf_counter() - started
        editor.hide()
        return taken

    small = large.take(np.arange(1000))
    opened(small)
    few = min(opened(small) for _ in range(5))
    many = min(opened(large) for _ in range(5))
    assert many < 4 * few


def test_scrolling_draws_at_the_speed_of_drawing(window, large, qapp):
    editor = _open(window, large)
    qapp.processEvents()
    bar = editor.grid.table.verticalScrollBar()
    ratios = []
    for place in np.random.default_rng(4).integers(0, N_ROWS - 100, 40).tolist():
        by_hand = _hand_drawn(_visible_cells(editor))  # right before, so that both suffer alike
        started = time.perf_counter()
        bar.setValue(place)
        qapp.processEvents()
        ratios.append((time.perf_counter() - started) / by_hand)
    assert min(ratios) < 8
