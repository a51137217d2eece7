"""Every mixed command of the manual and the reference analyses comes out of the dialog, loaded or by clicks alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QSpinBox, QWidget

from engine.api import (
    MIXED,
    Method,
    MixedSpec,
    OptionKind,
    RandomEquation,
    Session,
    command_from_text,
    mixed_spec_from_text,
    print_expression,
    print_mixed,
    print_varlist,
)
from mixedgui.dialogs.registry import create
from mixedgui.theme import theme

QUICK_START = (
    "mixed y x || lev2:",
    "mixed y x || lev2:, reml",
    "mixed y x || lev2:, reml dfmethod(kroger)",
    "mixed y x || lev2: x",
    "mixed y x || lev2: x, covariance(unstructured)",
    "mixed y x || lev3: || lev2:",
    "mixed y x || _all:R.a || b:",
)
"""The first page of [ME] mixed."""

MANUAL = (  # [ME] mixed, in the order of its pages
    "mixed weight week || id:",
    "mixed weight week || id: week",
    "mixed weight week || id: week, covariance(unstructured)",
    "mixed weight week || id: week, reml",
    "mixed gsp private emp hwy water other unemp || region: || state:",
    "mixed gsp private emp hwy water other unemp || region: hwy unemp || state:, nolog nogroup nofetable",
    "mixed gsp private emp hwy water other unemp || region: hwy unemp, cov(identity) || region: || state:, "
    "nolog nogroup nofetable",
    "mixed weight age c.age#c.age || id: age, nolog",
    "mixed weight ibn.girl i.girl#c.age c.age#c.age, noconstant nofvlabel || id: age, nolog",
    "mixed weight ibn.girl i.girl#c.age c.age#c.age, noconstant nofvlabel || id: ibn.girl i.girl#c.age, noconstant "
    "nolog nofetable",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, "
    "residuals(independent, by(followup)) reml nolog",
    "mixed follicles sin1 cos1 || mare:, residuals(ar 2, t(time)) reml nolog",
    "mixed strength i.program##i.day || id:, noconstant residuals(unstructured, t(day)) nolog",
    "mixed strength i.program##i.day || id:, noconstant residuals(exponential, t(day)) nolog nofetable",
    "mixed weight week || _all: R.week || _all: R.id",
    "mixed weight week || _all: R.id",
    "mixed weight week || _all: R.week || id:",
    "mixed gsp private emp hwy water other unemp || region: R.state, cov(exchangeable)",
    "mixed isei female high_school college one_for both_for test_lang [pw=w_fstuwt] || id_school:, "
    "pweight(wnrschbw) pwscale(size)",
    "mixed isei female high_school college one_for both_for test_lang [pw=w_fstuwt/wnrschbw] || id_school:, "
    "pweight(wnrschbw) pwscale(gk)",
    "mixed weight week [fw=wt1] || id:, fweight(wt2)",
    "mixed score i.drug || person:, reml dfmethod(repeated)",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog dfmethod(kroger)",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog dfmethod(satterthwaite)",
)

ANALYSES = (
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector devses || id: female, "
    "cov(unstr)",
    "mixed mathach c.ses#c.meanses c.ses##i.sector i.female#c.meanses i.female##i.sector || id: female, cov(unstr)",
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector || id: female, "
    "cov(unstr) robust",
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector || id: female, cov(unstr)",
    "mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female##c.meanses##c.meanses##c.meanses "
    "i.female##i.sector || id: female, cov(unstr)",
    "mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female || id: female, cov(unstr)",
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector || id: female, cov(unstr) "
    "residuals(independent, by(female))",
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector || id: female, cov(unstr) "
    "residuals(independent, by(sector))",
)
"""Of the tutorial on diagnostics (reference document 003)."""

FURTHER = (
    "mixed perform tutoring || dist_id: || school_id: || teach_id: || student_id:",
    "mixed weight week if id > 3 in 1/400 || id:, level(90) stddeviations noheader cformat(%9.2f)",
    "mixed weight week || id:, vce(cluster region) emiterate(5) technique(bfgs) iterate(30) matlog",
    "mixed weight week || id:, reml dfmethod(satterthwaite, oim) dftable(pvalue)",
    "mixed weight week || id: week, residuals(toeplitz 2, t(week) by(girl)) emdots difficult",
    "mixed weight week || id:, residuals(banded 0, t(week)) trace nonrtolerance",
    "mixed weight week, noconstant || id:, constraints(1 2) baselevels fvwrap(2) nolstretch",
)
"""What the manual describes without an example."""

NAMES = (
    "weight week id gsp private emp hwy water other unemp region state age girl gcf followup base_gcf cda "
    "patient tooth follicles sin1 cos1 mare time strength program day isei female high_school college "
    "one_for both_for test_lang w_fstuwt wnrschbw id_school wt1 wt2 score drug person mathach ses meanses "
    "sector devses perform tutoring dist_id school_id teach_id student_id y x lev2 lev3 a b"
)


class FakeWindow(QMainWindow):
    """Holds data and runs nothing."""

    command_finished = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        rng = np.random.default_rng(5)
        self.session = Session(pd.DataFrame({name: rng.integers(0, 3, 30).astype(float) for name in NAMES.split()}))
        self.busy = False

    def run_command(self, text: str) -> None:
        raise AssertionError(text)

    def cancel_command(self) -> None:
        raise AssertionError


@pytest.fixture(scope="module")
def only_dialog(qapp):
    theme()
    window = FakeWindow()
    dialog = create("mixed", window)
    dialog.show()
    yield dialog
    dialog.hide()
    window.deleteLater()


@pytest.fixture
def dialog(only_dialog):
    only_dialog.findChild(QAbstractButton, "reset").click()
    return only_dialog


@pytest.mark.parametrize("command", [*QUICK_START, *MANUAL, *ANALYSES, *FURTHER])
def test_a_command_loaded_into_the_dialog_is_the_one_previewed(dialog, command) -> None:
    dialog.load_command(command)
    assert dialog.preview.text() == print_mixed(mixed_spec_from_text(command))


@pytest.mark.parametrize("command", [*QUICK_START, *MANUAL, *ANALYSES, *FURTHER])
def test_a_command_is_produced_by_clicks_alone(dialog, command) -> None:
    spec = mixed_spec_from_text(command)
    assert isinstance(spec, MixedSpec)
    build(dialog, spec)
    assert mixed_spec_from_text(dialog.preview.text()) == with_sorted_options(spec)
    assert len(dialog.preview.text()) == len(print_mixed(spec))


def test_the_repeated_command_of_the_tutorial_is_produced_by_clicks_alone(qapp) -> None:
    """`bootstrap, cluster(id): mixed ...` of reference document 003: both dialogs write it together."""
    window = FakeWindow()
    mixed, repeated = create("mixed", window), create("bootstrap", window)
    build(mixed, mixed_spec_from_text(ANALYSES[3]))
    choose(repeated, "bootstrap_text", mixed.preview.text())
    choose(repeated, "bootstrap_cluster", "id")
    assert repeated.preview.text() == f"bootstrap, cluster(id): {print_mixed(mixed_spec_from_text(ANALYSES[3]))}"
    repeated.load_command(f"bootstrap, cluster(id): {ANALYSES[3]}")
    assert repeated.preview.text() == f"bootstrap, cluster(id): {ANALYSES[3]}"
    window.deleteLater()


def test_a_redisplay_is_no_model_for_the_dialog(dialog) -> None:
    """`mixed, small` of the manual shows the last results again; the dialog says so and stays as it is."""
    with pytest.raises(Exception, match="shows the last results again"):
        dialog.load_command("mixed, small")
    assert dialog.preview.text() == "mixed"


# ---- the clicks


def build(dialog: QWidget, spec: MixedSpec) -> None:
    """Operate the controls that make `spec`."""
    click(dialog, "mixed_reml" if spec.method is Method.REML else "mixed_mle")
    choose(dialog, "mixed_depvar", spec.depvar)
    write(dialog, "mixed_indepvars", print_varlist(spec.indepvars))
    if spec.noconstant:
        click(dialog, "mixed_noconstant")
    if spec.if_ is not None:
        write(dialog, "mixed_if", print_expression(spec.if_))
    if spec.in_ is not None:
        write(dialog, "mixed_in_from", spec.in_.first)
        write(dialog, "mixed_in_to", spec.in_.last)
    if spec.weight is not None:
        click(dialog, f"mixed_weight_type_{spec.weight.kind}")
        write(dialog, "mixed_weight_exp", print_expression(spec.weight.expression))
    for equation in spec.equations:
        build_equation(dialog, equation)
    if spec.residuals is not None:
        build_residuals(dialog, spec)
    for part in print_options(spec):
        build_option(dialog, *part)


def build_equation(dialog: QWidget, equation: RandomEquation) -> None:
    """Create one equation in the sub-dialog."""
    click(dialog, "mixed_equations_create")
    sub = find(dialog, "dialog_mixed_equation")
    if equation.level != "_all":
        choose(sub, "mixed_equation_level", equation.level)
    if equation.factor is not None:
        click(sub, "mixed_equation_crossed")
        choose(sub, "mixed_equation_factor", equation.factor)
    else:
        write(sub, "mixed_equation_indepvars", print_varlist(equation.terms))
        if equation.noconstant:
            click(sub, "mixed_equation_noconstant")
    if equation.covariance is not None:
        click(sub, f"mixed_equation_covariance_{equation.covariance.value}")
    for kind in ("fweight", "pweight"):
        text = getattr(equation, kind)
        if text is not None:
            click(sub, f"mixed_equation_weights_{kind}")
            write(sub, f"mixed_equation_{kind}", text)
    click(sub, "ok")


def build_residuals(dialog: QWidget, spec: MixedSpec) -> None:
    residuals = spec.residuals
    assert residuals is not None
    click(dialog, "mixed_residuals")
    choose(dialog, "mixed_residuals_type", residuals.kind)
    if residuals.order is not None:
        order = find(dialog, "mixed_residuals_order")
        assert isinstance(order, QSpinBox)
        order.setValue(residuals.order)
    for field in ("t", "by"):
        if getattr(residuals, field) is not None:
            choose(dialog, f"mixed_residuals_{field}", getattr(residuals, field))


def print_options(spec: MixedSpec) -> list[tuple[str, str]]:
    """Return the options after the last comma but reml and residuals(), as name and argument."""
    canonical = command_from_text(print_mixed(spec))
    own = {"reml", "residuals", "noconstant", "covariance", "fweight", "pweight"}
    uses = [use for part in canonical.parts for use in part.options]
    chosen = [(use.decl.name, use.argument or "") for use in uses if use.decl.name not in own]
    return sorted(chosen, key=lambda pair: pair[0] != "dfmethod")  # dftable() waits for it


def build_option(dialog: QWidget, name: str, argument: str) -> None:
    """Operate the control of one option."""
    if name == "dfmethod":
        method, _, information = argument.partition(",")
        click(dialog, "mixed_dfmethod_on")
        choose(dialog, "mixed_dfmethod", method.strip())
        if information:
            click(dialog, "mixed_dfmethod_oim")
    elif name == "vce":
        kind, _, cluster = argument.partition(" ")
        choose(dialog, "mixed_vce", kind)
        if cluster:
            choose(dialog, "mixed_vce_cluster", cluster)
    elif next(decl for decl in MIXED.options if decl.name == name).kind is OptionKind.FLAG:
        click(dialog, f"mixed_{name}")
    else:
        choose(dialog, f"mixed_{name}", argument)


def with_sorted_options(spec: MixedSpec) -> MixedSpec:
    """Return `spec` as the dialog writes it: options in the order of the manual."""
    order = [decl.name for decl in MIXED.options]
    return replace(spec, others=tuple(sorted(spec.others, key=lambda other: order.index(other[0]))))


def find(parent: QWidget, name: str) -> QWidget:
    found = parent.findChild(QWidget, name)
    assert found is not None, name
    return found


def click(parent: QWidget, name: str) -> None:
    button = find(parent, name)
    assert isinstance(button, QAbstractButton), name
    assert button.isEnabled(), (name, button.toolTip())
    button.click()


def choose(parent: QWidget, name: str, text: str) -> None:
    """Choose an entry of a list, or write into a field."""
    widget = find(parent, name)
    assert widget.isEnabled(), (name, widget.toolTip())
    if isinstance(widget, QSpinBox) or hasattr(widget, "setDecimals"):
        widget.setValue(float(text) if hasattr(widget, "setDecimals") else int(text))
    elif hasattr(widget, "setCurrentText"):
        widget.setCurrentText(text)
    else:
        widget.setText(text)


def write(parent: QWidget, name: str, text: str) -> None:
    if text:
        choose(parent, name, text)
