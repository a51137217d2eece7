"""What stands after the comma: option words found by abbreviation, arguments checked by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.errors import Span, StataError
from engine.lang.abbrev import matches, nearest
from engine.lang.command import OptionUse
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, Scope
from engine.lang.numlist import parse_numlist, print_number
from engine.lang.parse_expr import parse_expression
from engine.lang.parse_varlist import parse_varlist
from engine.lang.tokens import Kind, Token, closing_bracket
from engine.phrase import phrase

_FORMAT = re.compile(r"%-?0?([0-9]+)[.,]([0-9]+)[gfe]c?")
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_LARGEST = 1e15
"""Whole numbers from here on are not exact."""

_REAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_NAME = re.compile(r"[^\W\d]\w*")
_NEVER_EMPTY = frozenset({Picks.COVARIATES, Picks.COEFFICIENTS, Picks.FIT, Picks.FITS})
"""What an argument of free text is made of where an empty one means nothing."""

_FREE = frozenset({OptionKind.STRING, OptionKind.TEXT, OptionKind.NEW_VARIABLES})


def read_options(
    text: str, tokens: Sequence[Token], decl: CommandDecl, *, first_part: bool, synonym: bool
) -> tuple[OptionUse, ...]:
    """Read the options that `tokens` of `text` spell.

    Parameters
    ----------
    text, tokens
        The command and those of its tokens that follow the comma.
    decl
        The command's declaration.
    first_part
        True before the first ``||``: where an option exists for both kinds of equation the fixed one is meant.
    synonym
        True when the command was called by a synonym, which may have shorter abbreviations.

    Raises
    ------
    StataError
        r(198) for an unknown, misplaced, repeated or badly filled option.
    """
    uses: list[OptionUse] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.kind is not Kind.NAME:
            raise StataError(198, _stray(token), (token.start, token.end))
        end, argument, argument_span = token.end, None, None
        if at < len(tokens) and tokens[at].text == "(" and tokens[at].kind is Kind.OPEN:
            closing = closing_bracket(tokens, at)
            inside = text[tokens[at].end : tokens[closing].start]
            argument = inside.strip()
            start = tokens[at].end + len(inside) - len(inside.lstrip())
            argument_span = (start, start + len(argument)) if argument else (tokens[at].start, tokens[closing].end)
            end = tokens[closing].end
            at = closing + 1
        found = find_option(decl, token, first_part=first_part, synonym=synonym)
        use = OptionUse(found, argument, (token.start, end), argument_span)
        if found.refused and not decl.equations:  # those with equations list all that is wrong at once
            raise StataError(198, found.refused, use.span)
        check_argument(use)
        if not found.repeatable and argument is not None and any(other.decl == found for other in uses):
            raise StataError(198, f"option {found.name}() is given twice", use.span)
        uses.append(use)
    return tuple(uses)


def _stray(token: Token) -> str:
    if token.text == ",":
        return "a second comma: one comma starts the options, blanks separate them"
    return f"{token.text} is not expected among the options"


def find_option(decl: CommandDecl, token: Token, *, first_part: bool = True, synonym: bool = False) -> OptionDecl:
    """Return the option that the word `token` abbreviates; r(198) when there is none in this place."""
    word, span = token.text, (token.start, token.end)
    found = [option for option in decl.options if _fits(word, option, synonym=synonym)]
    exact = [option for option in found if option.name == word]
    foreign = Scope.RANDOM if first_part else Scope.FIXED
    for option in exact or found:
        if option.scope is not foreign or not decl.equations:
            return option
    if found:
        brackets = "" if found[0].kind is OptionKind.FLAG else "()"
        where = "after the comma of its || equation" if first_part else "before the first ||"
        raise StataError(198, f"option {found[0].name}{brackets} not allowed here: write it {where}", span)
    meant = nearest(word, [option.name for option in decl.options])
    hint = f"; did you mean {meant}?" if meant else ""
    raise StataError(198, f"option {word} not allowed{hint}", span)


def _fits(word: str, option: OptionDecl, *, synonym: bool) -> bool:
    minimum = option.synonym_minimum if synonym and option.synonym_minimum else option.minimum
    return matches(word, option.name, minimum)


def check_argument(use: OptionUse) -> None:
    """Raise r(198) (a format r(120), a numlist r(121)) when the argument of an option is not of its kind."""
    decl, argument = use.decl, use.argument
    if decl.kind is OptionKind.FLAG:
        if argument is not None:
            raise StataError(198, f"option {decl.name} takes no argument", use.span)
        return
    if argument is None:
        if decl.bare:
            return
        raise _incorrect(use, "it needs an argument in brackets")
    if decl.kind in _FREE:
        if not argument and decl.picks in _NEVER_EMPTY:
            raise _incorrect(use, "the brackets are empty")
        return
    if not argument:
        raise _incorrect(use, "the brackets are empty")
    _CHECKS[decl.kind](use, argument)


def _incorrect(use: OptionUse, why: str) -> StataError:
    return StataError(198, f"option {use.decl.name}() incorrectly specified: {why}", use.argument_span or use.span)


def range_problem(decl: OptionDecl, value: float) -> str:
    """Return what is wrong with a number outside the bounds of `decl`, empty when it is inside."""
    low, high = decl.low, decl.high
    if (low is None or value >= low) and (high is None or value <= high):
        return ""
    if low is not None and high is not None:
        return phrase(
            "{name}() must be between {low} and {high}",
            name=decl.name,
            low=print_number(low),
            high=print_number(high),
        )
    if low is not None:
        return phrase("{name}() must be at least {low}", name=decl.name, low=print_number(low))
    return phrase("{name}() must be at most {high}", name=decl.name, high=print_number(high or 0))


def format_problem(decl: OptionDecl, text: str) -> str:
    """Return what is wrong with a numeric format, empty when it is fine; `high` of a format is its greatest width."""
    match = _FORMAT.fullmatch(text)
    if match is None or len(match.group(1)) > 3 or int(match.group(2)[:4]) >= int(match.group(1)):
        return phrase(
            "invalid %format in {name}(): {text}; a numeric format looks like %9.3f", name=decl.name, text=text
        )
    if decl.high is not None and int(match.group(1)) > decl.high:
        return phrase(
            "invalid %format in {name}(): {text} is wider than {width}",
            name=decl.name,
            text=text,
            width=print_number(decl.high),
        )
    return ""


def find_choice(decl: OptionDecl, word: str) -> str | None:
    """Return the full word of the choice that `word` abbreviates, None when it is none of them."""
    for choice in decl.choices:
        if choice.word == word:
            return choice.word
    return next((choice.word for choice in decl.choices if matches(word, choice.word, choice.minimum)), None)


def _check_number(use: OptionUse, argument: str) -> None:
    whole = use.decl.kind is OptionKind.INTEGER
    if (_INTEGER if whole else _REAL).fullmatch(argument) is None:
        raise _incorrect(use, f"{argument} is not a {'whole ' if whole else ''}number")
    problem = range_problem(use.decl, float(argument))
    if problem:
        raise StataError(198, problem, use.argument_span)
    if whole and abs(float(argument)) >= _LARGEST:
        raise _incorrect(use, f"{argument} is too large")


def _check_choice(use: OptionUse, argument: str) -> None:
    if find_choice(use.decl, argument) is None:
        words = ", ".join(choice.word for choice in use.decl.choices)
        meant = nearest(argument, [choice.word for choice in use.decl.choices])
        hint = f"did you mean {meant}?" if meant else f"write one of {words}"
        raise _incorrect(use, f"{argument} is not known; {hint}")


def _check_name(use: OptionUse, argument: str) -> None:
    if _NAME.fullmatch(argument) is None:
        raise _incorrect(use, f"{argument} is not a name")


def _check_variables(use: OptionUse, argument: str) -> None:
    listed = parse_varlist(argument, _start(use))
    if use.decl.kind is OptionKind.VARIABLE and len(listed.items) != 1:
        raise _incorrect(use, "it takes one variable")


def _check_numbers(use: OptionUse, argument: str) -> None:
    parse_numlist(argument, _start(use))


def _check_expression(use: OptionUse, argument: str) -> None:
    parse_expression(argument, _start(use))


def _check_format(use: OptionUse, argument: str) -> None:
    problem = format_problem(use.decl, argument)
    if problem:
        raise StataError(120, problem, use.argument_span)


def _start(use: OptionUse) -> int:
    span: Span = use.argument_span or (0, 0)
    return span[0]


_CHECKS: dict[OptionKind, Callable[[OptionUse, str], None]] = {
    OptionKind.INTEGER: _check_number,
    OptionKind.REAL: _check_number,
    OptionKind.NAME: _check_name,
    OptionKind.CHOICE: _check_choice,
    OptionKind.VARIABLE: _check_variables,
    OptionKind.VARIABLES: _check_variables,
    OptionKind.NUMBERS: _check_numbers,
    OptionKind.EXPRESSION: _check_expression,
    OptionKind.FORMAT: _check_format,
}
