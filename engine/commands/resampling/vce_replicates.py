"""``vce(bootstrap)`` and ``vce(jackknife)``: a command run by the prefix of that name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.declaration import Choice

if TYPE_CHECKING:
    from engine.commands.base import Context, Effects
    from engine.lang.command import Command

CHOICES = (
    Choice("bootstrap", 4, "Bootstrap", "Standard errors from samples drawn with replacement; bootstrap, reps(#) …"),
    Choice("jackknife", 4, "Jackknife", "Standard errors from samples without each observation or cluster."),
)


def replicated(command: Command, context: Context, *, panel: str = "") -> Effects | None:
    """Run the command under the prefix that its ``vce()`` names; None where that names none.

    `panel` is the variable whose groups are drawn as a whole.

    Raises
    ------
    StataError
        What the prefix finds, at the place of ``vce()``.
    """
    use = command.main.option("vce")
    if use is None or use.span is None:
        return None
    kind, _, options = (use.argument or "").partition(",")
    prefix = next((c.word for c in CHOICES if matches(kind.strip(), c.word, c.minimum)), None)
    if prefix is None:
        return None
    from engine.commands import registry
    from engine.lang.parse_command import parse_command

    first = command.text.index(command.word)
    inner = (command.text[first : use.span[0]] + command.text[use.span[1] :]).rstrip().rstrip(",")
    groups = f" cluster({panel})" if panel else ""
    if panel and prefix == "bootstrap":
        groups += f" idcluster({context.new_name()})"
    try:
        repeated = parse_command(
            f"{prefix}, {options}{groups}: {inner}", registry.find, registry.names(), expanded=True
        )
        return registry.runner(prefix)(repeated, replace(context, cmdline=context.cmdline))
    except StataError as error:
        raise StataError(error.rc, error.message, use.span) from None
