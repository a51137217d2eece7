"""A do-file as the editor holds it."""

import pytest

from engine.api import Ended, Session, Started, StataError
from mixedgui.state.dofile import Dofile, RunWatch, lines_to_run

TEXT = """* a comment
use sleepstudy
mixed reaction days ///
    || subject: days

forvalues i = 1/2 {
    display `i'
}
display 1"""


@pytest.mark.parametrize(
    ("line", "lines"), [(1, (1, 1)), (2, (2, 3)), (3, (2, 3)), (4, (4, 4)), (6, (5, 7)), (8, (8, 8))]
)
def test_the_cursor_runs_the_statement_it_stands_in(line, lines) -> None:
    assert lines_to_run(TEXT, line, line, selected=False) == lines


def test_a_selection_runs_the_lines_it_touches() -> None:
    assert lines_to_run(TEXT, 2, 4, selected=True) == (2, 4)


def test_a_file_is_written_whole_and_read_back(tmp_path) -> None:
    path = tmp_path / "ärger 1.do"
    file = Dofile()
    assert file.name == "Untitled.do"
    file.save("display 1\n", str(path))
    assert path.read_text(encoding="utf-8") == "display 1\n"
    assert not file.is_changed("display 1\n")
    path.write_bytes(b"display 2\r\ndisplay 3\r\n")
    assert file.load(str(path)) == "display 2\ndisplay 3\n"
    assert [each.name for each in tmp_path.iterdir()] == ["ärger 1.do"]


def test_what_cannot_be_written_or_read_is_said(tmp_path) -> None:
    with pytest.raises(StataError) as error:
        Dofile().save("x", str(tmp_path / "no" / "where.do"))
    assert error.value.rc == 603
    with pytest.raises(StataError) as error:
        Dofile().load(str(tmp_path / "nothing.do"))
    assert error.value.rc == 601


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("display 1\nnonsense\ndisplay 2", 1),
        ("display 1\n\n* comment\ndisplay ///\n  nonsense(1)", 3),
        ("display 1\nforvalues i = 1/2 {\n  display 2\n  nonsense\n}", 3),
        ("quietly display 1\nif 1 {\n    nonsense\n}", 2),
    ],
)
def test_the_line_of_the_error_is_known(text, line) -> None:
    watch = RunWatch(text, 0)

    def listen(event) -> None:
        if isinstance(event, Started):
            watch.begun(event.command)
        elif isinstance(event, Ended) and not event.outcome.rc:
            watch.ended()

    assert Session().run(text, sink=listen).rc
    assert watch.line == line
