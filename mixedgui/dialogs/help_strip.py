"""A line of help about the control that has the focus."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from mixedgui.theme import theme


class HelpStrip(QLabel):
    """Hidden until asked for; then it follows the focus.

    Parameters
    ----------
    text
        What is said while no control has anything to say.
    button
        The button that shows and hides it.
    """

    def __init__(self, text: str, button: QAbstractButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._default = text
        self._button = button
        self.setWordWrap(True)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Highlight)
        self.setForegroundRole(QPalette.ColorRole.HighlightedText)
        self.setMargin(3 * theme().unit)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()
        button.setCheckable(True)
        button.clicked.connect(self.toggle)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusObjectChanged.connect(self._follow)

    @Slot()
    def toggle(self) -> None:
        """Show what the control with the focus is for, or hide it again."""
        shown = self.isHidden()
        self.setVisible(shown)
        self._button.setChecked(shown)
        if shown:
            self.setText(self._default)
            self._follow(self.window().focusWidget())

    @Slot(QObject)
    def _follow(self, focus: QObject | None) -> None:
        if self.isHidden() or not isinstance(focus, QWidget) or focus.window() is not self.window():
            return
        if isinstance(focus, QAbstractButton) and focus is self._button:
            return
        widget: QWidget | None = focus
        while widget is not None and widget is not self.window():
            if widget.accessibleDescription():
                name = widget.accessibleName()
                self.setText(f"{name}: {widget.accessibleDescription()}" if name else widget.accessibleDescription())
                return
            widget = widget.parentWidget()
