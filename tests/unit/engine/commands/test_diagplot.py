"""``diagplot``: what each graph draws against an independent evaluation of its definition."""

import numpy as np
import pytest
from scipy.special import ndtri

from engine.api import Mark, Session
from engine.commands.graphs.diagplot import KINDS

# R 4.2.2, nlme 3.1: ACF(lme(weight ~ week, random = ~1|id, data = pig, method = "ML")), lags 1 to 8
PIG_ACF = (
    0.558751578101, 0.196549741632, -0.059536089325, -0.319905353919,
    -0.509668909913, -0.777555218099, -1.163016065156, -1.531280564012,
)  # fmt: skip
# the same fit: Variogram(fit, form = ~week|id, robust = FALSE), distances 1 to 8
PIG_VARIOGRAM = (
    0.2705839803, 0.5681770487, 0.8178808951, 1.1477084639, 1.3850255173, 1.8416848671, 2.4512754434, 3.2445535697,
)  # fmt: skip


@pytest.fixture(scope="module")
def hsb():
    session = Session()
    session.run("use hsb")
    assert session.run("mixed mathach ses i.sector || id: ses, cov(un)").rc == 0
    session.run("predict double r, residuals")
    session.run("predict double f, fitted")
    session.run("predict double xb, xb")
    session.run("predict double u1 u0, reffects reses(s1 s0)")
    return session


@pytest.fixture(scope="module")
def pig(data_file):
    session = Session()
    session.run(f"use {data_file('pig')}")
    assert session.run("mixed weight week || id:").rc == 0
    return session


