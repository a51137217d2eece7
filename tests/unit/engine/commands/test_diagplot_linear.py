"""Diagnostic graphs after regress and xtreg against their definitions by matrix algebra."""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Session
from engine.graphs.graphspec import LayerStyle, Mark


@pytest.fixture(scope="module")
def hsb(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}" if id<3000')
    return session


def layers(outcome, mark):
    assert outcome.rc == 0, outcome.text
    return [layer for layer in outcome.graph.layers if layer.mark is mark]


def least_squares(session):
    """Return X, fitted values, residuals and leverages of mathach on ses and female."""
    y = session.data.numeric("mathach")
    X = np.column_stack([np.ones(len(y)), session.data.numeric("ses"), session.data.numeric("female")])
    fitted = X @ np.linalg.lstsq(X, y, rcond=None)[0]
    h = np.einsum("ij,jk,ik->i", X, np.linalg.inv(X.T @ X), X)
    return X, fitted, y - fitted, h


def test_residuals_and_influence_after_regress(hsb):
    hsb.run("regress mathach ses female")
    X, fitted, e, h = least_squares(hsb)
    n, k = X.shape
    s = np.sqrt(e @ e / (n - k))
    r = e / (s * np.sqrt(1 - h))
    (points,) = layers(hsb.run("diagplot rvf"), Mark.POINT)
    np.testing.assert_allclose(points.x, fitted, rtol=1e-9)
    np.testing.assert_allclose(points.y, e, rtol=1e-7, atol=1e-9)
    (points,) = layers(hsb.run("diagplot scaleloc"), Mark.POINT)
    np.testing.assert_allclose(points.y, np.sqrt(np.abs(r)), rtol=1e-6, atol=1e-9)
    (points,) = layers(hsb.run("diagplot influence"), Mark.POINT)
    np.testing.assert_allclose(points.y, -np.sort(-(r**2) * h / (k * (1 - h))), rtol=1e-6, atol=1e-12)
    panels = {layer.panel for layer in layers(hsb.run("diagplot rvx"), Mark.POINT)}
    assert panels == {"ses", "female"}
    (points,) = layers(hsb.run("diagplot rvx size"), Mark.POINT)
    np.testing.assert_array_equal(points.x, hsb.data.numeric("size"))


def test_limits_of_normal_residuals_hold_most_of_a_normal_sample(hsb):
    hsb.run("set seed 7")
    hsb.run("capture drop noise")
    hsb.run("generate noise = rnormal()")
    hsb.run("regress noise ses")
    outcome = hsb.run("diagplot resqq, seed(3)")
    (band,) = [layer for layer in layers(outcome, Mark.INTERVAL) if layer.style is LayerStyle.BAND]
    (points,) = layers(outcome, Mark.POINT)
    np.testing.assert_array_equal(band.x, points.x)
    assert np.mean((points.y >= band.ll) & (points.y <= band.ul)) > 0.8
    assert band.ul[0] - band.ll[0] > 3 * (band.ul[len(band.x) // 2] - band.ll[len(band.x) // 2])


@pytest.mark.parametrize("model", ["re", "fe"])
def test_effects_of_panels_after_xtreg_are_those_of_predict(hsb, model):
    hsb.run("xtset id")
    hsb.run(f"xtreg mathach ses, {model}")
    for name in ("u", "e"):
        hsb.run(f"capture drop {name}")
        assert hsb.run(f"predict double {name}, {name}").rc == 0
    (points,) = layers(hsb.run("diagplot reqq"), Mark.POINT)
    first = np.unique(hsb.data.numeric("id"), return_index=True)[1]
    np.testing.assert_allclose(points.y, np.sort(hsb.data.numeric("u")[first]), rtol=1e-9)
    (points,) = layers(hsb.run("diagplot rvf"), Mark.POINT)
    np.testing.assert_allclose(points.y, hsb.data.numeric("e"), rtol=1e-8, atol=1e-10)
    (bars,) = layers(hsb.run("diagplot rehist"), Mark.BAR)
    assert bars.y.sum() * bars.width == pytest.approx(1.0)
    (boxes,) = layers(hsb.run("diagplot residgroup"), Mark.BOX)
    medians = [
        np.median(hsb.data.numeric("e")[hsb.data.numeric("id") == each]) for each in hsb.data.numeric("id")[first]
    ]
    np.testing.assert_allclose(boxes.y, np.sort(medians), rtol=1e-8)
    assert layers(hsb.run("diagplot acf"), Mark.POINT)
    assert layers(hsb.run("diagplot variogram"), Mark.POINT)


@pytest.mark.parametrize(
    ("fit", "command", "words"),
    [
        ("regress mathach ses", "diagplot shrinkage", "not available after regress: it needs random effects"),
        ("regress mathach ses", "diagplot residgroup", "it needs groups"),
        ("xtreg mathach ses, re", "diagplot caterpillar", "not available after xtreg"),
        ("xtreg mathach ses, re", "diagplot influence", "Cook's distance is that of regress"),
        ("xtreg mathach meanses, be", "diagplot reqq", "it needs effects of groups"),
    ],
)
def test_what_does_not_go_with_the_model_is_refused_with_the_reason(hsb, fit, command, words):
    hsb.run("xtset id")
    assert hsb.run(fit).rc == 0
    outcome = hsb.run(command)
    assert outcome.rc == 321
    assert words in outcome.text.replace("\n", " ")


def test_a_sample_that_has_gone_is_noticed(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}" if id<1500')
    session.run("regress mathach ses")
    session.run("drop in 1/5")
    assert session.run("diagplot rvf").rc == 459


def test_of_very_many_needles_the_largest_are_drawn(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    session.run("regress mathach ses")
    outcome = session.run("diagplot influence")
    (points,) = layers(outcome, Mark.POINT)
    assert outcome.graph.subtitle == "2,000 observations, the largest of 7,185"
    session.run("predict double d, cooksd")
    np.testing.assert_allclose(points.y, -np.sort(-session.data.numeric("d"))[:2000], rtol=1e-8)
