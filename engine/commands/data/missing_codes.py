"""``mvdecode`` and ``mvencode``: numbers to missing values and back ([D] mvencode)."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.commands.base import Context, Effects, Run
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

MVDECODE = CommandDecl(
    name="mvdecode",
    minimum=8,
    title="Change numeric values to missing",
    help="mvdecode x, mv(-99) makes values missing; mv(-99=. \\ -98=.a) gives each its code.",
    menu=(
        "Data", "Create or change data", "Other variable-transformation commands", "Change numeric values to missing",
    ),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="mv", minimum=2, kind=OptionKind.TEXT, label="Values", page="model",
                   help="Numbers that become missing, or pairs such as -99=. \\ -98=.a."),
    ),
    examples=("mvdecode ses, mv(-99)",),
)  # fmt: skip
MVENCODE = CommandDecl(
    name="mvencode",
    minimum=8,
    title="Change missing values to numeric",
    help="mvencode x, mv(-99) makes missing values a number; mv(.=-99 \\ .a=-98) gives each its own.",
    menu=(
        "Data", "Create or change data", "Other variable-transformation commands", "Change missing values to numeric",
    ),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="mv", minimum=2, kind=OptionKind.TEXT, label="Values", page="model",
                   help="The number, or pairs such as .=-99 \\ .a=-98."),
        OptionDecl(name="override", minimum=1, label="Override", page="model",
                   help="Go on although the number is among the values already."),
    ),
    examples=("mvencode ses, mv(-99)",),
)  # fmt: skip

_MISSING = re.compile(r"\.[a-z]?")


def _value(text: str, part: Part) -> float:
    from engine.data.missing import missing_value

    if _MISSING.fullmatch(text):
        return missing_value(text[1:])
    try:
        return float(text)
    except ValueError:
        use = part.option("mv")
        raise StataError(198, f"mv(): {text or 'nothing'} is no number", use.span if use else None) from None


def _pairs(part: Part, *, decode: bool) -> list[tuple[list[float], float]]:
    """Return what becomes what; an empty list of values stands for every missing one."""
    import numpy as np

    from engine.data.missing import MISSING, is_missing
    from engine.lang.numlist import parse_numlist

    use = part.option("mv")
    if use is None or not (use.argument or "").strip():
        raise StataError(198, "option mv() required: the values", part.body_span)
    found = []
    for piece in (use.argument or "").split("\\"):
        left, equals, right = (text.strip() for text in piece.partition("="))
        target = _value(right, part) if equals else (MISSING if decode else _value(left, part))
        values = [] if not equals and not decode else list(parse_numlist(left)) if decode else [_value(left, part)]
        if bool(is_missing(np.asarray(target))) != decode:
            message = "mv() goes from numbers to missing values" if decode else "mv() needs a number"
            raise StataError(198, message, use.span)
        found.append((values, target))
    return found


def _run(command: Command, context: Context) -> Effects:
    """Change the values of the numeric variables."""
    import numpy as np

    from engine.commands.data.storage import promoted
    from engine.data.missing import from_doubles, is_missing
    from engine.frame.resolve import resolve_names

    part, dataset = command.main, context.dataset
    decode = command.decl.name == "mvdecode"
    pairs = _pairs(part, decode=decode)
    names = resolve_names(part.body, dataset, span=part.body_span)
    mask = context.selected(part)
    changed = dataset
    for name in names:
        variable = dataset.variable(name)
        if variable.is_string:
            context.say(f"{name:>12}: string variable ignored")
            continue
        values = dataset.numeric(name).copy()
        before = values.copy()
        for sources, target in pairs:
            if not decode and (before[mask] == target).any() and not part.has("override"):
                message = f"{name}: already {target:g} in some observations; override allows it"
                raise StataError(9, message, part.body_span)
            hit = mask & (np.isin(before, sources) if sources else is_missing(before))
            values[hit] = target
        count = int(np.count_nonzero(values != before))
        if not count:
            continue
        storage = promoted(variable.storage, values)
        made = "generated" if decode else "recoded"
        context.say(f"{name:>12}: {count:,} missing value{'' if count == 1 else 's'} {made}")
        changed = changed.with_variable(replace(variable, storage=storage), from_doubles(values, storage))
    return Effects(dataset=changed) if changed is not dataset else Effects()


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((MVDECODE, _run), (MVENCODE, _run))
