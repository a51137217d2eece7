"""``mixed`` commands into specs and back to canonical text ([ME] mixed, *Syntax*)."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.command import InRange
from engine.lang.expr import Binary, Name, Number
from engine.lang.parse_command import parse_command
from engine.lang.parse_varlist import parse_varlist
from engine.lang.varlist import Operator, VarList
from engine.spec.dfmethod import DfInformation, DfMethod, DfRequest, df_request
from engine.spec.mixed import (
    CovarianceKind,
    DfTable,
    DisplayOptions,
    Maximization,
    Method,
    Metric,
    MixedReplay,
    MixedSpec,
    RandomEquation,
    Residuals,
)
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_printer import print_mixed
from engine.spec.mixed_reader import read_mixed

HSB = "mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector"

DOCUMENTS = (
    "mixed weight week || id:",
    "mixed weight week || id: week",
    "mixed weight week || id: week, covariance(unstructured)",
    "mixed weight week || id: week, reml",
    "mixed gsp private emp hwy water other unemp || region: || state:",
    "mixed gsp private emp hwy water other unemp || region: hwy unemp || state:, nolog nogroup nofetable",
    "mixed gsp private emp hwy water other unemp || region: hwy unemp, cov(identity) || region: || state:, nolog",
    "mixed weight age c.age#c.age || id: age, nolog",
    "mixed weight ibn.girl i.girl#c.age c.age#c.age, noconstant nofvlabel || id: age, nolog",
    "mixed weight ibn.girl i.girl#c.age c.age#c.age, noconstant nofvlabel "
    "|| id: ibn.girl i.girl#c.age, noconstant nolog nofetable",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, "
    "residuals(independent, by(followup)) reml nolog",
    "mixed follicles sin1 cos1 || mare:, residuals(ar 2, t(time)) reml nolog",
    "mixed strength i.program##i.day || id:, noconstant residuals(unstructured, t(day)) nolog",
    "mixed strength i.program##i.day || id:, noconstant residuals(exponential, t(day)) nolog nofetable",
    "mixed weight week || _all: R.week || _all: R.id",
    "mixed weight week || _all: R.week || id:",
    "mixed gsp private emp hwy water other unemp || region: R.state, cov(exchangeable)",
    "mixed isei female high_school college one_for both_for test_lang [pw=w_fstuwt] "
    "|| id_school:, pweight(wnrschbw) pwscale(size)",
    "mixed isei female high_school college one_for both_for test_lang [pw=w_fstuwt/wnrschbw] "
    "|| id_school:, pweight(wnrschbw) pwscale(gk)",
    "mixed score i.drug || person:, reml dfmethod(repeated)",
    "mixed",
    "mixed, small",
    "mixed, dftable(pvalue) noretable",
    "mixed, stddeviations",
    "mixed gcf followup base_gcf cda age || patient: followup, cov(un) || tooth:, reml nolog dfmethod(kroger)",
    "mixed y A B C || D: A || E: A B",
    "xtmixed perform tutoring || student_id:",
    "xtmixed perform tutoring || student_id: || teach_id: || school_id: || dist_id:",
    f"mixed {HSB} devses || id: female, cov(unstr)",
    f"mixed {HSB} || id: female, cov(unstr) robust",
    "mixed mathach c.ses##c.meanses##c.meanses##c.meanses c.ses##i.sector i.female || id: female, cov(unstr)",
    f"mixed {HSB} || id: female, cov(unstr) residuals(independent, by(female))",
    f"quietly mixed {HSB} || id:week",
)


def find(word):
    return MIXED if word in ("mixed", "xtmixed") else None


def read(text):
    return read_mixed(parse_command(text, find))


@pytest.mark.parametrize("text", DOCUMENTS)
def test_every_command_of_the_documents_reads_back_from_its_canonical_form(text):
    spec = read(text)
    assert read(print_mixed(spec)) == spec


def test_every_command_of_the_reference_results_reads_back_from_its_canonical_form(oracle):
    for case in oracle("index"):
        spec = read(case["stata"])
        assert spec.method.name == case["method"]
        assert read(print_mixed(spec)) == spec


def test_the_fixed_part_and_the_equations_are_told_apart():
    assert read("mixed L.y x i.g if z>1 in 2/9, nocons || a: x, cov(un) nocons col || b:") == MixedSpec(
        depvar="y",
        depvar_operator=Operator(time="L"),
        indepvars=parse_varlist("x i.g"),
        if_=Binary(">", Name("z"), Number(1.0, "1")),
        in_=InRange("2", "9"),
        noconstant=True,
        equations=(
            RandomEquation(
                level="a",
                terms=parse_varlist("x"),
                noconstant=True,
                covariance=CovarianceKind.UNSTRUCTURED,
                collinear=True,
            ),
            RandomEquation(level="b"),
        ),
    )


@pytest.mark.parametrize("text", ["|| id:week", "||id:week", "|| id :week,", "|| id: week ,"])
def test_blanks_and_a_trailing_comma_do_not_matter(text):
    assert read(f"mixed y {text}").equations == (RandomEquation(level="id", terms=parse_varlist("week")),)


def test_crossed_effects_are_read():
    spec = read("mixed y || _all:R.id, cov(ex)")
    assert spec.equations == (RandomEquation(level="_all", factor="id", covariance=CovarianceKind.EXCHANGEABLE),)


def test_noconstant_belongs_to_the_equation_it_follows():
    spec = read("mixed y x || id:, nocons reml")
    assert not spec.noconstant
    assert spec.equations[0].noconstant
    assert spec.method is Method.REML


@pytest.mark.parametrize(
    "place", ["mixed y x, OPTIONS || a: || b:", "mixed y x || a:, OPTIONS || b:", "mixed y x || a: || b:, OPTIONS"]
)
def test_model_wide_options_may_follow_any_comma(place):
    spec = read(place.replace("OPTIONS", "reml l(90) stddev emiter(5) ltol(1e-9) nolog"))
    assert spec.method is Method.REML
    assert spec.display == DisplayOptions(level=90.0, metric=Metric.STDDEVIATION)
    assert spec.maximization == Maximization(emiterate=5, ltolerance=1e-9, nolog=True)
    assert print_mixed(spec).startswith("mixed y x || a: || b:, reml level(90) stddeviations")


def test_conditions_of_the_last_equation_hold_for_the_model():
    spec = read("mixed y x || id: x if s==1 in 1/5, cov(un)")
    assert spec.if_ == Binary("==", Name("s"), Number(1.0, "1"))
    assert print_mixed(spec) == "mixed y x if s==1 in 1/5 || id: x, covariance(unstructured)"


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("ind", Residuals(kind="independent")),
        ("exc", Residuals(kind="exchangeable")),
        ("ar 2, t(time)", Residuals(kind="ar", order=2, t="time")),
        ("ma,t(w)", Residuals(kind="ma", t="w")),
        ("un, t(w) by(g)", Residuals(kind="unstructured", by="g", t="w")),
        ("ba 0, t(w)", Residuals(kind="banded", order=0, t="w")),
        ("to 3 , t(w)", Residuals(kind="toeplitz", order=3, t="w")),
        ("exp, t(w)", Residuals(kind="exponential", t="w")),
        ("hex, t(w)", Residuals(kind="hexchangeable", t="w")),
        ("har, t(w) by(g)", Residuals(kind="har", by="g", t="w")),
        ("har 1, t(w)", Residuals(kind="har", t="w")),
    ],
)
def test_residual_structures_are_read(typed, read_as):
    assert read(f"mixed y || id:, res({typed})").residuals == read_as


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("robust", ("vce", "robust")),
        ("r", ("vce", "robust")),
        ("vce(r)", ("vce", "robust")),
        ("cluster(g)", ("vce", "cluster g")),
        ("vce(cl g)", ("vce", "cluster g")),
        ("vce(oim)", ("vce", "oim")),
        ("dfm(kr)", ("dfmethod", "kroger")),
        ("dfm(kr, eim)", ("dfmethod", "kroger")),
        ("dfmethod(sat,oim)", ("dfmethod", "satterthwaite, oim")),
        ("pwscale(eff)", ("pwscale", "effective")),
    ],
)
def test_other_options_are_kept_in_full_words(typed, option):
    assert read(f"mixed y || id:, {typed}").others == (option,)


def test_defaults_that_are_written_out_change_nothing():
    assert read("mixed y || id:, mle") == read("mixed y || id:")


def test_without_variables_results_are_shown_again():
    assert read("mixed, stddev level(90) noret") == MixedReplay(
        display=DisplayOptions(level=90.0, metric=Metric.STDDEVIATION, noretable=True)
    )
    assert read("xtmixed").command == "xtmixed"


@pytest.mark.parametrize(
    ("typed", "display"),
    [
        ("dftab(pv)", DisplayOptions(dftable=DfTable.PVALUE)),
        ("dftable(ci) small", DisplayOptions(dftable=DfTable.CI, small=True)),
        ("dftab(def)", DisplayOptions(dftable=DfTable.DEFAULT)),
    ],
)
def test_degrees_of_freedom_are_shown_again_as_asked(typed, display):
    assert read(f"mixed, {typed}") == MixedReplay(display=display)


@pytest.mark.parametrize(
    ("typed", "request_"),
    [
        ("dfm(res)", DfRequest(DfMethod.RESIDUAL)),
        ("dfm(rep)", DfRequest(DfMethod.REPEATED)),
        ("dfm(anova)", DfRequest(DfMethod.ANOVA)),
        ("dfm(sat, eim)", DfRequest(DfMethod.SATTERTHWAITE)),
        ("dfm(kr, oim)", DfRequest(DfMethod.KROGER, DfInformation.OBSERVED)),
    ],
)
def test_a_method_for_degrees_of_freedom_comes_with_its_information(typed, request_):
    assert df_request(read(f"mixed y || id:, reml {typed}")) == request_


def test_xtmixed_knows_its_own_short_form():
    spec = read("xtmixed y || a: x, noc")
    assert spec.command == "xtmixed"
    assert spec.equations[0].noconstant


@pytest.mark.parametrize(
    ("text", "rc", "typed", "words"),
    [
        ("mixed || id:", 100, "mixed", "varlist required"),
        ("mixed if x", 100, "mixed", "varlist required"),
        ("mixed, reml", 198, "reml", "not allowed when results are shown again"),
        ("mixed i.y x", 198, "i.y", "may not be a factor variable"),
        ("mixed y-z x", 198, "y-z", "one variable"),
        ("mixed y 2x", 198, "2x", "invalid name"),
        ("mixed y || id", 198, "id", "colon"),
        ("mixed y || id week", 198, "id week", "|| id:"),
        ("mixed y || : week", 198, ":", "level"),
        ("mixed y || a b: week", 198, "a b:", "one variable"),
        ("mixed y || a: R.b x", 198, "R.b x", "stands alone"),
        ("mixed y || a: 2x", 198, "2x", "invalid name"),
        ("mixed y || ", 198, "||", "equation is missing"),
        ("mixed y if a || b: if c", 198, "c", "twice"),
        ("mixed y || b: [pw=w]", 101, "[pw=w]", "before the first ||"),
        ("mixed y || a:, mle reml", 184, "reml", "may not be combined"),
        ("mixed y || a:, var stddev", 184, "stddev", "may not be combined"),
        ("mixed y, level(90) || a:, level(95)", 198, "level(95)", "twice"),
        ("mixed y || a:, robust vce(oim)", 198, "vce(oim)", "twice"),
        ("mixed y || a:, cov(unx)", 198, "unx", "unstructured"),
        ("mixed y || a:, cov(unstructred)", 198, "unstructred", "did you mean unstructured?"),
        ("mixed y || a:, res(foo)", 198, "foo", "not known"),
        ("mixed y || a:, res(exc 2)", 198, "2", "takes no order"),
        ("mixed y || a:, res(ar 0, t(t))", 198, "0", "at least 1"),
        ("mixed y || a:, res(ar, time(t))", 198, "time", "t(variable)"),
        ("mixed y || a:, res(ar, t(a) t(b))", 198, "t", "twice"),
        ("mixed y || a:, dfm(res, oim)", 198, "oim", "neither eim nor oim"),
        ("mixed y || a:, dfm(sat, foo)", 198, "foo", "eim or oim"),
        ("mixed y || a:, vce(boot)", 198, "boot", "not known"),
        ("mixed y || a:, vce(cluster)", 198, "cluster", "one variable"),
        ("mixed y || a:, vce(oim x)", 198, "oim x", "not expected"),
        ("mixed y || a:, level(5)", 198, "5", "between 10 and 99.99"),
        ("mixed y || a:, cformat(%12.3f)", 120, "%12.3f", "wider than 9"),
        ("mixed y || a:, res(, t(w))", 198, ", t(w)", "needs one of"),
        ("mixed y || a:, res(ar 1 2)", 198, "2", "not expected"),
        ("mixed y || a:, vce()", 198, "()", "write oim"),
        ("mixed y || a:, from(b)", 198, "from", "option from not allowed"),
    ],
)
def test_mistakes_are_named_and_located(text, rc, typed, words):
    with pytest.raises(StataError) as caught:
        read(text)
    assert caught.value.rc == rc
    assert words in caught.value.message
    assert text[slice(*caught.value.span)] == typed


def test_canonical_text_is_that_of_the_manual():
    typed = "mixed mathach c.ses##i.sector if female==1 & !missing(ses)||id:female,cov(unstr) reml l(90)"
    assert print_mixed(read(typed)) == (
        "mixed mathach c.ses##i.sector if female==1 & !missing(ses) || id: female, covariance(unstructured) "
        "reml level(90)"
    )
    assert print_mixed(MixedSpec(depvar="y", indepvars=VarList())) == "mixed y"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("tech(bfgs 10   NR)", Maximization(technique="bfgs 10 nr")),
        ("tech(nr 5 dfp 5)", Maximization(technique="nr dfp")),
        ("tech(nr 7)", Maximization(technique="nr")),
        ("dif tr grad showstep hess showtol", Maximization(
            difficult=True, trace=True, gradient=True, showstep=True, hessian=True, showtolerance=True)),
        ("emonly emlog", Maximization(emonly=True, emlog=True)),
        ("emdot matlog", Maximization(emdots=True, matlog=True)),
    ],
)  # fmt: skip
def test_maximization_options_are_fields(typed, kept):
    assert read(f"mixed y x || id:, {typed}").maximization == kept


@pytest.mark.parametrize("argument", ["bhhh", "nr 5 bhhh", "newton", "5", "nr 0", "nr 5 5"])
def test_techniques_that_do_not_exist_or_do_not_apply_are_refused_at_the_option(argument):
    text = f"mixed y x || id:, technique({argument})"
    with pytest.raises(StataError) as error:
        read(text)
    assert error.value.rc == 198
    assert text[slice(*error.value.span)].startswith("technique(")


def test_constraints_are_a_number_list():
    assert read("mixed y x || id:, const(1  2/3)").constraints == "1 2/3"
    with pytest.raises(StataError) as error:
        read("mixed y x || id:, constraints(one)")
    assert error.value.rc == 121
