"""A tinted label keeps the colour of the theme."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mixedgui.theme import ThemeChoice, theme
from mixedgui.widgets.tinted_label import TintedLabel


def test_a_label_that_is_first_seen_after_a_change_of_theme_has_the_new_colour(qtbot, qapp):
    theme().choose(ThemeChoice.LIGHT)
    box = QWidget()
    qtbot.addWidget(box)
    column = QVBoxLayout(box)
    label = TintedLabel("words", "text2", box)
    column.addWidget(label)
    try:
        theme().choose(ThemeChoice.DARK)
        box.show()
        qapp.processEvents()
        assert label.palette().color(QPalette.ColorRole.WindowText) == theme().color("text2")
    finally:
        theme().choose(ThemeChoice.LIGHT)
