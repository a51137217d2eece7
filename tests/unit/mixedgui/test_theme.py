"""Contrast, palette and style sheet; the required ratios are those of WCAG 2.2 AA (4.5 for text, 3 for outlines)."""

import pytest
from PySide6.QtGui import QPalette

from mixedgui.paths import resources
from mixedgui.theme import ThemeChoice, palette_of, style_sheet, theme
from mixedgui.theme_tokens import DARK, LIGHT, contrast

TEXT_ON = [
    ("text", "window"),
    ("text", "base"),
    ("text", "sunken"),
    ("text", "alt"),
    ("text", "soft"),
    ("text2", "base"),
    ("text2", "soft"),
    ("text2", "window"),
    ("disabled", "window"),
    ("accent", "base"),
    ("on_accent", "accent"),
    ("ok", "ok_soft"),
    ("warn", "warn_soft"),
    ("error", "error_soft"),
    ("error", "base"),
    ("bar", "base"),
    ("option", "base"),
    ("tooltip_text", "tooltip"),
]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_ON)
def test_text_is_readable_on_its_background(tokens, front, back):
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("back", ["window", "base"])
def test_outlines_of_controls_are_visible(tokens, back):
    assert contrast(tokens.control, getattr(tokens, back)) >= 3.1


# Ratios printed in the design's table of colours.
@pytest.mark.parametrize(
    ("front", "back", "light", "dark"),
    [
        ("text", "window", 14.7, 13.4),
        ("text", "base", 16.2, 12.0),
        ("text2", "base", 6.6, 6.7),
        ("accent", "base", 6.3, 6.5),
        ("error", "error_soft", 5.8, 6.2),
    ],
)
def test_measured_ratios_are_those_of_the_design(front, back, light, dark):
    assert contrast(getattr(LIGHT, front), getattr(LIGHT, back)) == pytest.approx(light, abs=0.06)
    assert contrast(getattr(DARK, front), getattr(DARK, back)) == pytest.approx(dark, abs=0.06)


def test_black_on_white_has_the_largest_contrast():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)


def test_style_sheet_stays_small_and_names_no_colour_of_its_own():
    source = (resources() / "qss" / "mixedgui.qss").read_text(encoding="utf-8")
    assert len(source.splitlines()) < 60
    assert "#" not in source
    assert "$" not in style_sheet(LIGHT, 4)


def test_palette_gives_disabled_text_its_own_colour(qapp):
    palette = palette_of(DARK)
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name().upper() == DARK.disabled
    assert palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text).name().upper() == DARK.text


def test_forced_choice_changes_palette_and_tells_listeners(qtbot, qapp):
    look = theme()
    try:
        with qtbot.waitSignal(look.changed):
            look.choose(ThemeChoice.DARK)
        assert look.dark
        assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == DARK.base
        with qtbot.waitSignal(look.changed):
            look.choose(ThemeChoice.LIGHT)
        assert not look.dark
    finally:
        look.choose(ThemeChoice.SYSTEM)


def test_a_choice_that_changes_no_colour_costs_nothing(qtbot, qapp):
    look = theme()
    try:
        look.choose(ThemeChoice.DARK)
        sheet = qapp.styleSheet()
        with qtbot.assertNotEmitted(look.changed):
            look.choose(ThemeChoice.DARK)
        assert qapp.styleSheet() == sheet == style_sheet(DARK, look.unit)
    finally:
        look.choose(ThemeChoice.SYSTEM)


def test_there_is_one_theme_per_application(qapp):
    assert theme() is theme()
