"""``estat slopes``: against lincom, and the region against its definition."""

import re

import numpy as np
import pytest

from engine.api import Session


@pytest.fixture(scope="module")
def session():
    made = Session()
    made.run("use hsb")
    assert made.run("mixed mathach c.ses##c.meanses i.sector i.sector#c.ses || id:").rc == 0
    return made


def _rows(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome, {row.name: row.values for row in outcome.tables["slopes"].rows}


def test_slopes_are_linear_combinations_of_the_coefficients(session):
    share = float(np.mean(session.data.numeric("sector")))
    _, rows = _rows(session, "estat slopes ses meanses, at(-.5 1)")
    for value in (-0.5, 1.0):
        expected = session.run(f"lincom ses + {value!r}*c.ses#c.meanses + {share!r}*1.sector#c.ses")
        fixed = expected.tables["lincom"].rows[0].values
        found = rows["-.5" if value < 0 else "1"]
        np.testing.assert_allclose(found, fixed, rtol=1e-8)


def test_a_factor_has_a_slope_at_each_level(session):
    mean = float(np.mean(session.data.numeric("meanses")))
    _, rows = _rows(session, "estat slopes ses sector")
    b = dict(zip([c.name for c in session.mixed.result.columns], session.mixed.result.beta, strict=True))
    base = b["ses"] + mean * b["c.ses#c.meanses"]
    assert [values[0] for values in rows.values()] == pytest.approx([base, base + b["1.sector#c.ses"]])


def test_at_the_bounds_of_the_region_the_slope_is_just_significant(session):
    outcome, _ = _rows(session, "estat slopes ses meanses")
    bounds = [float(text) for text in re.findall(r"-?\d*\.\d+", " ".join(outcome.text.splitlines()[-2:]))]
    assert bounds
    for bound in bounds:
        _, rows = _rows(session, f"estat slopes ses meanses, at({bound})")
        (values,) = rows.values()
        assert values[3] == pytest.approx(0.05, abs=1e-4)


def test_the_graph_stands_on_the_range_of_the_moderator(session):
    outcome, _ = _rows(session, "estat slopes ses meanses, graph")
    band, line = outcome.graph.layers[:2]
    values = session.data.numeric("meanses")
    assert line.x[0] == values.min()
    assert line.x[-1] == values.max()
    assert ((band.ll < line.y) & (line.y < band.ul)).all()


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("estat slopes ses", 198),
        ("estat slopes ses size", 198),
        ("estat slopes sector ses", 198),
        ("estat slopes ses nothing", 111),
    ],
)
def test_what_is_no_interaction_is_refused(session, command, rc):
    assert session.run(command).rc == rc
