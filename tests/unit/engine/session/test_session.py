"""The session runs commands one by one, keeps what succeeded and reports what failed."""

from __future__ import annotations

import pytest

from engine.api import CancelToken, Printed, Session


@pytest.fixture
def session(data_file):
    new = Session()
    assert new.run(f'use "{data_file("hsb")}"').rc == 0
    return new


def test_running_several_lines_returns_the_last_outcome(session):
    outcome = session.run("count\ncount if female == 1")
    assert outcome.command == "count if female == 1"
    assert [entry.command for entry in session.history[-2:]] == ["count", "count if female == 1"]


def test_the_first_failing_line_stops_the_rest(session):
    outcome = session.run("count\nsummarize nothing\nclear")
    assert outcome.rc == 111
    assert session.data.n_obs == 7185


def test_a_failed_command_leaves_data_and_estimates_as_they_were(session):
    session.run("mixed mathach ses || id:")
    before = session.estimates
    assert session.run("mixed mathach nothing || id:").rc == 111
    assert session.estimates is before
    assert session.data.n_obs == 7185


def test_quietly_prints_nothing_and_keeps_tables_and_results(session):
    outcome = session.run("quietly summarize mathach")
    assert outcome.text == ""
    assert outcome.tables["summarize"].rows[0].values[0] == 7185
    assert outcome.r.scalars["N"] == 7185


def test_capture_hides_the_error_and_keeps_its_code(session):
    outcome = session.run("capture summarize nothing")
    assert (outcome.rc, outcome.error, outcome.text) == (0, None, "")
    assert session.last_rc == 111


def test_capture_noisily_shows_the_error_but_goes_on(session):
    outcome = session.run("capture noisily summarize nothing\ncount")
    assert outcome.command == "count"


def test_capture_holds_for_a_wrong_prefix_after_it(session):
    outcome = session.run("capture noisily bysort female summarize ses\ncount")
    assert outcome.rc == 0
    assert session.run("display _rc").text.strip() == "198"
    assert session.run("capture by: count").rc == 0


def test_capture_does_not_catch_a_break(session):
    token = CancelToken()
    token.cancel()
    assert session.run("capture count", cancel=token).rc == 1


def test_unknown_command_names_the_nearest_one(session):
    outcome = session.run("mixd mathach ses || id:")
    assert outcome.rc == 199
    assert "mixd" in outcome.error.message
    assert "did you mean mixed" in outcome.error.message
    assert outcome.error.span == (0, 4)


def test_the_error_is_printed_with_its_return_code(session):
    outcome = session.run("summarize nothing")
    assert outcome.text.rstrip().endswith("r(111);")


def test_blocks_reach_the_sink_as_they_are_printed(session):
    seen = []
    outcome = session.run("mixed mathach ses || id:", sink=seen.append)
    printed = tuple(event.block for event in seen if isinstance(event, Printed))
    assert printed == outcome.document.blocks


def test_a_defect_becomes_a_report_and_never_an_exception(session, monkeypatch):
    from engine.commands import registry

    def broken(command, context):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(registry, "runner", lambda name: broken)
    outcome = session.run("count")
    assert outcome.rc == 9
    assert "defect" in outcome.error.message
    assert "Traceback" not in outcome.text
    assert "ZeroDivisionError" in outcome.error.details


def test_a_session_starts_from_a_data_frame():
    import pandas as pd

    frame = pd.DataFrame({"y": [1.0, 2.0, 4.0], "g": [1, 1, 2], "name": ["a", "b", "ü"]})
    session = Session(data=frame)
    assert session.data.names == ("y", "g", "name")
    assert session.data.to_pandas()["y"].tolist() == [1.0, 2.0, 4.0]


def test_outcome_tables_become_data_frames(session):
    table = session.run("mixed mathach ses || id:").tables["fixed"].to_pandas()
    assert table["name"].tolist() == ["ses", "_cons"]
    assert table["estimate"].notna().all()


def test_json_holds_numbers_with_all_digits_and_null_for_missing(session):
    entry = session.run("mixed mathach || id:").to_json()
    assert entry["rc"] == 0
    assert entry["error"] is None
    fixed = next(table for table in entry["tables"] if table["id"] == "fixed")
    assert fixed["columns"] == ["estimate", "se", "statistic", "p", "ll", "ul"]
    assert entry["e"]["scalars"]["ll"] == session.e.scalars["ll"]
    assert entry["e"]["matrices"]["b"]["cols"][0] == "mathach:_cons"


def test_set_refuses_what_is_out_of_range(session):
    assert session.run("set linesize 20").rc == 198
    assert session.run("set level 101").rc == 198
    assert session.run("set colour red").rc == 198
    assert session.run("set level 90").rc == 0
    assert session.settings.level == 90


def test_rc_keeps_the_code_of_the_last_captured_command(session):
    session.run("capture summarize nothing")
    session.run("count")
    assert session.run("count if _rc == 111").r.scalars["N"] == 7185
    session.run("capture count")
    assert session.run("count if _rc == 0").r.scalars["N"] == 7185


@pytest.mark.parametrize("condition", ["c(level) == 90", "c(N) == 7185", "c(k) == 11", "c(linesize) == 100"])
def test_settings_and_sizes_can_be_asked_for(session, condition):
    session.run("set level 90\nset linesize 100")
    assert session.run(f"count if {condition}").r.scalars["N"] == 7185


def test_a_do_file_that_is_not_there_is_underlined(session):
    command = 'quietly do "no where"'
    error = session.run(command).error
    assert error.rc == 601
    assert command[slice(*error.span)] == '"no where"'


def test_a_failing_do_file_reports_its_own_command_and_then_itself(session, tmp_path):
    path = tmp_path / "two words.do"
    path.write_text("count\ncount if nothing\ncount\n", encoding="utf-8")
    outcomes = list(session.run_each(f'do `"{path}"\''))
    assert [(outcome.command.split()[0], outcome.rc) for outcome in outcomes] == [
        ("count", 0),
        ("count", 111),
        ("do", 111),
    ]
    assert outcomes[-1].text.endswith("stopped at: count if nothing\nend of do-file\nr(111);\n")


@pytest.mark.parametrize("word", ["run", "quietly do"])
def test_what_a_silent_do_file_runs_has_no_text_but_tables_and_its_error_is_told(session, tmp_path, word):
    path = tmp_path / "silent.do"
    path.write_text("summarize ses\ncount if nothing\n", encoding="utf-8")
    first, second, last = session.run_each(f'{word} "{path}"')
    assert (first.text, second.text) == ("", "")
    assert first.tables["summarize"].rows[0].values[0] == 7185
    assert last.text.startswith("variable nothing not found\n")
    assert last.rc == 111


@pytest.mark.parametrize(
    ("command", "kind"),
    [("summarize ses", "analytic"), ("regress mathach ses", "analytic"), ("mixed mathach ses", "frequency")],
)
def test_the_kind_of_weight_that_a_bare_weight_stands_for_is_told(session, command, kind):
    assert f"({kind} weights assumed)\n" in session.run(f"{command} [weight=female+1]").text
    assert "assumed" not in session.run(f"{command} [fweight=female+1]").text
