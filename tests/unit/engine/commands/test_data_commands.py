"""Commands on data, run through a session."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset, ValueLabel, Variable
from engine.data.dta import read_dta, write_dta
from engine.data.missing import MISSING
from engine.events import CancelToken
from engine.session.session import Session

DETAIL = """\

                        Mileage (mpg)
-------------------------------------------------------------
      Percentiles      Smallest
 1%            1              1
 5%            1              2
10%          1.5              3       Obs                  10
25%            3              4       Sum of wgt.          10

50%          5.5                      Mean                5.5
                        Largest       Std. dev.       3.02765
75%            8              7
90%          9.5              8       Variance       9.166667
95%           10              9       Skewness              0
99%           10             10       Kurtosis       1.775758
"""


def session(**columns: object) -> Session:
    return Session(pd.DataFrame(columns))


def cars() -> Session:
    """Ten cars, saved, so that other data may be loaded."""
    from dataclasses import replace

    frame = pd.DataFrame({"mpg": range(1, 11), "make": [f"car {i}" for i in range(10)], "w": [1.5, None] * 5})
    data = Dataset.from_pandas(frame)
    variables = (replace(data.variable("mpg"), label="Mileage (mpg)"), *data.variables[1:])
    return Session(replace(data, variables=variables, changed=False))


def run(session: Session, *commands: str) -> str:
    outcome = None
    for command in commands:
        outcome = session.run(command)
        assert outcome.rc == 0, (command, outcome.error)
    assert outcome is not None
    return outcome.text


def code(session: Session, command: str) -> int:
    return session.run(command).rc


# --- use, webuse, save, clear


def test_use_loads_a_bundled_example_and_prints_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXEDGUI_DATA", "")
    s = Session()
    assert run(s, "use hsb") == "(High School and Beyond, 1982)\n"
    assert s.data.n_obs == 7185
    assert run(s, 'use "hsb.dta", clear')


def test_use_takes_variables_and_conditions() -> None:
    s = Session()
    run(s, "use id math* using hsb if female in 1/100")
    assert s.data.names == ("id", "mathach")
    assert 0 < s.data.n_obs < 100
    assert not s.data.changed


def test_use_refuses_to_lose_changes() -> None:
    s = session(x=[1, 2])
    outcome = s.run("use hsb")
    assert outcome.rc == 4
    assert outcome.text == "no; dataset in memory has changed since last saved\nr(4);\n"
    assert s.data.names == ("x",)
    run(s, "use hsb, clear")


def test_loading_the_manuals_address_uses_the_local_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXEDGUI_DATA", "")
    s = Session()
    run(s, "use https://www.stata-press.com/data/r19/productivity")
    assert s.data.path == "https://www.stata-press.com/data/r19/productivity.dta"
    run(s, "webuse productivity, clear")
    assert s.data.n_obs == 816


@pytest.mark.parametrize(
    ("command", "rc"),
    [("use nowhere", 601), ("use", 198), ("webuse", 198), ("webuse set x", 198), ("webuse a/b", 198),
     ('use ""', 198), ("use ftp://host/x.dta", 198), ("use hsb, cleer", 198)],
)  # fmt: skip
def test_loading_what_is_not_there_says_so(command: str, rc: int) -> None:
    s = Session()
    assert code(s, command) == rc
    assert s.data.names == ()


def test_a_file_that_vanishes_or_is_damaged_leaves_the_data_alone(tmp_path: Path) -> None:
    s = cars()
    for content, rc in ((b"", 610), (b"a,b\n1,2\n", 610)):
        (tmp_path / "t.dta").write_bytes(content)
        assert code(s, f'use "{tmp_path / "t.dta"}"') == rc
    (tmp_path / "t.dta").unlink()
    assert code(s, f'use "{tmp_path / "t.dta"}"') == 601
    assert code(s, f'use "{tmp_path}/"') in {601, 603}
    assert s.data.names == ("mpg", "make", "w")


def test_save_writes_what_use_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    s = session(x=[1.5, None], s=["a", "b"])
    assert run(s, "save out") == "file out.dta saved\n"
    assert not s.data.changed
    assert code(s, "save out") == 602
    run(s, "replace x = 2 in 2", "save, replace")
    assert read_dta(tmp_path / "out.dta").numeric("x").tolist() == [1.5, 2.0]
    assert run(s, "save other, replace") == "(file other.dta not found)\nfile other.dta saved\n"


def test_save_never_overwrites_an_example_or_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXEDGUI_DATA", "")
    s = Session()
    assert code(s, "save x") == 111
    run(s, "use hsb")
    assert code(s, "save, replace") == 198
    assert code(s, f'save "{s.data.path}", replace') == 603
    assert code(s, "save http://host/x.dta") == 198


def test_clear_empties_the_memory() -> None:
    s = session(x=[1])
    assert run(s, "clear") == ""
    assert s.data.names == ()
    assert code(s, "clear everything") == 198


# --- describe


def test_describe_shows_the_layout_of_the_manual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = Dataset(label="Cars", timestamp="13 Apr 2020 17:45", notes=("n",))
    data = data.with_variable(
        Variable("make", "str18", "%-18s", "Make and model", notes=("a note",)), np.array(["AMC"], dtype=object)
    )
    data = data.with_variable(
        Variable("foreign", "byte", "%8.0g", "A label that is so long that it has to go on", "origin"),
        np.array([1], dtype=np.int8),
    )
    from dataclasses import replace

    write_dta(replace(data, sorted_by=("foreign", "make")), tmp_path / "auto.dta")
    s = Session()
    run(s, "use auto")
    rule = "-" * 79
    assert run(s, "describe") == (
        "\n"
        "Contains data from auto.dta\n"
        " Observations:             1                  Cars\n"
        "    Variables:             2                  13 Apr 2020 17:45\n"
        "                                              (_dta has notes)\n"
        f"{rule}\n"
        "Variable      Storage   Display    Value\n"
        "    name         type    format    label      Variable label\n"
        f"{rule}\n"
        "make            str18   %-18s                 * Make and model\n"
        "foreign         byte    %8.0g      origin     A label that is so long that it\n"
        "                                                has to go on\n"
        f"{rule}\n"
        "                                            * indicated variables have notes\n"
        "Sorted by: foreign  make\n"
    )
    assert (s.r.scalars["N"], s.r.scalars["k"], s.r.scalars["width"]) == (1.0, 2.0, 19.0)


def test_describe_cuts_a_long_label_of_the_data_as_the_manual_does(data_file) -> None:
    s = Session()
    run(s, f'use "{data_file("pisa2000")}"')
    lines = run(s, "describe").splitlines()[2:6]
    # [ME] mixed, example 12
    assert [line.split("  ")[-1].strip() for line in lines[:3]] == [
        "Programme for International", "Student Assessment (PISA) 2000", "data",
    ]  # fmt: skip
    assert {line.index(word) for line, word in zip(lines, ("Programme", "Student", "data"), strict=False)} == {46}
    assert lines[3].startswith("    Variables:            11")


def test_describe_notes_a_change_and_has_shorter_forms() -> None:
    s = session(x=[1], y=[2])
    assert run(s, "describe").endswith("Sorted by:\n     Note: Dataset has changed since last saved.\n")
    assert "Variable label" not in run(s, "describe, short")
    assert run(s, "describe, simple") == "x  y\n"
    assert run(s, "describe y").splitlines()[-1].startswith("y               byte")
    assert code(s, "describe, simple short") == 184
    assert "7,185" in run(s, "describe using hsb, short")
    assert s.data.names == ("x", "y")


# --- list


def test_list_draws_a_box_with_a_rule_every_five() -> None:
    s = session(id=[1, 2, 3, 4, 5, 6], score=[1.5, 2.25, None, 4, 5, 60.125])
    assert run(s, "list") == (
        "\n"
        "     +-------------+\n"
        "     | id    score |\n"
        "     |-------------|\n"
        "  1. |  1      1.5 |\n"
        "  2. |  2     2.25 |\n"
        "  3. |  3        . |\n"
        "  4. |  4        4 |\n"
        "  5. |  5        5 |\n"
        "     |-------------|\n"
        "  6. |  6   60.125 |\n"
        "     +-------------+\n"
    )


def test_list_obeys_its_options() -> None:
    s = cars()
    assert run(s, "list mpg make in 1/2, clean noobs") == "\n    mpg    make\n      1   car 0\n      2   car 1\n"
    assert run(s, "list mpg in 1/1, noobs").splitlines()[1:3] == ["  +-----+", "  | mpg |"]
    assert run(s, "list mpg in 1/2, clean") == "\n       mpg\n  1.     1\n  2.     2\n"
    assert run(s, "list mpg in 1/7, separator(0)").count("|-") == 1
    assert run(s, "list mpg in 1/4, sep(2)").count("|-") == 2
    assert run(s, "list mpg w in 1/4, sepby(w)").count("|-") == 4
    assert run(s, "list if mpg > 100") == ""
    assert code(s, "list mpg, sep(2) sepby(w)") == 184


def test_list_shows_value_labels_unless_told_not_to() -> None:
    from dataclasses import replace

    data = Dataset().with_variable(Variable("sex", "byte", "%8.0g", "", "sex"), np.array([0, 1, 101], dtype=np.int8))
    data = replace(data, value_labels={"sex": ValueLabel("sex", {0.0: "Male", 1.0: "Female", MISSING: "Unknown"})})
    s = Session(data)
    assert run(s, "list, clean noobs") == "\n        sex\n       Male\n     Female\n    Unknown\n"
    assert run(s, "list, clean noobs nolabel") == "\n    sex\n      0\n      1\n      .\n"


def test_names_longer_than_eight_characters_are_shortened_and_wide_lists_wrap() -> None:
    s = session(displacement=[1, 2])
    assert "displa~t" in run(s, "list")
    assert "displ~t" in run(s, "list, abbreviate(7)")
    assert "displacement" in run(s, "list, ab(12)")
    assert code(s, "list, abbreviate(4)") == 198
    s = session(**{f"variable{i}": ["text " * 3] for i in range(8)})
    text = run(s, "list")
    assert max(len(line) for line in text.splitlines()) <= 80
    widths = {len(line) for line in text.splitlines() if line}
    assert len(widths) == 1
    for i in range(8):
        assert f"variable{i}" in text


def test_a_long_list_can_be_cancelled() -> None:
    cancel = CancelToken()
    cancel.cancel()
    assert session(x=[1, 2]).run("list", cancel=cancel).rc == 1


# --- summarize, count


def test_summarize_prints_the_manuals_table_and_stores_it() -> None:
    s = Session()
    run(s, "use hsb")
    text = run(s, "summarize mathach")
    assert text == (
        "\n"
        "    Variable |        Obs        Mean    Std. dev.       Min        Max\n"
        "-------------+---------------------------------------------------------\n"
        "     mathach |      7,185    12.74785    6.878246     -2.832     24.993\n"
    )  # stata.md 3.5
    table = s.run("summarize mathach ses").tables["summarize"]
    assert table.columns == ("N", "mean", "sd", "min", "max")
    assert [row.name for row in table.rows] == ["mathach", "ses"]
    assert s.r.scalars["N"] == 7185
    assert s.r.scalars["Var"] == pytest.approx(s.r.scalars["sd"] ** 2)
    assert s.r.scalars["sum"] == pytest.approx(s.r.scalars["mean"] * 7185)
    assert set(s.r.scalars) == {"N", "sum_w", "mean", "Var", "sd", "min", "max", "sum"}


def test_summarize_detail_has_the_layout_of_the_manual() -> None:
    s = cars()
    assert run(s, "summarize mpg, detail") == DETAIL
    assert s.r.scalars["p50"] == 5.5
    assert s.r.scalars["kurtosis"] == pytest.approx(1.775757575757)


def test_summarize_separates_every_five_and_leaves_text_blank() -> None:
    s = session(a=[1], b=[1], c=[1], d=[1], e=[1], f=["x"], g=[None])
    lines = run(s, "summarize").splitlines()
    assert lines[8].startswith("-------------+")
    assert lines[9] == "           f |          0"
    assert run(s, "summarize, separator(0)").count("-+-") == 1
    assert math.isnan(s.run("summarize g").tables["summarize"].rows[0].values[1])
    assert "r(sd)" not in s.r.scalars


def test_summarize_obeys_conditions_and_formats() -> None:
    s = session(x=[1, 2, 3, None])
    assert s.run("summarize x if x > 1").tables["summarize"].rows[0].values[0] == 2
    assert run(s, "summarize x, meanonly") == ""
    assert "sd" not in s.r.scalars
    assert s.r.scalars["mean"] == 2.0


@pytest.mark.parametrize(
    ("command", "rc"),
    [("summarize i.x", 101), ("summarize foo", 111), ("summarize x [pweight=x]", 101),
     ("summarize x, detail meanonly", 184),
     ("list foo", 111), ("list in 5", 198), ('count if "a"', 109), ("describe foo", 111)],
)  # fmt: skip
def test_looking_at_data_refuses_what_cannot_be(command: str, rc: int) -> None:
    assert code(session(x=[1, 2]), command) == rc


def test_count_counts() -> None:
    s = session(x=range(1500))
    assert run(s, "count") == "  1,500\n"
    assert run(s, "count if x < 10") == "  10\n"
    assert s.r.scalars["N"] == 10


# --- keep, drop, generate, replace, sort


def test_keep_and_drop_choose_variables_or_observations() -> None:
    s = session(x=[1, 2, 3], y=[4, 5, 6], z=[7, 8, 9])
    assert run(s, "keep if x > 1") == "(1 observation deleted)\n"
    assert run(s, "drop in 1") == "(1 observation deleted)\n"
    assert run(s, "drop if x == 99") == "(0 observations deleted)\n"
    assert run(s, "keep z x") == ""
    assert s.data.names == ("x", "z")
    run(s, "drop _all")
    assert s.data.names == ()


@pytest.mark.parametrize(
    ("command", "rc"), [("keep", 198), ("drop x if x", 198), ("drop foo", 111), ("keep in 9", 198)]
)
def test_keep_and_drop_refuse_what_they_cannot_do(command: str, rc: int) -> None:
    s = session(x=[1, 2])
    assert code(s, command) == rc
    assert s.data.n_obs == 2


def test_generate_makes_a_float_unless_told_otherwise() -> None:
    s = session(x=[1.0, 2.0, None])
    assert run(s, "generate y = x/3") == "(1 missing value generated)\n"
    assert s.data.variable("y").storage == "float"
    assert s.data.numeric("y")[0] == np.float32(1 / 3)
    assert run(s, "gen double z = 1/3") == ""
    assert s.data.numeric("z")[0] == 1 / 3
    assert run(s, "gen byte b = x*100") == "(2 missing values generated)\n"
    assert run(s, "gen int i = 1.9") == ""
    assert s.data.numeric("i").tolist() == [1, 1, 1]
    assert run(s, "gen w = 1 if x == 1") == "(2 missing values generated)\n"


def test_generate_makes_text_as_long_as_it_needs() -> None:
    s = session(x=[1, 22])
    run(s, "gen t = string(x) + char(33)")
    assert (s.data.variable("t").storage, s.data.texts("t").tolist()) == ("str3", ["1!", "22!"])
    run(s, 'gen str2 u = "abcdef"', 'gen str v = "abc" in 1', 'gen strL m = "x"')
    assert s.data.texts("u").tolist() == ["ab", "ab"]
    assert s.data.texts("v").tolist() == ["abc", ""]
    assert s.data.variable("m").storage == "strL"


@pytest.mark.parametrize(
    ("command", "rc"),
    [("gen x = 1", 110), ("gen 2x = 1", 198), ("gen y", 100), ('gen byte y = "a"', 109), ("gen str3 y = 1", 109),
     ("gen foo bar = 1", 198), ("gen y = foo", 111), ("gen y = 1 in 7", 198), ("replace x = ", 198),
     ('replace x = "a"', 109), ("replace foo = 1", 111), ("replace x y = 1", 103), ("gen a b c = 1", 198),
     ("gen y = nosuch(1)", 133)],
)  # fmt: skip
def test_values_that_cannot_be_made_are_refused(command: str, rc: int) -> None:
    s = session(x=[1, 2])
    assert code(s, command) == rc
    assert s.data.names == ("x",)


def test_replace_reports_changes_and_promotes_the_type() -> None:
    s = session(x=[1, 2, 3], s=["a", "b", "c"])
    assert run(s, "replace x = 5 in 1") == "(1 real change made)\n"
    assert run(s, "replace x = . if x < 4") == "(2 real changes made, 2 to missing)\n"
    assert run(s, "replace x = 1000 in 2") == "variable x was byte now int\n(1 real change made)\n"
    assert run(s, "replace x = 100000 in 2") == "variable x was int now long\n(1 real change made)\n"
    assert run(s, "replace x = 1.5 in 2") == "variable x was long now double\n(1 real change made)\n"
    assert run(s, 'replace s = "long text" in 1') == "variable s was str1 now str9\n(1 real change made)\n"
    assert run(s, "replace x = x") == "(0 real changes made)\n"


def test_replace_can_keep_the_type() -> None:
    s = session(x=[1, 2])
    assert run(s, "replace x = 1000, nopromote") == "(2 real changes made, 2 to missing)\n"
    assert s.data.variable("x").storage == "byte"


def test_results_of_the_last_command_can_be_used() -> None:
    s = session(x=[1.0, 2.0, 6.0])
    run(s, "summarize x", "gen dev = x - r(mean)")
    assert s.data.numeric("dev").tolist() == [-2.0, -1.0, 3.0]


def test_sort_puts_missing_last_and_keeps_the_order_of_ties() -> None:
    s = session(x=[2, None, 1, 2], n=[1, 2, 3, 4])
    run(s, "sort x")
    assert s.data.numeric("n").tolist() == [3, 1, 4, 2]
    assert s.data.sorted_by == ("x",)
    run(s, "gsort -x n")
    assert s.data.numeric("n").tolist() == [1, 4, 3, 2]
    assert s.data.sorted_by == ()
    run(s, "gsort +x -n")
    assert s.data.numeric("n").tolist() == [3, 4, 1, 2]
    assert s.data.sorted_by == ("x",)
    assert code(s, "gsort") == 198
    assert code(s, "sort foo") == 111


def test_text_is_sorted_by_code() -> None:
    s = session(s=["b", "B", "a", ""])
    run(s, "sort s")
    assert s.data.texts("s").tolist() == ["", "B", "a", "b"]


def test_rows_keep_their_identity_through_sorting_and_dropping() -> None:
    s = session(x=[3, 1, 2])
    before = dict(zip(s.data.numeric("x").tolist(), s.data.row_ids.tolist(), strict=True))
    run(s, "sort x", "drop in 1")
    assert dict(zip(s.data.numeric("x").tolist(), s.data.row_ids.tolist(), strict=True)) == {
        2.0: before[2.0],
        3.0: before[3.0],
    }


def test_a_long_list_has_one_head_and_one_foot() -> None:
    text = run(session(x=range(2500)), "list, separator(0)")
    assert text.count("+------+") == 2
    assert text.count("|    x |") == 1
    assert len(text.splitlines()) == 2500 + 5


@pytest.mark.parametrize(
    ("command", "marked"),
    [
        ("use nowhere, clear", "nowhere"),
        ('use id using "no where" if id > 1, clear', '"no where"'),
        ("quietly webuse no/where, clear", "no/where"),
        ("describe using nowhere", "nowhere"),
        ('replace female = "x"', "female"),
        ("set level 5", "level 5"),
        ("set linesize 79.5", "linesize 79.5"),
        ("set colour red", "colour red"),
    ],
)
def test_what_a_command_cannot_take_is_underlined(command: str, marked: str) -> None:
    s = Session()
    assert s.run("use hsb").rc == 0
    error = s.run(command).error
    assert error is not None
    assert error.span is not None
    assert command[slice(*error.span)] == marked


def test_generate_attaches_a_value_label_named_with_the_variable() -> None:
    s = cars()
    run(s, 'label define big 0 "small" 1 "large"', "generate byte heavy:big = mpg > 2")
    assert s.data.variable("heavy").value_label == "big"
    assert s.data.variable("heavy").storage == "byte"
    assert "large" in run(s, "tabulate heavy")
    assert code(s, "generate y:2b = 1") == 198
    assert code(s, 'generate z:big = "text"') == 109


def test_text_with_line_breaks_is_listed_on_one_line():
    session = Session(data=pd.DataFrame({"s": ["a\nb", "c\td"]}))
    assert session.run("list, noobs clean").text.split() == ["s", "a", "b", "c", "d"]
    assert [line.rstrip() for line in session.run("list").text.splitlines()][4:6] == ["  1. | a b |", "  2. | c d |"]
