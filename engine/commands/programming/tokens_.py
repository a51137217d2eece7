"""``gettoken``, ``tokenize``, ``numlist``, ``unab``, ``ds``: lists cut into pieces ([P] gettoken, tokenize, unab)."""

from __future__ import annotations

import re

from engine.commands.base import Context, Effects, Run
from engine.commands.words import compound_end
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule
from engine.lang.numlist import parse_numlist, print_number
from engine.lang.tokens import string_value
from engine.results.stored import Stored

PARSE = OptionDecl(
    name="parse", minimum=1, kind=OptionKind.TEXT, label="Characters between",
    help="Characters that end a piece, and are pieces themselves; blanks by default.",
)  # fmt: skip
GETTOKEN = CommandDecl(
    name="gettoken",
    minimum=8,
    title="First piece of a text",
    help="gettoken first rest : list puts the first piece of a local macro into another, the rest into a third.",
    varlist=VarlistRule.TEXT,
    options=(
        PARSE,
        OptionDecl(name="quotes", minimum=1, label="Keep quotes", help="Leave outer quotes on the piece."),
        OptionDecl(
            name="match", minimum=1, kind=OptionKind.NAME, label="Brackets",
            help="Take brackets as one piece, and tell so in this macro.",
        ),
    ),
    examples=("gettoken first rest : list",),
)  # fmt: skip
TOKENIZE = CommandDecl(
    name="tokenize",
    minimum=8,
    title="Text into `1', `2', …",
    help="tokenize text puts its pieces into the local macros 1, 2, ….",
    varlist=VarlistRule.TEXT,
    options=(PARSE,),
    examples=("tokenize ses female sector",),
)
NUMLIST = CommandDecl(
    name="numlist",
    minimum=7,
    title="Expand a list of numbers",
    help="numlist \"1/5 10\" leaves the numbers in r(numlist).",
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(name="ascending", minimum=3, label="Ascending", help="Refuse a list that is not in order."),
        OptionDecl(name="descending", minimum=3, label="Descending", help="Refuse one not in descending order."),
        OptionDecl(name="integer", minimum=3, label="Whole numbers", help="Refuse other numbers."),
        OptionDecl(name="sort", minimum=4, label="Sort", help="Put the numbers in order."),
        OptionDecl(name="min", minimum=3, kind=OptionKind.INTEGER, label="At least", help="Smallest number of them."),
        OptionDecl(name="max", minimum=3, kind=OptionKind.INTEGER, label="At most", help="Largest number of them."),
    ),
    examples=('numlist "1/5 10"',),
    results=(("r(numlist)", "the numbers"),),
)  # fmt: skip
UNAB = CommandDecl(
    name="unab",
    minimum=4,
    title="Names of variables in full",
    help="unab list : x* puts the full names of variables into a local macro.",
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    examples=("unab list : *",),
)
DS = CommandDecl(
    name="ds",
    minimum=2,
    title="Compactly list variable names",
    help="Lists the names of variables, of a type, a format or with a label where has() or not() say so.",
    menu=("Data", "Describe data", "Compactly list variable names"),
    varlist=VarlistRule.OPTIONAL,
    options=(
        OptionDecl(name="not", minimum=3, kind=OptionKind.TEXT, bare=True, label="Other variables", page="model",
                   help="List those that are not named, or do not have what stands here: type string."),
        OptionDecl(name="has", minimum=1, kind=OptionKind.TEXT, label="That have", page="model",
                   help="type numeric, type string, a storage type, format %t*, varlabel or vallabel."),
        OptionDecl(name="alpha", minimum=1, label="Alphabetically", help="Order them by name.", page="model"),
    ),
    examples=("ds", "ds, has(type string)"),
    results=(("r(varlist)", "the names"),),
)  # fmt: skip

_HEADS = re.compile(
    r"(?P<global>\((?:global|local)\)\s*)?(?P<first>\w+)(?:\s+(?P<rest>\w+))?\s*:\s*(?P<source>.+)", re.S
)
_NAMING = re.compile(r"(?P<name>\w+)\s*:\s*(?P<list>.*)", re.DOTALL)
_MOST = 10_000


def _separators(command: Command) -> str:
    use = command.main.option("parse")
    if use is None or not use.argument:
        return " "
    text = use.argument.strip()
    return string_value(text) if text[:1] in ('"', "`") and len(text) > 1 else text


def next_piece(text: str, separators: str, *, brackets: bool = False) -> tuple[str, str, bool]:
    """Return the first piece of `text`, what follows it, and whether it stood in quotes or brackets.

    A character of `separators` is a piece by itself; blanks among them only part pieces.
    """
    at = 0
    while at < len(text) and text[at] == " " and " " in separators:
        at += 1
    if at >= len(text):
        return "", "", False
    if text.startswith('`"', at) and (end := compound_end(text, at)):
        return text[at + 2 : end - 2], text[end:], True
    if text[at] == '"' and (end := text.find('"', at + 1)) > 0:
        return text[at + 1 : end], text[end + 1 :], True
    if brackets and text[at] == "(":
        depth = 0
        for end in range(at, len(text)):
            depth += (text[end] == "(") - (text[end] == ")")
            if depth == 0:
                return text[at + 1 : end], text[end + 1 :], True
        raise StataError(198, "too few ')' or ']'")
    if text[at] in separators:
        return text[at], text[at + 1 :], False
    end = at
    while end < len(text) and text[end] not in separators and not (brackets and text[end] == "("):
        end += 1
    return text[at:end], text[end:], False


