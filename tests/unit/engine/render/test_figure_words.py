"""Words of pictures: none leaves the canvas, none covers another, in graphs of every kind with legends and panels."""

from __future__ import annotations

from itertools import combinations

import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text

from engine.api import Session
from engine.render.figure import draw, settings

BLANK = "\N{FIGURE SPACE}"
DATA = (
    "scatter mathach ses if id<1500, by(id)",
    "twoway (scatter mathach ses if id<1400) (lfit mathach ses if id<1400), by(id)",
    "twoway (scatter mathach ses if id<1300) (kdensity ses, yaxis(2)), ytitle(Height, axis(2))",
    "twoway (scatter mathach ses if id<1400) (kdensity ses if id<1400, yaxis(2)) if id<1400, by(id)",
    "scatter mathach ses if id<1300 || lfit mathach ses, legend(position(3) title(Legend))",
    "scatter mathach ses if id<1300 || lfit mathach ses, legend(position(9)) by(sector)",
    "graph box mathach, over(female) over(sector)",
    "graph hbox mathach, over(female) over(sector)",
    "graph bar (mean) mathach, over(female) over(sector) blabel(bar)",
    "graph matrix mathach ses meanses, half",
    "qladder size",
    "graph combine h s b, title(Three graphs) note(A note)",
    "graph combine h s b, cols(1)",
)
FITTED = (
    "diagplot rvf", "diagplot rvx", "diagplot scaleloc", "diagplot reqq, reps(9)", "diagplot caterpillar",
    "diagplot mdist", "diagplot residgroup", "diagplot trellis ses", "diagplot shrinkage", "diagplot plane",
    "diagplot influence",
)  # fmt: skip


@pytest.fixture(scope="module")
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}" if id<2000')
    for command in (
        "histogram mathach, name(h) nodraw",
        "scatter mathach ses, name(s) nodraw",
        "graph box mathach, over(sector) name(b) nodraw",
        "quietly mixed mathach ses female || id: ses, covariance(unstructured)",
    ):
        assert session.run(command).rc == 0
    return session


def words(figure):
    """Return the words of a figure with their boxes in pixels; marks' own labels are left out."""
    renderer = figure.canvas.get_renderer()
    figure.draw_without_rendering()
    hidden = _not_drawn(figure)
    found = []
    for text in figure.findobj(Text):
        if text in hidden or isinstance(text, Annotation) or not text.get_visible() or not text.get_text().strip():
            continue
        if text.get_rotation() % 90 or BLANK in text.get_text():  # their boxes are larger than their words
            continue
        found.append((text.get_text(), text.get_window_extent(renderer)))
    return found


def _not_drawn(figure):
    """Return the labels of ticks beyond the range of their axis, and all words of axes that are not shown."""
    hidden = set()
    for axes in figure.findobj(Axes):
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_visible():
                hidden.update(axis.findobj(Text))
            low, high = sorted(axis.get_view_interval())
            slack = 1e-6 * (high - low)
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if not low - slack <= tick.get_loc() <= high + slack:
                    hidden.update((tick.label1, tick.label2))
    return hidden


def _cover(first, second):
    """Return how far two boxes reach into each other, in pixels of the smaller way."""
    wide = min(first.x1, second.x1) - max(first.x0, second.x0)
    high = min(first.y1, second.y1) - max(first.y0, second.y0)
    return min(wide, high)


@pytest.mark.parametrize("command", [*DATA, *FITTED])
def test_words_neither_leave_the_picture_nor_cover_each_other(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    with rc_context(settings(outcome.graph)):
        figure = draw(outcome.graph, width_mm=110, dpi=100)
        found = words(figure)
    assert found
    page = figure.bbox
    for text, box in found:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= page.x1 + 1 and box.y1 <= page.y1 + 1
        assert inside, f"{text!r} leaves the picture"
    for (one, first), (other, second) in combinations(found, 2):
        if _cover(first, second) > 2:
            message = f"{one!r} covers {other!r}"
            raise AssertionError(message)
