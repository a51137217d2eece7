"""Pages that a dialog puts off: they are there for whoever looks for them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from mixedgui.dialogs import registry
from mixedgui.dialogs.command_dialog import CommandDialog


@pytest.fixture
def dialog(window) -> CommandDialog:
    dialog = registry.create("mixed", window)
    assert isinstance(dialog, CommandDialog)
    return dialog


def test_a_dialog_opens_with_the_page_in_front_alone(dialog):
    assert dialog.late.waiting
    assert QWidget.findChild(dialog, QWidget, "mixed_level") is None


def test_what_is_looked_for_is_there(dialog):
    assert dialog.findChild(QWidget, "mixed_level") is not None
    assert not dialog.late.waiting


def test_all_of_them_are_found_together(dialog):
    names = {child.objectName() for child in dialog.findChildren(QWidget)}
    assert {"mixed_depvar", "mixed_if", "mixed_weight_exp", "mixed_vce", "mixed_level", "mixed_emiterate"} <= names


def test_a_page_is_made_when_it_comes_to_the_front(dialog):
    place = next(i for i in range(dialog.tabs.count()) if dialog.tabs.tabText(i) == "Reporting")
    dialog.tabs.setCurrentIndex(place)
    assert QWidget.findChild(dialog, QWidget, "mixed_level") is not None
    assert dialog.late.waiting


def test_idle_moments_make_the_rest(dialog, qtbot):
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.late.waiting)


def test_a_page_made_late_shows_what_the_dialog_holds(dialog):
    dialog.load_command("mixed weight week || id:, level(90)")
    assert dialog.findChild(QWidget, "mixed_level").text() == "90.00"


def test_a_problem_on_a_page_not_made_marks_its_tab(dialog):
    dialog.state.set(if_="weight >")
    place = next(i for i in range(dialog.tabs.count()) if dialog.tabs.tabText(i) == "by/if/in")
    assert not dialog.tabs.tabIcon(place).isNull()
