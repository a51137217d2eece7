"""``marginsplot``: which margins stand where, in which series and panel, with which limits."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran
from scipy.special import ndtri

from engine.api import Session
from engine.graphs.graphspec import LayerStyle, Mark
from engine.graphs.look import Dash, Symbol


@pytest.fixture
def schools(data_file):
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', "label define sector 0 Public 1 Catholic", "label values sector sector")
    ran(session, "mixed mathach c.ses##c.meanses i.sector##c.ses || id:")
    return session


def layers(graph, mark):
    return {(layer.panel, layer.group): layer for layer in graph.layers if layer.mark is mark}


def test_the_message_and_the_first_dimension_are_those_of_the_reference_document(schools):
    margins = ran(schools, "margins, at(ses=(-1 0 1) meanses=(0 1))")
    outcome = ran(schools, "marginsplot")
    assert outcome.text == "\nVariables that uniquely identify margins: ses meanses\n"
    graph = outcome.graph
    assert (graph.kind, graph.title) == ("marginsplot", "Predictive margins with 95% CIs")
    assert graph.y_title == "Linear prediction, fixed portion"
    assert graph.x_title == schools.data.variable("ses").label
    values = np.array([row.values for row in margins.tables["margins"].rows])
    points, intervals, lines = (layers(graph, mark) for mark in (Mark.POINT, Mark.INTERVAL, Mark.LINE))
    assert list(points) == [("", "meanses=0"), ("", "meanses=1")]
    for number, key in enumerate(points):
        own = values[number::2]
        for found in (points, lines, intervals):
            assert found[key].x.tolist() == [-1, 0, 1]
            assert found[key].y.tolist() == own[:, 0].tolist()
            assert found[key].plot == number
        assert intervals[key].ll.tolist() == own[:, 4].tolist()
        assert intervals[key].ul.tolist() == own[:, 5].tolist()
        assert intervals[key].look.caps


def test_another_dimension_runs_along_the_axis(schools):
    ran(schools, "margins, at(ses=(-1 0 1) meanses=(0 1))")
    graph = ran(schools, "marginsplot, x(meanses)").graph
    assert list(layers(graph, Mark.POINT)) == [("", "ses=-1"), ("", "ses=0"), ("", "ses=1")]
    graph = ran(schools, "marginsplot, by(meanses) recastci(rarea) noci").graph
    assert [panel.key for panel in graph.panels] == ["meanses=0", "meanses=1"]
    assert not layers(graph, Mark.INTERVAL)
    assert graph.title == "Predictive margins"
    graph = ran(schools, "marginsplot, xdimension(ses meanses)").graph
    assert [tick.label for tick in graph.x_axis.ticks][:2] == ["ses=-1 meanses=0", "ses=-1 meanses=1"]
    assert len(layers(graph, Mark.POINT)[("", "")].x) == 6


def test_levels_are_called_by_their_labels(schools):
    ran(schools, "margins sector, at(ses=(0 1))")
    graph = ran(schools, "marginsplot").graph
    assert [key[1] for key in layers(graph, Mark.LINE)] == ["Public", "Catholic"]
    assert graph.title == "Predictive margins of sector with 95% CIs"
    graph = ran(schools, "marginsplot, x(sector) plot(ses)").graph
    assert [tick.label for tick in graph.x_axis.ticks] == ["Public", "Catholic"]


def test_limits_follow_level_and_style(schools):
    table = ran(schools, "margins sector").tables["margins"]
    graph = ran(schools, "marginsplot, level(90) recast(scatter) recastci(rarea)").graph
    (interval,) = layers(graph, Mark.INTERVAL).values()
    assert interval.style is LayerStyle.BAND
    assert not layers(graph, Mark.LINE)
    margin, se = np.array([row.values[:2] for row in table.rows]).T
    assert interval.ll == pytest.approx(margin - float(ndtri(0.95)) * se)
    assert graph.title.endswith("with 90% CIs")
    assert ran(schools, "marginsplot, horizontal").graph.swapped
    assert layers(ran(schools, "marginsplot, recast(bar)").graph, Mark.BAR)


def test_series_and_intervals_look_as_asked(schools):
    ran(schools, "margins sector, at(ses=(0 1))")
    graph = ran(
        schools,
        "marginsplot, plotopts(msymbol(D) lwidth(thick)) plot2opts(color(red) lpattern(dash)) ciopts(lcolor(gs8))",
    ).graph
    points, intervals, lines = (layers(graph, mark) for mark in (Mark.POINT, Mark.INTERVAL, Mark.LINE))
    first, second = (("", "Public"), ("", "Catholic"))
    assert {points[key].look.symbol for key in (first, second)} == {Symbol.DIAMOND}
    assert lines[first].look.width == lines[second].look.width
    assert lines[first].look.width is not None
    assert (points[first].look.colour, lines[first].look.dash) == ("", None)
    assert (points[second].look.colour, lines[second].look.colour) == ("#FF0000", "#FF0000")
    assert lines[second].look.dash is Dash.DASH
    assert {intervals[key].look.colour for key in (first, second)} == {"#808080"}
    assert all(intervals[key].look.caps for key in (first, second))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("marginsplot, plotopts(foo(1))", "option foo not allowed"),
        ("marginsplot, plot3opts(lcolor(red))", "there are 2 series"),
        ("marginsplot, ciopts(lcolor(nocolour))", "nocolour"),
    ],
)
def test_looks_that_there_are_not_are_refused_where_they_stand(schools, command, words):
    ran(schools, "margins sector, at(ses=(0 1))")
    outcome = schools.run(command)
    assert outcome.rc == 198
    assert words in outcome.error.message
    start, end = outcome.error.span
    assert 0 < start < end <= len(command)


def test_effects_of_several_variables_are_a_dimension(schools):
    ran(schools, "margins, dydx(ses meanses)")
    outcome = ran(schools, "marginsplot")
    assert "identify margins: _deriv\n" in outcome.text
    assert [tick.label for tick in outcome.graph.x_axis.ticks] == ["ses", "meanses"]
    assert outcome.graph.y_title == "Effects on linear prediction, fixed portion"
    ran(schools, "margins, dydx(ses) at(meanses=(0 1))")
    graph = ran(schools, "marginsplot").graph
    assert graph.title == "Average marginal effects of ses with 95% CIs"


def test_settings_that_variables_do_not_tell_apart_are_numbered(schools):
    ran(schools, "margins, at(ses=0) at(meanses=1)")
    outcome = ran(schools, "marginsplot")
    assert "identify margins: _at\n" in outcome.text
    (points,) = layers(outcome.graph, Mark.POINT).values()
    assert points.x.tolist() == [1, 2]


def test_titles_and_axes_are_changed_as_in_other_graphs(schools):
    ran(schools, "margins sector")
    graph = ran(schools, 'marginsplot, title("Schools") ytitle("Math") yline(12)').graph
    assert (graph.title, graph.y_title) == ("Schools", "Math")
    assert any(layer.across for layer in graph.layers)


@pytest.mark.parametrize(
    ("before", "command", "rc", "words"),
    [
        ("summarize ses", "marginsplot", 301, "previous command was not margins"),
        ("margins sector", "marginsplot, x(foo)", 198, "foo is not a dimension"),
        ("margins sector", "marginsplot, x(sector) by(sector)", 198, "two dimensions"),
        ("margins sector, at(ses=(0 1))", "marginsplot, graph(ses)", 198, "not available"),
        ("margins sector", "marginsplot, recast(pie)", 198, "recast"),
    ],
)
def test_what_cannot_be_drawn_is_refused(schools, before, command, rc, words):
    ran(schools, before)
    outcome = schools.run(command)
    assert outcome.rc == rc, outcome.text
    assert words in outcome.error.message
    assert outcome.error.details == ""


def test_margins_of_several_terms_are_not_drawn_together(schools):
    ran(schools, "generate half = mod(_n, 2)", "mixed mathach i.half i.sector || id:", "margins half sector")
    outcome = schools.run("marginsplot")
    assert outcome.rc == 198
    assert "one term" in outcome.error.message
    ran(schools, "drop half", "mixed mathach c.ses##c.meanses i.sector##c.ses || id:")


def test_margins_are_drawn_to_a_file(schools, tmp_path):
    ran(schools, "margins sector, at(ses=(-1 0 1))", "marginsplot", f'graph export "{tmp_path / "m.svg"}"')
    assert "Catholic" in (tmp_path / "m.svg").read_text(encoding="utf-8")


def test_contrasts_and_pairs_of_margins_are_drawn(schools):
    effects = ran(schools, "margins r.sector, at(ses=(-1 0 1))").tables["effects"]
    outcome = ran(schools, "marginsplot")
    assert outcome.text == "\nVariables that uniquely identify margins: ses\n"
    assert outcome.graph.title == "Contrasts of predictive margins with 95% CIs"
    (points,) = layers(outcome.graph, Mark.POINT).values()
    assert points.x.tolist() == [-1, 0, 1]
    assert points.y.tolist() == [row.values[0] for row in effects.rows]
    ran(schools, "generate third = mod(_n, 3)", "mixed mathach i.third##i.sector || id:", "margins third, pwcompare")
    graph = ran(schools, "marginsplot").graph
    assert [tick.label for tick in graph.x_axis.ticks] == ["1 vs 0", "2 vs 0", "2 vs 1"]
    ran(schools, "margins r.third@sector")
    graph = ran(schools, "marginsplot").graph
    assert list(layers(graph, Mark.LINE)) == [("", "(1 vs 0)"), ("", "(2 vs 0)")]
    assert [tick.label for tick in graph.x_axis.ticks] == ["Public", "Catholic"]


def test_nolabels_shows_values(schools):
    ran(schools, "margins sector, at(ses=(0 1))")
    labelled = ran(schools, "marginsplot, xdimension(ses) plotdimension(sector)").graph
    plain = ran(schools, "marginsplot, xdimension(ses) plotdimension(sector, nolabels)").graph
    assert {layer.group for layer in plain.layers} == {"sector=0", "sector=1"}
    assert {layer.group for layer in labelled.layers} != {layer.group for layer in plain.layers}
    outcome = schools.run("marginsplot, plotdimension(sector, elabels)")
    assert outcome.rc == 198
    assert "nolabels" in outcome.error.message


def test_elasticities_expressions_and_contrasts_of_sets_are_drawn(schools):
    """The points are the numbers of the tables, whatever was averaged."""
    for command, table in (
        ("margins sector, eyex(ses)", "margins"),
        ("margins sector, expression(ln(predict(xb)))", "margins"),
        ("margins, at(ses=(0 1 2)) contrast(atcontrast(r))", "effects"),
        ("margins, at(ses=(0 1 2)) pwcompare", "pwcompare"),
        ("margins, over(r.sector)", "effects"),
    ):
        values = [row.values[0] for row in ran(schools, command).tables[table].rows]
        (points,) = layers(ran(schools, "marginsplot").graph, Mark.POINT).values()
        assert list(points.y) == pytest.approx(values), command
