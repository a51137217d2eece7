"""One word after ``estat`` and what it does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.command import Part
from engine.lang.declaration import OptionDecl, OptionKind, SubcommandDecl

if TYPE_CHECKING:
    from engine.results.estimates import Estimates


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """A postestimation statistic.

    Attributes
    ----------
    minimum
        How many letters suffice.
    options
        What may stand after the comma; subcommands that share an option share its declaration.
    run
        Gets the part of the command after the word, the context and the active estimates.
    """

    name: str
    minimum: int
    help: str
    run: Callable[[Part, Context, Estimates], Effects]
    options: tuple[OptionDecl, ...] = ()
    mixed_only: bool = False
    """True where the results of ``mixed`` are needed."""
    after: tuple[str, ...] = ()
    """Commands the results of one of which are needed; empty for all."""

    @property
    def declaration(self) -> SubcommandDecl:
        """What a dialog has to know of it."""
        return SubcommandDecl(
            name=self.name,
            minimum=self.minimum,
            help=self.help,
            options=self.options,
            mixed_only=self.mixed_only,
            after=self.after,
        )


def shared_option(subcommand: Subcommand, name: str) -> OptionDecl:
    """Return an option of another subcommand: what is called alike is declared once."""
    return next(option for option in subcommand.options if option.name == name)


LEVEL = OptionDecl(
    name="level", minimum=1, kind=OptionKind.REAL, low=10, high=99.99, default=95, page="model",
    label="Confidence level", help="Confidence level of the intervals, in percent.",
)  # fmt: skip


def level_of(part: Part, context: Context) -> float:
    """Return the confidence level in percent: that of ``level()``, else the session's."""
    use = part.option("level")
    return context.settings.level if use is None or use.argument is None else float(use.argument)


def no_more_words(part: Part, subcommand: str) -> None:
    """Raise r(198) when something stands behind the subcommand's word."""
    if part.body:
        raise StataError(198, f"{part.body} is not expected after estat {subcommand}", part.body_span)


def only_options(part: Part, allowed: Collection[str], what: str) -> None:
    """Raise r(198) for an option that does not go with `what`: a subcommand, a function, another option."""
    for use in part.options:
        if use.decl.name not in allowed:
            raise StataError(198, f"option {use.decl.name} not allowed with {what}", use.span)