def run_gettoken(command: Command, context: Context) -> Effects:
    """Take the first piece off a macro."""
    part = command.main
    match = _HEADS.fullmatch(part.body)
    if match is None:
        raise StataError(198, "write gettoken FIRST REST : MACRO", part.body_span)
    source = match["source"].strip()
    if source.startswith('"') or source.startswith('`"'):
        text = string_value(source)
    elif source.startswith("(global)"):
        text = context.macros.globals.get(source[8:].strip(), "")
    else:
        text = context.macros.locals.get(source.removeprefix("(local)").strip(), "")
    mark = part.option("match")
    piece, rest, closed = next_piece(text, _separators(command), brackets=mark is not None)
    if part.has("quotes") and closed and mark is None:
        piece = f'"{piece}"'
    found: dict[str, str | None] = {match["first"]: piece or None}
    if match["rest"]:
        found[match["rest"]] = rest or None
    if mark is not None and mark.argument:
        found[mark.argument.strip()] = "(" if closed else None
    if (match["global"] or "").startswith("(global"):
        return Effects(globals=found)
    return Effects(locals=found)


def run_tokenize(command: Command, context: Context) -> Effects:
    """Put the pieces into numbered macros, and clear what earlier ones are left."""
    text, separators = command.main.body, _separators(command)
    if text[:1] == '"' and text.count('"') == 2 and text.endswith('"'):
        text = text[1:-1]
    elif text.startswith('`"') and compound_end(text, 0) == len(text):
        text = text[2:-2]
    pieces: list[str] = []
    while text.strip() or (text and " " not in separators):
        piece, text, _ = next_piece(text, separators)
        pieces.append(piece)
        if len(pieces) > _MOST:
            raise StataError(920, f"too many pieces: tokenize makes at most {_MOST:,}", command.main.body_span)
    old = [name for name in context.macros.locals if name.isdecimal() and int(name) > len(pieces)]
    cleared: dict[str, str | None] = dict.fromkeys(old)
    return Effects(locals=cleared | {str(k): piece or None for k, piece in enumerate(pieces, start=1)})


def run_numlist(command: Command, context: Context) -> Effects:
    """Expand the list."""
    part = command.main
    text = string_value(part.body) if part.body[:1] in ('"', "`") and len(part.body) > 1 else part.body
    numbers = list(parse_numlist(text, part.body_span[0]))
    if part.has("sort"):
        numbers.sort()
    for word, fits, message in (
        ("ascending", numbers == sorted(numbers), "invalid numlist: it is not in ascending order"),
        ("descending", numbers == sorted(numbers, reverse=True), "invalid numlist: it is not in descending order"),
        ("integer", all(x == int(x) for x in numbers), "invalid numlist: it has numbers that are not whole"),
    ):
        if part.has(word) and not fits:
            raise StataError({"ascending": 124, "descending": 124}.get(word, 126), message, part.body_span)
    for word, rc, few in (("min", 122, True), ("max", 123, False)):
        use = part.option(word)
        limit = int(use.argument) if use is not None and use.argument else None
        if limit is not None and (len(numbers) < limit if few else len(numbers) > limit):
            raise StataError(rc, f"invalid numlist has too {'few' if few else 'many'} elements", part.body_span)
    return Effects(r=Stored({}, {"numlist": " ".join(print_number(x) for x in numbers)}))


def run_unab(command: Command, context: Context) -> Effects:
    """Put the full names into a macro."""
    from engine.frame.resolve import resolve_names

    part = command.main
    match = _NAMING.fullmatch(part.body)
    if match is None or not match["list"].strip():
        raise StataError(198, "write unab MACRO : VARIABLES", part.body_span)
    names = resolve_names(match["list"].strip(), context.dataset, span=part.body_span)
    return Effects(locals={match["name"]: " ".join(names) or None})


def run_ds(command: Command, context: Context) -> Effects:
    """List names."""
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    if not dataset.variables:
        return Effects(r=Stored({}, {"varlist": ""}))
    names = list(resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names)
    has, without = part.option("has"), part.option("not")
    if without is not None and without.argument is None:
        names = [name for name in dataset.names if name not in names] if part.body else []
    elif without is not None:
        names = [name for name in names if not _has(name, without.argument or "", context, without.argument_span)]
    if has is not None:
        names = [name for name in names if _has(name, has.argument or "", context, has.argument_span)]
    if part.has("alpha"):
        names.sort()
    if names:
        width = max(map(len, names)) + 2
        each = max(1, context.settings.linesize // width)
        lines = -(-len(names) // each)
        columns = [names[k : k + lines] for k in range(0, len(names), lines)]
        rows = (("".join(f"{c[i]:<{width}}" for c in columns if i < len(c))).rstrip() for i in range(lines))
        context.say(*rows)
    return Effects(r=Stored({}, {"varlist": " ".join(names)}))


def _has(name: str, text: str, context: Context, span: tuple[int, int] | None) -> bool:
    """Tell whether a variable has a type, a format or a label."""
    from engine.commands.programming.checks import storage_fits
    from engine.frame.functions_text import matches_glob

    variable = context.dataset.variable(name)
    word, _, rest = text.strip().partition(" ")
    wanted = rest.split()
    if matches(word, "type", 1) and word and wanted:
        return any(storage_fits(variable.storage, kind) for kind in wanted)
    if matches(word, "format", 1) and word and wanted:
        return any(matches_glob(variable.format, pattern) for pattern in wanted)
    if matches(word, "varlabel", 4) and word:
        return bool(variable.label) and (not wanted or any(matches_glob(variable.label, p) for p in wanted))
    if matches(word, "vallabel", 4) and word:
        own = variable.value_label
        return bool(own) and (not wanted or any(matches_glob(own, pattern) for pattern in wanted))
    raise StataError(198, "there are type, format, varlabel and vallabel", span)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (GETTOKEN, run_gettoken),
    (TOKENIZE, run_tokenize),
    (NUMLIST, run_numlist),
    (UNAB, run_unab),
    (DS, run_ds),
)
