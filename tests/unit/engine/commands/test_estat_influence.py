"""``estat influence``: the printed table, its data, new variables, and what it refuses."""

import numpy as np
import pytest

from engine.api import Session


@pytest.fixture
def session():
    made = Session()
    made.run("use hsb")
    made.run("mixed mathach ses i.sector || id: ses, cov(un)")
    return made


def test_the_most_influential_groups_stand_first(session):
    outcome = session.run("estat influence, list(3)")
    assert outcome.rc == 0
    lines = outcome.text.splitlines()
    assert "The 3 most influential of 160 groups" in lines
    table = outcome.tables["influence"]
    assert len(table.rows) == 160
    place = table.columns.index("cooksd")
    largest = sorted(table.rows, key=lambda row: -row.values[place])[:3]
    start = next(i for i, line in enumerate(lines) if line.startswith("-----") and "+" in line)
    assert [line.split()[0] for line in lines[start + 1 : start + 4]] == [row.name for row in largest]
    assert outcome.r.scalars["N_g"] == 160
    assert outcome.r.scalars["max_cooksd"] == pytest.approx(largest[0].values[place])
    assert {"dfbetas_ses", "dfbetas_1.sector", "dfbetas__cons", "blup_ses", "se__cons", "p_distance"} <= set(
        table.columns
    )


def test_no_line_is_wider_than_the_page(session):
    assert max(map(len, session.run("estat influence").text.splitlines())) <= 80


def test_new_variables_hold_the_value_of_each_observations_group(session):
    outcome = session.run("estat influence, generate(inf) list(0)")
    assert outcome.rc == 0, outcome.text
    table = outcome.tables["influence"]
    of_group = {float(row.name): row.values[table.columns.index("cooksd")] for row in table.rows}
    expected = np.array([of_group[g] for g in session.data.numeric("id")])
    np.testing.assert_array_equal(session.data.numeric("inf_cooksd"), expected)
    assert session.data.variable("inf_cooksd").label == "Cook's distance of the group"


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("estat influence, relevel(sector)", 198),
        ("estat influence ses", 198),
        ("estat influence, list(many)", 198),
        ("estat influence, generate(1st)", 198),
    ],
)
def test_bad_input_has_a_return_code(session, command, rc):
    assert session.run(command).rc == rc


def test_there_must_be_groups_that_contribute_on_their_own(session):
    assert Session().run("estat influence").rc == 301
    session.run("mixed mathach ses")
    assert session.run("estat influence").rc == 321
