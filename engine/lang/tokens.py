"""Text cut into tokens with their places; never fails, so that half-typed text can be coloured too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from engine.errors import Span, StataError
from engine.lang.prefixes import by_prefix, flag_prefix


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    MISSING = "missing"
    STRING = "string"
    OPENSTRING = "open string"
    """A string whose closing quote is missing."""
    DOTTED = "dotted"
    """Letters and digits with a dot before a name: ``L2.``, ``i.``."""
    OPEN = "open"
    CLOSE = "close"
    OPERATOR = "operator"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of text, blanks excluded."""

    kind: Kind
    text: str
    start: int
    end: int


_PATTERN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<dotted>(?![0-9]+\.[eE][-+]?[0-9]+(?!\w))\w+\.(?=[^\W\d]))
    |(?P<name>[^\W\d]\w*)
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
    |(?P<missing>\.[a-z]?(?!\w))
    |(?P<string>"[^"]*")
    |(?P<openstring>"[^"]*)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<operator>\|\||[=!~<>]=|[-+*/^=<>!~&|,:])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_KINDS = {kind.value.replace(" ", ""): kind for kind in Kind}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_MACRO = re.compile(r"`(?!\")[^'\s]*'?|\$(?:[^\W\d]\w*|\{[^}]*\}?)")


