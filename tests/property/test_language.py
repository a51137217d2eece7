"""Reading what was printed gives the tree back; no text does worse than a StataError."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from language_strategies import expressions, replays, specs, varlists

from engine.errors import StataError
from engine.lang.dofile import split_commands
from engine.lang.numlist import parse_numlist
from engine.lang.parse_command import parse_command, split_prefixes
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.lang.printer import print_command, print_expression, print_varlist
from engine.lang.tokens import highlight
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_printer import print_mixed
from engine.spec.mixed_reader import read_mixed
from engine.spec.problems import disabled, problems_of

few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def find(word):
    return MIXED if word in ("mixed", "xtmixed") else None


@many
@given(expressions)
def test_an_expression_printed_and_read_is_the_same(tree):
    text = print_expression(tree)
    assert parse_expression(text) == tree
    assert print_expression(parse_expression(text)) == text


@many
@given(varlists)
def test_a_varlist_printed_and_read_is_the_same(tree):
    assert parse_varlist(print_varlist(tree)) == tree


@few
@given(specs)
def test_a_model_printed_and_read_is_the_same(spec):
    text = print_mixed(spec)
    read = read_mixed(parse_command(text, find))
    assert read == spec
    assert print_mixed(read) == text


@few
@given(replays)
def test_a_request_to_show_results_again_printed_and_read_is_the_same(replay):
    assert read_mixed(parse_command(print_mixed(replay), find)) == replay


@few
@given(specs)
def test_a_command_tree_printed_and_read_is_the_same(spec):
    tree = parse_command("quietly " + print_mixed(spec), find)
    assert parse_command(print_command(tree), find) == tree


@few
@given(specs)
def test_every_model_has_its_problems_and_reasons_told(spec):
    assert all(problem.message and problem.option for problem in problems_of(spec))
    assert all(disabled(spec).values())


WORDS = """
mixed xtmixed y x i. c. ib2. R. ## # || : , ( ) [ ] " ` ' `" "' if in using = == ! ~ ^ - + / * & | . .a 1 2.5 foo$m $m
reml cov(un) level(90) residuals(ar 1, t(w)) by qui cap /* */ // /// ; #delimit { } % ² é \\ \x00
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n"])
TEXTS = st.one_of(
    st.text(max_size=40), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join)
)


@many
@given(TEXTS)
@example("(" * 500 + "x" + ")" * 500)
@example("-" * 3000 + "x")
@example("x" + "+x" * 3000)
@example("!" * 400 + "x")
@example("L(1/2500)D(1/2500).x")
@example("1(1e-300)1e300")
def test_no_text_does_worse_than_a_stata_error(text):
    for read in (
        parse_expression,
        parse_varlist,
        parse_numlist,
        split_commands,
        split_prefixes,
        lambda typed: read_mixed(parse_command(typed, find)),
        lambda typed: read_mixed(parse_command("mixed y " + typed, find)),
        lambda typed: read_mixed(parse_command("mixed y x || id: " + typed, find)),
        lambda typed: read_mixed(parse_command("mixed y x || id:, " + typed, find)),
    ):
        with contextlib.suppress(StataError):
            read(text)


def _error(reader, text):
    try:
        reader(text)
    except StataError as error:
        return error
    return None


@many
@given(TEXTS)
def test_errors_point_into_the_text(text):
    for reader in (parse_expression, parse_varlist, lambda typed: parse_command(typed, find)):
        error = _error(reader, text)
        if error is not None and error.span is not None:
            start, end = error.span
            assert 0 <= start <= end <= len(text)


@many
@given(TEXTS)
def test_any_text_can_be_coloured(text):
    end = 0
    for start, last, kind in highlight(text):
        assert end <= start < last <= len(text)
        assert kind in {"command", "bar", "option", "string", "number", "comment", "error", "plain"}
        end = last


@many
@given(TEXTS)
def test_commands_of_a_do_file_keep_their_order(text):
    lines = [source.line for source in split_commands(text, comments=True)]
    assert lines == sorted(lines)
