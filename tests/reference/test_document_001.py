"""Predictions of the slides on mixed models (document 001): 40 schools, ``lme(mathach ~ 1, random = ~ 1 | sid)``.

The numbers are those of ``ranef``, ``coef`` and ``some(hs1.sid)`` as printed; the letter before and behind a number of
a school (``P5762C``) is left out. The text shows 7 decimals of effects and 6 of predicted means; lme stops where the
likelihood is flat to about that.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Session

EFFECTS = {
    5762: -7.30651445, 2639: -5.36017663, 8854: -7.24846197, 6484: 0.26973942,
    2208: 2.58744359, 2658: 0.71334861, 1906: 3.09104215, 9586: 2.08485465,
}  # fmt: skip
"""``ranef(fit.oneway.re)``."""

MEANS = {
    8854: (32, 4.239781, 5.356214), 2771: (55, 11.844109, 11.906661), 5640: (57, 13.160105, 13.115900),
    7345: (56, 11.338554, 11.440975), 6897: (49, 15.097633, 14.869792), 4530: (63, 9.055698, 9.313204),
    7342: (58, 11.166414, 11.279062), 5720: (53, 14.282302, 14.139565), 7688: (54, 18.422315, 17.935733),
    1906: (53, 15.983170, 15.695718),
}  # fmt: skip
"""School -> n, ``mathach.ols`` and ``blup`` of ``some(hs1.sid)``."""

TOLERANCE = 2e-5


@pytest.fixture(scope="module")
def schools(data_file):
    session = Session()
    for command in (
        f'use "{data_file("hs40")}"', "mixed mathach || school:, reml", "predict double u, reffects",
        "predict double shrunk, fitted", "egen double own = mean(mathach), by(school)",
    ):  # fmt: skip
        outcome = session.run(command)
        assert outcome.rc == 0, outcome.text
    return session


def rows_of(session, school):
    return session.data.numeric("school") == school


@pytest.mark.parametrize("school", EFFECTS)
def test_effects_of_schools(schools, school):
    values = schools.data.numeric("u")[rows_of(schools, school)]
    assert np.ptp(values) == 0
    assert values[0] == pytest.approx(EFFECTS[school], abs=TOLERANCE)


@pytest.mark.parametrize("school", MEANS)
def test_own_means_and_their_shrunk_values(schools, school):
    n, own, blup = MEANS[school]
    rows = rows_of(schools, school)
    assert int(rows.sum()) == n
    assert schools.data.numeric("own")[rows][0] == pytest.approx(own, abs=6e-7)
    assert schools.data.numeric("shrunk")[rows][0] == pytest.approx(blup, abs=TOLERANCE)


def test_the_shrinkage_plot_has_both(schools):
    """Its arrows start at the school's own estimate and end at its prediction (engine.graphs.diagnostic.pooling)."""
    graph = schools.run("diagplot shrinkage").graph
    drawn = np.concatenate([layer.y for layer in graph.layers if len(layer.rows)])
    for _, own, blup in MEANS.values():
        assert np.abs(drawn - own).min() < TOLERANCE
        assert np.abs(drawn - blup).min() < TOLERANCE
