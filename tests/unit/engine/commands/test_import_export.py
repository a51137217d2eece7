"""import and export as commands: syntax, what they print, what they refuse, and files that come back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from engine.api import CommandDecl, Session, declarations
from engine.data.dataset import Dataset
from engine.data.missing import MISSING

FRAME = pd.DataFrame(
    {
        "id": [1, 2, 3],
        "x": [0.1, np.nan, 2.5],
        "name": ["Ä, b", "", 'say "c"'],
        "group": pd.Categorical(["lo", "hi", "lo"], categories=["lo", "hi"]),
        "born": pd.to_datetime(["1850-03-01", "2020-02-29", None]),
    }
)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(tmp_path)
    session = Session(Dataset.from_pandas(FRAME))
    session.run('label variable x `"An x"\'')
    return session


def ok(session: Session, command: str) -> str:
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome.text


def error(session: Session, command: str) -> tuple[int, str]:
    outcome = session.run(command)
    assert outcome.error is not None
    return outcome.rc, outcome.error.message


@pytest.mark.parametrize(
    ("export", "file", "labels"),
    [
        ("export delimited using f", "f.csv", False),
        ('export delimited "f.csv", replace', "f.csv", False),
        ("export excel f, firstrow(variables)", "f.xlsx", False),
        ("export spss f", "f.sav", True),
        ("export parquet f", "f.parquet", True),
        ("save f", "f.dta", True),
        ("saveold f", "f.dta", True),
    ],
)
def test_data_come_back_from_every_kind_of_file(session: Session, export: str, file: str, labels: bool) -> None:
    before = session.data
    assert f"file {file} saved" in ok(session, export)
    ok(session, f"use {file}, clear")
    data = session.data
    assert data.names == before.names
    for name in ("id", "x", "born"):
        expected = before.numeric(name)
        if file == "f.xlsx" and name == "born":
            continue  # a spreadsheet counts days since 1900
        assert data.numeric(name).tolist() == expected.tolist()
    assert data.columns["name"].tolist() == before.columns["name"].tolist()
    if labels:
        assert data.labels_of("group") == {1.0: "lo", 2.0: "hi"}
        assert data.variable("x").label == "An x"
    else:
        assert data.columns["group"].tolist() == ["lo", "hi", "lo"]


def test_text_is_written_as_stata_writes_it(session: Session, tmp_path: Path) -> None:
    ok(session, "export delimited using f.csv")
    lines = (tmp_path / "f.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "id,x,name,group,born",
        '1,0.1,"Ä, b",lo,01mar1850',
        "2,,,hi,29feb2020",
        '3,2.5,"say ""c""",lo,',
    ]
    ok(session, "replace x = .a in 2")
    ok(session, "export delimited id x group using f.txt if id < 3, delimiter(tab) nolabel novarnames quote")
    assert (tmp_path / "f.txt").read_text().splitlines() == ["1\t0.1\t1", "2\t.a\t2"]
    ok(session, "format x %8.2f")
    ok(session, 'export delimited x id using f.csv in 3, delimiter(";") datafmt replace')
    assert (tmp_path / "f.csv").read_text().splitlines() == ["x;id", "2.50;3"]


def test_floats_are_written_with_the_digits_that_make_them(session: Session, tmp_path: Path) -> None:
    ok(session, "generate float y = 0.1")
    ok(session, "export delimited y using f.csv")
    assert (tmp_path / "f.csv").read_text().splitlines() == ["y", "0.1", "0.1", "0.1"]
    ok(session, "generate double z = 1/3")
    ok(session, "export delimited z using f.csv, replace")
    assert float((tmp_path / "f.csv").read_text().splitlines()[1]) == 1 / 3


def test_existing_files_are_kept_unless_replace_is_given(session: Session, tmp_path: Path) -> None:
    for word, ending in (("delimited", "csv"), ("excel", "xlsx"), ("spss", "sav"), ("parquet", "parquet")):
        path = tmp_path / f"f.{ending}"
        path.write_text("mine")
        assert error(session, f"export {word} using f") == (602, f"file f.{ending} already exists")
        assert path.read_text() == "mine"
        assert f"file f.{ending} saved" in ok(session, f"export {word} using f, replace")
        assert path.read_bytes() != b"mine"


