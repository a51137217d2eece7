"""Any expression has values or raises a StataError; missing values never turn into numbers that are not."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset, Variable
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError
from engine.frame.evaluate import evaluate
from engine.frame.functions import FUNCTIONS
from engine.lang.expr import Binary, Call, Expr, Missing, Name, Number, String, Subscript, Unary
from engine.lang.parse_expr import BINDING

DATA = Dataset().with_variable(
    Variable("x", "double", "%9.0g"), np.array([0.0, -1.5, 3.0, 1e300, MISSING, missing_value("q"), 2.0**53])
)
DATA = DATA.with_variable(
    Variable("s", "str5", "%9s"), np.array(["", "a", "1e3", "Zoë", "2000-01-01", "a b", "[("], dtype=object)
)

atoms = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 2.5, 1e-300, 1e300, 14669.0, 59.0]).map(lambda v: Number(v, repr(v))),
    st.sampled_from(["x", "_n", "_N", "_pi"]).map(Name),
    st.sampled_from(["s", "s"]).map(Name),
    st.sampled_from(["", "a", "z"]).map(Missing),
    st.sampled_from(["", "abc", "%9.0g", "DMY", "[", "."]).map(String),
)


def composite(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(Unary, st.sampled_from(["-", "+", "!"]), inner),
        st.builds(Binary, st.sampled_from([*BINDING, "^"]), inner, inner),
        st.builds(Call, st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=4).map(tuple)),
        st.builds(Subscript, st.sampled_from(["x", "s"]), inner),
    )


@given(st.recursive(atoms, composite, max_leaves=6))
@settings(max_examples=400, deadline=None)
def test_an_expression_has_clean_values_or_is_refused(tree: Expr) -> None:
    try:
        values = evaluate(tree, DATA, rng=np.random.default_rng(1))
    except StataError:
        return
    assert values.shape == (7,)
    if values.dtype == object:
        assert all(isinstance(text, str) for text in values)
    else:
        assert values.dtype == np.float64
        assert not np.isnan(values).any()
        assert np.isfinite(values).all()
