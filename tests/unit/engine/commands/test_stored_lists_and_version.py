"""``return list``, ``ereturn list``, ``matrix list`` and ``version``."""

from __future__ import annotations

import pytest

from engine.api import Session


@pytest.fixture
def session(data_file):
    new = Session()
    assert new.run(f'use "{data_file("pig")}"').rc == 0
    return new


def shown(session, *lines):
    for line in lines:
        outcome = session.run(line)
        assert outcome.rc == 0, outcome.text
    return outcome.text


def test_return_list_shows_scalars_at_full_precision(session):
    lines = shown(session, "quietly summarize weight", "return list").split("\n")
    assert lines[:3] == ["", "scalars:", "                  r(N) =  432"]
    assert "               r(mean) =  50.4050925925926" in lines


def test_ereturn_list_shows_macros_matrices_and_the_sample(session):
    text = shown(session, "quietly mixed weight week || id:", "ereturn list")
    assert '                e(cmd) : "mixed"\n' in text
    assert "                  e(b) :  1 x 4\n" in text
    assert "functions:\n             e(sample)\n" in text


def test_matrix_list_shows_names_and_numbers(session):
    session.run("quietly mixed weight week || id:")
    lines = shown(session, "matrix list e(b)").rstrip().split("\n")
    assert lines[1] == "e(b)[1,4]"
    assert lines[2].split() == ["weight:", "weight:", "lns1_1_1:", "lnsig_e:"]
    assert lines[3].split() == ["week", "_cons", "_cons", "_cons"]
    values = [float(text) for text in lines[4].split()[1:]]
    assert values == pytest.approx(session.e.matrices["b"].values[0], rel=1e-6)


def test_symmetric_matrices_are_shown_as_a_triangle(session):
    session.run("quietly mixed weight week || id:")
    lines = shown(session, "matrix list e(V)").rstrip().split("\n")
    assert lines[1] == "symmetric e(V)[4,4]"
    assert [len(line.split()) - 1 for line in lines[4:]] == [1, 2, 3, 4]
    whole = shown(session, "matrix list e(V), nohalf noheader format(%9.4f)").rstrip().split("\n")
    assert [len(line.split()) - 1 for line in whole[2:]] == [4, 4, 4, 4]


def test_wide_matrices_are_cut_into_panels(session):
    session.run("quietly mixed weight i.week || id:")
    lines = shown(session, "matrix list e(b)").rstrip().split("\n")
    assert max(len(line) for line in lines) <= 80


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("matrix list e(nothing)", 111),
        ("matrix list", 198),
        ("matrix", 198),
        ("return", 198),
        ("return list", 0),
        ("ereturn list", 0),
        ("matrix dir", 0),
        ("version ten", 198),
        ("version 99", 9),
        ("version 99: count", 9),
    ],
)
def test_mistakes_have_their_code(session, line, rc):
    assert session.run(line).rc == rc


@pytest.mark.parametrize(
    ("line", "method"),
    [
        ("xtmixed weight week || id:", "ML"),
        ("version 11: xtmixed weight week || id:", "REML"),
        ("version 11: xtmixed weight week || id:, mle", "ML"),
        ("version 12: xtmixed weight week || id:", "ML"),
        ("version 11: mixed weight week || id:", "ML"),
        ("version 11: quietly xtmixed weight week || id:, variance", "REML"),
    ],
)
def test_the_release_decides_the_default_of_xtmixed(session, line, method):
    outcome = session.run(line)
    assert outcome.rc == 0, outcome.text
    assert session.e.macros["method"] == method
    assert session.settings.version == 19


def test_version_holds_until_the_do_file_ends(session, tmp_path):
    path = tmp_path / "old.do"
    path.write_text("version 11\nxtmixed weight week || id:\n", encoding="utf-8")
    assert session.run(f'do "{path}"').rc == 0
    assert session.e.macros["method"] == "REML"
    session.run("xtmixed weight week || id:")
    assert session.e.macros["method"] == "ML"
    session.run("version 11")
    assert shown(session, "version") == "version 11\n"
