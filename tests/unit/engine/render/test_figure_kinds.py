"""Pictures of every kind of graph: not blank, words inside the canvas, marks where the numbers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb

from engine.api import Session
from engine.graphs import appearance
from engine.graphs.axes import Axis, Panel
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Look
from engine.render.figure import draw

N = 90
RNG = np.random.default_rng(5)
FRAME = pd.DataFrame(
    {
        "y": RNG.normal(10, 2, size=N),
        "x": RNG.uniform(1, 100, size=N),
        "t": np.tile(np.arange(15.0), 6),
        "g": np.repeat(np.arange(6), 15),
    }
)
KINDS = (
    "scatter y x || lfitci y x || lowess y x, legend(position(3))",
    "line y t, connect(L) by(g)",
    "histogram y, normal kdensity by(g, total)",
    "graph box y x, over(g)",
    "graph hbox y, over(g)",
    "graph bar (mean) y (median) y, over(g) blabel(bar)",
    "graph dot y, over(g)",
    "graph matrix y x t",
    "gladder x",
    "qladder x",
    "kdensity y, normal",
    "qnorm y, grid",
    "pnorm y",
    "quantile y",
    "scatter y x, xscale(log) yscale(reverse) xlabel(, angle(45) grid)",
    "twoway (bar y t if g == 0) (rcap y x t if g == 0) (area x t if g == 1) (dropline y t if g == 2)",
    'scatter y x, title("A long title that has to be folded because it is wider than the picture by far, really") '
    'note("And a note that is just as long as the title and has to be folded as well, into two lines or three")',
)


@pytest.fixture(scope="module")
def session():
    return Session(data=FRAME)


def canvas_of(graph, **options):
    figure = draw(graph, **options)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return figure, np.asarray(canvas.buffer_rgba())[..., :3].astype(int)


@pytest.mark.parametrize("width", [85, 175])
@pytest.mark.parametrize("command", KINDS)
def test_a_picture_shows_marks_and_keeps_its_words_inside(session, command, width):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    figure, pixels = canvas_of(outcome.graph, width_mm=width)
    assert (pixels != 255).any(axis=2).mean() > 0.01
    box = figure.get_tightbbox()
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= figure.get_figwidth() + 0.02
    assert box.y1 <= figure.get_figheight() + 0.02


def colour_at(axes, pixels, x, y):
    across, up = axes.transData.transform((x, y))
    return tuple(pixels[pixels.shape[0] - 1 - round(up), round(across)])


def near(found, name):
    return np.abs(np.array(found) - 255 * np.array(to_rgb(name))).max() < 30


def layered(*layers, **fields):
    return GraphSpec(kind="t", title="", x_title="x", y_title="y", layers=layers, **fields)


def test_bars_boxes_and_bands_are_filled_where_they_stand():
    x = np.array([1.0, 3.0])
    solid = Look(fill="#00FF00", alpha=1.0)
    bars = Layer(mark=Mark.BAR, x=x, y=np.array([4.0, -2.0]), base=np.array([1.0, 0.0]), width=1.0, look=solid)
    figure, pixels = canvas_of(layered(bars), width_mm=100)
    (axes,) = figure.axes
    assert near(colour_at(axes, pixels, 1, 2), "#00FF00")
    assert near(colour_at(axes, pixels, 1, 0.4), "#FFFFFF")  # below where it stands
    assert near(colour_at(axes, pixels, 3, -1), "#00FF00")
    figure, pixels = canvas_of(layered(bars, swapped=True), width_mm=100)
    assert near(colour_at(figure.axes[0], pixels, 2, 1), "#00FF00")
    band = Layer(mark=Mark.INTERVAL, x=x, y=x, ll=x - 1, ul=x + 1, style=LayerStyle.BAND, look=solid)
    figure, pixels = canvas_of(layered(band), width_mm=100)
    assert near(colour_at(figure.axes[0], pixels, 2, 2.5), "#00FF00")
    assert near(colour_at(figure.axes[0], pixels, 2, 3.5), "#FFFFFF")


def test_a_line_is_interrupted_where_a_stroke_begins():
    x = np.array([0.0, 1.0, 2.0, 3.0])
    thick = Look(colour="#FF0000", width=6.0, alpha=1.0)
    line = Layer(mark=Mark.LINE, x=x, y=np.zeros(4), starts=np.array([2]), look=thick)
    figure, pixels = canvas_of(layered(line), width_mm=100)
    assert near(colour_at(figure.axes[0], pixels, 0.5, 0), "#FF0000")
    assert near(colour_at(figure.axes[0], pixels, 1.5, 0), "#FFFFFF")
    assert near(colour_at(figure.axes[0], pixels, 2.5, 0), "#FF0000")


def test_panels_have_common_or_free_ranges():
    layers = [Layer(mark=Mark.POINT, x=np.array([0.0, k]), y=np.array([0.0, 10 * k]), panel=str(k)) for k in (1, 5)]
    panels = tuple(Panel(key=str(k), title=f"Panel {k}") for k in (1, 5))
    common = layered(*layers, panels=panels)
    first, second = draw(common).axes
    assert first.get_xlim() == second.get_xlim() == appearance.extent(common).x
    free = replace(common, grid=replace(common.grid, common_x=False, common_y=False))
    first, second = draw(free).axes
    assert first.get_ylim() == pytest.approx((-0.5, 10.5))
    assert second.get_ylim() == pytest.approx((-2.5, 52.5))
    assert first.get_title() == "Panel 1"


def test_a_million_points_on_logarithmic_axes_are_a_raster_too():
    n = appearance.RASTER_LIMIT + 1
    points = Layer(mark=Mark.POINT, x=RNG.lognormal(size=n), y=RNG.lognormal(size=n))
    graph = layered(points, x_axis=Axis(log=True), y_axis=Axis(log=True))
    figure, pixels = canvas_of(graph, width_mm=100)
    assert not figure.axes[0].lines
    assert not near(colour_at(figure.axes[0], pixels, 1, 1), "#FFFFFF")


@pytest.mark.parametrize("name", [name for name in appearance.SCHEMES if name])
def test_every_scheme_draws_light_and_dark(session, name):
    graph = session.run(f"scatter y t, scheme({name})").graph
    scheme = appearance.SCHEMES[name]
    for dark in (False, True):
        figure = draw(graph, dark=dark)
        colours = scheme.dark if dark else scheme.light
        assert figure.axes[0].lines[0].get_color() == colours.series[0]
        assert figure.get_figwidth() * 25.4 == pytest.approx(scheme.width_mm)
