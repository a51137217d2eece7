"""``help``, ``search``, ``which``, ``cmdlog``, arguments of do-files and the small commands that check things."""

from __future__ import annotations

import os

import pandas as pd
import pytest

from engine.api import LogText, Session, declarations, syntax_line


@pytest.fixture
def session():
    return Session(data=pd.DataFrame({"id": [1, 1, 2], "x": [1.5, 2.5, 3.0], "s": ["b", "a", "b"]}))


def log_of(session, text):
    lines = []
    log = LogText(lambda: session.settings.linesize, lines.append)
    outcomes = list(session.run_each(text, sink=log.hear))
    return outcomes, "\n".join(lines)


@pytest.mark.parametrize("declaration", declarations(), ids=lambda declaration: declaration.name)
def test_every_command_has_a_page_that_fits_the_line(declaration):
    outcome = Session().run(f"help {declaration.name}")
    assert outcome.rc == 0
    assert outcome.text.startswith("\nTitle\n")
    assert max(map(len, outcome.text.split("\n"))) <= 80


def test_a_page_has_syntax_options_examples_and_stored_results(session):
    text = session.run("help su").text
    for part in (
        "    summarize [varlist] [if] [in] [weight] [, options]",
        "    Shortest form: su",
        "    detail                    Show percentiles",
        "    . summarize mathach, detail",
        "    r(mean)                   mean",
    ):
        assert part in text
    assert syntax_line(next(d for d in declarations() if d.name == "xtset")) == "xtset [varlist] [, options]"


def test_with_a_window_the_page_opens_there(session):
    session.has_window = True
    outcome = session.run("help mixed")
    assert (outcome.opens.what, outcome.opens.argument) == ("help", "mixed")
    assert outcome.text == ""


def test_commands_are_searched_and_looked_up(session):
    assert "reshape" in session.run("search wide long").text
    assert session.run("search zzz").text == "(nothing in this program is about zzz)\n"
    assert session.run("which xtm").rc == 111
    assert session.run("which xtmixed").text == "built-in command:  mixed\n"
    outcome = session.run("help mixd")
    assert outcome.rc == 111
    assert "did you mean mixed?" in outcome.text
    assert "mixed" in session.run("help").text


def test_a_do_file_finds_its_arguments(session, tmp_path):
    path = tmp_path / "with args.do"
    path.write_text("args first\ndisplay `\"`first'|`2'|`3'|`0'\"'\nlocal 1 changed")
    _, text = log_of(session, f'do "{path}" x "a b"')
    assert '\nx|a b||x "a b"' in text
    assert session.macros.locals == {}
    _, text = log_of(session, f"do {path}")  # a name with blanks that is a file needs no quotes
    assert "\n|||" in text


def test_commands_are_logged_as_typed_and_nothing_else(session, tmp_path):
    inner = tmp_path / "inner.do"
    inner.write_text("count")
    path = tmp_path / "typed.do"
    session.run(f'cmdlog using "{path}"')
    session.run("summarize x")
    session.run(f'do "{inner}"')
    session.run('foreach v in a b {\ndisplay "`v\'"\n}')
    session.run("cmdlog off\ncount\ncmdlog on\nnonsense")
    session.run("cmdlog close\ncount")
    typed = path.read_text()
    assert typed == f'summarize x\ndo "{inner}"\nforeach v in a b {{\ndisplay "`v\'"\n}}\nnonsense\n'
    assert session.run(f'cmdlog using "{path}"').rc == 602
    assert session.run("cmdlog close").rc == 606
    session.run(f'cmdlog using "{path}", append')
    assert session.run(f'cmdlog using "{path}", append').rc == 604
    session.run("list x")
    assert path.read_text() == typed + "list x\n"


def test_temporary_files_go_when_the_do_file_ends(session, tmp_path):
    path = tmp_path / "t.do"
    path.write_text('tempfile keep\nsave "`keep\'"\nglobal where `keep\'\nconfirm file "`keep\'"')
    assert session.run(f'do "{path}"').rc == 0
    assert not os.path.exists(session.macros.globals["where"])


def test_assert_counts_contradictions(session):
    assert session.run("assert x > 1").text == ""
    outcome = session.run("assert x < 3 if id == 2")
    assert outcome.rc == 9
    assert outcome.text.startswith("1 contradiction in 1 observation\nassertion is false\n")
    assert session.run("assert s").rc == 109
    session.run("by id, sort: assert _n <= 2")
    assert session.last_rc == 0


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("confirm variable x", 0),
        ("confirm numeric variable x", 0),
        ("confirm string variable s", 0),
        ("confirm double variable x", 7),
        ("confirm string variable x", 7),
        ("confirm variable q", 111),
        ("confirm new variable q", 0),
        ("confirm new variable x", 110),
        ("confirm new variable 1x", 7),
        ("confirm file nowhere.dta", 601),
        ("confirm new file nowhere.dta", 0),
        ("confirm number 1.5e3", 0),
        ("confirm integer 1.5", 7),
        ("confirm name a b", 0),
        ("confirm existence", 6),
        ("confirm whatever", 198),
        ("isid id", 459),
        ("isid id x", 0),
        ("cd /nowhere/at/all", 170),
        ("set type double", 0),
        ("set type int", 198),
        ("set more off, permanently", 0),
        ("set level 90, permanently", 198),
        ("set matsize 800", 0),
    ],
)
def test_checks_and_settings_answer_with_their_code(session, command, rc):
    assert session.run(command).rc == rc


def test_levels_are_listed_for_loops(session):
    outcome = session.run("levelsof s, local(all)")
    assert outcome.text == '`"a"\' `"b"\'\n'
    assert session.macros.locals["all"] == '`"a"\' `"b"\''
    outcome = session.run("levelsof x if id == 1, separate(,)")
    assert outcome.r.macros["levels"] == "1.5,2.5"
    assert outcome.r.scalars["r"] == 2
    _, text = log_of(session, 'levelsof s, local(l) clean\nforeach v of local l {\ndisplay "`v\'!"\n}')
    assert "a!" in text


def test_set_type_changes_what_new_variables_are(session):
    session.run("set type double\ngenerate y = 1/3\negen m = mean(x)")
    assert session.data.variable("y").storage == "double"
    assert session.data.variable("m").storage == "double"
