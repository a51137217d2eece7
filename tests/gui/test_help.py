"""``help`` typed in the window opens the page of the command there."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QTextBrowser


def test_help_opens_the_page_of_the_command(window, run):
    assert run("help levelsof").rc == 0
    dialog = window.findChild(QDialog, "commands_help")
    assert dialog.isVisible()
    page = dialog.findChild(QTextBrowser).toPlainText()
    assert "Distinct levels of a variable" in page
    assert "r(levels)" in page
    dialog.close()


def test_help_of_nothing_says_what_is_near(window, run):
    outcome = run("help mixd")
    assert outcome.rc == 111
    assert "did you mean mixed?" in outcome.text
