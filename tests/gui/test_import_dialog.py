"""Importing text files and spreadsheets: the preview follows the options, and the command does what it shows."""

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit


@pytest.fixture
def german(tmp_path):
    path = tmp_path / "german data.csv"
    path.write_bytes("Größe;Datum\n1,5;03.04.2020\n2,25;05.06.2020\n".encode("latin-1"))
    return path


def drop(window, path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    return event.isAccepted()


def names(dialog):
    model = dialog.table.model()
    return [model.headerData(k, dialog.table.horizontalHeader().orientation()) for k in range(model.columnCount())]


def shown(dialog, row, column):
    model = dialog.table.model()
    return model.data(model.index(row, column))


def wait_for_rows(qtbot, dialog, count):
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() == count, timeout=10_000)


def test_text_file_that_is_opened_is_shown_before_it_is_read(window, qtbot, german):
    window.files.open(str(german))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    assert dialog.isVisible()
    assert not window.busy
    wait_for_rows(qtbot, dialog, 2)
    assert names(dialog)[0].startswith("größe\n")
    assert shown(dialog, 0, 0) == "1.5"
    facts = dialog.facts.text()
    assert "semicolon" in facts
    assert "Decimal comma found" in facts
    assert "windows-1252" in facts
    assert "dates(DMY) or dates(MDY)" in facts
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        dialog.findChild(QAbstractButton, "submit").click()
    assert done.args[0].rc == 0
    assert done.args[0].command == f'import delimited using "{german}"'
    assert window.session.data.numeric("größe").tolist() == [1.5, 2.25]


def test_preview_follows_the_options(window, qtbot, german):
    window.files.open(str(german))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    wait_for_rows(qtbot, dialog, 2)
    dialog.state.set_option("dates", "DMY")
    qtbot.waitUntil(lambda: shown(dialog, 0, 1) == "03apr2020", timeout=10_000)
    dialog.state.set_option("varnames", "nonames")
    wait_for_rows(qtbot, dialog, 3)
    dialog.state.set_option("varnames", "eleven")
    qtbot.waitUntil(lambda: "write the number of a line" in dialog.facts.text(), timeout=10_000)
    assert dialog.table.model().rowCount() == 0


