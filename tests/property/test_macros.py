"""Substitution of macros: what must hold for any text."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import StataError
from engine.lang.blocks import expression_end, read_blocks
from engine.lang.dofile import split_commands
from engine.lang.macros import Expanded, Macros, expand

PLAIN = st.text(st.characters(exclude_characters="`$\\'\"", exclude_categories=["Cs"]), max_size=20)
PIECES = st.sampled_from(
    ["`", "'", '"', "$", "{", "}", "\\", "a", "b", "=", ":", "++", " ", "`a'", "$g", "${g}", '`"', "\"'"]
)
ANY = st.lists(PIECES, max_size=15).map("".join)
LINES = st.lists(
    st.sampled_from(["foreach x in a b {", "if 1 {", "}", "else {", "else x", "x", "while 0 {", "quietly {", "if 1 x"]),
    max_size=10,
).map("\n".join)
many = settings(max_examples=200, deadline=None)


class Answers:
    """Answers with constants."""

    def value(self, expression):
        return "1"

    def function(self, text):
        return "f"

    def stored(self, kind, name):
        return "s"


@many
@given(PLAIN)
def test_text_without_macros_stays_as_it_is(text):
    assert expand(text, Macros(), Answers()).text == text


@many
@given(PLAIN, PLAIN, PLAIN)
def test_a_macro_is_replaced_by_exactly_its_text(before, content, after):
    macros = Macros({"m": content}, {"g": content})
    assert expand(f"{before}`m'{after}", macros, Answers()).text == before + content + after
    assert expand(before + "${g}" + after, macros, Answers()).text == before + content + after


@many
@given(ANY, ANY, ANY)
def test_no_text_does_worse_than_a_stata_error_and_places_stay_inside(text, local, other):
    macros = Macros({"a": local, "b": other}, {"g": other, "a": local})
    expanded = Expanded("")
    place = None
    try:
        expanded = expand(text, macros, Answers())
    except StataError as error:
        place = error.span
    assert place is None or 0 <= place[0] <= place[1] <= len(text)
    for place in range(len(expanded.text)):
        start, end = expanded.typed_span((place, place + 1))
        assert 0 <= start <= end <= len(text)


@many
@given(LINES)
def test_blocks_hold_every_line_or_say_what_is_wrong(text):
    with contextlib.suppress(StataError):
        nodes = read_blocks(split_commands(text))
        lines = sum(len(node.source.lines) for node in nodes)
        assert lines == len(text.splitlines())


@many
@given(ANY)
def test_an_expression_ends_inside_its_text(text):
    assert 0 <= expression_end(text) <= len(text)
