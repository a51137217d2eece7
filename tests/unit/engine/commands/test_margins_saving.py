"""``margins, saving()`` and ``nose``: the margins as a data set, and without standard errors."""

from __future__ import annotations

import numpy as np
import pytest

from engine.api import Session

FIT = "mixed mathach i.female##c.ses i.sector || id:"


@pytest.fixture
def schools(data_file):
    session = Session()
    for command in (f'use "{data_file("hsb")}"', FIT):
        assert session.run(command).rc == 0
    return session


def test_margins_are_saved_under_the_names_of_the_manual(schools, tmp_path):
    path = tmp_path / "margins.dta"
    outcome = schools.run(f'margins female, over(sector) at(ses=(-1 2)) saving("{path}")')
    assert outcome.rc == 0, outcome.text
    rows = outcome.tables["margins"].rows
    assert schools.run(f'use "{path}", clear').rc == 0
    data = schools.data
    assert data.names[:5] == ("_term", "_at", "_m1", "_by1", "_at1")
    assert data.names[5:] == ("_margin", "_se_margin", "_statistic", "_pvalue", "_ci_lb", "_ci_ub")
    saved = np.column_stack([data.numeric(name) for name in data.names[5:]])
    np.testing.assert_allclose(saved, [row.values for row in rows], rtol=1e-12)
    assert [data.variable(name).label for name in ("_m1", "_by1", "_at1")] == ["female", "sector", "ses"]
    assert data.numeric("_at1").tolist() == [-1.0] * 4 + [2.0] * 4
    assert data.numeric("_by1").tolist() == [0, 0, 1, 1] * 2
    assert data.numeric("_m1").tolist() == [0, 1] * 4


def test_saved_effects_name_their_variables(schools, tmp_path):
    path = tmp_path / "effects.dta"
    assert schools.run(f'margins, dydx(ses female) saving("{path}")').rc == 0
    again = schools.run(f'margins, saving("{path}")')
    assert again.rc == 602
    assert schools.run(f'use "{path}", clear').rc == 0
    assert "_m1" not in schools.data
    assert list(schools.data.labels_of("_deriv").values()) == ["ses", "1.female"]
    assert list(schools.data.labels_of("_term").values()) == ["_cons"]


def test_without_standard_errors_the_margins_stand_alone(schools):
    whole = schools.run("margins sector")
    alone = schools.run("margins sector, nose")
    assert alone.rc == 0
    assert "std. err." not in alone.text
    assert [r.values[0] for r in alone.tables["margins"].rows] == [r.values[0] for r in whole.tables["margins"].rows]
    assert "V" not in alone.r.matrices
    drawn = schools.run("marginsplot")
    assert drawn.rc == 0
    assert not any(len(layer.ll) for layer in drawn.graph.layers)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("margins sector, nose post", "may not be combined"),
        ("margins r.sector, nose", "may not be combined"),
        ("margins sector, pwcompare saving(x)", "may not be combined"),
        ("margins sector, within(female)", "within() is not available"),
    ],
)
def test_what_does_not_go_together_is_refused(schools, command, words):
    outcome = schools.run(command)
    assert outcome.rc == 198
    assert words in outcome.error.message