def test_failed_export_leaves_the_old_file_and_nothing_else(session: Session, tmp_path: Path) -> None:
    (tmp_path / "f.xpt").write_text("mine")
    ok(session, "rename name averylongname")
    rc, message = error(session, "export sasxport5 f, replace")
    assert rc == 459
    assert "averylongname" in message
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("f.xpt", "mine")]
    assert error(session, "export delimited no/such/f.csv")[0] == 603
    assert error(session, "save f.csv, replace")[0] == 198


@pytest.mark.parametrize(
    ("command", "rc", "words"),
    [
        ("import delimited gone.csv, clear", 601, "file gone.csv not found"),
        ("import excel gone, clear", 601, "file gone.xlsx not found"),
        ("import spss using gone, clear", 601, "file gone.sav not found"),
        ("import word f.docx", 198, "import word is not known; there are delimited, excel, spss"),
        ("export word f.docx", 198, "export word is not known; there are delimited, excel"),
        ("import delimited", 198, "a file name is missing"),
        ("import", 198, "the kind of file is missing; there are delimited, excel"),
        ("export", 198, "the kind of file is missing; there are delimited, excel"),
        ("import delimited t.csv, clear encoding(base64)", 198, "not one of text"),
        ("import delimited t.csv, clear encoding(undefined)", 198, "not one of text"),
        ("import delimited t.csv", 4, "no; dataset in memory has changed"),
        ("import delimited t.csv, clear rowrange(0)", 198, "rowrange(0)"),
        ("import delimited t.csv, clear varnames(two)", 198, "varnames(two)"),
        ('import delimited t.csv, clear delimiters("")', 198, "delimiters"),
        ("import delimited t.csv, clear decimalseparator(,) groupseparator(,)", 198, "the same sign"),
        ("import delimited a b c d using t.csv, clear", 198, "4 names for 2 columns"),
        ("import delimited 1x using t.csv, clear", 198, "1x is not a name"),
        ("import delimited t.csv, clear dates(YDM)", 198, "dates"),
        ("import excel t.csv, clear", 610, "text file"),
        ("import excel a b using t.xlsx, clear", 198, "leave out what stands before using"),
        ("export delimited nothere using f.csv", 111, "nothere"),
        ('export delimited f.csv, delimiter("ab")', 198, "delimiter()"),
        ("export excel f.ods", 198, "written as .xlsx"),
        ("export spss f.csv", 198, "another kind of file than SPSS data"),
        ("export spss f.por", 198, "another kind of file than SPSS data"),
        ("export delimited f.dta", 198, "another kind of file"),
        ("export excel f.xlsx, sheet(a/b)", 198, "name of a worksheet"),
        ("saveold f, version(7)", 198, "version"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code(
    session: Session, tmp_path: Path, command: str, rc: int, words: str
) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    found, message = error(session, command)
    assert found == rc, message
    assert words in message
    assert session.data.n_obs == 3


def test_import_prints_what_was_found_and_how_much(session: Session, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Ab,b\n1,2\n", encoding="utf-8")
    text = ok(session, "import delimited t.csv, clear")
    assert "(encoding automatically selected: UTF-8)" in text
    assert "(2 vars, 1 obs)" in text
    assert session.data.names == ("ab", "b")
    assert session.r.scalars["N"] == 1.0
    assert session.r.scalars["k"] == 2.0
    assert "encoding" not in ok(session, "import delimited t.csv, clear encoding(utf-8) case(preserve)")
    assert session.data.names == ("Ab", "b")
    ok(session, "import delimited x y using t.csv, clear asfloat stringcols(2) varnames(1)")
    assert session.data.columns["y"].tolist() == ["2"]


def test_abbreviated_words_and_options_are_understood(session: Session, tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("a;b\n1,5;2\n3,25;4\n")
    ok(session, 'import delim using t.txt, delim(";") varn(1) decim(,) clear')
    assert session.data.numeric("a").tolist() == [1.5, 3.25]
    ok(session, "export delim using u.csv, replace")
    ok(session, "export exc using u.xlsx, first(var)")
    ok(session, 'import exc u.xlsx, sh("Sheet1") cellra(A1:B2) first clear')
    assert session.data.n_obs == 1


def test_worksheets_are_listed(session: Session, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("More")
    book.save(tmp_path / "b.xlsx")
    assert ok(session, "import excel b.xlsx, describe").split()[-2:] == ["Sheet", "More"]


def test_variables_may_be_chosen_from_files_that_name_them(session: Session) -> None:
    ok(session, "export spss f")
    ok(session, "import spss name id using f, clear")
    assert session.data.names == ("id", "name")
    ok(session, "import spss using f, clear case(upper)")
    assert session.data.names == ("ID", "X", "NAME", "GROUP", "BORN")


def test_imported_data_are_saved_only_under_a_name_of_their_own(session: Session, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    ok(session, "import delimited t.csv, clear")
    assert session.data.path == "t.csv"
    assert error(session, "save, replace")[0] == 198
    assert (tmp_path / "t.csv").read_text() == "a,b\n1,2\n"
    ok(session, "save t")
    assert session.data.path == "t.dta"


def test_use_reads_any_file_and_selects_from_it(session: Session, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,when\n1,2,03/04/2020\n3,4,05/06/2020\n")
    text = ok(session, "use a when using t.csv if b > 2, clear")
    assert "day or month first?" in text
    assert (session.data.names, session.data.n_obs) == (("a", "when"), 1)
    ok(session, "describe using t.csv")


def test_text_is_compressed_where_its_name_says_so(session: Session, tmp_path: Path) -> None:
    ok(session, "export delimited id x using f.csv.gz")
    assert (tmp_path / "f.csv.gz").read_bytes()[:2] == b"\x1f\x8b"
    ok(session, "use f.csv.gz, clear")
    assert session.data.numeric("id").tolist() == [1.0, 2.0, 3.0]


def test_old_files_are_for_old_releases(session: Session, tmp_path: Path) -> None:
    assert "(saving in .dta format 115)" in ok(session, "saveold f")
    assert (tmp_path / "f.dta").read_bytes()[0] == 115
    ok(session, "saveold f, version(11) replace")
    assert (tmp_path / "f.dta").read_bytes()[0] == 114
    ok(session, "saveold f, version(13) replace")
    assert b"<release>117<" in (tmp_path / "f.dta").read_bytes()[:40]
    frame = pd.read_stata(tmp_path / "f.dta", convert_categoricals=False)
    assert frame["id"].tolist() == [1, 2, 3]
    assert session.data.changed


def test_missing_values_of_labels_leave_text_files_as_words(session: Session, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n.a\n.\n1\n")
    ok(session, "import delimited t.csv, clear")
    assert session.data.numeric("a")[1] == MISSING
    ok(session, "export delimited using u.csv")
    assert (tmp_path / "u.csv").read_text() == 'a\n.a\n""\n1\n'


EXAMPLES = [
    declaration
    for declaration in declarations()
    if declaration.name.startswith(("import ", "export ")) and any(e.startswith("export") for e in declaration.examples)
]


@pytest.mark.parametrize("declaration", EXAMPLES, ids=lambda declaration: declaration.name)
def test_examples_of_the_help_pages_run(
    declaration: CommandDecl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = Session()
    ok(session, "use hsb")
    ok(session, "keep id mathach ses female")
    for example in declaration.examples:
        ok(session, example)


def test_older_names_of_reading_and_writing_text(session: Session, tmp_path: Path) -> None:
    ok(session, "outsheet id x name using f if id < 3, replace")
    assert (tmp_path / "f.out").read_text(encoding="utf-8").splitlines() == ["id\tx\tname", '1\t0.1\t"Ä, b"', '2\t\t""']
    ok(session, "insheet using f.out, tab clear")
    assert session.data.columns["name"].tolist() == ["Ä, b", ""]
    ok(session, "outsheet id x using f.csv, comma noquote replace")
    ok(session, "insheet a b using f.csv, names clear")
    assert session.data.names == ("a", "b")
    assert error(session, "insheet using f.csv, comma tab clear")[0] == 184
    assert error(session, "outsheet id")[0] == 100
