"""Programs of one's own: arguments, results, errors, and what goes when they end."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session():
    return Session(data=pd.DataFrame({"x": [1.0, 2, 3, 4], "y": [2.0, 1, 4, 3]}))


def shown(session, text):
    return "".join(outcome.text for outcome in session.run_each(text))


def test_a_program_has_its_arguments_in_numbered_macros(session):
    text = "program define hi\nargs who\ndisplay \"hi `who', `2', all: `*'\"\nend\nhi you me"
    assert shown(session, text) == "hi you, me, all: you me\n"


def test_a_program_of_rclass_returns_scalars_texts_and_matrices(session):
    session.run(
        "program add, rclass\nquietly summarize `1'\nreturn scalar twice = 2*r(mean)\nreturn local name \"`1'\"\n"
        "matrix A = (1,2)\nreturn matrix A = A\nend\nadd x"
    )
    assert session.r.scalars == {"twice": 5.0}
    assert session.r.macros == {"name": "x"}
    assert session.r.matrices["A"].values.tolist() == [[1.0, 2.0]]


def test_a_program_without_rclass_leaves_the_results_of_its_commands(session):
    session.run("program s\nquietly summarize x\nend\ns")
    assert session.r.scalars["mean"] == 2.5


def test_local_macros_and_temporary_names_end_with_the_program(session):
    session.run(
        "local a outer\nprogram p\nlocal a inner\ntempvar t\ngenerate `t' = 1\ntempname s\nscalar `s' = 3\nend\np"
    )
    assert session.macros.locals == {"a": "outer"}
    assert session.data.names == ("x", "y")
    assert session.scalars == {}


def test_preserved_data_come_back_when_the_program_ends(session):
    session.run("program p\npreserve\nkeep in 1\nend\np")
    assert session.data.n_obs == 4


def test_an_error_in_a_program_stops_it_and_says_where(session):
    outcome = session.run('program p\ndisplay "a"\nnonsense\ndisplay "b"\nend\np')
    assert outcome.rc == 199
    assert outcome.error.message == "program p stopped at: nonsense"
    assert session.run("capture p\ndisplay _rc").text == "199\n"
    assert [o.rc for o in session.run_each("capture p")] == [0, 0, 0]


def test_exit_with_a_code_ends_the_program_with_it(session):
    session.run('program p\nif "`1\'" == "" {\ndisplay as error "an argument is missing"\nexit 198\n}\nend')
    assert shown(session, "p") == ("an argument is missing\nr(198);\nprogram p stopped at: exit 198\nr(198);\n")
    assert session.run("p 1").rc == 0


def test_quietly_silences_a_program(session):
    assert shown(session, 'program p\ndisplay "a"\nend\nquietly p') == ""


def test_a_program_that_calls_itself_ends_at_stata_s_limit(session):
    outcomes = list(session.run_each("program p\np\nend\np"))
    assert {outcome.rc for outcome in outcomes[1:]} == {1000}
    assert "64" in outcomes[1].error.message


def test_a_program_may_call_itself_as_long_as_it_ends(session):
    text = "program p\nif `1' > 0 {\nlocal n = `1' - 1\np `n'\n}\nelse display \"done\"\nend\np 40"
    assert shown(session, text) == "done\n"


@pytest.mark.parametrize(
    ("text", "rc", "says"),
    [
        ("program p\ndisplay 1", 612, "no end"),
        ("program summarize\nend", 110, "is a command already"),
        ("program p\nend\nprogram p\nend", 110, "already defined"),
        ("program p, eclass\nend", 198, "eclass"),
        ("program drop q", 111, "no program"),
        ("program", 198, "program define NAME"),
        ("return scalar a = 3", 198, "rclass"),
        ("program p\nend\nbysort x: p", 190, "may not be combined with by"),
        ("program p\nsyntax varlist\nend\np", 199, "stopped at: syntax varlist"),
        ("exit foo", 198, "return code"),
        ("error 2000", 2000, "no observations"),
    ],
)
def test_what_is_no_program_is_refused(session, text, rc, says):
    outcome = session.run(text)
    assert outcome.rc == rc
    assert says in outcome.error.message


def test_programs_are_listed_and_dropped(session):
    session.run("program p\ndisplay 1\nend")
    assert session.run("program dir").text == "p\n"
    assert session.run("program list p").text == "p:\n  1. display 1\n"
    session.run("program drop _all")
    assert session.run("p").rc == 199


def test_exit_with_a_code_shows_the_code_alone_and_error_says_what_it_means(session):
    stopped = session.run("exit 7")
    assert (stopped.rc, stopped.text) == (7, "r(7);\n")
    assert stopped.error is not None
    assert stopped.error.message == "stopped with return code 7"
    assert session.run("error 7").text == "type mismatch\nr(7);\n"
