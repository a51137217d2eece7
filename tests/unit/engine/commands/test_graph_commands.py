"""Graph commands run through a session, as typed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

FRAME = pd.DataFrame(
    {
        "school": [1, 1, 1, 2, 2, 3, 3, 3],
        "place": ["a", "a", "a", "b", "b", "c", "c", "c"],
        "y": [3.0, 1.0, 4.0, 1.5, np.nan, 9.0, 2.0, 6.0],
        "x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, np.nan, 7.0],
        "u": [0.5, 0.5, 0.5, -1.0, -1.0, 2.0, 2.0, 2.0],
        "same": [1.0] * 8,
    }
)


@pytest.fixture
def session():
    return Session(data=FRAME)


@pytest.fixture(scope="module")
def fitted():
    """A session with a fitted random-intercept model."""
    rng = np.random.default_rng(12)
    group = np.repeat(np.arange(20), 6)
    x = rng.normal(size=120)
    y = 1 + 2 * x + rng.normal(size=20)[group] + rng.normal(size=120)
    x[3] = np.nan
    session = Session(data=pd.DataFrame({"y": y, "x": x, "id": group}))
    assert session.run("mixed y x || id:").rc == 0
    return session


def points(outcome):
    (layer,) = [layer for layer in outcome.graph.layers if layer.mark.value == "point"]
    return layer


def test_qnorm_draws_the_values_that_are_not_missing_and_prints_nothing(session):
    outcome = session.run("qnorm y")
    assert outcome.rc == 0
    assert outcome.text == ""
    assert points(outcome).y.tolist() == sorted(FRAME.y.dropna())
    assert outcome.graph.command == "qnorm y"


def test_if_and_in_select_what_is_drawn(session):
    assert points(session.run("qnorm y if school != 2")).y.tolist() == [1, 2, 3, 4, 6, 9]
    assert points(session.run("qnorm y in 1/3")).y.tolist() == [1, 3, 4]


def test_per_draws_one_point_for_each_group(session):
    outcome = session.run("qnorm u, per(school)")
    assert points(outcome).y.tolist() == [-1.0, 0.5, 2.0]
    rows = points(outcome).rows
    assert session.data.numeric("school")[np.searchsorted(session.data.row_ids, rows)].tolist() == [2, 1, 3]
    assert "3 groups of school" in outcome.graph.subtitle


def test_per_takes_text_variables_and_paths_of_levels(session):
    assert len(points(session.run("qnorm u, per(place)")).x) == 3
    assert len(points(session.run("scatter u school, per(school place)")).x) == 3


def test_per_refuses_a_variable_that_varies_within_a_group(session):
    outcome = session.run("qnorm y, per(school)")
    assert outcome.rc == 459
    assert "y differs between observations of school 1" in outcome.error.message


def test_lowess_needs_both_variables_on_an_observation(session):
    outcome = session.run("lowess y x")
    assert points(outcome).x.tolist() == [0, 1, 2, 3, 5, 7]
    assert outcome.graph.note == "bandwidth = .8"


def test_lowess_generates_the_smoothed_values_it_draws(session):
    outcome = session.run("lowess y x, generate(smooth)")
    line = outcome.graph.layers[1]
    made = session.data.numeric("smooth")
    assert made[[0, 1, 2, 3, 5, 7]].tolist() == line.y.tolist()
    assert session.data.to_pandas().smooth.isna().tolist() == [False] * 4 + [True, False, True, False]
    assert session.data.variable("smooth").label == "lowess: y"


def test_lowess_without_graph_only_makes_the_variable(session):
    outcome = session.run("lowess y x, nograph generate(s)")
    assert outcome.graph is None
    assert "s" in session.data


def test_lowess_per_group_gives_every_row_of_a_group_its_value(session):
    assert session.run("lowess u school, per(school) generate(s)").rc == 0
    made = session.data.numeric("s")
    assert made[0] == made[1] == made[2]


def test_scatter_draws_every_variable_against_the_last(session):
    graph = session.run("scatter y u x, yline(0 2) xline(1)").graph
    assert graph.series == ("y", "u")
    assert [layer.mark.value for layer in graph.layers] == ["point"] * 2 + ["line"] * 3
    assert len(graph.layers[0].x) == 6
    assert len(graph.layers[1].x) == 7


def test_histogram_prints_its_bins_as_stata_does(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    outcome = session.run("histogram size, per(id)")
    assert outcome.text == "(bin=12, start=100, width=217.75)\n"  # printed by Stata for one record per school
    expected = {"N": 160, "min": 100, "max": 2713, "bin": 12, "start": 100, "width": 217.75, "area": 1}
    assert outcome.r.scalars == expected
    assert session.run("hist mathach, normal").graph.kind == "histogram"


def test_histogram_takes_bins_scale_and_curve(session):
    graph = session.run("histogram y, bin(4) frequency normal").graph
    assert len(graph.layers[0].x) == 4
    assert graph.layers[0].y.sum() == 7
    assert graph.y_title == "Frequency"
    assert graph.layers[1].mark.value == "line"


def test_rvfplot_draws_residuals_against_fitted_values_of_the_estimation_sample(fitted):
    fitted.run("capture drop r f p")
    fitted.run("predict double r, residuals")
    fitted.run("predict double f, fitted")
    fitted.run("predict double p, xb")
    inside = np.arange(120) != 3
    for command, name in (("rvfplot", "f"), ("rvfplot, fitted", "f"), ("rvfplot, xb", "p")):
        layer = points(fitted.run(command))
        np.testing.assert_allclose(layer.x, fitted.data.numeric(name)[inside])
        np.testing.assert_allclose(layer.y, fitted.data.numeric("r")[inside])


def test_rvfplot_draws_a_line_only_where_asked(fitted):
    assert len(fitted.run("rvfplot").graph.layers) == 1
    assert fitted.run("rvfplot, yline(0)").graph.layers[1].y.tolist() == [0, 0]


def test_level_two_plots_have_one_point_per_group(fitted):
    fitted.run("capture drop b")
    assert fitted.run("predict double b, reffects").rc == 0
    outcome = fitted.run("qnorm b, per(id)")
    assert len(points(outcome).x) == 20
    assert outcome.graph.y_title == "BLUP r.e. for id: _cons"


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("qnorm", 100, "varlist required"),
        ("qnorm nothing", 111, "variable nothing not found"),
        ("qnorm y x", 103, "too many variables"),
        ("qnorm place", 109, "string variable"),
        ("qnorm same", 459, "does not vary"),
        ("qnorm y if school > 9", 2000, "no observations"),
        ("qnorm y, grids", 198, "option grids not allowed; did you mean grid?"),
        ("lowess y", 102, "too few variables"),
        ("lowess y same", 459, "does not vary"),
        ("lowess y x in 1/2", 2001, "insufficient observations"),
        ("lowess y x, generate(u)", 110, "already defined"),
        ("lowess y x, generate(a b)", 198, "one new name"),
        ("scatter y", 102, "too few variables"),
        ("scatter y place", 109, "string variable"),
        ("histogram same", 459, "does not vary"),
        ("histogram y, frequency percent", 184, "may not be combined"),
        ("histogram y, bin(2) width(1)", 184, "may not be combined"),
        ("histogram y, width(0)", 198, "greater than 0"),
        ("histogram y, bin(0)", 198, "between 1 and"),
        ("histogram y, start(5)", 198, "smallest value"),
        ("rvfplot", 301, "last estimates not found"),
        ("graph export a.png", 693, "no graph yet"),
        ("graph export", 198, "file"),
        ("graph sav a", 198, "did you mean graph save?"),
        ("graph save a", 693, "no graph yet"),
        ("graph export a.gif", 198, ".png, .svg, .pdf or .tif"),
        ("graph export a", 198, "no ending"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(session, command, rc, words):
    outcome = session.run(command)
    assert outcome.rc == rc
    assert words in outcome.error.message
    assert outcome.error.details == ""
    assert session.graph is None


def test_rvfplot_takes_one_kind_of_fitted_values(fitted):
    assert fitted.run("rvfplot, xb fitted").rc == 184


def test_a_refused_graph_leaves_the_last_one(session):
    session.run("qnorm y")
    session.run("qnorm same")
    assert session.graph.command == "qnorm y"


@pytest.mark.parametrize(("name", "form"), [("a.png", "PNG"), ("a.svg", "SVG"), ("a.PDF", "PDF")])
def test_graph_export_writes_the_last_graph(session, tmp_path, name, form):
    session.run("qnorm y")
    path = tmp_path / name
    outcome = session.run(f'graph export "{path}", width({"300" if form == "PNG" else "85mm"})')
    assert outcome.rc == 0
    assert outcome.text == f"file {path} saved as {form} format\n"
    assert path.stat().st_size > 0


def test_graph_export_replaces_a_file_only_when_told(session, tmp_path):
    session.run("qnorm y")
    path = tmp_path / "a.svg"
    path.write_text("mine")
    outcome = session.run(f'graph export "{path}"')
    assert outcome.rc == 602
    assert path.read_text() == "mine"
    assert session.run(f'graph export "{path}", replace').rc == 0
    assert "<svg" in path.read_text()


def test_graph_export_takes_the_format_from_as(session, tmp_path):
    session.run("qnorm y")
    assert session.run(f'graph export "{tmp_path / "picture"}", as(svg)').rc == 0
    assert (tmp_path / "picture.svg").is_file()


def test_graph_export_width_is_pixels_for_png(session, tmp_path):
    session.run("qnorm y")
    session.run(f'graph export "{tmp_path / "a.png"}", width(640)')
    assert int.from_bytes((tmp_path / "a.png").read_bytes()[16:20], "big") == 640


@pytest.mark.parametrize("width", ["huge", "-3", "3 px", "5mm", "100000"])
def test_graph_export_refuses_a_width_that_makes_no_sense(session, tmp_path, width):
    session.run("qnorm y")
    outcome = session.run(f'graph export "{tmp_path / "a.pdf"}", width({width})')
    assert outcome.rc == 198
    assert "width()" in outcome.error.message
    assert not list(tmp_path.iterdir())


def test_graph_export_into_a_folder_that_is_not_there(session, tmp_path):
    session.run("qnorm y")
    outcome = session.run(f'graph export "{tmp_path / "none" / "a.png"}"')
    assert outcome.rc == 603
    assert "no folder" in outcome.error.message


def test_the_json_form_of_a_graph_has_the_drawn_arrays(session):
    graph = session.run("lowess y x").to_json()["graph"]
    assert graph["kind"] == "lowess"
    assert [layer["mark"] for layer in graph["layers"]] == ["point", "line"]
    assert graph["layers"][0]["x"] == [0, 1, 2, 3, 5, 7]
    assert len(graph["layers"][1]["y"]) == 6
