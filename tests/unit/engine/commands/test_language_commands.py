"""Small commands of the language: pieces of lists, unfinished lines, c(), settings, timers, refusals with a reason."""

from __future__ import annotations

import os
import threading

import numpy as np
import pandas as pd
import pytest

from engine.api import CancelToken, Session


@pytest.fixture
def session():
    frame = pd.DataFrame({"id": [1, 1, 2, 2, 3], "ses": [0.5, -1.5, 2.0, np.nan, 1.0], "sex": [0, 1, 0, 1, 1]})
    frame["name"] = ["ann", "bob b", "cy", "", "eve"]
    return Session(data=frame)


def shown(session, text):
    return "".join(outcome.text for outcome in session.run_each(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('forvalues i = 1/3 {\ndisplay `i\' _continue\n}\ndisplay ""', "123\n\n"),
        ('forvalues i = 1/3 {\ndisplay `i\' " " _c\n}', "1 2 3 \n"),
        ('forvalues i = 1/2 {\ndisplay "a" _c\ndisplay _col(5) `i\'\n}', "a   1\na   2\n"),
        ('display "a" _continue\ndisplay "b"', "a\nb\n"),
        ('quietly display "a" _c\ndisplay "b"', "b\n"),
        ('if 1 {\ndisplay "a" _c\nsummarize nothing\n}', None),
        ('display "{hline 5}{c +}{space 2}{bf:b}{txt}"', "-----+  b\n"),
        ('display in red "x" as text "y"', "xy\n"),
        ('display "a" _newline(2) "b"', "a\n\nb\n"),
    ],
)
def test_display_fills_lines_as_it_is_told(session, text, expected):
    found = shown(session, text)
    if expected is None:
        assert found.startswith("a\n")
        assert "variable nothing not found" in found
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("local l one two three\ngettoken a b : l\ndisplay \"`a'|`b'\"", "one| two three\n"),
        ('local l "x y" z\ngettoken a b : l\ndisplay "`a\'|`b\'"', "x y| z\n"),
        ('local l a,b\ngettoken a b : l, parse(",")\ndisplay "`a\'|`b\'"', "a|,b\n"),
        ("local l (a b) c\ngettoken a b : l, match(m)\ndisplay \"`a'|`b'|`m'\"", "a b| c|(\n"),
        ("tokenize a b c\ntokenize d\ndisplay \"`1'`2'`3'\"", "d\n"),
        ('tokenize "a=b", parse("=")\ndisplay "`1\'`2\'`3\'"', "a=b\n"),
        ('numlist "1/3 10(5)20"\ndisplay "`r(numlist)\'"', "1 2 3 10 15 20\n"),
        ('unab v : s*\ndisplay "`v\'"', "ses sex\n"),
        ('quietly ds, has(type string)\ndisplay "`r(varlist)\'"', "name\n"),
        ('quietly ds ses, not\ndisplay "`r(varlist)\'"', "id sex name\n"),
        ('foreach v of newlist a1-a3 {\ndisplay "`v\'" _c\n}', "a1a2a3\n"),
        ('local f : permname ses\ndisplay "`f\'"', "ses1\n"),
    ],
)
def test_lists_are_cut_into_pieces(session, text, expected):
    assert shown(session, text) == expected


def test_c_tells_of_system_settings_and_data(session):
    assert session.run('display c(N) " " c(k) " " c(level) " " c(maxbyte) " " c(varabbrev)').text == "5 4 95 100 on\n"
    assert session.run("display c(pwd)").text == f"{os.getcwd()}\n"
    assert session.run('display date(c(current_date), "DMY") == today()').text == "1\n"
    assert session.run('display word(c(Mons), 3) " " %9.7f c(pi)').text == "Mar 3.1415927\n"
    assert "c(stata_version) = 19" in session.run("creturn list").text


