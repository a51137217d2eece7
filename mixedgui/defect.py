"""What the window shows when the program itself has made a mistake."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from mixedgui.state.translation import tr
from mixedgui.version import VERSION

_NAME = "defect_report"


def show_defect(window: QWidget, summary: str, details: str) -> QMessageBox:
    """Show one report card, not modal; while it is open further defects are added to its details."""
    open_card = window.findChild(QMessageBox, _NAME)
    if isinstance(open_card, QMessageBox) and open_card.isVisible():
        open_card.setDetailedText(f"{open_card.detailedText()}\n\n{details}")
        return open_card
    card = QMessageBox(window)
    card.setObjectName(_NAME)
    card.setWindowTitle(tr("A defect in mixedgui"))
    card.setIcon(QMessageBox.Icon.Critical)
    card.setText(tr("This is a defect in mixedgui, not something you did wrong."))
    card.setInformativeText(
        tr("{summary}\n\nData, estimates and results are as they were. You can go on working.").format(summary=summary)
    )
    card.setDetailedText(f"mixedgui {VERSION}, Qt {qVersion()}, {platform.platform()}\n\n{details}")
    copy = card.addButton(tr("Copy details"), QMessageBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(card.detailedText()))
    card.addButton(QMessageBox.StandardButton.Close)
    card.finished.connect(card.deleteLater)
    card.open()
    return card
