"""Residual parameters as reported: names, metric of ``e(b)``, standard errors."""

from __future__ import annotations

import numpy as np

from engine.covariance.residual import ResidualParameter, ResidualRole, ResidualStructure
from engine.fit.residuals.layout import ResidualLayout
from engine.frame.modelframe import FloatArray
from engine.frame.residualerrors import ResidualErrors
from engine.results.mixed import ParameterRole, ResidualSummary, VarianceParameter

_ROLES = {
    ResidualRole.VARIANCE: ParameterRole.VARIANCE,
    ResidualRole.COVARIANCE: ParameterRole.COVARIANCE,
    ResidualRole.CORRELATION: ParameterRole.CORRELATION,
    ResidualRole.PROPORTION: ParameterRole.PROPORTION,
    ResidualRole.COEFFICIENT: ParameterRole.COEFFICIENT,
}


def residual_alpha(layout: ResidualLayout, natural: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the residual parameters of ``e(b)`` without ``lnsig_e`` (size,), and their Jacobian (size, size + 1).

    `natural` (size + 1,) holds the residual parameters in order and sigma2 last; standard deviations are relative to
    the reference.
    """
    size = layout.size
    whole = np.append(natural[-1], natural[:-1])
    alpha, jacobian = np.full(size + 1, np.nan), np.zeros((size + 1, size + 1))
    for b, structure in enumerate(layout.structures):
        own = slice(layout.first(b) + 1, layout.first(b) + 1 + structure.m)
        v = whole[own]
        alpha[own] = structure.to_estimation(v)
        try:
            jacobian[own, own] = np.linalg.inv(structure.estimation_jacobian(v))
        except np.linalg.LinAlgError:
            alpha[own] = np.nan
        for k, parameter in enumerate(structure.parameters):
            place = own.start + k
            if parameter.role is ResidualRole.VARIANCE and place:
                alpha[place] -= 0.5 * np.log(natural[-1])
                jacobian[place, 0] -= 0.5 / natural[-1]
    order = np.append(np.arange(1, size + 1), 0)
    return alpha[1:], jacobian[1:][:, order]


def residual_names(layout: ResidualLayout) -> tuple[str, ...]:
    """Names in ``e(b)``: ``r_lns2ose``, ``r_atr1``, ``r_atr1_2_1``, ``r_phi1_1``, ``r_theta1_1``, ``r_logitr1``.

    Numbers count the sets of parameters, for structures with a variance for each time these times.
    """
    names: list[str] = []
    several = len(layout.structures) > 1
    for b, structure in enumerate(layout.structures):
        names += [_name(structure, parameter, b + 1, several=several) for parameter in structure.parameters]
    return tuple(names[1:])


def _name(structure: ResidualStructure, parameter: ResidualParameter, number: int, *, several: bool) -> str:
    head = f"{number}_" if several else ""
    if parameter.role is ResidualRole.VARIANCE:
        return f"r_lns{head}{parameter.suffix}ose" if parameter.suffix else f"r_lns{number}ose"
    if parameter.variances is not None and parameter.suffix:
        return f"r_atr{head}{parameter.suffix}"
    word = {
        ResidualRole.COVARIANCE: "atr",
        ResidualRole.CORRELATION: "atr",
        ResidualRole.PROPORTION: "logitr",
        ResidualRole.COEFFICIENT: parameter.label.rstrip("0123456789"),
    }[parameter.role]
    return f"r_{word}{number}_{parameter.suffix}" if parameter.suffix else f"r_{word}{number}"


def residual_parameters(
    errors: ResidualErrors, layout: ResidualLayout, natural: FloatArray, vcov: FloatArray
) -> tuple[VarianceParameter, ...]:
    """Return the printed rows in printed order; `natural` and `vcov` hold the residual parameters and sigma2 last."""
    size = layout.size
    out = []
    for b, structure in enumerate(layout.structures):
        places = np.array([size if k < 0 else k for k in range(layout.first(b), layout.first(b) + structure.m)])
        v, V = natural[places], vcov[np.ix_(places, places)]
        shown = structure.correlations(v)
        prefix = f"{errors.by_values[b]:g}: " if errors.by else ""
        for k in structure.display:
            parameter = structure.parameters[k]
            gradient = _sd_gradient(parameter, v, float(shown[k]), k)
            out.append(
                VarianceParameter(
                    block=-1,
                    role=_ROLES[parameter.role],
                    name=prefix + parameter.name,
                    sd_name=prefix + parameter.sd_name,
                    estimate=float(v[k]),
                    se=float(np.sqrt(V[k, k])),
                    sd_estimate=float(shown[k]),
                    sd_se=_standard_error(gradient, V),
                    by_label=(f"{errors.by_values[b]:g}", errors.by_labels[b]) if errors.by else ("", ""),
                )
            )
    return tuple(out)


def _sd_gradient(parameter: ResidualParameter, v: FloatArray, shown: float, k: int) -> FloatArray:
    """Derivative of a standard deviation or correlation with respect to the natural parameters of its set."""
    out = np.zeros(len(v))
    if parameter.role is ResidualRole.VARIANCE:
        out[k] = 0.5 / shown if shown > 0.0 else np.nan
    elif parameter.variances is not None:
        i, j = parameter.variances
        out[k] = 1.0 / np.sqrt(v[i] * v[j])
        out[i] -= 0.5 * shown / v[i]
        out[j] -= 0.5 * shown / v[j]
    else:
        out[k] = 1.0
    return out


def _standard_error(gradient: FloatArray, V: FloatArray) -> float:
    used = np.flatnonzero(gradient)
    return float(np.sqrt(gradient[used] @ V[np.ix_(used, used)] @ gradient[used]))


def residual_summary(errors: ResidualErrors, layout: ResidualLayout, theta: FloatArray) -> ResidualSummary:
    """Describe the residual errors of a result; `theta` (size,) are the parameters relative to sigma2."""
    return ResidualSummary(
        kind=errors.kind,
        order=errors.order,
        title=errors.title,
        by=errors.by,
        by_values=tuple(float(value) for value in errors.by_values) if errors.by else (),
        by_labels=tuple(
            text or f"{value:g}" for text, value in zip(errors.by_labels, errors.by_values, strict=True) if errors.by
        ),
        t=errors.t,
        times=tuple(float(value) for value in np.unique(errors.times)) if errors.t else (),
        n_parameters=layout.size,
        theta=np.asarray(layout.invertible(theta), dtype=np.float64),
    )