def test_full_names_can_be_asked_for(session):
    assert session.run("summarize se").rc == 111
    assert session.run("summarize nam").rc == 0
    session.run("set varabbrev off")
    assert session.run("summarize nam").rc == 111
    assert session.run("generate a = na").rc == 111
    session.run("set varabbrev on")
    assert session.run("summarize nam").rc == 0


def test_files_of_a_folder_as_a_list(session, tmp_path):
    for name in ("b.dta", "a.dta", "c.txt"):
        (tmp_path / name).write_text("")
    assert shown(session, f'local f : dir "{tmp_path}" files "*.dta"\ndisplay `"`f\'"\'') == '"a.dta" "b.dta"\n'


def test_a_timer_measures_and_sleep_ends_at_break(session):
    session.run("timer on 1\ntimer off 1\ntimer list")
    assert session.r.scalars["nt1"] == 1
    assert session.r.scalars["t1"] >= 0
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    assert session.run("sleep 1000000", cancel=cancel).rc == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("mata: 1", "no other language"),
        ("!ls", "cannot reach the system"),
        ("ssc install estout", "cannot be installed"),
        ("melogit y x || id:", "linear models"),
        ("sysuse auto", "webuse"),
        ("ttest ses, by(sex)", "regress"),
    ],
)
def test_what_is_left_out_is_unrecognized_with_the_reason(session, line, why):
    outcome = session.run(line)
    assert outcome.rc == 199
    assert "is unrecognized: " in outcome.error.message
    assert why in outcome.error.message


def test_compress_takes_the_smallest_type_that_loses_nothing(session):
    session.run("generate double a = 7\ngenerate double b = 1000\ngenerate double c = .5\ngenerate double d = .1")
    session.run('generate str20 s = "ab"\nreplace a = .b in 1')
    text = session.run("compress a b c d s").text
    assert "variable a was double now byte" in text
    assert [session.data.variable(name).storage for name in "abcds"] == ["byte", "int", "float", "double", "str2"]
    assert session.run("count if a == .b").text.strip() == "1"
    assert session.run("compress a").text == "  (0 bytes saved)\n"


def test_quantile_groups_are_those_of_the_percentiles(session):
    session.run("clear\nset obs 10\ngenerate x = _n\nxtile q = x, nquantiles(4)\n_pctile x, percentiles(25 50 75)")
    # cut points 3, 5.5, 8; a value equal to one belongs to the lower group
    assert session.data.numeric("q").tolist() == [1, 1, 1, 2, 2, 3, 3, 3, 4, 4]
    assert list(session.r.scalars.values()) == [3.0, 5.5, 8.0]
    session.run("generate c = 2 in 1\nreplace c = 6 in 2\nxtile p = x, cutpoints(c)")
    assert session.data.numeric("p").tolist() == [1, 1, 2, 2, 2, 2, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rename (id ses) (ses id)", ("ses", "id", "sex", "name")),
        ("rename se* x_*", ("id", "x_s", "x_x", "name")),
        ("rename *, upper", ("ID", "SES", "SEX", "NAME")),
        ("rename (ses sex) (=_old)", ("id", "ses_old", "sex_old", "name")),
        ("rename se? ?q", ("id", "sq", "xq", "name")),
    ],
)
def test_groups_of_variables_are_renamed(session, line, names):
    assert session.run(line).rc == 0
    assert session.data.names == names


