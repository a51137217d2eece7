"""A `MixedSpec` as the one command that stands for it."""

from __future__ import annotations

from engine.lang.numlist import print_number
from engine.lang.printer import print_clauses, print_operator, print_varlist
from engine.spec.mixed import Method, MixedReplay, MixedSpec, RandomEquation, Residuals
from engine.spec.mixed_fields import OPTION_FIELDS


def print_mixed(spec: MixedSpec | MixedReplay) -> str:
    """Return canonical text: full option names, model-wide options after the last equation ([ME] mixed, *Syntax*).

    Reading the text gives `spec` back.
    """
    if isinstance(spec, MixedReplay):
        return spec.command + _with_options("", [*_field_texts(spec), *_other_texts(spec)])
    pieces = [spec.command, print_operator(spec.depvar_operator) + spec.depvar]
    if spec.indepvars:
        pieces.append(print_varlist(spec.indepvars))
    pieces += print_clauses(spec.if_, spec.in_, spec.weight)
    parts = [" ".join(pieces), *(_print_equation(equation) for equation in spec.equations)]
    options = [["noconstant"] if spec.noconstant else [], *(_equation_options(each) for each in spec.equations)]
    options[-1] = [*options[-1], *_model_options(spec)]
    return " || ".join(_with_options(part, words) for part, words in zip(parts, options, strict=True))


def _with_options(part: str, words: list[str]) -> str:
    return f"{part}, {' '.join(words)}" if words else part


def _print_equation(equation: RandomEquation) -> str:
    body = f"R.{equation.factor}" if equation.factor is not None else print_varlist(equation.terms)
    return f"{equation.level}: {body}".rstrip()


def _equation_options(equation: RandomEquation) -> list[str]:
    words = ["noconstant"] if equation.noconstant else []
    if equation.covariance is not None:
        words.append(f"covariance({equation.covariance.value})")
    if equation.collinear:
        words.append("collinear")
    if equation.fweight is not None:
        words.append(f"fweight({equation.fweight})")
    if equation.pweight is not None:
        words.append(f"pweight({equation.pweight})")
    return words


def _model_options(spec: MixedSpec) -> list[str]:
    words = ["reml"] if spec.method is Method.REML else []
    if spec.residuals is not None:
        words.append(f"residuals({print_residuals(spec.residuals)})")
    return [*words, *_field_texts(spec), *_other_texts(spec)]


def print_residuals(residuals: Residuals) -> str:
    """Return what stands in the brackets of ``residuals()``."""
    text = residuals.kind if residuals.order is None else f"{residuals.kind} {residuals.order}"
    inner = [f"{name}({value})" for name, value in (("by", residuals.by), ("t", residuals.t)) if value is not None]
    return _with_options(text, inner)


def _field_texts(spec: MixedSpec | MixedReplay) -> list[str]:
    """Return the options that are fields of the spec, in the order of the declaration."""
    words: list[str] = []
    for field in OPTION_FIELDS:
        value = field.value(spec)
        if field.argument:
            if value is not None:
                words.append(f"{field.option}({print_number(value) if isinstance(value, int | float) else value})")
        elif value is field.on:
            words.append(field.option)
    return words


def _other_texts(spec: MixedSpec | MixedReplay) -> list[str]:
    return [name if argument is None else f"{name}({argument})" for name, argument in spec.others]
