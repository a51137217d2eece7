"""The strip under the equation list: one line when the levels nest well, else finding, evidence, and the way out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.api import NestingReport, PairFinding
from mixedgui.state.translation import declared, tr
from mixedgui.state.wording import ARROW, short_levels
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon, set_icon
from mixedgui.widgets.tinted_label import TintedLabel


def order_text(levels: Sequence[str]) -> str:
    """Return ``dist › school › teach › student``: the names without an ending that all of them share."""
    return f" {ARROW} ".join(short_levels(levels)[name] for name in levels)


class NestingStrip(QFrame):
    """Says how the levels lie in each other.

    Attributes
    ----------
    swap_asked
        The suggested order is wanted.
    anew_asked, crossed_asked
        The answer to what only the user knows: codes that recur are numbered anew, or the same everywhere.
    """

    swap_asked = Signal()
    anew_asked = Signal()
    crossed_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.setObjectName("mixed_nesting")
        self.setAccessibleName(tr("Nesting of the levels"))
        self._warning = False
        self._sign = QLabel(self)
        self._head = TintedLabel("", "text2", self)
        self._head.setWordWrap(True)
        self._body = TintedLabel("", "text", self, factor=0.92)
        self._body.setWordWrap(True)
        for label in (self._head, self._body):
            policy = label.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            policy.setHeightForWidth(True)
            label.setSizePolicy(policy)
        self.swap = QPushButton(tr("Swap levels"), self)
        self.swap.setObjectName("mixed_nesting_swap")
        self.swap.setAutoDefault(False)
        self.swap.clicked.connect(self.swap_asked)
        set_icon(self.swap, "swap", "text")
        self.anew = self._answer("mixed_nesting_anew", tr("Numbered anew: nested"))
        self.anew.clicked.connect(self.anew_asked)
        self.crossed = self._answer("mixed_nesting_crossed", tr("The same: crossed"))
        self.crossed.clicked.connect(self.crossed_asked)
        self._or = TintedLabel(tr("or drag the rows"), "text2", self, factor=0.92)
        last = QHBoxLayout()
        last.addWidget(self.swap)
        last.addWidget(self.anew)
        last.addWidget(self.crossed)
        last.addStretch()
        last.addWidget(self._or)
        column = QVBoxLayout()
        column.setSpacing(unit)
        column.addWidget(self._head)
        column.addWidget(self._body)
        column.addLayout(last)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        row.setSpacing(2 * unit)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        theme().changed.connect(self._colour)
        self.show_report(None)

    def ask(self, question: PairFinding | None, crossed: str, *, anew: bool) -> None:
        """Offer the two answers to what the data do not tell.

        Parameters
        ----------
        question
            The two levels; None when there is nothing to ask.
        crossed
            What the crossed levels would add to the command; empty where they cannot be written.
        anew
            Whether the levels may stay nested.
        """
        self.anew.setVisible(question is not None and anew)
        self.crossed.setVisible(question is not None and bool(crossed))
        if question is None:
            return
        names = {"inner": question.inner, "outer": question.outer}
        tips = (
            (self.anew, tr("{inner} is numbered anew in each {outer}: leave the levels as they are").format(**names)),
            (
                self.crossed,
                tr("{inner} is the same in all groups of {outer}: write {code}").format(code=crossed, **names),
            ),
        )
        for button, tip in tips:
            button.setToolTip(tip)
            button.setAccessibleDescription(tip)

    def _answer(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.setVisible(False)
        return button

    def text(self) -> str:
        """Return everything the strip says."""
        return "\n".join(label.text() for label in (self._head, self._body) if label.text())

    def show_report(self, report: NestingReport | None) -> None:
        """Say what was found; nothing at all while no level is known."""
        said = report is not None and bool(report.headline or report.summary)
        self.setVisible(said)
        if report is None or not said:
            self._head.clear()
            self._body.clear()
            self.swap.setVisible(False)
            return
        self._warning = not report.fine
        self._head.setText(declared(report.headline or report.summary))
        self._head.setFont(theme().font(bold=True) if self._warning else theme().font(0.92))
        rest = (report.evidence, report.consequence, report.action)
        self._body.setText(" ".join(declared(part) for part in rest if part) if self._warning else "")
        self._body.setVisible(bool(self._body.text()))
        suggested = report.suggested or ()
        self.swap.setVisible(bool(suggested))
        self._or.setVisible(bool(suggested))
        if suggested:
            self.swap.setText(tr("Swap to {0}").format(order_text(suggested)))
            self.swap.setAccessibleName(self.swap.text())
            self.swap.setToolTip(tr("List the levels as {levels}").format(levels=", ".join(suggested)))
            self.swap.setAccessibleDescription(self.swap.toolTip())
        self.setAccessibleDescription(self.text())
        self._colour()
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the amber ground of a warning."""
        super().paintEvent(event)
        if self._warning:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("warn"), 1))
            painter.setBrush(theme().color("warn_soft"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme().unit, theme().unit)
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._colour()

    def _colour(self) -> None:
        size = round(4.5 * theme().unit)
        sign = icon("warning-fill", "warn") if self._warning else icon("check-circle-fill", "ok")
        self._sign.setPixmap(sign.pixmap(size, size))
        self._head.tint("text" if self._warning else "text2")
        self.update()
