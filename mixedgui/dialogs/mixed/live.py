"""The switch *Live*: changes of the dialog are fitted at once while fits are quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from engine.api import MixedSpec, Outcome, StataError, find_command, mixed_spec_from_text
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.equation_estimates import same_model
from mixedgui.state.live import Decision, Done, Step, decide, explain
from mixedgui.state.translation import mark, tr
from mixedgui.widgets.option_control import describe

PAUSE_MS = 250
"""A change is fitted when nothing else changes for so long."""

ABOUT = mark(
    "Fit again as options change, while a fit takes less than 0.3 s. What is only shown otherwise is never refitted."
)


class LiveSwitch(QObject):
    """A check box, and what it does.

    Parameters
    ----------
    window
        Runs the commands.
    current
        Returns the specification that the dialog stands for, None while something is wrong; and its command.
    """

    def __init__(
        self, window: CommandWindow, current: Callable[[], tuple[MixedSpec | None, str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._current = current
        self._done: Done | None = None
        self._asked: MixedSpec | None = None
        self._stale = False
        self.check = QCheckBox(tr("Live"), parent)
        self.check.setObjectName("mixed_live")
        describe(self.check, tr("Live"), ABOUT)
        self.check.toggled.connect(self._toggled)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._act)
        window.command_finished.connect(self._finished)

    def changed(self) -> None:
        """Take note that the dialog may stand for something else now."""
        if not self.check.isChecked() or not self.check.isVisible():
            return
        spec, command = self._current()
        if self._asked is not None and spec is not None and spec != self._asked and not self._stale:
            self._stale = True  # what runs is not wanted any more
            self._window.cancel_command()
        self._tell(decide(spec, self._last(), command))
        self._timer.start()

    def _last(self) -> Done | None:
        """Return the last fit; its results may be gone since, for example with the data."""
        done, mixed = self._done, self._window.session.mixed
        if done is None or (mixed is not None and same_model(done.spec, mixed.spec)):
            return done
        return replace(done, well=False)

    @Slot(bool)
    def _toggled(self, on: bool) -> None:
        if on:
            self.changed()
        else:
            self._timer.stop()
            self.check.setText(tr("Live"))
            describe(self.check, tr("Live"), ABOUT)

    @Slot()
    def _act(self) -> None:
        """Fit or show again, unless something runs: then the end of that asks anew."""
        if not self.check.isChecked() or self._window.busy:
            return
        spec, command = self._current()
        decision = decide(spec, self._last(), command)
        self._tell(decision)
        if decision.step is Step.FIT:
            self._asked = spec
            self._window.run_command(decision.command)
        elif decision.step is Step.SHOW and spec is not None and self._done is not None:
            self._done = replace(self._done, spec=spec, well=True)
            self._window.run_command(decision.command)

    @Slot(object)
    def _finished(self, outcome: object) -> None:
        """Learn how long fits take, from those of the dialog and from those typed."""
        was_stale, self._stale, self._asked = self._stale, False, None
        if isinstance(outcome, Outcome) and _is_fit(outcome):
            spec = _spec(outcome.command)
            if spec is not None and not was_stale:
                self._done = Done(spec, outcome.seconds, outcome.rc == 0, first=self._done is None)
        if self.check.isChecked():
            self._timer.start()

    def _tell(self, decision: Decision) -> None:
        """Say beside the switch that it waits, and in its description why."""
        self.check.setText(tr("Live (waits)") if decision.step is Step.WAIT else tr("Live"))
        describe(self.check, tr("Live"), f"{tr(ABOUT)} {explain(decision, self._done)}")


def _is_fit(outcome: Outcome) -> bool:
    words = outcome.command.split(maxsplit=1)
    found = find_command(words[0].rstrip(",")) if words else None
    return found is not None and found.name == "mixed"


def _spec(command: str) -> MixedSpec | None:
    try:
        found = mixed_spec_from_text(command)
    except StataError:
        return None
    return found if isinstance(found, MixedSpec) else None
