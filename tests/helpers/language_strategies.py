"""Random trees of the language, in the one form that reading gives."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.lang.command import InRange, Weight
from engine.lang.expr import Binary, Call, Missing, Name, Number, Stored, String, Subscript, TimeSeries, Unary
from engine.lang.functions import DATE_LITERALS, FUNCTIONS
from engine.lang.parse_expr import BINDING, RESERVED
from engine.lang.varlist import BaseKind, FactorKind, Group, Interaction, Operator, VarList, VarRange, VarRef
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

names = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in RESERVED | {"_b", "_se", "_coef", "_all", "_"}
)
times = st.sampled_from(["L", "L2", "F", "F3", "D", "LD", "L2D3S12", "S4", "FDS12S12"])
numbers = st.one_of(
    st.integers(0, 10**6).map(str),
    st.floats(0, 1e300, allow_nan=False).map(repr),
    st.sampled_from([".5", "2.", "1e-3", "1E5", "0"]),
).map(lambda text: Number(float(text), text))
strings = st.text(st.characters(exclude_characters="\"`'$\n\r", exclude_categories=("Cs",)), max_size=8)
atoms = st.one_of(
    numbers,
    names.map(Name),
    st.sampled_from(["", "a", "z"]).map(Missing),
    strings.map(String),
    st.just(String('say "x"')),
    st.builds(TimeSeries, times, names),
    st.builds(Stored, st.sampled_from(["r", "e", "c"]), names),
    st.builds(Stored, st.sampled_from(["_b", "_se"]), st.sampled_from(["week", "2.program#4.day", "weight:_cons"])),
    st.builds(lambda name: Call(name, (String("01jan2000"),)), st.sampled_from(sorted(DATE_LITERALS))),
)


def _composite(inner):
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "+", "!"]), inner),
        st.builds(Binary, st.sampled_from([*BINDING, "^"]), inner, inner),
        st.builds(Call, st.sampled_from(sorted(FUNCTIONS - DATE_LITERALS)), st.lists(inner, max_size=3).map(tuple)),
        st.builds(Subscript, names, inner),
    )


expressions = st.recursive(atoms, _composite, max_leaves=12)

levels = st.lists(st.integers(0, 32740), min_size=1, max_size=5).map(tuple)


@st.composite
def categorical(draw):
    base = draw(st.sampled_from(list(BaseKind)))
    valued = base in (BaseKind.VALUE, BaseKind.ORDER)
    return Operator(
        kind=FactorKind.CATEGORICAL,
        base=base,
        base_value=draw(st.integers(1, 32740)) if valued else None,
        levels=draw(st.none() | levels),
        omit=draw(st.just(()) | levels),
        time=draw(st.just("") | times),
    )


other_operators = st.builds(
    Operator,
    kind=st.sampled_from([FactorKind.PLAIN, FactorKind.CONTINUOUS]),
    omit_all=st.booleans(),
    time=st.just("") | times,
)
operators = st.one_of(st.just(Operator()), other_operators, categorical())
wildcards = st.sampled_from(["x*", "*x", "y?", "fo~o", "_all"])
references = st.builds(VarRef, names | wildcards, operators)
ranges = st.builds(VarRange, names, names, operators)


def _groups(inner):
    return st.builds(Group, st.lists(inner, min_size=1, max_size=3).map(tuple), operators)


@st.composite
def interactions(draw, factors):
    members = draw(st.lists(factors, min_size=2, max_size=4).map(tuple))
    full = draw(st.tuples(*[st.booleans()] * (len(members) - 1)))
    return Interaction(members, full)


simple = references | ranges
factors = st.one_of(simple, _groups(simple))
items = st.one_of(simple, factors, interactions(factors), _groups(interactions(factors)))
varlists = st.lists(items, max_size=4).map(lambda chosen: VarList(tuple(chosen)))

ends = st.sampled_from(["f", "l", "1", "20", "-5"])
in_ranges = st.builds(InRange, ends, ends)
weights = st.builds(Weight, st.sampled_from(["fweight", "pweight"]), expressions)
maybe = st.none()
reals = st.floats(1e-12, 1e3, allow_nan=False)
counts = st.integers(0, 16000)

displays = st.builds(
    DisplayOptions,
    level=maybe | st.floats(10, 99.99),
    metric=maybe | st.sampled_from(Metric),
    dftable=maybe | st.sampled_from(DfTable),
    small=st.booleans(),
    fvwrap=maybe | st.integers(0, 9),
    fvwrapon=maybe | st.sampled_from(["word", "width"]),
    cformat=maybe | st.sampled_from(["%9.3f", "%8.2g"]),
    pformat=maybe | st.just("%5.3f"),
    sformat=maybe | st.just("%8.2f"),
    **{
        flag: st.booleans()
        for flag in (
            "noretable", "nofetable", "noheader", "nogroup", "nolrtest", "noci", "nopvalues", "noomitted", "vsquish",
            "noemptycells", "baselevels", "allbaselevels", "nofvlabel", "nolstretch",
            "estmetric", "coeflegend", "nocnsreport", "extras", "terms",
        )
    },
)  # fmt: skip
maximizations = st.builds(
    Maximization,
    emiterate=maybe | counts,
    emtolerance=maybe | reals,
    iterate=maybe | counts,
    tolerance=maybe | reals,
    ltolerance=maybe | reals,
    nrtolerance=maybe | reals,
    nonrtolerance=st.booleans(),
    technique=maybe | st.sampled_from(["nr", "dfp", "bfgs nr", "bfgs 10 nr"]),
    **{
        flag: st.booleans()
        for flag in (
            "emonly", "emlog", "emdots", "difficult", "nolog", "log", "trace", "gradient", "showstep", "hessian",
            "showtolerance", "matsqrt", "matlog",
        )
    },
)  # fmt: skip
residuals = st.one_of(
    st.builds(
        Residuals,
        kind=st.sampled_from(["independent", "exchangeable", "unstructured", "exponential", "hexchangeable", "har"]),
        by=maybe | names,
        t=maybe | names,
    ),
    st.builds(
        Residuals,
        kind=st.sampled_from(["ar", "ma", "banded", "toeplitz"]),
        order=maybe | st.integers(1, 50),
        by=maybe | names,
        t=maybe | names,
    ),
)
equations = st.builds(
    RandomEquation,
    level=names | st.just("_all"),
    terms=varlists,
    noconstant=st.booleans(),
    covariance=maybe | st.sampled_from(CovarianceKind),
    collinear=st.booleans(),
    fweight=maybe | names,
    pweight=maybe | names,
)
crossed = st.builds(
    RandomEquation, level=st.just("_all"), factor=names, covariance=maybe | st.sampled_from(CovarianceKind)
)
ESTIMATED = [
    ("vce", "robust"), ("vce", "cluster id"), ("vce", "oim"), ("dfmethod", "kroger, oim"), ("dfmethod", "repeated"),
    ("pwscale", "gk"),
]  # fmt: skip


def _others(options):
    chosen = st.lists(st.sampled_from(options), max_size=4, unique_by=lambda option: option[0])
    return chosen.map(tuple)


specs = st.builds(
    MixedSpec,
    depvar=names,
    depvar_operator=times.map(lambda time: Operator(time=time)) | st.just(Operator()),
    indepvars=varlists,
    if_=maybe | expressions,
    in_=maybe | in_ranges,
    weight=maybe | weights,
    noconstant=st.booleans(),
    equations=st.lists(equations | crossed, max_size=3).map(tuple),
    method=st.sampled_from(Method),
    residuals=maybe | residuals,
    display=displays,
    maximization=maximizations,
    others=_others(ESTIMATED),
    command=st.sampled_from(["mixed", "xtmixed"]),
    nostderr=st.booleans(),
    constraints=maybe | st.sampled_from(["1", "1 2/4"]),
)
replays = st.builds(MixedReplay, display=displays, command=st.sampled_from(["mixed", "xtmixed"]))