def test_worksheets_are_offered_once_the_file_is_known(window, qtbot, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.create_sheet("Second").append(["only", "words"])
    book.save(tmp_path / "two.xlsx")
    assert drop(window, tmp_path / "two.xlsx")
    dialog = window.findChild(QDialog, "dialog_import excel")
    wait_for_rows(qtbot, dialog, 1)
    sheets = dialog.findChild(QComboBox, "import excel_sheet")
    assert [sheets.itemText(row) for row in range(sheets.count())] == ["Sheet", "Second"]
    sheets.setCurrentIndex(1)
    qtbot.waitUntil(lambda: [name.split("\n")[0] for name in names(dialog)] == ["only", "words"], timeout=10_000)
    assert dialog.state.to_command() == f'import excel using "{tmp_path / "two.xlsx"}", sheet("Second") firstrow'


def test_changed_data_are_not_replaced_without_saying_so(window, run, qtbot, german, data_file):
    data_file("pig")
    run("use pig")
    run("generate twice = 2*weight")
    window.files.open(str(german))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    wait_for_rows(qtbot, dialog, 2)
    dialog.findChild(QAbstractButton, "submit").click()
    assert not window.busy
    assert any(problem.option == "clear" for problem in dialog.shown_problems())
    dialog.state.set_option("clear")
    with qtbot.waitSignal(window.command_finished, timeout=20_000):
        dialog.findChild(QAbstractButton, "submit").click()
    assert window.session.data.names == ("größe", "datum")


def test_file_that_cannot_be_read_says_why_in_the_dialog(window, qtbot, tmp_path):
    path = tmp_path / "uneven.csv"
    path.write_text("a,b\n1,2\n3\n")
    window.files.open(str(path))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    qtbot.waitUntil(lambda: "line 3: 1 cell where line 1 has 2" in dialog.facts.text(), timeout=10_000)


def test_typed_command_is_opened_in_its_dialog(window, qtbot, german):
    window.open_in_dialog(f'import delimited "{german}", varnames(1)')
    dialog = window.findChild(QDialog, "dialog_import delimited")
    wait_for_rows(qtbot, dialog, 2)
    assert dialog.findChild(QLineEdit, "import delimited_using").text() == str(german)
    assert dialog.state.to_command() == f'import delimited using "{german}", varnames(1)'


def test_files_of_other_programs_are_in_the_file_menu(window, qtbot):
    for word in ("delimited", "excel", "spss", "sas", "parquet", "r"):
        action = window.findChild(QAction, f"action_import {word}")
        assert action is not None
        action.trigger()
        dialog = window.findChild(QDialog, f"dialog_import {word}")
        assert dialog.findChild(QLineEdit, f"import {word}_using") is not None
        dialog.close()


def test_data_are_exported_from_a_dialog(window, run, qtbot, data_file, tmp_path):
    data_file("pig")
    run("use pig")
    window.findChild(QAction, "action_export delimited").trigger()
    dialog = window.findChild(QDialog, "dialog_export delimited")
    target = tmp_path / "pig.csv"
    dialog.state.set(using=str(target))
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        dialog.findChild(QAbstractButton, "submit").click()
    assert done.args[0].rc == 0
    assert target.read_text().splitlines()[:2] == ["id,week,weight", "1,1,24"]


def test_data_of_another_program_are_opened_directly(window, run, qtbot, data_file, tmp_path):
    data_file("pig")
    run("use pig")
    run(f'export spss using "{tmp_path / "pig.sav"}"')
    with qtbot.waitSignal(window.command_finished, timeout=20_000) as done:
        window.files.open(str(tmp_path / "pig.sav"))
    assert done.args[0].rc == 0
    assert window.session.data.n_obs == 432
    assert "pig.sav" in window.windowTitle()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("sep=;\r\nk;x\r\n1;1,5\r\n", (["semicolon", "Decimal comma"], (["k\nbyte", "x\nfloat"], ["1", "1.5"]))),
        ('a\tb\n1\t"x\ny"\n', (["tab", "utf-8"], (["a\nbyte", "b\nstr3"], ["1", "x\ny"]))),
        ("a,b\r1,2\n3,4\r\n", (["comma", "utf-8"], (["a\nbyte", "b\nbyte"], ["1", "2"]))),
        (
            "\ufeffa|d\n1|1850-01-31\n",
            (["bar", "utf-8", "year-month-day"], (["a\nbyte", "d\nlong"], ["1", "31jan1850"])),
        ),
        ("d\n01/02/2020\n", (["day or month first?"], (["d\nstr10"], ["01/02/2020"]))),
        ("if,if,_n\n1,2,3\n", (["if is v1"], (["v1\nbyte", "v2\nbyte", "v3\nbyte"], ["1", "2", "3"]))),
    ],
    ids=["sep= and decimal comma", "quoted line end", "mixed line ends", "mark and old date", "ambiguous", "names"],
)
def test_preview_shows_what_is_found_in_files_written_wrongly(window, qtbot, tmp_path, content, expected):
    facts, columns = expected
    path = tmp_path / "odd.csv"
    path.write_bytes(content.encode())
    window.files.open(str(path))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    qtbot.waitUntil(lambda: dialog.table.model().rowCount() >= 1, timeout=10_000)
    said = dialog.facts.text().lower()
    assert [fact for fact in facts if fact.lower() not in said] == []
    assert [name.partition(" ")[0] for name in names(dialog)] == columns[0]
    assert [shown(dialog, 0, column) for column in range(len(columns[1]))] == columns[1]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n3,4,5\n", "line 3: 3 cells where line 1 has 2"),
        (b'a,b\n1,"2\n3,4\n', "line 2: a quote is opened"),
        (b"a,b\n1,2\n3,\0\0\n", "line 3 holds zero bytes"),
        (b"", "no line of data"),
        (b"<html><body>Not found</body></html>", "a web page"),
    ],
)
def test_preview_says_why_a_file_is_refused(window, qtbot, tmp_path, content, reason):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    window.files.open(str(path))
    dialog = window.findChild(QDialog, "dialog_import delimited")
    qtbot.waitUntil(lambda: reason in dialog.facts.text(), timeout=10_000)
    assert dialog.table.model().rowCount() == 0
