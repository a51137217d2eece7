"""``log using`` writes what the log shows to a file."""

from __future__ import annotations

import pytest
from outcomes import ran

from engine.api import Session


def body(path):
    """Return the lines of a log file behind its header."""
    return path.read_text(encoding="utf-8").split("\n")[4:]


def test_commands_and_output_between_opening_and_closing_are_in_the_file(tmp_path):
    session, path = Session(), tmp_path / "a b.log"
    ran(session, "display 1", f'log using "{path}"', "display 2", "quietly display 3", "log close", "display 4")
    header = path.read_text(encoding="utf-8").split("\n")[:4]
    assert [line.split(":")[0].strip() for line in header] == ["name", "log", "log type", "opened on"]
    assert header[1].endswith(str(path))
    assert body(path)[:7] == ["", ". display 2", "2", "", ". quietly display 3", "", ". log close"]
    assert "4" not in body(path)


def test_blocks_and_errors_are_in_the_file(tmp_path):
    session, path = Session(), tmp_path / "log.log"
    ran(session, f'log using "{path}"')
    session.run("forvalues i = 1/2 {\ndisplay `i'\n}\nsummarize x")
    text = "\n".join(body(path))
    assert ". forvalues i = 1/2 {\n  2. display `i'\n  3. }\n1\n2\n\n. summarize x\n" in text
    assert "r(111);" in text


def test_a_log_can_be_suspended(tmp_path):
    session, path = Session(), tmp_path / "log.log"
    ran(session, f'log using "{path}"', "log off", "display 12345", "log on", "display 67890", "log close")
    text = path.read_text(encoding="utf-8")
    assert "12345" not in text
    assert "67890" in text


def test_an_existing_file_is_kept_unless_it_may_be_replaced_or_added_to(tmp_path):
    session, path = Session(), tmp_path / "log.log"
    path.write_text("before\n", encoding="utf-8")
    assert session.run(f'log using "{path}"').rc == 602
    assert path.read_text(encoding="utf-8") == "before\n"
    ran(session, f'log using "{path}", append', "log close")
    assert path.read_text(encoding="utf-8").startswith("before\n")
    ran(session, f'log using "{path}", replace text', "log close")
    assert "before" not in path.read_text(encoding="utf-8")


def test_the_ending_log_is_added(tmp_path):
    session = Session()
    ran(session, f'log using "{tmp_path / "name"}"')
    assert (tmp_path / "name.log").exists()
    assert str(tmp_path / "name.log") in ran(session, "log").text
    assert session.run(f'log using "{tmp_path / "other"}"').rc == 604


@pytest.mark.parametrize(
    ("line", "rc"),
    [
        ("log close", 606),
        ("log off", 606),
        ("capture log close", 0),
        ("log close _all", 0),
        ("log", 0),
        ("log using", 198),
        ("log nothing", 198),
        ("log using x.smcl", 198),
        ("log using x, smcl", 198),
        ("log using x, replace append", 184),
        ('log using "no such folder/x"', 603),
    ],
)
def test_mistakes_have_their_code(line, rc):
    assert Session().run(line).rc == rc
