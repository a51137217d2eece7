"""Colours of command text where braces open and close blocks."""

from engine.lang.tokens import highlight


def test_braces_of_blocks_over_several_lines_are_no_errors():
    text = "forvalues i = 1/2 {\n    display `i'\n}\ndisplay (1"
    errors = [text[start:end] for start, end, kind in highlight(text) if kind == "error"]
    assert errors == ["("]
