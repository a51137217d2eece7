"""``display``: text and values of expressions ([P] display)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.commands.base import Context, Effects
from engine.data.formats import check_format, format_padded, format_value
from engine.errors import StataError
from engine.lang.blocks import expression_end
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule
from engine.lang.parse_expr import parse_expression
from engine.tables.document import Role

DECLARATION = CommandDecl(
    name="display",
    minimum=2,
    title="Show text and values",
    help="display shows texts in quotes and values of expressions, each after a format where one is given.",
    varlist=VarlistRule.TEXT,
    picks=Picks.EXPRESSION,
    verbatim=True,
    examples=("display 2+3", 'display "mean = " %6.2f r(mean)'),
)

NUMBER_FORMAT = "%10.0g"
"""How numbers without a format are shown."""

_FORMAT = re.compile(r"%[-~0]?\d+(?:[.,]\d+)?[a-z]+|%[-0]?t[cCdwmqhy]\S*|%-?\d*s")
_STYLE = re.compile(r"(?:as|in)\s+([a-z]+)")
_MOVE = re.compile(r"_(newline|n|continue|c|column|col|skip|s|dup)\b(?:\s*\(\s*([^()]+)\s*\))?")
_STYLES = frozenset(["text", "txt", "result", "res", "error", "err", "input", "inp", "smcl"])
_COLOURS = frozenset(["red", "green", "yellow", "white", "blue", "gr", "ye"])
"""What ``in`` is followed by in older do-files; red is for errors."""
_LONGEST = 10_000
_PLAIN_MARKUP = "txt text res result err error inp input smcl reset sf bf it cmd com ul off on p_end break p"
_MARKUP = re.compile(
    rf"\{{(?:{'|'.join(_PLAIN_MARKUP.split())})\}}"
    r"|\{hline(?: (?P<line>\d{1,4}))?\}|\{(?:space|dup) (?P<space>\d{1,4})(?::(?P<copied>[^{}]*))?\}"
    r"|\{(?:col|column) (?P<column>\d{1,4})\}|\{(?:c|char) (?P<character>[^{}]{1,7})\}|\{\.-\}"
    r"|\{(?:txt|text|res|result|err|error|inp|input|bf|it|cmd|ul|hi|hilite|sf|bind|title)"
    r"(?: on| off|:(?P<words>[^{}]*))\}"
)
_CHARACTERS = {"|": "|", "-": "-", "+": "+", "TT": "+", "BT": "+", "LT": "+", "RT": "+", "TLC": "+", "TRC": "+",
               "BLC": "+", "BRC": "+", "-(": "{", ")-": "}", "S|": "$", "'g": "`"}  # fmt: skip
"""Characters by their SMCL names."""


@dataclass(slots=True)
class _Page:
    """Lines as they fill."""

    lines: list[str] = field(default_factory=lambda: [""])
    role: Role = Role.TEXT
    copies: int = 1
    """How many times the next text or value is shown."""
    open: bool = False
    """Whether the last line goes on with the next output (``_continue``)."""

    def write(self, text: str) -> None:
        first, *others = text.split("\n")
        self.lines[-1] += first
        self.lines += others


def run(command: Command, context: Context) -> Effects:
    """Show the line."""
    before = context.open_line.text
    page = _Page(lines=[before])
    _fill(page, command.main.body, command.main.body_span[0], context)
    unfinished = page.lines.pop() if page.open else ""
    context.open_line.text = ""
    if page.lines:
        context.say(*page.lines, role=page.role)
    context.open_line.text = unfinished
    return Effects()


def displayed(text: str, context: Context) -> list[str]:
    """Return the lines that ``display text`` would show."""
    page = _Page()
    _fill(page, text, 0, context)
    return page.lines


def _fill(page: _Page, text: str, offset: int, context: Context) -> None:
    """Read one directive after the other."""
    at, fmt = 0, ""
    while at < len(text):
        rest = text[at:]
        if rest[0].isspace():
            at += 1
        elif rest[0] == ",":
            page.write(" ")
            at += 1
        elif match := _FORMAT.match(rest):
            fmt = match.group()
            _check(fmt, (offset + at, offset + at + len(fmt)))
            at += match.end()
        elif (match := _STYLE.match(rest)) and match[1] in (_STYLES if rest[0] == "a" else _STYLES | _COLOURS):
            page.role = Role.ERROR if match[1] in ("error", "err", "red") else page.role
            at += match.end()
        elif match := _MOVE.match(rest):
            _move(page, match, context, offset + at)
            at += match.end()
        else:
            end = at + expression_end(rest)
            page.write(_item(text[at:end], offset + at, fmt, context, page.lines[-1]) * page.copies)
            at, fmt, page.copies = end, "", 1


def _check(fmt: str, span: tuple[int, int]) -> None:
    try:
        check_format(fmt if fmt not in ("%s", "%-s") else "%9s")
    except StataError as error:
        raise StataError(error.rc, error.message, span) from None


def _move(page: _Page, match: re.Match[str], context: Context, offset: int) -> None:
    """Carry out ``_newline(#)``, ``_column(#)``, ``_skip(#)``, ``_dup(#)``, ``_continue``."""
    from engine.frame.evaluate import evaluate_scalar

    word, argument = match[1], match[2]
    if word in ("continue", "c"):
        page.open = True
        return
    number = 1.0
    if argument is not None:
        value = evaluate_scalar(
            parse_expression(argument, offset + match.start(2)), context.dataset, lookup=context.lookup
        )
        number = value if isinstance(value, float) else -1.0
    if not 0 <= number <= _LONGEST:
        span = (offset + match.start(), offset + match.end())
        raise StataError(198, f"_{word}() takes a whole number from 0 to {_LONGEST}", span)
    count = int(number)
    if word in ("newline", "n"):
        page.write("\n" * count)
    elif word in ("column", "col"):
        page.lines[-1] = page.lines[-1].ljust(count - 1)
    elif word in ("skip", "s"):
        page.write(" " * count)
    elif word == "dup":
        page.copies = count


def without_markup(text: str, start: int, linesize: int) -> str:
    """Return a text as SMCL shows it: lines, columns and characters drawn, styles left out; it begins at `start`."""
    if "{" not in text:
        return text
    shown = ""
    at = 0
    for match in _MARKUP.finditer(text):
        shown += text[at : match.start()]
        at = match.end()
        if match.group().startswith(("{hline", "{.-")):
            shown += "-" * (int(match["line"]) if match["line"] else max(linesize - start - len(shown), 0))
        elif match["space"]:
            shown += (match["copied"] if match["copied"] is not None else " ") * int(match["space"])
        elif match["column"]:
            shown += " " * (int(match["column"]) - 1 - start - len(shown))
        elif match["character"]:
            shown += _CHARACTERS.get(match["character"], match.group())
        else:
            shown += match["words"] or ""
    return shown + text[at:]


def _item(text: str, offset: int, fmt: str, context: Context, line: str) -> str:
    """Return one text or value as shown behind `line`."""
    from engine.frame.evaluate import evaluate_scalar

    tree = parse_expression(text, offset)
    value = evaluate_scalar(tree, context.dataset, lookup=context.lookup, rng=context.rng)
    if isinstance(value, str):
        shown = without_markup(value, len(line), context.settings.linesize)
        return format_padded(shown, fmt) if fmt.endswith("s") and fmt not in ("%s", "%-s") else shown
    if fmt.endswith("s"):
        raise StataError(109, f"type mismatch: {fmt} is for text", (offset, offset + len(text)))
    return format_padded(value, fmt) if fmt else format_value(value, NUMBER_FORMAT)
