"""recast changes how values are stored, and keeps values that would not survive."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    """Three variables: halves in double, small counts in int, names."""
    frame = pd.DataFrame({"x": [0.5, 1.5, np.nan], "n": [1.0, 200.0, 32000.0], "s": ["a", "longer", ""]})
    session = Session(frame)
    session.run("recast int n")
    session.run("recast double x")
    return session


def test_a_wider_type_keeps_values_and_missing_ones(session):
    assert session.run("recast double n x").rc == 0
    assert [session.data.variable(name).storage for name in ("n", "x")] == ["double", "double"]
    assert session.data.numeric("n").tolist() == [1.0, 200.0, 32000.0]
    assert session.data.numeric("x")[2] > 1e300


def test_values_that_would_change_stay_unless_forced(session):
    # wording of the messages: [D] recast
    outcome = session.run("recast byte n")
    assert outcome.text == "n:  2 values would be changed; not changed\n"
    assert session.data.variable("n").storage == "int"
    outcome = session.run("recast byte n, force")
    assert outcome.text == "n:  2 values changed\n"
    assert session.data.variable("n").storage == "byte"
    session.run("count if missing(n)")
    assert session.r.scalars["N"] == 2


def test_text_is_cut_only_by_force(session):
    assert "1 value would be changed" in session.run("recast str3 s").text
    session.run("recast str3 s, force")
    assert session.data.texts("s").tolist() == ["a", "lon", ""]
    assert session.data.variable("s").storage == "str3"


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("recast byte s", 109),
        ("recast str8 n", 109),
        ("recast huge n", 198),
        ("recast byte", 100),
        ("recast int q", 111),
    ],
)
def test_what_cannot_be_is_refused(session, command, rc):
    assert session.run(command).rc == rc


def test_the_change_is_taken_back_by_undo(session):
    session.run("recast double n")
    session.run("undo")
    assert session.data.variable("n").storage == "int"
