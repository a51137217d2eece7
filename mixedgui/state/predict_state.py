"""The state of the `predict` dialog: one statistic is always written out."""

from __future__ import annotations

from engine.api import CommandDecl
from mixedgui.state.command_state import CommandForm, CommandState
from mixedgui.state.option_values import OptionValues
from mixedgui.state.translation import mark, tr

STATISTICS = (
    "reffects", "xb", "stdp", "fitted", "residuals", "rstandard", "scores", "stdf", "stdr", "rstudent", "leverage",
    "cooksd", "dfits", "welsch", "covratio", "xbu", "u", "e", "ue",
)  # fmt: skip
"""In the order of the dialog; the first is what it opens with."""

ANYWHERE = "xb"
"""The statistic that every fit has."""

BY_LEVEL = ("reffects", "fitted", "residuals")
"""Statistics that relevel() restricts to a level."""

NO_SCORES = mark("There are no scores after REML: fit the model with maximum likelihood.")


class PredictState(CommandState):
    """Opens with the random effects, as the menu does; the bare command would predict xb."""

    def __init__(self, decl: CommandDecl) -> None:
        super().__init__(decl, CommandForm(options=OptionValues(((STATISTICS[0], None),))))
        self._reml = False

    def note_fit(self, *, reml: bool) -> None:
        """Take note of how the model in memory was fitted."""
        if reml != self._reml:
            self._reml = reml
            self.changed()

    def note_missing(self, reasons: dict[str, str]) -> None:
        """Take note of what the last fit does not have; a statistic that it does not have gives way to one it has."""
        super().note_missing(reasons)
        if self.statistic in reasons:
            self.choose_option(STATISTICS, ANYWHERE)

    def disabled_reasons(self) -> dict[str, str]:
        """Return option -> why it is not available, scores after REML included."""
        reasons = super().disabled_reasons()
        if self._reml:
            reasons.setdefault("scores", tr(NO_SCORES))
        return reasons

    @property
    def statistic(self) -> str:
        """The statistic chosen, empty when none is (a command may ask for standard errors alone)."""
        return next((name for name in STATISTICS if self.form.options.has(name)), "")

    def idle_reasons(self) -> dict[str, str]:
        """Return why reses() and relevel() are off beside some statistics, and what the last fit does not have."""
        reasons = super().idle_reasons()
        chosen = self.statistic
        if chosen and chosen != "reffects":
            reasons.setdefault(
                "reses", tr("Standard errors of random effects go with the random effects: choose BLUPs.")
            )
        if chosen and chosen not in BY_LEVEL:
            together = tr("{chosen} takes all levels together: choose BLUPs, fitted values or residuals.")
            reasons.setdefault("relevel", together.format(chosen=chosen))
        return reasons
