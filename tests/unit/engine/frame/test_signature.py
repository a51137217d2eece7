"""The checksum of the data of a fit, and what notices by it that they have changed."""

from __future__ import annotations

import pytest

from engine.api import Session


@pytest.fixture
def pig(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    return session


def test_the_order_of_the_rows_does_not_matter(pig):
    before = pig.run("mixed weight week || id: week").e.macros
    pig.run("gsort -weight")
    after = pig.run("mixed weight week || id: week").e.macros
    assert before["datasignature"] == after["datasignature"]
    assert before["datasignature"].startswith("432:3(")
    assert before["datasignaturevars"] == "weight week id"


@pytest.mark.parametrize(
    "change",
    [
        "replace weight = weight + 1 in 7",
        "replace week = 10 - week",
        "replace id = 1 in l",
        "generate w = weight[_n-1]\nreplace weight = w if _n > 1",
    ],
)
def test_predictions_that_rest_on_changed_data_are_refused_and_xb_is_not(pig, change):
    pig.run("mixed weight week || id:")
    for command in change.split("\n"):
        assert pig.run(command).rc == 0
    for statistic in ("reffects", "fitted", "residuals", "rstandard"):
        outcome = pig.run(f"predict p, {statistic}")
        assert outcome.rc == 459
        assert "have changed" in outcome.error.message
    assert pig.run("predict p").rc == 0


def test_data_that_are_put_back_are_the_data_of_the_fit(pig):
    pig.run("mixed weight week || id:")
    pig.run("predict double before, reffects")
    pig.run("replace weight = weight + 100")
    pig.run("replace weight = weight - 100")
    pig.run("sort week")
    assert pig.run("predict double u, reffects").rc == 0
    assert pig.data.numeric("u") == pytest.approx(pig.data.numeric("before"), rel=1e-12)


def test_a_sample_named_afterwards_is_taken_at_its_word(pig):
    pig.run("mixed weight week || id:")
    pig.run("replace weight = weight + 100")
    pig.run("estimates esample: weight week id")
    assert pig.run("predict u, reffects").rc == 0
