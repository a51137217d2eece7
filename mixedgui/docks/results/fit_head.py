"""The head of a fitted model in the rich view: title, key figures, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.api import Trust, Verdict
from mixedgui.docks.results.equation_band import EquationBand
from mixedgui.docks.results.key_figures import KeyFigures
from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_parts import FitSummary
from mixedgui.models.fit_summary import checks_words
from mixedgui.state.equation_pieces import Equation
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon
from mixedgui.widgets.tinted_label import TintedLabel

_SIGNS = {
    Trust.YES: ("check-circle-fill", "ok"),
    Trust.CAREFUL: ("warning-fill", "warn"),
    Trust.NO: ("x-circle", "error"),
}


class FitHead(QWidget):
    """Title, what varies over which groups; then, by `fill`, key figures and whether the estimates can be trusted."""

    def __init__(
        self,
        summary: FitSummary,
        factor: float,
        *,
        figures: bool,
        equation: Equation | None = None,
        explainer: Explainer | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._summary, self._factor, self._figures = summary, factor, figures
        self._equation, self._explainer = equation, explainer
        unit = theme().unit
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, unit, 0, unit)
        self._column.setSpacing(unit)
        title = TintedLabel(summary.title, "text", self, factor=1.3 * factor, bold=True)
        subtitle = TintedLabel(summary.subtitle, "text2", self, factor=factor)
        for label in (title, subtitle):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(label)

    def fill(self) -> Iterator[None]:
        """Make what stands below the title, one part at each step."""
        for part in self._parts():
            self._column.addSpacing(theme().unit)
            self._column.addWidget(part)
            part.show()
            yield

    def _parts(self) -> Iterator[QWidget]:
        if self._figures:
            yield KeyFigures(self._summary.figures, self._factor, self._explainer, self)
        if self._summary.verdict is not None:
            yield _VerdictStrip(self._summary.verdict, self._factor, self)
        if self._equation is not None:
            yield EquationBand(self._equation, self._factor, self)


class _VerdictStrip(QWidget):
    """A sign and a sentence on a soft ground."""

    def __init__(self, verdict: Verdict, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._token = _SIGNS[verdict.trust]
        unit = theme().unit
        self.setObjectName("fit_verdict")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(7.5 * unit), 2 * unit, unit, 2 * unit)  # narrow: the usual verdict is one line
        sentence = " ".join(verdict.sentence.split())
        if sentence.split(maxsplit=1)[0].isalpha():  # not the name of a parameter
            sentence = sentence[0].upper() + sentence[1:]
        label = TintedLabel(sentence, "text", self, factor=factor)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(unit // 2)
        row.addWidget(label, 1)
        self._checked = TintedLabel("\n".join(checks_words(verdict)), "text2", self, factor=0.92 * factor)
        self._checked.setWordWrap(True)
        self._checked.hide()
        how = QToolButton(self)
        how.setObjectName("fit_checks")
        how.setProperty("link", True)
        how.setText(self.tr("How this was checked"))
        how.setFont(theme().font(0.92 * factor))
        how.setAutoRaise(True)
        how.setCheckable(True)
        how.setAccessibleName(how.text())
        how.setFixedWidth(how.sizeHint().width())
        palette = how.palette()
        palette.setColor(palette.ColorRole.ButtonText, theme().color("accent"))
        how.setPalette(palette)
        how.toggled.connect(self._checked.setVisible)
        row.addWidget(how, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self._checked)
        self._label, self._line = label, label.fontMetrics().height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the sign."""
        look, unit = theme(), theme().unit
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(f"{self._token}_soft"))
        painter.drawRoundedRect(self.rect().toRectF(), 1.0 * unit, 1.0 * unit)
        label = self._label
        top = label.y() + max(0, (label.height() - label.heightForWidth(label.width())) // 2)  # of the first line
        icon(self._icon, self._token).paint(painter, QRect(round(2.5 * unit), top, 4 * unit, self._line))
