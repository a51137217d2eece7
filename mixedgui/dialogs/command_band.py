"""The band under the pages of a dialog: the command in colours, and a button that copies it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.command_preview import CommandPreview
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.tinted_label import TintedLabel


class CommandBand(QFrame):
    """Label, preview, copy.

    Parameters
    ----------
    label, meaning
        Word before the text, and what the text is, for assistive technology.
    lead
        Text that colours the preview without being shown.
    whole
        Whether the text is a command, not a part of one.
    """

    def __init__(self, label: str, meaning: str, parent: QWidget, *, lead: str = "", whole: bool = False) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.preview = CommandPreview(self, lead=lead)
        self.preview.setAccessibleName(label)
        self.preview.setAccessibleDescription(meaning)
        self.copy = QToolButton(self)
        self.copy.setAccessibleName(tr("Copy command") if whole else tr("Copy this part of the command"))
        self.copy.setAccessibleDescription(tr("Copy the text without running it"))
        self.copy.setToolTip(tr("Copy without running"))
        set_icon(self.copy, "copy")
        self.copy.clicked.connect(self.copy_text)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * unit, 2 * unit, 4 * unit, 2 * unit)
        row.setSpacing(2 * unit)
        word = TintedLabel(label, "text2", self, factor=0.92, bold=True)
        word.setBuddy(self.preview)
        row.addWidget(word)
        row.addWidget(self.preview, 1)
        row.addWidget(self.copy)

    @Slot()
    def copy_text(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.preview.text())
