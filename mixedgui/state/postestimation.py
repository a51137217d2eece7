"""What is possible after the last fit: every postestimation command and statistic, with the reason where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.api import CommandDecl, Picks
from mixedgui.state.translation import mark, tr

if TYPE_CHECKING:
    from engine.api import Estimates, Session

MENU = ("Statistics", "Postestimation")
"""Where the menus hold what needs a fit."""

NO_FIT = mark("Fit a model first: there are no estimates.")

NO_DF = mark("The last fit has no degrees of freedom: fit the model with mixed and dfmethod().")


@dataclass(frozen=True, slots=True)
class Possibility:
    """An entry of the list.

    Attributes
    ----------
    group
        The heading it stands under.
    dialog
        The command whose dialog it opens.
    word
        The subcommand that is chosen there, if it has any.
    reason
        Why it is not possible now; empty when it is.
    """

    group: str
    title: str
    help: str
    dialog: str
    word: str = ""
    reason: str = ""


def why_not(estimates: Estimates | None, *, mixed_only: bool = False, after: Sequence[str] = ()) -> str:
    """Return why a postestimation command cannot run after the last fit, nothing when it can.

    Parameters
    ----------
    estimates
        The last fit.
    mixed_only, after
        As of a declaration.
    """
    if estimates is None:
        return tr(NO_FIT)
    from engine.api import MixedEstimates  # what reads results is loaded with the first of them

    if mixed_only and not isinstance(estimates, MixedEstimates):
        return tr("It needs the results of mixed, and the last fit is {0}.").format(estimates.command)
    if after and not {estimates.command, estimates.e.macros.get("prefix", "")} & set(after):
        return tr("It needs the results of {0}, and the last fit is {1}.").format(_listed(after), estimates.command)
    return ""


def _listed(names: Sequence[str]) -> str:
    return tr(" or ").join([*([", ".join(names[:-1])] if names[:-1] else []), names[-1]])


def lacking(decl: CommandDecl, session: Session) -> dict[str, str]:
    """Return option -> why the last fit has nothing for it: ``small`` without a method for degrees of freedom.

    Without any fit nothing is said of its options.
    """
    if session.estimates is None or decl.menu[:2] != MENU:
        return {}
    reasons = {option.name: why_not(session.estimates, after=option.after) for option in decl.options if option.after}
    if any(option.name == "small" for option in decl.options) and not session.e.macros.get("dfmethod"):
        reasons["small"] = tr(NO_DF)
    return {name: reason for name, reason in reasons.items() if reason}


def possibilities(declarations: Iterable[CommandDecl], estimates: Estimates | None) -> tuple[Possibility, ...]:
    """Return everything that the menu *Postestimation* holds, heading by heading in its order."""
    found: list[Possibility] = []
    for decl in declarations:
        if decl.menu[:2] != MENU or decl.name == "postest":
            continue
        group = decl.menu[2] if len(decl.menu) > 3 or decl.subcommands else tr("Predictions and diagnostics")
        if decl.subcommands:
            found += (
                Possibility(
                    group, each.help[:1].upper() + each.help[1:], f"{decl.name} {each.name}", decl.name, each.name,
                    why_not(estimates, mixed_only=each.mixed_only, after=each.after),
                )
                for each in decl.subcommands
            )  # fmt: skip
        else:
            reason = reason_against(decl, estimates)
            found.append(Possibility(group, decl.menu[-1], decl.help, decl.name, "", reason))
    order = list(dict.fromkeys(each.group for each in found))
    return tuple(sorted(found, key=lambda each: order.index(each.group)))


def reason_against(decl: CommandDecl, estimates: Estimates | None) -> str:
    """Return why a command that needs a fit cannot run now, nothing when it can."""
    if (decl.menu[:2] != MENU and not decl.after) or _manages(decl):
        return ""
    return why_not(estimates, mixed_only=decl.mixed_only, after=decl.after)


def _manages(decl: CommandDecl) -> bool:
    """Tell whether a command deals with results kept under names, which needs no active ones."""
    named = decl.picks in {Picks.FIT, Picks.FITS, Picks.FIT_PAIR}
    return named or decl.name in {"estimates dir", "estimates use"}
