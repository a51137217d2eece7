"""Graphs, findings and groups of the last fit without running a command."""

import numpy as np
import pytest

from engine.api import CancelToken, Session, StataError, prepare_findings, prepare_graph, prepare_groups


@pytest.fixture
def session():
    made = Session()
    made.run("use hsb")
    made.run("mixed mathach ses || id: ses")
    return made


def test_a_prepared_graph_is_the_one_that_the_command_draws(session):
    draw = prepare_graph(session, "diagplot rvf")
    before = len(session.history)
    expected = session.run("diagplot rvf").graph
    session.run("clear all")
    found = draw(CancelToken())
    assert found.command == "diagplot rvf"
    np.testing.assert_array_equal(found.layers[0].y, expected.layers[0].y)
    assert len(session.history) == before or session.history[-1].command == "clear all"


def test_the_sessions_random_numbers_stay_where_they_are(session):
    session.run("set seed 1")
    expected = session.run("display runiform()").text
    session.run("set seed 1")
    prepare_graph(session, "diagplot reqq, reps(5)")(CancelToken())
    assert session.run("display runiform()").text == expected


def test_findings_are_those_of_estat_assumptions(session):
    found = prepare_findings(session)(CancelToken())
    table = session.run("estat assumptions").tables["assumptions"]
    assert [each.key for each in found] == [row.name for row in table.rows]


def test_groups_have_names_numbers_and_rows(session):
    groups = prepare_groups(session, "id")(CancelToken())
    assert groups.path == ("id",)
    assert len(groups.names) == 160
    assert groups.columns[:3] == ("n", "mean", "BLUP ses")
    np.testing.assert_array_equal(groups.values[:, 0], np.bincount(groups.codes))
    rows = groups.sample_rows[groups.codes == groups.names.index("1224")]
    inside = np.isin(session.data.row_ids, rows)
    np.testing.assert_array_equal(inside, session.data.numeric("id") == 1224)


def test_without_a_mixed_model_the_reason_is_said():
    with pytest.raises(StataError, match="last estimates not found"):
        prepare_findings(Session())
    with pytest.raises(StataError):
        prepare_graph(Session(), "no such command")
