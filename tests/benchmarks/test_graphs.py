"""Graphs of a million residuals: from arrays to the painted window, panning, pointing, and a smoother on a grid.

``python3 packaging/test.py tests/benchmarks --benchmark-enable`` times them; otherwise each runs once, as a test.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget

from engine.api import GraphSpec, Layer, Mark, Panel, Session
from engine.graphs.qq import normal_quantiles
from engine.graphs.rvf import FittedKind, residuals_versus_fitted
from engine.graphs.series import Series, Units
from engine.graphs.smoother import SITES, smooth
from engine.render.figure import save_figure
from mixedgui.plots.graph_window import GraphWindow
from mixedgui.plots.window import open_graph

N = 1_000_000
RNG = np.random.default_rng(99)
FITTED = RNG.normal(size=N)
RESIDUALS = RNG.normal(size=N)
UNITS = Units(np.arange(N))


def rvf() -> GraphSpec:
    """Return residuals against fitted values."""
    return residuals_versus_fitted(RESIDUALS, FITTED, UNITS, kind=FittedKind.FITTED)


def qnorm() -> GraphSpec:
    """Return the normal quantile plot of the residuals."""
    return normal_quantiles(Series("Residuals", RESIDUALS), UNITS)


@pytest.fixture
def host(qtbot) -> Iterator[QWidget]:
    """Give a parent for graph windows, and close them."""
    widget = QWidget()
    qtbot.addWidget(widget)
    yield widget
    for window in widget.findChildren(GraphWindow):
        window.close()
    QApplication.processEvents()


def paint(host: QWidget, make) -> GraphWindow:
    """Draw a graph as a command does, up to its pixels."""
    window = open_graph(host, make(), Session())
    window.resize(1280, 720)
    QApplication.processEvents()
    assert not window.view.grab().isNull()
    return window


@pytest.mark.slow
@pytest.mark.parametrize("make", [rvf, qnorm])
@pytest.mark.benchmark(group="a million points: drawn (goal 1 s)")
def test_drawing(benchmark, host, make):
    window = benchmark.pedantic(paint, (host, make), rounds=3, warmup_rounds=1)
    assert window.graph.n_points == N


@pytest.mark.slow
@pytest.mark.parametrize("make", [rvf, qnorm])
@pytest.mark.benchmark(group="a million points: repainted while panning (goal 33 ms, median)")
def test_panning(benchmark, host, make):
    window = paint(host, make)
    box = window.view.panels[0].item.vb
    before = box.viewRange()[0][0]

    def pan() -> None:
        box.translateBy(x=0.01, y=0.0)
        window.view.plot.viewport().repaint()

    benchmark.pedantic(pan, rounds=60, warmup_rounds=3)
    assert box.viewRange()[0][0] > before


@pytest.mark.slow
@pytest.mark.benchmark(group="a million points: exact values on hover")
def test_pointing(benchmark, host):
    window = paint(host, rvf)
    panel = window.view.panels[0]
    place = panel.item.vb.mapViewToScene(QPointF(FITTED[5], RESIDUALS[5]))
    hit = benchmark.pedantic(window.view.point_at, (place,), rounds=20)
    assert (hit.x, hit.y) == (FITTED[hit.index], RESIDUALS[hit.index])


@pytest.mark.slow
@pytest.mark.parametrize("bandwidth", [0.8, 0.1])
@pytest.mark.benchmark(group="a million points: lowess on a grid (goal 1 s)")
def test_smoothing(benchmark, bandwidth):
    result = benchmark.pedantic(lambda: smooth(RESIDUALS, FITTED, bandwidth=bandwidth), rounds=3, warmup_rounds=1)
    assert len(result.sites) == SITES
    assert np.abs(result.y[50:-50]).max() < 0.1


def panelled(n: int) -> GraphSpec:
    """Return n panels of a few points with common axes."""
    x = np.arange(10.0)
    layers = tuple(Layer(mark=Mark.POINT, x=x, y=RNG.normal(size=10), panel=str(k)) for k in range(n))
    panels = tuple(Panel(key=str(k), title=str(k)) for k in range(n))
    return GraphSpec(kind="t", title="t", x_title="x", y_title="y", layers=layers, panels=panels)


@pytest.mark.slow
@pytest.mark.parametrize("n", [12, 48])
@pytest.mark.benchmark(group="a page of panels: saved (48 take at most about four times as long as 12)")
def test_saving_panels(benchmark, tmp_path, n):
    graph = panelled(n)
    benchmark.pedantic(save_figure, (graph, tmp_path / "panels.png"), rounds=2, warmup_rounds=1)
    assert (tmp_path / "panels.png").stat().st_size > 1000
