"""``misstable summarize`` and ``codebook``."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    frame = pd.DataFrame({"x": [1.0, 2.0, np.nan, np.nan], "y": [1.0, 1.0, 2.0, 3.0], "s": ["a", "", "a", "b"]})
    session = Session(data=frame)
    session.run("replace x = .a in 4")
    return session


def test_missing_values_are_counted_by_kind(session):
    outcome = session.run("misstable summarize")
    (row,) = outcome.tables["misstable"].rows
    assert (row.name, row.values) == ("x", (1.0, 1.0, 2.0, 2.0, 1.0, 2.0))
    lines = outcome.text.rstrip("\n").split("\n")
    assert lines[3] == "      Variable |     Obs=.     Obs>.     Obs<.  | values        Min         Max"
    assert lines[5] == "             x |         1         1         2  |      2          1           2"
    assert {len(line) for line in lines if line.startswith("  -")} == {79}


def test_variables_without_missing_values_are_shown_on_request(session):
    assert [row.name for row in session.run("misstable sum, all").tables["misstable"].rows] == ["x", "y"]
    assert session.run("misstable summarize y").text == "(variables nonmissing or string)\n"


def test_codebook_shows_one_line_per_variable(session):
    outcome = session.run("codebook, compact")
    assert [row.values[:2] for row in outcome.tables["codebook"].rows] == [(2.0, 2.0), (4.0, 3.0), (3.0, 2.0)]
    assert "y              4       3      1.75         1         3" in outcome.text


@pytest.mark.parametrize(
    ("line", "rc"), [("misstable", 198), ("misstable nothing", 198), ("misstable sum q", 111), ("codebook q", 111)]
)
def test_mistakes_have_their_code(session, line, rc):
    assert session.run(line).rc == rc
