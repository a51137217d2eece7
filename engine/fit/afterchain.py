"""What the elimination of the nested chain leaves of crossed columns W, X and r."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.design.crossed import CrossedDesign
from engine.events import CancelToken
from engine.fit.elimination import add_own_log
from engine.fit.jets import Jets, empty_jets
from engine.fit.layout import Layout
from engine.fit.lowest import coefficients
from engine.fit.smallmatrix import kernel, multiply
from engine.frame.modelframe import FloatArray


@dataclass(slots=True, eq=False)
class AfterChain:
    """What the chain leaves: [W X r]'V^-1[W X r] in blocks M (m, m), C (m, P), D (P, P), with jets.

    Keys of `first` and `second` are the chain's parameters, pairs in ascending order; each holds (M, C, D).
    """

    log_det: float
    dlog: FloatArray
    d2log: FloatArray
    value: tuple[FloatArray, FloatArray, FloatArray]
    first: dict[int, tuple[FloatArray, FloatArray, FloatArray]] = field(default_factory=dict)
    second: dict[tuple[int, int], tuple[FloatArray, FloatArray, FloatArray]] = field(default_factory=dict)


def after_levels(jets: Jets, m: int) -> AfterChain:
    """Split the jets of a chain whose final block is [W X r]."""
    out = AfterChain(jets.log_det, jets.dlog, jets.d2log, _split(jets.S, m))
    for i in range(len(jets.dS)):
        out.first[i] = _split(jets.dS[i], m)
    for i in range(len(jets.d2S)):
        for j in range(i, len(jets.d2S)):
            out.second[i, j] = _split(jets.d2S[i, j], m)
    return out


def _split(S: FloatArray, m: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    return S[:m, :m], S[:m, m:], S[m:, m:]


def after_level(
    design: CrossedDesign, layout: Layout, theta: FloatArray, order: int, cancel: CancelToken
) -> AfterChain:
    """Eliminate a chain of one level through its products with W; `theta` and `layout` are the chain's."""
    coupling, level, own = design.coupling, design.chain.levels[0], layout.levels[0]
    if coupling is None:
        raise ValueError("the chain has several levels")
    C = level.products[:, level.q :]
    q, P, _ = C.shape
    jets = empty_jets(design.chain.gram, layout.size, order)
    small = kernel(layout.relative(theta, 0), level.products[:, :q])
    if order >= 1:
        add_own_log(small.F, own.basis, own.parameters, jets)
    keys, K = coefficients(small, own, order)
    out = AfterChain(float(small.log_det.sum()), jets.dlog, jets.d2log, (design.WW, design.WX, design.chain.gram))
    flat = C.swapaxes(0, 1).reshape(P, -1)
    for key, k, columns in zip(keys, K, coupling.weighted(K, cancel), strict=True):
        KC = multiply(k, C)
        change = columns, coupling.onto(KC), flat @ KC.swapaxes(0, 1).reshape(P, -1).T
        if not key:
            M, WX, D = out.value
            out.value = M + change[0], WX + change[1], D + change[2]
        elif len(key) == 1:
            out.first[key[0]] = change
        else:
            out.second[key[0], key[1]] = change
    return out
