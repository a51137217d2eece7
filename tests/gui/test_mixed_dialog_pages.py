"""The pages of the mixed dialog: every control writes its option, and says why it is off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from engine.api import MIXED, Session
from engine.spec import problems
from mixedgui.dialogs.mixed.dialog import MixedDialog
from mixedgui.dialogs.registry import create
from mixedgui.theme import theme


class FakeWindow(QMainWindow):
    """Keeps commands instead of running them."""

    command_finished = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.busy = False
        self.commands: list[str] = []

    def run_command(self, text: str) -> None:
        self.commands.append(text)
        self.command_finished.emit(None)

    def cancel_command(self) -> None:
        self.commands.append("(cancel)")


@pytest.fixture
def _all_works(monkeypatch) -> None:
    """Look at the dialog as it is once nothing is refused any more."""
    monkeypatch.setattr(problems, "_refused_options", dict)
    monkeypatch.setattr(problems, "_refusals", lambda spec: [])
    options = tuple(
        replace(decl, choices=tuple(replace(choice, refused="") for choice in decl.choices)) for decl in MIXED.options
    )
    monkeypatch.setattr(problems, "MIXED", replace(MIXED, options=options))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, data_file: Callable[[str], Path]) -> Iterator[FakeWindow]:
    theme()
    window = FakeWindow()
    qtbot.addWidget(window)
    assert window.session.run(f'use "{data_file("childweight")}"').rc == 0
    return window


@pytest.fixture
def dialog(window: FakeWindow, _all_works) -> MixedDialog:
    dialog = create("mixed", window)
    assert isinstance(dialog, MixedDialog)
    dialog.load_command("mixed weight age || id:")
    dialog.show()
    return dialog


def find(parent: QWidget, name: str, kind: type = QWidget):
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def options(dialog: MixedDialog) -> str:
    """Return what stands behind the last comma of the equation."""
    return dialog.preview.text().partition("|| id:")[2].removeprefix(", ")


def test_residual_structure_shows_what_its_type_needs(dialog) -> None:
    kind = find(dialog, "mixed_residuals_type", QComboBox)
    order, t, by = (find(dialog, f"mixed_residuals_{name}") for name in ("order", "t", "by"))
    assert not kind.isVisible()
    find(dialog, "mixed_residuals").click()
    assert options(dialog) == "residuals(independent)"
    assert kind.isVisible()
    assert by.isVisible()
    assert not order.isVisible()
    assert not t.isVisible()
    kind.setCurrentText("ar")
    assert order.isVisible()
    assert t.isVisible()
    assert (order.value(), order.minimum()) == (1, 1)
    assert "needs t()" in find(dialog, "mixed_residuals_t_note").text()
    t.setCurrentText("age")
    order.setValue(2)
    by.setCurrentText("girl")
    assert options(dialog) == "residuals(ar 2, by(girl) t(age))"
    kind.setCurrentText("Banded")
    assert t.accessibleName() == "Residuals: id variable"
    order.setValue(order.minimum())
    assert order.text() == "Full"
    assert options(dialog) == "residuals(banded, by(girl) t(age))"
    order.setValue(0)
    assert options(dialog) == "residuals(banded 0, by(girl) t(age))"
    kind.setCurrentText("exchangeable")
    assert options(dialog) == "residuals(exchangeable, by(girl))"
    find(dialog, "mixed_residuals").click()
    assert options(dialog) == ""


def test_choosing_a_type_or_method_switches_its_group_on(dialog) -> None:
    find(dialog, "mixed_residuals_type").setCurrentText("independent")
    assert options(dialog) == "residuals(independent)"
    find(dialog, "mixed_dfmethod").setCurrentText("residual")
    assert options(dialog) == "residuals(independent) dfmethod(residual)"
    assert find(dialog, "mixed_dfmethod_on").isChecked()


def test_methods_for_degrees_of_freedom_follow_the_estimation_method(dialog) -> None:
    find(dialog, "mixed_dfmethod_on").click()
    box = find(dialog, "mixed_dfmethod", QComboBox)
    enabled = [box.itemData(i) for i in range(box.count()) if box.model().item(i).isEnabled()]
    assert enabled == ["residual", "repeated", "anova"]
    assert "needs REML" in box.itemData(box.findData("kroger"), Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "Satterthwaite: needs REML" in box.accessibleDescription()
    find(dialog, "mixed_reml").click()
    assert all(box.model().item(i).isEnabled() for i in range(box.count()))
    assert not find(dialog, "mixed_dfmethod_oim").isVisible()
    box.setCurrentText("kroger")
    assert find(dialog, "mixed_dfmethod_oim").isVisible()
    find(dialog, "mixed_dfmethod_oim").click()
    assert options(dialog) == "reml dfmethod(kroger, oim)"
    find(dialog, "mixed_mle").click()
    assert options(dialog) == "dfmethod(kroger, oim)"
    assert "requires option reml" in find(dialog, "mixed_dfmethod_note").text()
    find(dialog, "mixed_reml").click()
    find(dialog, "mixed_dfmethod_eim").click()
    assert options(dialog) == "reml dfmethod(kroger)"


def test_weights_and_their_scaling(dialog) -> None:
    scaling = find(dialog, "mixed_pwscale", QComboBox)
    assert not scaling.isEnabled()
    assert "sampling weights" in scaling.accessibleDescription()
    exp = find(dialog, "mixed_weight_exp", QLineEdit)
    assert "choose frequency or sampling" in exp.accessibleDescription()
    find(dialog, "mixed_weight_type").setCurrentText("Sampling")
    assert exp.isEnabled()
    exp.setText("1/brthwt")
    assert dialog.preview.text() == "mixed weight age [pweight=1/brthwt] || id:"
    assert scaling.isEnabled()
    scaling.setCurrentText("effective")
    assert options(dialog) == "pwscale(effective)"
    find(dialog, "mixed_reml").click()
    assert dialog.preview.text() == "mixed weight age || id:, reml"
    assert not exp.isEnabled()
    assert "REML" in exp.accessibleDescription()
    assert "REML" in find(dialog, "mixed_weight_type").accessibleDescription()
    assert not dialog.footer.problems.isVisible()
    find(dialog, "mixed_mle").click()
    find(dialog, "mixed_weight_type_none", QAbstractButton).click()
    assert dialog.preview.text() == "mixed weight age || id:"


def test_standard_errors(dialog) -> None:
    box, cluster = find(dialog, "mixed_vce", QComboBox), find(dialog, "mixed_vce_cluster", QComboBox)
    assert not cluster.isEnabled()
    box.setCurrentText("robust")
    assert options(dialog) == "vce(robust)"
    box.setCurrentText("cluster")
    assert cluster.isEnabled()
    cluster.setCurrentText("id")
    assert options(dialog) == "vce(cluster id)"
    find(dialog, "mixed_reml").click()
    assert options(dialog) == "reml"
    assert not box.isEnabled()
    assert "REML" in box.accessibleDescription()


def test_em_and_maximization(dialog) -> None:
    find(dialog, "mixed_emlog", QAbstractButton).click()
    find(dialog, "mixed_emonly", QAbstractButton).click()
    find(dialog, "mixed_technique", QComboBox).setCurrentText("bfgs 10 nr")
    find(dialog, "mixed_difficult", QAbstractButton).click()
    find(dialog, "mixed_trace", QAbstractButton).click()
    find(dialog, "mixed_matlog", QAbstractButton).click()
    words = options(dialog).split()
    assert {"emonly", "emlog", "difficult", "trace", "matlog"} <= set(words)
    assert "technique(bfgs 10 nr)" in options(dialog)
    find(dialog, "mixed_nolog", QAbstractButton).click()
    assert "trace" not in options(dialog).split()
    assert "log is off" in find(dialog, "mixed_trace").accessibleDescription()
    find(dialog, "mixed_log", QAbstractButton).click()
    find(dialog, "mixed_emdots", QAbstractButton).click()
    assert "emlog" not in options(dialog).split()
    find(dialog, "mixed_emlog_none", QAbstractButton).click()
    find(dialog, "mixed_matsqrt", QAbstractButton).click()
    find(dialog, "mixed_technique", QComboBox).setCurrentText("newton")
    assert "technique" in find(dialog, "mixed_technique_note").text()


def test_reporting(dialog) -> None:
    table = find(dialog, "mixed_dftable", QComboBox)
    assert not table.isEnabled()
    assert "choose a method" in table.accessibleDescription()
    find(dialog, "mixed_dfmethod_on").click()
    table.setCurrentText("ci")
    find(dialog, "mixed_cformat", QComboBox).setCurrentText("%9.2f")
    find(dialog, "mixed_allbaselevels", QAbstractButton).click()
    assert {"dftable(ci)", "cformat(%9.2f)", "allbaselevels"} <= set(options(dialog).split())
    assert not find(dialog, "mixed_baselevels").isEnabled()
    assert not find(dialog, "mixed_noci").isEnabled()
    find(dialog, "mixed_estmetric", QAbstractButton).click()
    assert "estmetric" in find(dialog, "mixed_stddeviations").accessibleDescription()
    find(dialog, "mixed_estmetric", QAbstractButton).click()
    find(dialog, "mixed_noretable", QAbstractButton).click()
    assert "noretable" in find(dialog, "mixed_estmetric").accessibleDescription()


def test_every_option_of_the_model_has_a_control(dialog) -> None:
    elsewhere = {"covariance", "collinear", "fweight", "pweight"}  # in the equation sub-dialog, or kept as loaded
    synonyms = {"robust", "cluster"}  # of vce()
    replay = {"small"}
    missing = [
        decl.name
        for decl in MIXED.options
        if decl.name not in elsewhere | synonyms | replay and dialog.control(decl.name) is None
    ]
    assert missing == []


def test_what_the_declaration_refuses_is_grey_with_its_sentence(window, monkeypatch) -> None:
    sentence = "not available in this version."
    monkeypatch.setattr(
        problems,
        "_refused_options",
        lambda: {name: sentence for name in ("residuals", "constraints", "emonly", "weight", "fweight", "factor")},
    )
    dialog = create("mixed", window)
    assert isinstance(dialog, MixedDialog)
    dialog.show()
    for name in ("residuals", "constraints", "emonly", "weight_type"):
        control = find(dialog, f"mixed_{name}")
        assert not control.isEnabled(), name
        assert control.accessibleDescription() == f"Not available now: {sentence}"
    dialog.edit_equation(
        dialog.state.create_equation(
            replace(dialog.state.form.equations[0]) if dialog.state.form.equations else _blank()
        )
    )
    sub = find(dialog, "dialog_mixed_equation", QDialog)
    for name in ("crossed", "weights_fweight"):
        assert find(sub, f"mixed_equation_{name}").accessibleDescription() == f"Not available now: {sentence}"
    assert find(sub, "mixed_equation_weights_pweight").isEnabled()
    assert not find(dialog, "mixed_equations_create_crossed", QAction).isEnabled()


def _blank():
    from mixedgui.state.equation_state import EquationState

    return EquationState(level="id")


def test_a_crossed_factor_and_weights_in_the_equation(dialog, qtbot) -> None:
    dialog.edit_equation(0)
    sub = find(dialog, "dialog_mixed_equation", QDialog)
    find(sub, "mixed_equation_weights_pweight", QAbstractButton).click()
    weight = find(sub, "mixed_equation_pweight", QLineEdit)
    assert weight.isVisible()
    weight.setText("brthwt")
    assert find(sub, "mixed_equation_preview").text() == "|| id:, pweight(brthwt)"
    find(sub, "mixed_equation_weights_fweight", QAbstractButton).click()
    assert find(sub, "mixed_equation_preview").text() == "|| id:, fweight(brthwt)"
    find(sub, "mixed_equation_weights_none", QAbstractButton).click()
    find(sub, "mixed_equation_crossed", QAbstractButton).click()
    find(sub, "mixed_equation_factor", QComboBox).setCurrentText("girl")
    assert not find(sub, "mixed_equation_covariance_unstructured").isEnabled()
    find(sub, "mixed_equation_covariance").setCurrentText("exchangeable")
    assert find(sub, "mixed_equation_preview").text() == "|| id: R.girl, covariance(exchangeable)"
    qtbot.mouseClick(find(sub, "ok"), Qt.MouseButton.LeftButton)
    assert dialog.preview.text() == "mixed weight age || id: R.girl, covariance(exchangeable)"


def test_the_equation_is_shown_combined_and_by_level(dialog) -> None:
    dialog.load_command("mixed weight age || id: age, cov(un)")
    strip = dialog.model.strip
    assert strip.isVisible()
    assert strip.text() == "weight = β_0 + β_1 age + u_{0,id} + u_{1,id} age + ε"
    find(dialog, "mixed_equation_text_levels", QAbstractButton).click()
    assert strip.text().splitlines() == [
        "observations: weight = b_0 + b_1 age + ε (ε independent)",
        "id: b_0 = β_0 + u_{0,id}; b_1 = β_1 + u_{1,id} (unstructured)",
    ]
    dialog.state.set(indepvars="age##")
    assert not strip.isVisible()


def test_a_template_from_the_menu_of_create(dialog, qtbot) -> None:
    dialog.load_command("mixed weight age")
    find(dialog, "mixed_equations_create_slope", QAction).trigger()
    sub = find(dialog, "dialog_mixed_template_slope", QDialog)
    assert sub.isVisible()
    qtbot.mouseClick(find(sub, "ok"), Qt.MouseButton.LeftButton)
    assert sub.isVisible()
    find(sub, "mixed_template_level", QComboBox).setCurrentText("id")
    find(sub, "mixed_template_slope", QLineEdit).setText("age")
    assert find(sub, "mixed_template_preview").text() == "|| id: age, covariance(unstructured)"
    qtbot.mouseClick(find(sub, "ok"), Qt.MouseButton.LeftButton)
    assert dialog.preview.text() == "mixed weight age || id: age, covariance(unstructured)"


def test_the_growth_curve_template_fills_fixed_part_equation_and_residuals(dialog, qtbot) -> None:
    dialog.load_command("mixed weight")
    find(dialog, "mixed_equations_create_growth", QAction).trigger()
    sub = find(dialog, "dialog_mixed_template_growth", QDialog)
    find(sub, "mixed_template_level", QComboBox).setCurrentText("id")
    find(sub, "mixed_template_time", QComboBox).setCurrentText("age")
    assert find(sub, "mixed_template_preview").text() == "age || id:, residuals(ar 1, t(age))"
    qtbot.mouseClick(find(sub, "ok"), Qt.MouseButton.LeftButton)
    assert dialog.preview.text() == "mixed weight age || id:, residuals(ar 1, t(age))"
    assert find(dialog, "mixed_residuals").isChecked()
    qtbot.mouseClick(find(dialog, "undo"), Qt.MouseButton.LeftButton)
    assert dialog.preview.text() == "mixed weight"


@pytest.mark.parametrize("page", range(7))
def test_all_pages_fit_a_small_window_across(dialog, qtbot, page) -> None:
    dialog.load_command("mixed weight age || id:, reml residuals(exponential, t(age)) dfmethod(kroger)")
    dialog.resize(840, 410)
    dialog.tabs.setCurrentIndex(page)
    scroll = dialog.tabs.currentWidget()
    qtbot.waitUntil(lambda: dialog.width() == 840 and scroll.horizontalScrollBar().maximum() == 0)


def test_the_data_are_asked_whether_the_residual_structure_goes_with_them(dialog, qtbot) -> None:
    dialog.load_command("mixed weight age || id:, residuals(ar 1, t(girl))")
    note = find(dialog, "mixed_residuals_t_note")
    qtbot.waitUntil(lambda: "within a group" in note.text())
    assert dialog.footer.problems.text() == "1 error"
    find(dialog, "submit", QAbstractButton).click()
    assert dialog.window_.commands == []
    dialog.load_command("mixed weight age || id:, vce(cluster girl)")
    assert not note.isVisible()
    dialog.load_command("mixed weight age || id:, vce(cluster age)")
    qtbot.waitUntil(lambda: "not nested" in find(dialog, "mixed_vce_cluster_note").text())
    assert not dialog.tabs.tabIcon(3).isNull()


def test_the_command_is_repeated_by_groups_or_restricted_to_a_range(dialog) -> None:
    by = find(dialog, "mixed_by", QLineEdit)
    by.setText("girl")
    assert dialog.preview.text() == "bysort girl: mixed weight age || id:"
    find(dialog, "mixed_in_to", QLineEdit).setText("100")
    assert "may not be combined" in find(dialog, "mixed_by_note").text()
    find(dialog, "submit", QAbstractButton).click()
    assert dialog.window_.commands == []
    find(dialog, "mixed_in_to", QLineEdit).clear()
    find(dialog, "submit", QAbstractButton).click()
    assert dialog.window_.commands == ["bysort girl: mixed weight age || id:"]


def test_number_formats_have_a_sub_dialog_whose_cancel_brings_back_what_was(dialog, qtbot) -> None:
    dialog.state.set_option("cformat", "%9.4f")
    opener = find(dialog, "mixed_formats")
    assert opener.text().replace("&", "") == "Number formats… *"
    opener.click()
    child = find(dialog, "dialog_mixed_formats", QDialog)
    assert child.isVisible()
    find(child, "mixed_cformat_decimals", QComboBox).setCurrentText("2")
    find(child, "mixed_cformat_comma", QAbstractButton).click()
    find(child, "mixed_pformat_decimals", QComboBox).setCurrentText("3")
    assert {"cformat(%9,2f)", "pformat(%5.3f)"} <= set(options(dialog).split())
    assert not find(child, "mixed_sformat_comma").isEnabled()
    assert "decimals first" in find(child, "mixed_sformat_comma").accessibleDescription()
    find(child, "cancel", QAbstractButton).click()
    assert options(dialog).split() == ["cformat(%9.4f)"]
    opener.click()
    find(child, "reset", QAbstractButton).click()
    find(child, "ok", QAbstractButton).click()
    assert not child.isVisible()
    assert opener.text().replace("&", "") == "Number formats…"


def test_a_problem_in_a_sub_dialog_marks_the_tab_of_its_button_and_leads_there(dialog) -> None:
    dialog.state.set(depvar="weight")
    dialog.state.set_option("cformat", "%9")
    problem = next(problem for problem in dialog.problems() if problem.option == "cformat")
    page = dialog.notes.page_of(find(dialog, "mixed_formats"))
    assert not dialog.tabs.tabIcon(page).isNull()
    dialog.go_to(problem)
    assert dialog.tabs.currentIndex() == page
    assert find(dialog, "dialog_mixed_formats", QDialog).isVisible()
