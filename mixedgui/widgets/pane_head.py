"""The grey strip with title and buttons at the top of a pane."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.tinted_label import TintedLabel


class PaneHead(QWidget):
    """Title, a count in grey, and room for tools at the right; a bar at its left while its pane has the focus.

    Attributes
    ----------
    current
        Whether the focus is in the pane, which is what the head is in.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Midlight)
        unit = theme().unit
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3 * unit, 0, unit, 0)
        self._row.setSpacing(2 * unit)
        self._title = TintedLabel(title, "text", self, bold=True)
        self._count = TintedLabel("", "text2", self, factor=0.92)
        self._row.addWidget(self._title)
        self._row.addWidget(self._count)
        self._row.addStretch(1)
        self.setFixedHeight(self._height())
        self.current = False
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show where the keys go."""
        super().paintEvent(event)
        if self.current:
            painter = QPainter(self)
            painter.fillRect(0, 0, max(2, theme().unit * 3 // 4), self.height(), theme().color("accent"))
            painter.end()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        pane = self.parentWidget()
        current = pane is not None and new is not None and (pane is new or pane.isAncestorOf(new))
        if current is not self.current:
            self.current = current
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the content, in the height of a head."""
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        """The title may be cut, the height may not."""
        return QSize(10 * theme().unit, self._height())

    def _height(self) -> int:
        return round(7.5 * theme().unit)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def set_count(self, text: str) -> None:
        """Show how many things the pane lists."""
        self._count.setText(text)

    def add(self, widget: QWidget) -> None:
        """Put a tool at the right end."""
        self._row.addWidget(widget)

    def add_after_title(self, widget: QWidget) -> None:
        """Put a tool beside the title."""
        self._row.insertWidget(2, widget)

    def add_button(self, action: QAction, icon: str) -> QToolButton:
        """Add a tool button for an action, named after it."""
        button = icon_button(icon, action.text().replace("&", ""), self)
        button.clicked.connect(action.trigger)
        self.add(button)
        return button

    def add_menu(self, menu: QMenu, name: str) -> QToolButton:
        """Add the "more" button that opens `menu`."""
        button = icon_button("dots-three", name, self)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add(button)
        return button


def icon_button(icon: str, name: str, parent: QWidget | None = None) -> QToolButton:
    """Return a flat button that shows an icon and tells its name to pointer and screen reader."""
    button = QToolButton(parent)
    button.setAutoRaise(True)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    set_icon(button, icon)
    return button
