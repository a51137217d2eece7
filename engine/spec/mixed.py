"""What a user asks of ``mixed``: frozen, without data, names as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from engine.errors import Span
from engine.lang.command import InRange, Weight
from engine.lang.expr import Expr
from engine.lang.varlist import Operator, VarList


class Method(Enum):
    """Estimation method; the value is the option's name."""

    ML = "mle"
    REML = "reml"


class CovarianceKind(Enum):
    """Covariance structure of the random effects of one equation; the value is Stata's word."""

    INDEPENDENT = "independent"
    EXCHANGEABLE = "exchangeable"
    IDENTITY = "identity"
    UNSTRUCTURED = "unstructured"


class DfTable(StrEnum):
    """How the fixed-effects table shows degrees of freedom; the value is Stata's word."""

    DEFAULT = "default"
    CI = "ci"
    PVALUE = "pvalue"


class Metric(Enum):
    """How variance parameters are displayed."""

    VARIANCE = "variance"
    STDDEVIATION = "stddeviations"


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomEquation:
    """One ``|| level: …``.

    Attributes
    ----------
    level
        Level variable as typed, or ``_all``.
    terms
        Variables with random coefficients; empty with `factor`.
    factor
        Name behind ``R.`` (crossed effects), None otherwise.
    covariance
        None where the user left it at the default.
    """

    level: str
    terms: VarList = VarList()
    factor: str | None = None
    noconstant: bool = False
    covariance: CovarianceKind | None = None
    collinear: bool = False
    fweight: str | None = None
    pweight: str | None = None
    level_span: Span | None = field(default=None, compare=False)
    factor_span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """``residuals(kind [order] [, by(v) t(v)])``; `kind` is the full word."""

    kind: str
    order: int | None = None
    by: str | None = None
    t: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayOptions:
    """Options that change what is shown, never what is computed; usable when results are redisplayed."""

    level: float | None = None
    metric: Metric | None = None
    dftable: DfTable | None = None
    small: bool = False
    noretable: bool = False
    nofetable: bool = False
    estmetric: bool = False
    noheader: bool = False
    nogroup: bool = False
    nolrtest: bool = False
    nocnsreport: bool = False
    coeflegend: bool = False
    extras: bool = False
    terms: bool = False
    noci: bool = False
    nopvalues: bool = False
    noomitted: bool = False
    vsquish: bool = False
    noemptycells: bool = False
    baselevels: bool = False
    allbaselevels: bool = False
    nofvlabel: bool = False
    fvwrap: int | None = None
    fvwrapon: str | None = None
    nolstretch: bool = False
    cformat: str | None = None
    pformat: str | None = None
    sformat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximization:
    """Options of EM and of the gradient-based optimisation; None means the default."""

    emiterate: int | None = None
    emtolerance: float | None = None
    emonly: bool = False
    emlog: bool = False
    emdots: bool = False
    difficult: bool = False
    technique: str | None = None
    iterate: int | None = None
    tolerance: float | None = None
    ltolerance: float | None = None
    nrtolerance: float | None = None
    nonrtolerance: bool = False
    nolog: bool = False
    log: bool = False
    trace: bool = False
    gradient: bool = False
    showstep: bool = False
    hessian: bool = False
    showtolerance: bool = False
    matsqrt: bool = False
    matlog: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedSpec:
    """A model as asked for.

    Attributes
    ----------
    depvar
        Response; may be abbreviated and carry a time-series operator.
    weight, residuals, …
        Parts of the language whose numerics come later are read, kept and printed back; `engine.spec.problems`
        refuses them.
    others
        Further options as canonical text, name and argument, in the order typed, so that printing loses nothing.
    """

    depvar: str
    depvar_operator: Operator = Operator()
    indepvars: VarList = VarList()
    if_: Expr | None = None
    in_: InRange | None = None
    weight: Weight | None = None
    noconstant: bool = False
    equations: tuple[RandomEquation, ...] = ()
    method: Method = Method.ML
    residuals: Residuals | None = None
    display: DisplayOptions = DisplayOptions()
    maximization: Maximization = Maximization()
    others: tuple[tuple[str, str | None], ...] = ()
    command: str = field(default="mixed", compare=True)
    """``mixed`` or ``xtmixed``."""
    depvar_span: Span | None = field(default=None, compare=False)
    nostderr: bool = False
    """No standard errors of the variance components."""
    constraints: str | None = None
    """Numbers of linear constraints on the fixed effects, a number list as typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedReplay:
    """``mixed`` without a model: show the last results again."""

    display: DisplayOptions = DisplayOptions()
    others: tuple[tuple[str, str | None], ...] = ()
    command: str = "mixed"
