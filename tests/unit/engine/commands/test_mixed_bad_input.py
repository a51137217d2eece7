"""Bad input to ``mixed`` and ``use``: a message that says what is wrong, Stata's return code, no traceback."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    rng = np.random.default_rng(5)
    n, groups = 60, 12
    g = np.repeat(np.arange(groups), n // groups)
    frame = pd.DataFrame(
        {
            "weight": rng.normal(size=n) + rng.normal(size=groups)[g],
            "week": np.tile(np.arange(n // groups), groups),
            "id": g,
            "name": [f"pig {i}" for i in g],
            "flat": 3.0,
            "one": 1,
            "gone": np.nan,
            "row": np.arange(n),
        }
    )
    for i in range(8):
        frame[f"x{i}"] = rng.normal(size=n)
    return Session(data=frame)


def failing(session, command, rc, *words):
    outcome = session.run(command)
    assert outcome.rc == rc, outcome.text
    assert outcome.error.details == "", outcome.error.details
    assert outcome.text.rstrip().endswith(f"r({rc});")
    for word in words:
        assert word in outcome.error.message, outcome.error.message
    assert session.data.n_obs == 60
    return outcome


def test_unknown_variable_suggests_the_nearest_name(session):
    outcome = failing(session, "mixed weigth week || id:", 111, "weigth", "did you mean weight?")
    assert outcome.error.span == (6, 12)


def test_unknown_variable_in_a_random_effects_equation_is_located(session):
    command = "mixed weight week || id: weeek"
    outcome = failing(session, command, 111, "weeek", "did you mean week?")
    start, end = outcome.error.span
    assert command[start:end] == "weeek"


def test_unknown_level_variable_is_located(session):
    command = "mixed weight week || idd:"
    outcome = failing(session, command, 111, "idd")
    start, end = outcome.error.span
    assert command[start:end] == "idd"


def test_unknown_option_is_named(session):
    command = "mixed weight week || id:, foo"
    outcome = failing(session, command, 198, "option foo not allowed")
    start, end = outcome.error.span
    assert command[start:end] == "foo"


def test_string_response_is_refused(session):
    failing(session, "mixed name week || id:", 109, "name")


def test_constant_response_is_refused(session):
    failing(session, "mixed flat week || id:", 459, "flat")


def test_one_group_only_is_refused(session):
    failing(session, "mixed weight week || one:", 459, "one")


def test_more_random_effects_than_observations_is_refused(session):
    failing(session, "mixed weight || row: x0 x1 x2 x3 x4 x5 x6 x7, cov(un)", 459)


def test_all_values_missing_leaves_no_observations(session):
    failing(session, "mixed gone week || id:", 2000, "no observations")


def test_no_row_selected_leaves_no_observations(session):
    failing(session, "mixed weight week if week > 100 || id:", 2000, "no observations")


def test_no_data_in_memory_says_so():
    outcome = Session().run("mixed y x || id:")
    assert outcome.rc == 111
    assert "no variables defined" in outcome.error.message


def test_two_rows_are_too_few():
    session = Session(data=pd.DataFrame({"y": [1.0, 2.0], "x": [0.0, 1.0], "g": [1, 2]}))
    outcome = session.run("mixed y x || g:")
    assert outcome.rc in {2000, 2001}
    assert outcome.error.details == ""


@pytest.mark.parametrize(
    "command",
    [
        "mixed weight week || id:, residuals(ar 1)",
        "mixed weight week [fw=week] || id:, residuals(ar 1, t(week))",
        "mixed weight week, constraints(1) || id:",
    ],
)
def test_options_without_numerics_are_refused_and_not_ignored(session, command):
    outcome = session.run(command)
    assert outcome.rc != 0
    assert outcome.error.details == ""
    assert len(outcome.error.message) > 20


def test_redisplaying_without_results_says_so(session):
    failing(session, "mixed", 301, "last estimates not found")


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.dta"
    path.write_bytes(b"")
    _refuses_file(path)


def test_a_truncated_file_is_refused(tmp_path, data_file):
    path = tmp_path / "short.dta"
    path.write_bytes(data_file("hsb").read_bytes()[:20_000])
    _refuses_file(path)


def test_a_text_file_renamed_is_refused(tmp_path):
    path = tmp_path / "text.dta"
    path.write_text("id,week,weight\n1,1,24\n" * 40, encoding="ascii")
    _refuses_file(path)


def test_a_missing_file_is_named(tmp_path):
    outcome = Session().run(f'use "{tmp_path / "nowhere.dta"}"')
    assert outcome.rc == 601
    assert "nowhere.dta" in outcome.error.message


def test_a_file_that_vanishes_between_look_up_and_reading_is_an_error_like_any_other(tmp_path, data_file, monkeypatch):
    from engine.data import sources

    path = tmp_path / "fleeting.dta"
    path.write_bytes(data_file("hsb").read_bytes())
    found = sources.find

    def find_then_lose(*args, **kwargs):
        result = found(*args, **kwargs)
        path.unlink(missing_ok=True)
        return result

    monkeypatch.setattr("engine.commands.files.use.find", find_then_lose, raising=False)
    monkeypatch.setattr(sources, "find", find_then_lose)
    outcome = Session().run(f'use "{path}"')
    assert outcome.rc in {601, 603}
    assert outcome.error.details == ""


def _refuses_file(path):
    session = Session(data=pd.DataFrame({"kept": [1.0, 2.0]}))
    outcome = session.run(f'use "{path}", clear')
    assert outcome.rc in {601, 603, 610, 612, 688}, outcome.text
    assert outcome.error.details == "", outcome.error.details
    assert session.data.names == ("kept",)


@pytest.mark.parametrize(
    ("command", "rc", "marked"),
    [
        ("mixed weight gone || id:", 2000, "gone"),
        ("mixed weight week || id: gone", 2000, "gone"),
        ("mixed weight week || gone:", 2000, "gone"),
        ("mixed weight week || id: || row:", 459, "row"),
        ("mixed flat week || id:", 459, "flat"),
        ("quietly mixed weight week || one :", 459, "one"),
        ("mixed weight week || id: x0-x7", 459, "id"),
        ("mixed weight week || id: || week: || id: x0", 198, "id"),
        ("mixed weight week || id: || _all:", 198, "_all"),
        ("mixed weight week || _all:  R.weekk || id:", 111, "R.weekk"),
        ("mixed weight week || id:  R.week", 459, "R.week"),
        ("mixed weight week || id: R.week x1", 198, "R.week x1"),
    ],
)
def test_what_the_data_or_the_levels_rule_out_is_underlined(session, command, rc, marked):
    outcome = failing(session, command, rc)
    start, end = outcome.error.span
    assert command[start:end] == marked
    assert start == command.rindex(marked)