def test_renaming_keeps_what_belongs_to_a_variable(session):
    session.run('xtset id\nlabel variable ses "s"\nsort id ses\nrename (id ses) (ses id)')
    assert session.data.variable("id").label == "s"
    assert session.data.sorted_by == ("ses", "id")
    assert "Panel variable: ses" in session.run("xtset").text


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("rename ses sex", 110), ("rename (ses sex) (a b c)", 198), ("rename s* x", 198), ("rename no x", 111),
        ("rename ses 1x", 198), ("rename se* q**", 198), ("rename (ses sex) (a a)", 110), ("gettoken a", 198),
        ("numlist \"1/\"", 121), ("xtile q = name", 109), ("xtile ses = ses", 110), ("_pctile name", 109),
        ("timer on 0", 198), ("sleep x", 198), ("set varabbrev maybe", 198), ("set foo 3", 198), ("creturn", 198),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(session, line, rc):
    outcome = session.run(line)
    assert outcome.rc == rc
    assert outcome.error.span is not None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('clock("2000-01-02 03:04:05", "YMDhms") - clock("2jan2000", "DMY")', 11_045_000),
        ('clock("5/6/99 3:04 pm", "MD19Yhm") == tc(6may1999 15:04:00)', 1),
        ('clock("31feb2000", "DMY")', None),
        ('monthly("March 2001", "MY") == tm(2001m3)', 1),
        ('quarterly("2001q2", "YQ") == tq(2001q2)', 1),
        ("dofw(yw(1960, 2))", 7),
        ("wofd(td(31dec1960))", 51),
        ("hh(tc(1jan2000 13:14:15))*10000 + mm(tc(1jan2000 13:14:15))*100 + ss(tc(1jan2000 13:14:15))", 131415),
        ('soundex("Ashcraft") == "A261"', 1),
        ('plural(2, "glass", "+es") == "glasses"', 1),
        ('strtoname("1 a-b") == "_1_a_b"', 1),
        ("reldif(1, 3)", 0.5),
        ("binomialp(10, 3, .5)", 120 / 1024),
        ("poissontail(2, 3) + poisson(2, 2)", 1),
        ("gammaptail(2, 3) - 4*exp(-3)", 0),
        ("ibeta(1, 3, .5)", 0.875),
        ("chi2den(2, 1) - exp(-.5)/2", 0),
        ("Fden(2, 2, 1)", 0.25),
    ],
)
def test_functions_have_these_values(session, expression, expected):
    text = session.run(f"display %20.0g {expression}").text.strip()
    assert text == "." if expected is None else abs(float(text) - expected) < 1e-12


def test_included_commands_have_the_macros_of_the_do_file(session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "part.do").write_text("local a inside\nlocal b 2\n")
    assert shown(session, "local a outside\ninclude part.do\ndisplay \"`a' `b'\"") == "inside 2\n"
    assert shown(session, 'local a outside\ndo part.do\ndisplay "`a\'"') == "outside\n"


def test_a_scalar_is_found_where_its_name_begins_several_variables(session):
    assert session.run("scalar se = 3\ndisplay se").text == "3\n"
    session.run("drop sex")
    assert session.run("display se").text == ".5\n"


def test_text_is_split_into_parts(session):
    session.run('clear\nset obs 3\ngenerate s = "a b"\nreplace s = "1,2,3" in 2\nreplace s = "" in 3')
    session.run('split s\nsplit s, parse(",") generate(p) limit(2)')
    assert session.data.texts("s1").tolist() == ["a", "1,2,3", ""]
    assert session.data.texts("s2").tolist() == ["b", "", ""]
    assert session.data.texts("p2").tolist() == ["", "2", ""]
    assert "p3" not in session.data.names
    session.run('generate d = "1-2"\nsplit d, parse(-) destring')
    assert session.data.numeric("d2").tolist() == [2, 2, 2]


def test_a_clone_has_all_that_belongs_to_a_variable(session):
    session.run('label variable sex "Sex"\nlabel define l 1 "one"\nlabel values sex l\nclonevar c = sex if id < 3')
    assert (session.data.variable("c").label, session.data.variable("c").value_label) == ("Sex", "l")
    assert session.run("count if missing(c)").text.strip() == "1"


def test_samples_have_the_size_asked_for(session):
    session.run("clear\nset obs 1000\ngenerate g = mod(_n, 4)\nset seed 1\npreserve\nsample 10\ncount")
    assert session.r.scalars["N"] == 100
    session.run("restore, preserve\nsample 7, count by(g)\ncount")
    assert session.r.scalars["N"] == 28
    session.run("restore\nsample 0 if g == 1\ncount")
    assert session.r.scalars["N"] == 750


