"""What the ``import`` commands share: options, finding the file, and what is said at the end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.files.file_names import read_file_name
from engine.errors import Span, StataError
from engine.lang.command import OptionUse, Part
from engine.lang.declaration import Choice, OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.data.foreign.arriving import Arrival

CLEAR = OptionDecl(
    name="clear",
    minimum=5,
    label="Replace data in memory",
    help="Load the data even though those in memory have changed and were not saved.",
    page="model",
)

CASE = OptionDecl(
    name="case",
    minimum=4,
    kind=OptionKind.CHOICE,
    choices=(
        Choice("preserve", 1, "As in the file"),
        Choice("lower", 1, "Small letters"),
        Choice("upper", 1, "Capital letters"),
    ),
    label="Capitals of names",
    help="Whether names of variables are left as they are or written in small or capital letters.",
    page="model",
)

ENCODING = OptionDecl(
    name="encoding",
    minimum=3,
    kind=OptionKind.STRING,
    choices=(
        Choice("utf-8", 5, "Unicode"),
        Choice("windows-1252", 12, "Windows, Western Europe"),
        Choice("latin1", 6, "ISO 8859-1"),
        Choice("utf-16", 6, "Unicode with two bytes"),
    ),
    label="Encoding",
    help="The encoding of the text (utf-8, latin1, windows-1252 …); found out without this option.",
    page="model",
)


def option_word(use: OptionUse | None, default: str = "") -> str:
    """Return the argument of an option without quotes and blanks around it, an abbreviated choice in full."""
    if use is None:
        return default
    word = (use.argument or "").strip().strip('"').strip()
    fitting = (c.word for c in use.decl.choices if len(word) >= c.minimum and c.word.startswith(word))
    return next(fitting, word)


def refuse_loss(context: Context, *, clear: bool) -> None:
    """Raise `StataError` 4 when loading other data would lose changes."""
    if not clear and context.dataset.changed and context.dataset.variables:
        raise StataError(4, "no; dataset in memory has changed since last saved")


def find_file(part: Part, ending: str, context: Context) -> tuple[Path, str, str]:
    """Return the path of the file, the name to show for it, and what stands before ``using``.

    Raises
    ------
    StataError
        4 when data in memory would be lost, 601 when there is no such file.
    """
    from engine.commands.files.file_names import naming_a_file
    from engine.data.sources import find

    typed, wanted = part.body, ""
    place: Span | None = part.body_span
    if part.using is not None:
        typed, place, wanted = part.using, part.using_span, part.body
    with naming_a_file(place):
        name = read_file_name(typed)
        refuse_loss(context, clear=part.has("clear"))
        source = find(name, ending=ending, sink=context.sink, cancel=context.cancel)
    return source.path, source.shown, wanted


def finished(arrival: Arrival, shown: str, context: Context, *before: str) -> Effects:
    """Print what was decided on the way and how much there is, and load the data."""
    from engine.results.stored import Stored

    context.cancel.check()
    dataset = arrival.dataset
    if dataset.label:
        context.say(f"({dataset.label})")
    count = len(dataset.variables)
    context.say(*before, *arrival.remarks, f"({count:,} var{'' if count == 1 else 's'}, {dataset.n_obs:,} obs)")
    stored = Stored(scalars={"N": float(dataset.n_obs), "k": float(count)})
    return Effects(dataset=replace(dataset, path=shown, changed=False), r=stored)
