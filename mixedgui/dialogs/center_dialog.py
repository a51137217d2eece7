"""Within and between: variables split into group means and deviations, with a look at the result."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import CommandDecl
from mixedgui.dialogs.data_trial import DataTrial
from mixedgui.dialogs.simple_dialog import SimpleDialog
from mixedgui.dialogs.window import CommandWindow
from mixedgui.size import open_at
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.data_preview import DataPreviewView
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.tinted_label import TintedLabel


class CenterDialog(SimpleDialog):
    """The form of the declaration, begun with the groups of the last model."""

    def __init__(self, decl: CommandDecl, window: CommandWindow) -> None:
        super().__init__(decl, window)
        open_at(self, 180, 170)

    def add_choices(self, page: QWidget, column: QVBoxLayout) -> None:
        """Say what the command is for."""
        words = TintedLabel(
            tr(
                "A variable that differs between groups and within them has two slopes. Its group mean carries the "
                "slope between groups, the deviation from it the slope within them."
            ),
            "text2",
            page,
        )
        words.setWordWrap(True)
        column.addWidget(words)

    def _add_options(self, page: QWidget) -> None:
        """Add the options, and the preview under them."""
        super()._add_options(page)
        self._column.addWidget(heading(tr("Result"), page))
        preview = DataPreviewView("center_preview", page)
        preview.table.setMinimumHeight(30 * theme().unit)
        self._column.addWidget(preview)
        self.trial = DataTrial(self, preview, tr("The result is shown here once variables and groups are chosen."))
        self.adopt([], [preview.table])

    def showEvent(self, event: QShowEvent) -> None:
        """Offer the groups of the last model, as long as nothing was filled in."""
        super().showEvent(event)
        session = self.window_.session
        form = self.state.form
        if session.estimates is None or form.body or form.options:
            return
        levels = [name for name in dict.fromkeys(session.e.macros.get("ivars", "").split()) if name in session.data]
        if levels:
            self.state.set_option("by", " ".join(levels))
            if len(levels) > 1:
                self.state.set_option("nested")
