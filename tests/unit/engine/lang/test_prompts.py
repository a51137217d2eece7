"""What a log shows before the lines of a command."""

from __future__ import annotations

from engine.lang.blocks import read_blocks
from engine.lang.dofile import split_commands
from engine.lang.prompts import wrapped


def shown(text, width=80):
    """Return the first command of a text as the log echoes it."""
    source = read_blocks(split_commands(text))[0].source
    return list(wrapped(source.lines, source.prompts, width))


def test_a_loop_numbers_its_commands_from_two_and_goes_on_inside_another():
    text = "foreach x in a b {\n  forvalues i = 1/2 {\n    display ///\n      `i'\n  }\n}"
    assert shown(text) == [
        ". foreach x in a b {",
        "  2.   forvalues i = 1/2 {",
        "  3.     display ///",
        ">       `i'",
        "  4.   }",
        "  5. }",
    ]


def test_a_program_numbers_its_commands_from_one():
    assert shown("program define p\n  args a\n  display 1\nend") == [
        ". program define p",
        "  1.   args a",
        "  2.   display 1",
        "  3. end",
    ]


def test_a_long_line_goes_on_behind_an_angle():
    """The line is the reference document's, which was logged 78 columns wide."""
    command = (
        "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector || id: female, "
        "cov(unstr) robust"
    )
    assert shown(command, 78) == [
        ". mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female#",
        "> #i.sector || id: female, cov(unstr) robust",
    ]


def test_numbers_have_room_for_three_digits_and_grow():
    lines = ["while 1 {", *["display 1"] * 99, "}"]
    assert shown("\n".join(lines))[99:101] == ["100. display 1", "101. }"]
