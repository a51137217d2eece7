"""What the runner of commands tells, brought to the panes of the main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from engine.api import Dataset, Outcome, Started
from mixedgui.jobs.job import Job
from mixedgui.state.translation import tr
from mixedgui.theme import theme

if TYPE_CHECKING:
    from mixedgui.main_window import MainWindow

DRAWING_MODULES = (
    "matplotlib",
    "matplotlib.colors",
    "matplotlib.font_manager",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "engine.render.figure",
)
"""What copying and saving a graph need; imported behind the first graph, one at a time between commands."""


class RunnerNews(QObject):
    """Keeps history, results, status bar and lists in step with the commands that wait, run and end."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._shown_data: Dataset | None = window.session.data
        self._shown_comma = window.session.settings.decimal_comma
        self._prepared = ""
        runner = window.runner
        runner.submitted.connect(self._submitted)
        runner.withdrawn.connect(self._withdrawn)
        runner.started.connect(self._started)
        runner.shown.connect(window.results.add)
        runner.ended.connect(self._ended)
        runner.finished.connect(self._finished)
        runner.progressed.connect(self._progressed)
        window.history.withdraw_wanted.connect(self._withdraw)

    def prepare(self, command: str) -> None:
        """Open `command` in its dialog when what was submitted last has gone well."""
        self._prepared = command

    def show_session(self) -> None:
        """Show data and estimates as the session holds them now."""
        window, session = self._window, self._window.session
        window.status.show_session(session)
        window.models.show_session(session)
        window.graphs.show_session(session)
        estimates = session.e.macros if session.estimates is not None else {}
        window.variables.set_levels(estimates.get("ivars", "").split())
        data = session.data
        name = data.path.replace("\\", "/").rsplit("/", 1)[-1] if data.path else ""
        window.setWindowTitle(tr("{name}[*] – mixedgui").format(name=name) if name else "mixedgui[*]")
        window.setWindowModified(bool(data.changed and data.variables))
        comma = session.settings.decimal_comma
        if comma is not self._shown_comma:
            self._shown_comma = comma
            self._shown_data = None
            theme().changed.emit()  # plots draw their axes anew
        if data is self._shown_data:
            return
        self._shown_data = data
        window.properties.set_dataset(data)
        window.variables.set_dataset(data)
        window.data_changed.emit()

    def _show_waiting(self) -> None:
        self._window.status.set_waiting(len(self._window.runner.waiting))

    @Slot(object)
    def _submitted(self, job: Job) -> None:
        self._window.history_model.wait(job.number, job.text)
        self._show_waiting()

    @Slot(object)
    def _withdrawn(self, job: Job) -> None:
        self._window.history_model.withdraw(job.number)
        self._show_waiting()

    @Slot(int)
    def _withdraw(self, number: int) -> None:
        runner = self._window.runner
        for job in runner.waiting:
            if job.number == number:
                runner.withdraw(job)

    @Slot(object)
    def _started(self, started: Started) -> None:
        job = self._window.runner.running
        self._window.history_model.start(job.number if job is not None else 0, started.command)
        self._window.results.begin(started)
        self._show_waiting()

    @Slot(object)
    def _ended(self, outcome: Outcome) -> None:
        window = self._window
        window.history_model.end(outcome)
        window.results.end(outcome)
        self.show_session()
        if outcome.graph is not None:
            from mixedgui.jobs.trial import Trial
            from mixedgui.plots.window import show_graph

            shown = show_graph(window, outcome)
            window.runner.warm(DRAWING_MODULES)
            if shown is not None:
                shown.smooth_with(Trial(window.session, shown))
        window.command_ended.emit(outcome)
        if outcome.opens is not None:
            window.data_windows.open(outcome.opens)
            window.satellites.open(outcome.opens)

    @Slot(object)
    def _finished(self, job: Job) -> None:
        assert job.outcome is not None
        window = self._window
        window.history_model.withdraw(job.number)  # a job that failed before its first command began
        window.command_line.take_back(job.outcome, job.text)
        window.status.finish()
        self.show_session()
        window.command_finished.emit(job.outcome)
        prepared, self._prepared = self._prepared, ""
        if prepared and not job.outcome.rc:
            window.open_in_dialog(prepared)

    @Slot(object, float)
    def _progressed(self, event: object, elapsed: float) -> None:
        self._window.status.show_progress(event, elapsed, self._window.runner.time_left)
