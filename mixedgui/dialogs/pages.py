"""The pages of a dialog: each scrolls by itself, and is laid out when it comes to the front."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QWidget

from mixedgui.state.translation import tr
from mixedgui.theme import theme


class Pages(QTabWidget):
    """Tabs named ``<prefix>_page_<name>``."""

    def __init__(self, prefix: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._prefix = prefix
        self._waiting: dict[QScrollArea, QWidget] = {}
        self.setObjectName(f"{prefix}_pages")
        self.setDocumentMode(True)
        side = 4 * theme().unit
        self.setIconSize(QSize(side, side))
        self.tabBar().setDrawBase(False)
        self.tabBar().setAutoHide(True)
        self.setAccessibleName(tr("Pages"))
        self.currentChanged.connect(self._lay_out_page)

    def open_page(self, name: str, title: str) -> QScrollArea:
        """Add an empty page that scrolls by itself; its viewport is the parent of what `fill_page` puts there.

        Widgets that are made where they stay cost half of what widgets cost that move.
        """
        scroll = QScrollArea(self)
        scroll.setObjectName(f"{self._prefix}_page_{name}")
        scroll.setAccessibleName(title)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setBackgroundRole(self.palette().ColorRole.Base)
        self.addTab(scroll, title)
        return scroll

    def fill_page(self, scroll: QScrollArea, page: QWidget) -> None:
        """Put a page into its place: the one in front now, another when it comes to the front.

        Laying out a page takes longer than making it; a dialog with many pages opens without waiting for all.
        """
        page.setAutoFillBackground(True)
        page.setBackgroundRole(page.palette().ColorRole.Base)
        if scroll is self.currentWidget():
            scroll.setWidget(page)
        else:
            page.setParent(scroll.viewport())
            self._waiting[scroll] = page

    @Slot()
    def _lay_out_page(self) -> None:
        scroll = self.currentWidget()
        page = self._waiting.pop(scroll, None) if isinstance(scroll, QScrollArea) else None
        if page is not None and isinstance(scroll, QScrollArea):
            scroll.setWidget(page)