def _graph(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    assert outcome.graph.command == command
    return outcome.graph


def _layers(graph, mark, panel=""):
    return [layer for layer in graph.layers if layer.mark is mark and layer.panel == panel]


def _by_row(session, name, rows):
    place = np.searchsorted(session.data.row_ids, rows)
    return session.data.numeric(name)[place]


def _firsts(session, name):
    """A variable that is constant within id, once per school."""
    _, first = np.unique(session.data.numeric("id"), return_index=True)
    return session.data.numeric(name)[np.sort(first)]


@pytest.mark.parametrize(("kind", "x"), [("rvf", "f"), ("rvxb", "xb"), ("rvx ses", "ses")])
def test_residuals_stand_against_what_predict_gives(hsb, kind, x):
    points = _layers(_graph(hsb, f"diagplot {kind}"), Mark.POINT)[0]
    np.testing.assert_allclose(points.y, _by_row(hsb, "r", points.rows), atol=1e-10)
    np.testing.assert_allclose(points.x, _by_row(hsb, x, points.rows), atol=1e-10)


def test_every_predictor_has_a_panel(hsb):
    graph = _graph(hsb, "diagplot rvx")
    assert [panel.key for panel in graph.panels] == ["ses", "sector"]


def test_the_spread_is_the_root_of_the_standardized_residuals_size(hsb):
    points = _layers(_graph(hsb, "diagplot scaleloc"), Mark.POINT)[0]
    sigma = np.sqrt(hsb.mixed.result.sigma2)
    np.testing.assert_allclose(points.y, np.sqrt(np.abs(_by_row(hsb, "r", points.rows)) / sigma), atol=1e-10)


def test_random_effects_are_ordered_against_normal_quantiles(hsb):
    graph = _graph(hsb, "diagplot reqq, reps(19) seed(1)")
    assert graph.per == ("id",)
    for panel, name in (("id: ses", "u1"), ("id: _cons", "u0")):
        (points,) = _layers(graph, Mark.POINT, panel)
        values = np.sort(_firsts(hsb, name))
        np.testing.assert_allclose(points.y, values, atol=1e-10)
        expected = values.mean() + values.std(ddof=1) * ndtri(np.arange(1, 161) / 161)
        np.testing.assert_allclose(points.x, expected)
        (band,) = _layers(graph, Mark.INTERVAL, panel)
        assert (band.ll < band.ul).all()
    assert not _layers(_graph(hsb, "diagplot reqq, reps(0)"), Mark.INTERVAL, "id: ses")


def test_intervals_of_the_caterpillar_are_those_of_the_standard_errors(hsb):
    graph = _graph(hsb, "diagplot caterpillar, effect(ses) level(90)")
    (points,), (interval,) = _layers(graph, Mark.POINT), _layers(graph, Mark.INTERVAL)
    assert (np.diff(points.y) >= 0).all()
    se = _by_row(hsb, "s1", points.rows)
    np.testing.assert_allclose(interval.ul - interval.y, ndtri(0.95) * se, rtol=1e-9)
    assert "given the coefficients" in graph.note


def test_distances_are_compared_with_chi_squared(hsb):
    from scipy.special import chdtri

    (points,) = _layers(_graph(hsb, "diagplot mdist"), Mark.POINT)
    np.testing.assert_allclose(points.x, chdtri(2, 1 - (np.arange(160) + 0.5) / 160))
    table = hsb.run("estat influence").tables["influence"]
    place = table.columns.index("distance")
    np.testing.assert_allclose(points.y, np.sort([row.values[place] for row in table.rows]))


def test_boxes_stand_in_order_of_the_medians(hsb):
    graph = _graph(hsb, "diagplot residgroup")
    (boxes,) = _layers(graph, Mark.BOX)
    assert len(boxes.y) == 60
    assert (np.diff(boxes.y) >= 0).all()
    r, school = hsb.data.numeric("r"), hsb.data.numeric("id")
    medians = np.array([np.median(r[school == s]) for s in np.unique(school)])
    assert boxes.y[0] == pytest.approx(medians.min())
    assert boxes.y[-1] == pytest.approx(medians.max())


def test_own_estimates_are_least_squares_within_the_school(hsb):
    graph = _graph(hsb, "diagplot shrinkage")
    own, blup = _layers(graph, Mark.POINT, "id: ses")
    X = np.column_stack([hsb.data.numeric("ses"), np.ones(7185)])
    rest = hsb.data.numeric("mathach") - hsb.data.numeric("xb")
    slope = hsb.mixed.result.beta[0]
    school = hsb.data.numeric("id")
    for i in (0, 40, 159):
        rows = school == _by_row(hsb, "id", own.rows[i : i + 1])[0]
        expected = np.linalg.lstsq(X[rows], rest[rows], rcond=None)[0][0]
        assert own.y[i] == pytest.approx(slope + expected, rel=1e-8)
        assert blup.y[i] == pytest.approx(slope + _by_row(hsb, "u1", blup.rows[i : i + 1])[0], rel=1e-8)
        assert own.x[i] == rows.sum()


def test_shrinkage_in_document_001():
    """A school of 63 with mean 9.055698, gamma 12.60468, tau 2.836278 and sigma 6.296759 is predicted at 9.313204."""
    from engine.postest.groupgrams import integrated_out

    n, deviation = 63, 9.055698 - 12.60468
    products = np.array([[[n, n * deviation], [n * deviation, 0.0]]]) / 6.296759**2
    before = products[0, 0, 1]
    after = integrated_out(products, np.array([[2.836278**2]]))
    blup = 2.836278**2 * before / (1 + 2.836278**2 * products[0, 0, 0])
    assert after.shape == (1, 1, 1)
    assert 12.60468 + blup == pytest.approx(9.313204, abs=5e-6)


def test_ellipses_hold_the_population_the_own_estimates_and_the_predictions(hsb):
    graph = _graph(hsb, "diagplot plane")
    curves = [layer for layer in graph.layers if layer.mark is Mark.LINE and layer.group]
    assert [curve.group for curve in curves] == ["population", "own estimates", "predictions"]
    Sigma = hsb.mixed.result.blocks[0].Sigma[::-1, ::-1]
    centre = hsb.mixed.result.beta[[3, 0]]
    away = np.column_stack([curves[0].x, curves[0].y]) - centre
    squared = np.einsum("ij,jk,ik->i", away, np.linalg.inv(Sigma), away)
    np.testing.assert_allclose(squared, -2 * np.log(0.05), rtol=1e-9)
    area = [np.ptp(curve.x) * np.ptp(curve.y) for curve in curves]
    assert area[2] < area[0] < area[1]


def test_autocorrelations_are_those_of_nlme(pig):
    (points,) = _layers(_graph(pig, "diagplot acf, t(week)"), Mark.POINT)
    np.testing.assert_allclose(points.x, np.arange(1, 9))
    np.testing.assert_allclose(points.y, PIG_ACF, rtol=1e-6)


def test_semivariances_are_those_of_nlme(pig):
    (points,) = _layers(_graph(pig, "diagplot variogram, t(week)"), Mark.POINT)
    np.testing.assert_allclose(points.x, np.arange(1, 9))
    np.testing.assert_allclose(points.y, PIG_VARIOGRAM, rtol=1e-6)


def test_implied_correlations_of_a_random_intercept_are_all_alike(pig):
    (points,) = _layers(_graph(pig, "diagplot corr, t(week) seed(1)"), Mark.POINT)
    icc = pig.run("estat icc").tables["icc"].rows[0].values[0]
    np.testing.assert_allclose(points.x, icc, atol=0.02)
    wide = pig.data.to_pandas().assign(m=lambda d: d.weight - pig.mixed.result.beta @ [d.week, 1 + 0 * d.week])
    observed = wide.pivot(index="id", columns="week", values="m").corr().to_numpy()[np.triu_indices(9, 1)]
    np.testing.assert_allclose(np.sort(points.y), np.sort(observed), rtol=1e-5)


def test_needles_of_influence_are_cooks_distances(hsb):
    graph = _graph(hsb, "diagplot influence")
    (points,) = _layers(graph, Mark.POINT)
    table = hsb.run("estat influence").tables["influence"]
    place = table.columns.index("cooksd")
    np.testing.assert_allclose(points.y, -np.sort([-row.values[place] for row in table.rows]))


def test_trellis_lines_go_through_observations_fitted_values_and_the_fixed_part(hsb):
    graph = _graph(hsb, "diagplot trellis ses, groups(4)")
    assert len(graph.panels) == 4
    panel = graph.panels[0].key
    (points,) = _layers(graph, Mark.POINT, panel)
    for line, name in zip(_layers(graph, Mark.LINE, panel), ("mathach", "f", "xb"), strict=True):
        slope, constant = np.polyfit(points.x, _by_row(hsb, name, points.rows), 1)
        np.testing.assert_allclose(line.y, constant + slope * line.x, rtol=1e-8)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS if kind.name not in ("plane", "trellis", "corr")])