_COMMENT = re.compile(
    r"""(?P<string>"[^"\n]*"?)
    |(?P<star>^[ \t]*\*[^\n]*)
    |(?P<block>/\*.*?(?:\*/|\Z))
    |(?P<joins>(?<!\S)///[^\n]*\n?)
    |(?P<line>(?<!\S)//[^\n]*)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_COLOURS = {
    Kind.STRING: "string",
    Kind.OPENSTRING: "error",
    Kind.NUMBER: "number",
    Kind.MISSING: "number",
}


def tokenize(text: str) -> list[Token]:
    """Cut `text` into tokens; whatever has no meaning becomes a token of kind OTHER."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text.startswith('`"', position):
            token = _compound_string(text, position)
            tokens.append(token)
            position = token.end
            continue
        match = _PATTERN.match(text, position)
        if match is None or match.lastgroup is None:  # cannot be: the last alternative takes any character
            break
        if match.lastgroup != "blank":
            tokens.append(Token(_KINDS[match.lastgroup], match.group(), position, match.end()))
        position = match.end()
    return tokens


def _compound_string(text: str, start: int) -> Token:
    """Read ```"…"'``, which may contain further such strings."""
    depth, position = 0, start
    while position < len(text):
        pair = text[position : position + 2]
        if pair == '`"':
            depth += 1
            position += 2
        elif pair == "\"'":
            depth -= 1
            position += 2
            if depth == 0:
                return Token(Kind.STRING, text[start:position], start, position)
        else:
            position += 1
    return Token(Kind.OPENSTRING, text[start:], start, len(text))


def shortened(text: str, limit: int = 40) -> str:
    """Return `text` as a message quotes it: not longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def string_value(quoted: str) -> str:
    """Return a string token's text without its quotes."""
    return quoted[2:-2] if quoted.startswith("`") else quoted[1:-1]


def first_imbalance(tokens: list[Token]) -> tuple[str, Token] | None:
    """Return what is wrong with brackets and quotes, and at which token; None when all are closed."""
    opened: list[Token] = []
    for token in tokens:
        if token.kind is Kind.OPENSTRING:
            return "too few quotes", token
        if token.kind is Kind.OPEN:
            opened.append(token)
        elif token.kind is Kind.CLOSE:
            if not opened or _CLOSING[opened[-1].text] != token.text:
                return "too many ')' or ']'", token
            opened.pop()
    return ("too few ')' or ']'", opened[-1]) if opened else None


def check_balance(tokens: list[Token], offset: int = 0) -> None:
    """Raise r(132) when a bracket or quote is not closed."""
    found = first_imbalance(tokens)
    if found is not None:
        message, token = found
        raise StataError(132, message, (token.start + offset, token.end + offset))


def depths(tokens: list[Token]) -> list[int]:
    """Return for each token how many brackets are open around it (a bracket counts as outside itself)."""
    result, depth = [], 0
    for token in tokens:
        if token.kind is Kind.CLOSE:
            depth = max(0, depth - 1)
        result.append(depth)
        if token.kind is Kind.OPEN:
            depth += 1
    return result


def closing_bracket(tokens: Sequence[Token], opening: int) -> int:
    """Return the place of the bracket that closes the one at place `opening`; r(132) when none does."""
    depth = 0
    for at in range(opening, len(tokens)):
        depth += (tokens[at].kind is Kind.OPEN) - (tokens[at].kind is Kind.CLOSE)
        if depth == 0:
            return at
    raise StataError(132, "too few ')' or ']'", (tokens[opening].start, tokens[opening].end))


def first_macro(text: str) -> Span | None:
    """Return the place of the first macro (```name'``, ``$name``, ``${name}``), None when there is none."""
    match = _MACRO.search(text)
    return None if match is None else match.span()


def refuse_macros(text: str) -> None:
    """Raise r(198) when `text` holds a macro."""
    span = first_macro(text)
    if span is not None:
        typed = text[slice(*span)]
        raise StataError(198, f"macros are not available here: write the value in place of {typed}", span)


def highlight(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, kind) for syntax colours, in order and without overlap; never raises.

    Kinds: ``command``, ``bar`` (``||``), ``option``, ``string``, ``number``, ``comment``, ``error`` (a bracket or quote
    without its partner) and ``plain``.
    """
    coloured: list[tuple[int, int, str]] = []
    code = list(text)
    for match in _COMMENT.finditer(text):
        if match.lastgroup != "string":
            start, end = match.start(), match.start() + len(match.group().rstrip("\n"))
            coloured.append((start, end, "comment"))
            code[match.start() : match.end()] = " " * len(match.group())
    start = 0
    for line in "".join(code).split("\n"):
        coloured += [(start + first, start + last, kind) for first, last, kind in _colour_command(line)]
        start += len(line) + 1
    return _apart(sorted(coloured))


def _apart(coloured: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the stretches without overlap: a quote that stays open reaches over the comments behind it."""
    result: list[tuple[int, int, str]] = []
    end = 0
    for start, last, kind in coloured:
        if last > end:
            result.append((max(start, end), last, kind))
            end = last
    return result


def _opens_or_closes_block(token: Token, tokens: list[Token]) -> bool:
    """Tell whether a brace is that of a block over several lines: the last of a line, or the first."""
    return (token.text == "{" and token is tokens[-1]) or (token.text == "}" and token is tokens[0])


def _colour_command(text: str) -> list[tuple[int, int, str]]:
    """Colour one command without comments."""
    tokens = tokenize(text)
    found = first_imbalance(tokens)
    culprit = found[1] if found is not None else None
    if culprit is not None and _opens_or_closes_block(culprit, tokens):
        culprit = None
    coloured: list[tuple[int, int, str]] = []
    before, in_by, in_options = True, False, False
    for token, depth in zip(tokens, depths(tokens), strict=True):
        kind = "error" if token is culprit else _COLOURS.get(token.kind, "plain")
        if token.text == "||" and depth == 0:
            kind, in_options = "bar", False
        elif before and not in_by and token.kind is Kind.NAME:
            kind = "command"
            in_by = by_prefix(token.text) is not None
            before = in_by or flag_prefix(token.text) is not None
        elif in_by:
            in_by = token.text != ":"
        elif token.text == "," and depth == 0:
            in_options = True
        elif in_options and depth == 0 and token.kind is Kind.NAME:
            kind = "option"
        coloured.append((token.start, token.end, kind))
    return coloured
