"""A group under a check box: one line with a summary at the right while it is off, its controls while it is on."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section
from mixedgui.widgets.tinted_label import TintedLabel


class FoldGroup(Section):
    """Check box, summary, and what unfolds.

    Parameters
    ----------
    name
        Object name of the check box.
    option
        The option whose reason switches it off.
    """

    def __init__(self, name: str, option: str, label: str, help_text: str, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.check = QCheckBox(label, self)
        self.check.setObjectName(name)
        describe(self.check, label, help_text)
        self._summary = TintedLabel("", "text2", self, factor=0.92)
        reason = ReasonButton(self.check, self)
        self.reasons[option] = reason
        self.labels.append(self.check)
        self.focus_order += [self.check, reason]
        self.body = QWidget(self)
        head = QHBoxLayout()
        head.setSpacing(unit)
        head.addWidget(self.check)
        head.addWidget(reason)
        head.addStretch()
        head.addWidget(self._summary, 0, Qt.AlignmentFlag.AlignRight)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(head)
        column.addWidget(self.body)
        self.body.hide()

    def show_content(self, on: bool, summary: str) -> None:
        """Unfold or fold, and say what is in force."""
        self.body.setVisible(on)
        self._summary.setText(summary)
        self._summary.setAccessibleName(summary)