def test_missing_combinations_are_filled_in(session):
    session.run("keep if !missing(ses)\nfillin id sex")
    assert session.data.n_obs == 6
    assert session.run("count if _fillin").text.strip() == "2"
    assert session.run("count if _fillin & missing(ses)").text.strip() == "2"


def test_numbers_become_missing_values_and_back(session):
    session.run("generate byte m = cond(sex, -99, 5)\nmvdecode m, mv(-99=.a)")
    assert session.run("count if m == .a").text.strip() == "3"
    session.run("mvencode m, mv(.a=-1)")
    assert session.run("count if m == -1").text.strip() == "3"
    assert session.run("generate byte k = -1\nmvencode k, mv(-1)").rc == 9
    assert session.run("mvdecode k").rc == 198


def test_variables_are_made_at_a_place_and_ordered_by_number(session):
    session.run("generate new = 1, after(id)")
    assert session.data.names[:3] == ("id", "new", "ses")
    session.run("generate x10 = 1\ngenerate x9 = 1\norder x*, sequential")
    assert session.data.names[:2] == ("x9", "x10")


def test_value_labels_are_copied(session):
    session.run('label define a 1 "x"\nlabel copy a b')
    assert session.data.value_labels["b"].texts == session.data.value_labels["a"].texts
    assert session.run("label copy a b").rc == 110
    assert session.run("label copy a b, replace").rc == 0


def test_confidence_intervals_are_those_of_their_distributions(session):
    # R: t.test(c(0.5, -1.5, 2, 1))$conf.int = -1.8422171 2.8422171; binom.test(3, 5)$conf.int = 0.1466328 0.9472550
    session.run("ci means ses")
    assert (session.r.scalars["lb"], session.r.scalars["ub"]) == pytest.approx((-1.8422171, 2.8422171), abs=1e-7)
    session.run("ci proportions sex")
    assert (session.r.scalars["lb"], session.r.scalars["ub"]) == pytest.approx((0.1466328, 0.9472550), abs=1e-6)
    assert session.run("ci").rc == 198
    assert session.run("ci means name").rc == 109
    for command in ("ci means ses, exact", "ci proportions sex, sd", "ci variances ses, wald"):
        option = command.rpartition(" ")[2]
        assert session.run(command).error.message == f"option {option} not allowed with {' '.join(command.split()[:2])}"
    assert session.run("ci proportions sex, wald wilson").rc == 198


def test_a_sign_after_a_text_begins_a_new_value(session):
    assert session.run('display "a " -2^2 " " !0 " " 3-1').text == "a -4 1 2\n"


def test_a_coefficient_with_its_equation_is_one_value(session):
    session.run("quietly regress ses sex")
    assert session.run('display [ses]sex - _b[sex] " " [ses]_b[_cons]-_b[_cons] " " ses[1]').text == "0 0 .5\n"


def test_formats_of_estimates_hold_until_they_are_set_back(session):
    usual = session.run("regress ses sex").text
    session.run("set cformat %8.2f\nset pformat %4.2f\nset sformat %7.1f")
    row = next(line for line in session.run("regress").text.splitlines() if "sex |" in line)
    assert [len(number.partition(".")[2]) for number in row.split("|")[1].split()] == [2, 2, 1, 2, 2, 2]
    row = next(line for line in session.run("regress, cformat(%9.4f)").text.splitlines() if "sex |" in line)
    assert len(row.split("|")[1].split()[0].partition(".")[2]) == 4
    session.run("set cformat\nset pformat\nset sformat")
    assert session.run("regress").text == usual
    assert session.run("set cformat %12.2f").rc == 198
    assert session.run("set pformat x").rc == 120
