"""``estat``: statistics of the active estimation results, one subcommand each."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.postestimation import (
    estat_assumptions,
    estat_bootstrap,
    estat_df,
    estat_group,
    estat_hettest,
    estat_ic,
    estat_icc,
    estat_influence,
    estat_pboot,
    estat_profile,
    estat_ranova,
    estat_recovariance,
    estat_sd,
    estat_slopes,
    estat_summarize,
    estat_vif,
    estat_wcorrelation,
)
from engine.commands.subcommand import Subcommand, only_options
from engine.errors import StataError
from engine.lang.abbrev import matches, nearest
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

SUBCOMMANDS: tuple[Subcommand, ...] = (
    estat_assumptions.SUBCOMMAND,
    estat_bootstrap.SUBCOMMAND,
    estat_df.SUBCOMMAND,
    estat_group.SUBCOMMAND,
    estat_hettest.HETTEST,
    estat_ic.SUBCOMMAND,
    estat_icc.SUBCOMMAND,
    estat_influence.SUBCOMMAND,
    estat_pboot.SUBCOMMAND,
    estat_hettest.OVTEST,
    estat_profile.SUBCOMMAND,
    estat_ranova.SUBCOMMAND,
    estat_slopes.SUBCOMMAND,
    estat_recovariance.SUBCOMMAND,
    estat_sd.SUBCOMMAND,
    estat_summarize.SUMMARIZE,
    estat_summarize.VCE,
    estat_vif.SUBCOMMAND,
    estat_wcorrelation.SUBCOMMAND,
)


def _all_options() -> tuple[OptionDecl, ...]:
    return tuple({option.name: option for each in SUBCOMMANDS for option in each.options}.values())


DECLARATION = CommandDecl(
    name="estat",
    minimum=5,
    title="Postestimation statistics",
    help="Statistics of the last fit: " + "; ".join(f"estat {each.name}: {each.help}" for each in SUBCOMMANDS),
    menu=("Statistics", "Postestimation", "Reports and statistics"),
    varlist=VarlistRule.TEXT,
    options=_all_options(),
    subcommands=tuple(each.declaration for each in SUBCOMMANDS),
    examples=("estat icc", "estat ic", "estat group", "estat df, method(kroger)"),
)


def run(command: Command, context: Context) -> Effects:
    """Run the subcommand.

    Raises
    ------
    StataError
        r(301) without estimation results, r(198) for an unknown subcommand or an option that it does not take.
    """
    from engine.results.estimates import needs_estimates

    part = command.main
    word = part.body.split(maxsplit=1)[0] if part.body else ""
    chosen = _find(word, part)
    _check_options(chosen, part)
    start = part.body_span[0] + len(word)
    rest = part.body[len(word) :].strip()
    return chosen.run(
        replace(part, body=rest, body_span=(start, part.body_span[1])), context, needs_estimates(context.estimates)
    )


def _find(word: str, part: Part) -> Subcommand:
    names = [each.name for each in SUBCOMMANDS]
    listed = ", ".join(names)
    if not word:
        raise StataError(198, f"a subcommand is missing: estat is followed by one of {listed}")
    for each in SUBCOMMANDS:
        if matches(word, each.name, each.minimum):
            return each
    meant = nearest(word, names)
    hint = f"did you mean {meant}?" if meant else f"there are {listed}"
    raise StataError(198, f"estat {word} is not available; {hint}", part.body_span)


def _check_options(chosen: Subcommand, part: Part) -> None:
    only_options(part, {option.name for option in chosen.options}, f"estat {chosen.name}")
