"""The Jobs pane: what runs, how its search goes, how long it may take, and what waits."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.api import Iteration, Progress
from mixedgui.jobs.job import Job
from mixedgui.jobs.runner import JobRunner
from mixedgui.state.progress_trail import ProgressTrail
from mixedgui.status import progress_text
from mixedgui.theme import theme
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.tinted_label import TintedLabel

_JOB = Qt.ItemDataRole.UserRole


class TrailPlot(QWidget):
    """The log likelihood by iteration: the EM part is shaded, steps in nonconcave regions are marked."""

    def __init__(self, trail: ProgressTrail, parent: QWidget) -> None:
        super().__init__(parent)
        self._trail = trail
        self.setObjectName("jobs_trail")
        self.setAccessibleName(self.tr("Log likelihood by iteration"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(14 * theme().unit)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Room for a small plot."""
        return QSize(40 * theme().unit, 22 * theme().unit)

    def places(self) -> list[QPointF]:
        """Return where the points lie in the widget."""
        points = self._trail.points
        if not points:
            return []
        gap = 2.0 * theme().unit
        area = QRectF(self.rect()).adjusted(gap, gap, -gap, -gap)
        first, last = points[0][0], max(points[-1][0], points[0][0] + 1)
        # a search rises fast at first: the distance to the best value shows its end as well as its beginning
        best = max(value for _, value, _, _ in points)
        depth = [math.log10(1.0 + (best - value)) for _, value, _, _ in points]
        deepest = max(*depth, 1e-12) if len(depth) > 1 else 1.0
        return [
            QPointF(
                area.left() + area.width() * (place - first) / (last - first),
                area.top() + area.height() * down / deepest,
            )
            for (place, _, _, _), down in zip(points, depth, strict=True)
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw shade, line and marks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        painter.fillRect(self.rect(), look.color("base"))
        places, points = self.places(), self._trail.points
        if not places:
            painter.setPen(look.color("text2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No iterations yet"))
            return
        em = [place.x() for place, point in zip(places, points, strict=True) if point[2]]
        if em:
            shade = QRectF(min(em) - look.unit, 0.0, max(em) - min(em) + 2.0 * look.unit, float(self.height()))
            painter.fillRect(shade, look.color("sunken"))
        painter.setPen(QPen(look.color("accent"), 1.5))
        painter.drawPolyline(QPolygonF(places))
        for place, point in zip(places, points, strict=True):
            painter.setBrush(look.color("warn" if point[3] else "accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(place, 0.6 * look.unit, 0.6 * look.unit)


class JobsPane(Pane):
    """One running job and the queue behind it."""

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("jobs", parent)
        self.setWindowTitle(self.tr("Jobs"))
        self._runner = runner
        self.trail = ProgressTrail()
        unit = theme().unit
        inner = QVBoxLayout()
        inner.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        inner.setSpacing(2 * unit)
        self._command = TintedLabel("", "text", self, bold=True)
        self._command.setObjectName("jobs_command")
        self._command.setMinimumWidth(1)
        self._how_far = TintedLabel("", "text2", self, factor=0.92)
        self._how_far.setObjectName("jobs_progress")
        self._how_far.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress of the running command"))
        self.plot = TrailPlot(self.trail, self)
        self.queue = QListWidget(self)
        self.queue.setObjectName("jobs_queue")
        self.queue.setAccessibleName(self.tr("Commands that wait"))
        self.queue.itemSelectionChanged.connect(self._enable)
        self.cancel = self._button("jobs_cancel", self.tr("&Cancel"), self.tr("Stop the running command"))
        self.cancel.clicked.connect(runner.cancel)
        self.withdraw = self._button(
            "jobs_withdraw", self.tr("Take &out"), self.tr("Take the command out of the queue")
        )
        self.withdraw.clicked.connect(self._withdraw)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.withdraw)
        buttons.addStretch(1)
        for widget in (self._command, self._how_far, self._bar, self.plot, self.queue):
            inner.addWidget(widget)
        inner.addLayout(buttons)
        self.column.addLayout(inner, 1)
        self.set_main(self.queue)
        runner.submitted.connect(self._show_queue)
        runner.withdrawn.connect(self._show_queue)
        runner.started.connect(self._started)
        runner.progressed.connect(self._progressed)
        runner.stepped.connect(self._stepped)
        runner.finished.connect(self._finished)
        runner.busy_changed.connect(self._busy)
        self._busy(False)

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.setAutoDefault(False)
        return button

    @Slot(bool)
    def _busy(self, busy: bool) -> None:
        if not busy:
            self._command.setText(self.tr("Nothing runs"))
            self._bar.setRange(0, 1)
            self._bar.setValue(0)
        self._enable()

    @Slot(object)
    def _started(self, _started: object) -> None:
        job = self._runner.running
        self._command.setText("" if job is None else " ".join(job.text.split()))
        self._command.setToolTip("" if job is None else job.text)
        self._how_far.setText(self.tr("Running"))
        self._bar.setRange(0, 0)
        self.trail.clear()
        self.plot.update()
        self._show_queue()

    @Slot(object)
    def _stepped(self, steps: tuple[Iteration, ...]) -> None:
        for step in steps:
            self.trail.take(step)
        self.plot.update()
        self.plot.setAccessibleDescription(self.trail.summary)

    @Slot(object, float)
    def _progressed(self, event: object, elapsed: float) -> None:
        if isinstance(event, Progress):
            self.trail.take(event)
        self._how_far.setText(progress_text(event, elapsed, self._runner.time_left))
        self._bar.setRange(0, 0 if self.trail.share is None else 1000)
        if self.trail.share is not None:
            self._bar.setValue(round(1000 * min(1.0, self.trail.share)))

    @Slot(object)
    def _finished(self, job: Job) -> None:
        outcome = job.outcome
        if outcome is not None:
            done = self.tr("Done in {0:.2f} s") if not outcome.rc else self.tr("Ended with r({1}) after {0:.2f} s")
            self._how_far.setText(done.format(outcome.seconds, outcome.rc))
        self._show_queue()

    @Slot(object)
    def _show_queue(self, _job: object = None) -> None:
        self.queue.clear()
        for job in self._runner.waiting:
            item = QListWidgetItem(" ".join(job.text.split()))
            item.setData(_JOB, job.number)
            item.setToolTip(job.text)
            self.queue.addItem(item)
        waiting = self.queue.count()
        self.head.set_count(self.tr("{0} waiting").format(waiting) if waiting else "")
        self._enable()

    @Slot()
    def _withdraw(self) -> None:
        numbers = {item.data(_JOB) for item in self.queue.selectedItems()}
        for job in self._runner.waiting:
            if job.number in numbers:
                self._runner.withdraw(job)

    @Slot()
    def _enable(self) -> None:
        running = self._runner.running is not None
        self.cancel.setEnabled(running)
        self.cancel.setToolTip(self.tr("Stop the running command") if running else self.tr("Nothing runs"))
        chosen = bool(self.queue.selectedItems())
        self.withdraw.setEnabled(chosen)
        why = self.tr("Select a command that waits") if self.queue.count() else self.tr("Nothing waits")
        self.withdraw.setToolTip(self.tr("Take the command out of the queue") if chosen else why)
