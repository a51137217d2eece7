"""Text cut into tokens with their places; never fails, so that half-typed text can be coloured too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from engine.errors import Span, StataError


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
_MACRO = re.compile(r"`(?!\")[^'\s]*'?|\$(?:\w+|\{[^}]*\}?)")


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


def first_macro(text: str) -> Span | None:
    """Return the place of the first macro (```name'``, ``$name``, ``${name}``), None when there is none."""
    match = _MACRO.search(text)
    return None if match is None else match.span()


def refuse_macros(text: str) -> None:
    """Raise r(198) when `text` holds a macro."""
    span = first_macro(text)
    if span is not None:
        typed = text[slice(*span)]
        raise StataError(198, f"macros are not available in this version: write the value in place of {typed}", span)