def test_every_graph_says_in_words_what_it_shows(pig, kind):
    graph = _graph(pig, f"diagplot {kind}")
    assert graph.title
    assert graph.summary
    assert all(np.isfinite(layer.x).all() and np.isfinite(layer.y).all() for layer in graph.layers)


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("diagplot", 198),
        ("diagplot rvfs", 198),
        ("diagplot rvf, effect(ses)", 198),
        ("diagplot rvf ses", 198),
        ("diagplot rvx nothing", 111),
        ("diagplot plane", 321),
        ("diagplot corr", 198),
        ("diagplot reqq, effect(nothing)", 321),
        ("diagplot residgroup, relevel(week)", 198),
        ("diagplot trellis weight week", 198),
    ],
)
def test_nonsense_is_refused_with_a_return_code(pig, command, rc):
    assert pig.run(command).rc == rc


def test_graphs_need_a_mixed_model():
    session = Session()
    session.run("use hsb")
    assert session.run("diagplot rvf").rc == 301
    session.run("mixed mathach ses")
    assert session.run("diagplot rvf").rc == 0
    assert session.run("diagplot reqq").rc == 321
    assert session.run("diagplot residgroup").rc == 321


def test_titles_and_names_are_those_of_other_graphs(pig):
    graph = _graph(pig, 'diagplot rvf, title("Pigs") yline(5) name(pigs)')
    assert graph.title == "Pigs"
    assert graph.name == "pigs"
    assert any(layer.across and (layer.y == 5).all() for layer in graph.layers)
