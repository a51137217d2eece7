"""Every kind of graph as typed: what is drawn, what it is called, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

N = 60
RNG = np.random.default_rng(17)
FRAME = pd.DataFrame(
    {
        "id": np.repeat(np.arange(1, 7), 10),
        "t": np.tile(np.arange(10.0), 6),
        "g": np.repeat([0, 1], 30),
        "y": RNG.normal(10, 2, size=N),
        "z": RNG.exponential(size=N) + 0.1,
        "name": np.repeat(list("abcdef"), 10),
    }
)
FRAME.loc[5, "y"] = np.nan


@pytest.fixture
def session():
    session = Session(data=FRAME)
    session.run('label variable y "Outcome"')
    session.run("label define sex 0 boys 1 girls")
    session.run("label values g sex")
    return session


def layers(outcome, mark):
    assert outcome.rc == 0, outcome.text
    return [layer for layer in outcome.graph.layers if layer.mark.value == mark]


def test_a_spaghetti_plot_has_one_stroke_for_each_unit(session):
    outcome = session.run("twoway connected y t if id <= 4, connect(L)")
    (line,), (points,) = layers(outcome, "line"), layers(outcome, "point")
    assert len(line.starts) == 3
    assert len(points.x) == 39  # one is missing
    assert outcome.graph.kind == "connected"
    drawn = outcome.to_json()["graph"]["layers"][0]
    assert drawn["x"].count(None) == 3
    assert [v for v in drawn["x"] if v is not None] == points.x.tolist()


def test_a_missing_value_interrupts_a_line_where_that_is_asked_for(session):
    assert len(layers(session.run("line y t if id == 1"), "line")[0].starts) == 0
    assert layers(session.run("line y t if id == 1, cmissing(n)"), "line")[0].starts.tolist() == [5]


def test_sorting_joins_points_along_x(session):
    (line,) = layers(session.run("line y z, sort"), "line")
    assert np.all(np.diff(line.x) >= 0)
    assert set(line.rows.tolist()) <= set(session.data.row_ids.tolist())


def test_plots_over_each_other_have_numbers_labels_and_one_title(session):
    outcome = session.run("scatter y t, mcolor(yellow) || lowess y t, lcolor(red) || lfit y t, lcolor(blue)")
    graph = outcome.graph
    assert [(layer.plot, layer.group) for layer in graph.layers] == [
        (0, "Outcome"),
        (1, "lowess y t"),
        (2, "Fitted values"),
    ]
    assert [layer.look.colour for layer in graph.layers] == ["#FFFF00", "#FF0000", "#0000FF"]
    assert (graph.x_title, graph.y_title) == ("t", "Outcome")
    assert [key.text for key in graph.keys] == ["Outcome", "lowess y t", "Fitted values"]
    fit = graph.layers[2]
    known = FRAME.y.notna()
    slope, intercept = np.polyfit(FRAME.t[known], FRAME.y[known], 1)
    np.testing.assert_allclose(fit.y, intercept + slope * fit.x)


def test_panels_hold_their_own_observations_and_the_note_names_the_variable(session):
    graph = session.run("graph twoway (scatter y t, by(g))").graph
    assert [panel.title for panel in graph.panels] == ["boys", "girls"]
    assert graph.note == "Graphs by g"
    for key, value in (("boys", 0), ("girls", 1)):
        (layer,) = graph.layers_of(key)
        np.testing.assert_array_equal(layer.y, FRAME.y[(FRAME.g == value) & FRAME.y.notna()])


def test_panels_with_a_total_two_variables_and_a_note_of_their_own(session):
    graph = session.run('lowess y t, by(g name, total note("mine") cols(3))').graph
    assert [panel.title for panel in graph.panels][:2] == ["boys, a", "boys, b"]
    assert graph.panels[-1].title == "Total"
    assert graph.note == "bandwidth = .8\nmine"
    assert graph.grid.columns == 3


def test_every_panel_is_smoothed_by_itself(session):
    whole = session.run("lowess y t if g == 1").graph.layers[1]
    panel = session.run("lowess y t, by(g)").graph.layers_of("girls")[1]
    np.testing.assert_array_equal(whole.y, panel.y)


def test_panels_of_a_histogram_share_bins_and_have_their_own_scale(session):
    graph = session.run("histogram y, by(g) percent bin(7)").graph
    for key in ("boys", "girls"):
        (layer,) = graph.layers_of(key)
        assert layer.y.sum() == pytest.approx(100)
    assert graph.layers[0].x.tolist() == graph.layers[1].x.tolist()


def test_boxes_bars_and_dots_over_categories(session):
    outcome = session.run("graph box y, over(g)")
    (boxes,) = layers(outcome, "box")
    for k in (0, 1):
        values = FRAME.y[(FRAME.g == k) & FRAME.y.notna()]
        expected = np.percentile(values, [25, 50, 75], method="averaged_inverted_cdf")
        assert [boxes.ll[k], boxes.y[k], boxes.ul[k]] == pytest.approx(expected)
    assert [tick.label for tick in outcome.graph.x_axis.ticks] == ["boys", "girls"]
    (bars,) = layers(session.run("graph bar (mean) y, over(name)"), "bar")
    np.testing.assert_allclose(bars.y, FRAME.groupby("name").y.mean())
    outcome = session.run("graph dot (median) y, over(name, sort(1) descending)")
    (dots,) = layers(outcome, "point")
    assert np.all(np.diff(dots.y) <= 0)
    assert outcome.graph.swapped
    (counts,) = layers(session.run("graph bar (count), over(g)"), "bar")
    assert counts.y.tolist() == [30, 30]
    (shares,) = layers(session.run("graph hbar, over(name)"), "bar")
    np.testing.assert_allclose(shares.y, 100 / 6)


def test_stacked_shares_end_at_a_hundred(session):
    found = layers(session.run("graph bar (mean) y z, over(g) stack percentages"), "bar")
    np.testing.assert_allclose(found[-1].y, 100)
    np.testing.assert_array_equal(found[1].base, found[0].y)


def test_a_matrix_has_a_panel_for_each_pair(session):
    graph = session.run("graph matrix y z t").graph
    assert len(graph.panels) == 9
    assert [panel.text for panel in graph.panels if panel.text] == ["Outcome", "z", "t"]
    (layer,) = graph.layers_of("y t")
    known = FRAME.y.notna()
    np.testing.assert_array_equal(layer.x, FRAME.t[known])
    np.testing.assert_array_equal(layer.y, FRAME.y[known])


def test_ladders_draw_the_transformations_that_exist(session):
    graph = session.run("gladder z").graph
    assert len(graph.panels) == 9
    bars, curve = graph.layers_of("Log")
    logs = np.log(FRAME.z)
    z = (curve.x - logs.mean()) / logs.std()
    np.testing.assert_allclose(curve.y, np.exp(-0.5 * z**2) / (logs.std() * np.sqrt(2 * np.pi)))
    assert (bars.y * bars.width).sum() == pytest.approx(1)
    session.run("generate w = z - 1")
    graph = session.run("qladder w").graph
    assert [panel.key for panel in graph.panels] == ["Cubic", "Square", "Identity"]
    assert "sqrt(w)" in graph.note


def test_limits_of_a_fit_are_a_band_in_the_colour_of_its_line(session):
    band, line = session.run("twoway lfitci y t").graph.layers
    assert band.style.value == "band"
    assert line.look.like == band.plot
    assert np.all((band.ll <= line.y) & (line.y <= band.ul))


def test_a_function_is_drawn_over_its_range(session):
    (line,) = layers(session.run("twoway function y = x^2 + 1, range(-2 2) n(5)"), "line")
    assert line.x.tolist() == [-2, -1, 0, 1, 2]
    assert line.y.tolist() == [5, 2, 1, 2, 5]


def test_titles_axes_lines_legend_and_scheme(session):
    graph = session.run(
        'scatter y t || lfit y t, title("One" "two", size(large)) subtitle("") note(n) caption(c) '
        'xtitle("Time in days") ytitle("") xlabel(0(5)10 3 "three", angle(45) grid) ylabel(#4, format(%4.1f)) '
        'xscale(range(-5 12)) yline(9 10, lcolor(red) lpattern(dash)) xline(4) legend(order(2 "fit" 1) position(3) '
        "cols(1)) scheme(s1mono) aspectratio(.5) scale(1.2) name(fig)"
    ).graph
    assert (graph.title, graph.subtitle, graph.note, graph.caption) == ("One\ntwo", "", "n", "c")
    assert (graph.x_title, graph.y_title) == ("Time in days", "")
    assert [(tick.value, tick.label) for tick in graph.x_axis.ticks] == [(0, "0"), (5, "5"), (10, "10"), (3, "three")]
    assert (graph.x_axis.angle, graph.x_axis.grid, graph.x_axis.low, graph.x_axis.high) == (45, True, -5, 12)
    assert all(len(tick.label.split(".")[1]) == 1 for tick in graph.y_axis.ticks)
    lines = [layer for layer in graph.layers if layer.across]
    assert [float(line.y[0]) for line in lines[:2]] == [9, 10]
    assert lines[2].x.tolist() == [4, 4]
    assert lines[0].look.colour == "#FF0000"
    assert [(key.plot, key.text) for key in graph.keys] == [(1, "fit"), (0, "Outcome")]
    assert (graph.legend.clock, graph.legend.inside, graph.scheme, graph.aspect) == (3, False, "s1mono", 0.5)
    assert graph.sizes.title == 1.25
    assert session.graphs["fig"] is graph


def test_value_labels_name_places_of_an_axis(session):
    graph = session.run("scatter y g, xlabel(0 1, valuelabel)").graph
    assert [tick.label for tick in graph.x_axis.ticks] == ["boys", "girls"]


def test_logarithmic_axes_keep_what_is_positive(session):
    session.run("generate v = cond(t == 0, 0, t)")
    graph = session.run("scatter y v, xscale(log)").graph
    assert graph.x_axis.log
    assert graph.layers[0].x.min() == 1
    assert "not shown on the logarithmic axis" in graph.note


def test_markers_are_read_for_each_series(session):
    first, second = session.run("scatter y z t, msymbol(Oh T) msize(large .) mcolor(navy%40 .)").graph.layers
    assert (first.look.symbol.value, first.look.hollow, first.look.size, first.look.alpha) == ("disc", True, 8.5, 0.4)
    assert (second.look.symbol.value, second.look.size, second.look.colour) == ("triangle", None, "")
    assert session.run("scatter y t if id==1, mlabel(name)").graph.layers[0].texts == ("a",) * 9


def test_points_on_drop_lines_have_markers_and_labels(session):
    (points,) = layers(
        session.run("twoway dropline y t if g == 0 & t < 2, mlabel(name) mlabpos(6) mcolor(red)"), "point"
    )
    assert points.texts == ("a", "a", "b", "b", "c", "c")
    assert points.clock == 6
    assert points.look.colour == "#FF0000"


def test_graphs_are_kept_listed_renamed_and_dropped(session, tmp_path):
    session.run("scatter y t, name(one)")
    assert session.run("scatter y z, name(one)").rc == 110
    assert session.run("scatter y z, name(one, replace)").rc == 0
    session.run("qnorm y")
    assert session.run("graph dir").r.macros["list"] == "one Graph"
    session.run("graph rename one two")
    assert session.run("graph display two, scheme(s1mono)").graph.scheme == "s1mono"
    session.run(f'graph save two "{tmp_path / "kept"}"')
    session.run("graph drop _all")
    assert session.run("graph dir").text == ""
    again = session.run(f'graph use "{tmp_path / "kept.gph"}", name(three)').graph
    assert again.name == "three"
    np.testing.assert_array_equal(again.layers[0].x, FRAME.z[FRAME.y.notna()])


def test_saving_keeps_the_graph_in_a_file(session, tmp_path):
    outcome = session.run(f'scatter y t, saving("{tmp_path / "s"}")')
    assert outcome.text == f"file {tmp_path / 's.gph'} saved\n"
    assert session.run(f'scatter y t, saving("{tmp_path / "s"}")').rc == 602
    assert session.run(f'scatter y t, saving("{tmp_path / "s"}", replace)').rc == 0


@pytest.mark.parametrize(
    ("name", "magic"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF"), ("a.tif", b"II*\x00")]
)
def test_a_named_graph_is_exported_in_every_format(session, tmp_path, name, magic):
    session.run("histogram y, name(h)")
    session.run("scatter y t")
    outcome = session.run(f'graph export "{tmp_path / name}", name(h)')
    assert outcome.rc == 0, outcome.text
    assert (tmp_path / name).read_bytes().startswith(magic)


def test_width_and_height_in_pixels(session, tmp_path):
    from PIL import Image

    session.run("scatter y t")
    session.run(f'graph export "{tmp_path / "a.png"}", width(900) height(500)')
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (900, 500)
    session.run(f'graph export "{tmp_path / "b.tif"}", width(85mm) height(60mm) dpi(100)')
    with Image.open(tmp_path / "b.tif") as picture:
        assert picture.size == (pytest.approx(335, abs=1), pytest.approx(236, abs=1))


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("scatter y t, xaxis(2)", 198, "option xaxis not allowed"),
        ("scatter y t, mcolor(maron)", 198, "maron is not a colour; did you mean maroon?"),
        ("scatter y t, msymbol(Q)", 198, "Q is not a marker symbol"),
        ("scatter y t, connect(z)", 198, "not a way to connect"),
        ("line y t, lpattern(dashy)", 198, "did you mean dash?"),
        ("scatter y t, legend(ordr(1))", 198, "suboption ordr not allowed; did you mean order?"),
        ("scatter y t, legend(order(3))", 198, "numbers of plots"),
        ("scatter y t, scheme(s3color)", 198, "scheme s3color not found"),
        ("scatter y t, xscale(logg)", 198, "suboption logg not allowed"),
        ("scatter y t, xlabel(0 1, colour(red))", 198, "suboption colour not allowed"),
        ("scatter y t, ylabel(a b)", 121, "invalid numlist"),
        ("scatter y t, yline()", 198, "needs one or more numbers"),
        ("scatter y t, by(nope)", 111, "nope not found"),
        ("scatter y t, by(g, columns(2))", 198, "suboption columns not allowed"),
        ("scatter y t, name(1a)", 198, "is not a name"),
        ("scatter y t || lfit y t, by(g) || lfit z t, by(g)", 198, "by() is given twice"),
        ("scatter y t if g > 5", 2000, "no observations"),
        ("twoway lfit y g if g == 0", 459, "different values"),
        ("twoway histogram y, yscale(log)", 198, "bars stand on zero"),
        ("twoway function y = x, range(3)", 198, "smallest and the largest"),
        ("histogram y, discrete bin(3)", 184, "may not be combined"),
        ("kdensity y, gaussian biweight", 184, "only one kernel"),
        ("kdensity y, generate(a)", 198, "two new names"),
        ("graph box name", 109, "string variable"),
        ("graph box y, over(g) over(id) over(t)", 198, "twice at most"),
        ("graph bar (mod) y, over(g)", 198, "not a statistic"),
        ("graph matrix y", 102, "too few"),
        ("graph matrix y y", 198, "listed twice"),
        ("graph use nothing", 601, "not found"),
        ("graph display nothing", 111, "graphs in memory"),
        ("graph drop nothing", 111, "not found"),
        ("graph pie y", 198, "graph pie is not available"),
        ("graph", 198, "one more word"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(session, command, rc, words):
    outcome = session.run(command)
    assert outcome.rc == rc, outcome.text
    assert words in outcome.error.message
    assert outcome.error.details == ""


def test_kdensity_leaves_its_places_and_its_bandwidth(session):
    outcome = session.run("kdensity y, generate(at dens) normal")
    values = FRAME.y.dropna()
    assert outcome.r.scalars["bwidth"] > 0
    assert outcome.graph.note.startswith("kernel = epanechnikov, bandwidth = ")
    at = session.data.numeric("at")[:50]
    assert (at.min(), at.max()) == pytest.approx(
        (values.min() - outcome.r.scalars["bwidth"], values.max() + outcome.r.scalars["bwidth"])
    )
    assert [layer.group for layer in outcome.graph.layers] == ["Kernel density estimate", "Normal density"]


def test_lowess_adjusts_the_mean_and_shows_logits(session):
    session.run("lowess y t, adjust generate(s) nograph")
    known = FRAME.y.notna()
    assert session.data.numeric("s")[known].mean() == pytest.approx(FRAME.y[known].mean())
    session.run("generate b = y > 10 if y < .")
    plain = session.run("lowess b t, mean").graph.layers[1].y
    logits = session.run("lowess b t, mean logit").graph.layers[1].y
    np.testing.assert_allclose(1 / (1 + np.exp(-logits)), plain)
    assert session.run("lowess y t, logit").rc == 198


def test_a_scheme_can_be_set_for_all_graphs(session):
    assert session.run("set scheme s1mono").rc == 0
    assert session.run("scatter y t").graph.scheme == "s1mono"
    assert session.run("graph box y, scheme(s2color)").graph.scheme == "s2color"
    assert session.run("set scheme nothing").rc == 198
