"""``split``: text variables cut into parts ([D] split)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.lang.tokens import string_value
from engine.results.stored import Stored

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DECLARATION = CommandDecl(
    name="split",
    minimum=5,
    title="Split string variables into parts",
    help="Makes a variable of each part of a text, name1, name2, …; parts end at blanks or at what parse() says.",
    menu=(
        "Data", "Create or change data", "Other variable-transformation commands", "Split string variables into parts",
    ),
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(name="parse", minimum=1, kind=OptionKind.TEXT, label="Parse on", page="model",
                   help="Text at which parts end, or several in quotes; a blank by default."),
        OptionDecl(name="generate", minimum=1, kind=OptionKind.NAME, label="Begin names with", page="model",
                   help="What the names of the new variables begin with; the old name by default."),
        OptionDecl(name="limit", minimum=1, kind=OptionKind.INTEGER, low=1, high=1000, label="At most", page="model",
                   help="Make at most this many variables."),
        OptionDecl(name="notrim", minimum=6, label="Keep blanks", help="Keep blanks at the ends.", page="model"),
        OptionDecl(name="destring", minimum=8, label="Numbers where possible", page="model",
                   help="Make numeric variables of parts that are all numbers."),
    ),
    examples=('split name, parse(" ")',),
    results=(("r(k_new)", "number of variables made"), ("r(varlist)", "their names")),
)  # fmt: skip

_QUOTED = re.compile(r'"[^"]*"')


def run(command: Command, context: Context) -> Effects:
    """Cut the texts."""
    import numpy as np

    from engine.commands.data.storage import text_storage
    from engine.data.dataset import Variable
    from engine.data.formats import default_format
    from engine.frame.resolve import check_new_name, resolve_names

    part, dataset = command.main, context.dataset
    (source, *others) = resolve_names(part.body, dataset, span=part.body_span)
    if others:
        raise StataError(103, "too many variables specified: split takes one", part.body_span)
    if not dataset.variable(source).is_string:
        raise StataError(109, f"type mismatch: {source} is numeric; split takes text", part.body_span)
    mask = context.selected(part)
    use, limit, stub = part.option("parse"), part.option("limit"), part.option("generate")
    most = int(limit.argument) if limit is not None and limit.argument else 1000
    pattern = _separators(use.argument if use is not None else None)
    trim = not part.has("notrim")
    rows = [
        _parts(str(text), pattern, most, trim=trim) if there else []
        for text, there in zip(dataset.texts(source), mask, strict=True)
    ]
    count = max(map(len, rows), default=0)
    made: list[str] = []
    for k in range(count):
        name = check_new_name(f"{(stub.argument or '').strip() if stub is not None else source}{k + 1}", dataset)
        texts = np.array([row[k] if k < len(row) else "" for row in rows], dtype=object)
        numbers = _numbers(texts) if part.has("destring") else None
        if numbers is not None:
            dataset = dataset.with_variable(Variable(name, "double", "%10.0g"), numbers)
        else:
            storage = text_storage(texts)
            dataset = dataset.with_variable(Variable(name, storage, default_format(storage)), texts)
        made.append(name)
    context.say("variables created as string: " if not part.has("destring") else "variables created: ", " ".join(made))
    return Effects(dataset=dataset if made else None, r=Stored({"k_new": float(count)}, {"varlist": " ".join(made)}))


def _separators(text: str | None) -> re.Pattern[str] | None:
    """Return the pattern of what parts end at, None for blanks."""
    if text is None:
        return None
    words = [string_value(word) for word in _QUOTED.findall(text)] or [w for w in text.split() if w]
    words = [word for word in words if word]
    if not words or words == [" "]:
        return None
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _parts(text: str, pattern: re.Pattern[str] | None, most: int, *, trim: bool) -> list[str]:
    if not text:
        return []
    parts = text.split() if pattern is None else pattern.split(text)
    return [part.strip() if trim else part for part in parts[:most]]


def _numbers(texts: npt.NDArray[Any]) -> npt.NDArray[np.float64] | None:
    """Return the texts as numbers, None when one of them is none."""
    import numpy as np

    from engine.data.missing import MISSING

    values = []
    for text in texts:
        try:
            values.append(float(text) if text else MISSING)
        except ValueError:
            return None
    return np.array(values)
