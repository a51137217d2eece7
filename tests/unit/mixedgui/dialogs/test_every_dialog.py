"""What holds for every dialog, whatever its command."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.api import Session, declarations
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.dialog import MixedDialog
from mixedgui.dialogs.registry import available, create
from mixedgui.theme import theme

COMMANDS = available()
FULLEST = sorted(COMMANDS, key=lambda name: -sum(len(d.options) for d in declarations() if d.name == name))[:25]
"""The dialogs with the most controls."""

BUTTONS = ("ok", "submit", "cancel", "reset", "copy_command", "help", "command_preview")


class FakeWindow(QMainWindow):
    """Runs commands at once."""

    command_finished = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.busy = False
        self.factor = 1.0
        self.commands: list[str] = []

    def run_command(self, text: str) -> None:
        self.commands.append(text)
        self.command_finished.emit(self.session.run(text))

    def cancel_command(self) -> None:
        self.commands.append("(cancel)")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, data_file: Callable[[str], Path]) -> Iterator[FakeWindow]:
    theme()
    window = FakeWindow()
    qtbot.addWidget(window)
    assert window.session.run(f'use "{data_file("pig")}"').rc == 0
    return window


@pytest.fixture(scope="module")
def shared(qapp: QApplication, data_file: Callable[[str], Path]) -> Iterator[FakeWindow]:
    """Give one window whose dialogs are only looked at: each is made once for all tests."""
    theme()
    window = FakeWindow()
    assert window.session.run(f'use "{data_file("pig")}"').rc == 0
    yield window
    window.deleteLater()


@pytest.fixture(scope="module", params=[1.0, 2.0])
def enlarged(request: pytest.FixtureRequest, qapp: QApplication, shared: FakeWindow) -> Iterator[FakeWindow]:
    """Give a window whose text is so many times as large as usual."""
    if request.param == shared.factor:
        yield shared
        return
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(before.pointSizeF() * request.param)
    qapp.setFont(font)
    window = FakeWindow()
    window.factor = request.param
    yield window
    window.deleteLater()
    qapp.setFont(before)


def make(window: FakeWindow, name: str) -> CommandDialog:
    dialog = create(name, window)
    assert isinstance(dialog, CommandDialog)
    return dialog


def focusable(parent: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in parent.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        and not isinstance(widget, QTabBar | QScrollArea)
        and not widget.objectName().startswith("qt_")
        and widget.window() is parent
    ]


def test_the_menu_commands_have_dialogs() -> None:
    assert {"mixed", "predict", "summarize", "describe", "list", "qnorm", "lowess", "scatter"} <= set(COMMANDS)
    assert "do" not in COMMANDS


def test_names_that_tests_and_assistive_technology_hold_on_to(shared: FakeWindow) -> None:
    for name in COMMANDS:
        dialog = make(shared, name)
        assert dialog.objectName() == f"dialog_{name}"
        for button in BUTTONS:
            assert dialog.findChild(QWidget, button) is not None, button
        assert dialog.findChild(QWidget, f"{name}_page_model") is not None
        decl = next(decl for decl in declarations() if decl.name == name)
        if decl.allow_if:
            assert dialog.findChild(QLineEdit, f"{name}_if") is not None
        names = [widget.objectName() for widget in dialog.findChildren(QWidget) if widget.objectName().startswith(name)]
        assert len(names) == len(set(names)), name


def test_every_control_that_takes_the_focus_has_a_name(shared: FakeWindow) -> None:
    for name in COMMANDS:
        nameless = [
            (type(widget).__name__, widget.objectName())
            for widget in focusable(make(shared, name))
            if not widget.accessibleName() and not (isinstance(widget, QAbstractButton) and widget.text())
        ]
        assert nameless == [], name


def test_mnemonics_do_not_collide_within_a_page(shared: FakeWindow) -> None:
    for name in COMMANDS:
        dialog = make(shared, name)
        for page in range(dialog.tabs.count()):
            scroll = dialog.tabs.widget(page)
            letters = [
                widget.text()[widget.text().index("&") + 1].lower()
                for widget in scroll.findChildren(QWidget)
                if isinstance(widget, QLabel | QAbstractButton) and "&" in widget.text()
            ]
            assert len(letters) == len(set(letters)), (name, page, letters)


def test_a_control_that_is_off_says_why(shared: FakeWindow) -> None:
    for name in COMMANDS:
        dialog = make(shared, name)
        dialog.show()
        silent = [
            widget.objectName()
            for widget in focusable(dialog)
            if widget.isVisible()
            and not widget.isEnabled()
            and "ot" not in widget.accessibleDescription()[:12]
            and "Not available" not in widget.accessibleDescription()
        ]
        dialog.hide()
        assert silent == [], name


def test_no_text_is_cut(enlarged: FakeWindow, qapp: QApplication) -> None:
    for name in COMMANDS if enlarged.factor == 1.0 else FULLEST:
        dialog = make(enlarged, name)
        dialog.show()
        for page in range(dialog.tabs.count()):
            dialog.tabs.setCurrentIndex(page)
            qapp.processEvents()
            cut = [
                (widget.text(), widget.width(), widget.sizeHint().width())
                for widget in dialog.findChildren(QWidget)
                if isinstance(widget, QLabel | QAbstractButton)
                and widget.isVisible()
                and widget.text()
                and not (isinstance(widget, QLabel) and widget.wordWrap())
                and not widget.objectName().startswith("mixed_equation_covariance")
                and widget.width() < widget.sizeHint().width()
            ]
            assert cut == [], name
        dialog.hide()


def test_the_preview_is_the_command_of_the_state(shared: FakeWindow) -> None:
    for name in COMMANDS:
        dialog = make(shared, name)
        assert dialog.preview.text() == dialog.state.to_command(), name
        assert dialog.state.to_command().startswith(name)


def test_a_dialog_is_made_once(window: FakeWindow) -> None:
    assert make(window, "summarize") is make(window, "summarize")
    with pytest.raises(KeyError):
        create("nonsense", window)


def test_summarize_from_its_dialog(window: FakeWindow) -> None:
    dialog = make(window, "summarize")
    dialog.findChild(QLineEdit, "summarize_varlist").setText("weight week")
    dialog.findChild(QLineEdit, "summarize_if").setText("id > 5")
    dialog.findChild(QAbstractButton, "summarize_detail").click()
    dialog.findChild(QAbstractButton, "submit").click()
    assert window.commands == ["summarize weight week if id>5, detail"]
    assert window.session.history[-1].rc == 0


def test_generate_from_its_dialog(window: FakeWindow) -> None:
    dialog = make(window, "generate")
    dialog.findChild(QLineEdit, "generate_varlist").setText("week2")
    dialog.findChild(QComboBox, "generate_type").setCurrentText("double")
    dialog.findChild(QLineEdit, "generate_exp").setText("week^2")
    dialog.findChild(QAbstractButton, "ok").click()
    assert window.commands == ["generate double week2 = week^2"]
    assert "week2" in window.session.data


def test_a_taken_name_is_said_before_the_command_runs(window: FakeWindow) -> None:
    dialog = make(window, "generate")
    dialog.findChild(QLineEdit, "generate_varlist").setText("week")
    dialog.findChild(QLineEdit, "generate_exp").setText("1")
    dialog.findChild(QAbstractButton, "submit").click()
    assert window.commands == []
    assert "already defined" in dialog.findChild(QLabel, "generate_varlist_note").text()


def test_predict_opens_on_blups_and_always_writes_the_statistic(window: FakeWindow) -> None:
    window.run_command("mixed weight week || id:")
    window.commands.clear()
    dialog = make(window, "predict")
    assert dialog.findChild(QAbstractButton, "predict_reffects").isChecked()
    dialog.findChild(QLineEdit, "predict_varlist").setText("u")
    assert dialog.preview.text() == "predict u, reffects"
    dialog.findChild(QAbstractButton, "predict_residuals").click()
    assert dialog.preview.text() == "predict u, residuals"
    assert not dialog.findChild(QAbstractButton, "predict_reses").isEnabled()
    level = dialog.findChild(QComboBox, "predict_relevel")
    assert [level.itemText(i) for i in range(level.count())] == ["id"]
    dialog.findChild(QAbstractButton, "submit").click()
    assert window.commands == ["predict u, residuals"]
    assert window.session.history[-1].rc == 0


def test_predict_without_a_fit_says_what_is_missing(window: FakeWindow) -> None:
    dialog = make(window, "predict")
    dialog.findChild(QLineEdit, "predict_varlist").setText("u")
    dialog.findChild(QAbstractButton, "submit").click()
    assert window.commands == []
    assert "fit a model first" in dialog.footer.problems.toolTip()


def test_submit_stops_a_running_command(window: FakeWindow) -> None:
    dialog = make(window, "summarize")
    window.busy = True
    window.run_command = window.commands.append  # type: ignore[method-assign, assignment]
    dialog.findChild(QAbstractButton, "submit").click()
    submit = dialog.findChild(QAbstractButton, "submit")
    assert submit.text() == "Cancel"
    assert dialog.findChild(QAbstractButton, "cancel").text() == "Close"
    submit.click()
    window.busy = False
    window.busy_changed.emit(False)
    assert window.commands == ["summarize", "(cancel)"]
    assert submit.text() == "Submit"


def test_closing_keeps_the_content(window: FakeWindow) -> None:
    dialog = make(window, "mixed")
    assert isinstance(dialog, MixedDialog)
    dialog.state.load_command("mixed weight week || id:")
    dialog.show()
    dialog.close()
    assert dialog.isHidden()
    dialog.show()
    assert dialog.preview.text() == "mixed weight week || id:"
