"""Variable lists with factor-variable and time-series operators ([U] 11.4)."""

from __future__ import annotations

import pytest

from engine.errors import StataError
from engine.lang.parse_varlist import parse_varlist
from engine.lang.printer import print_varlist
from engine.lang.varlist import BaseKind, FactorKind, Group, Interaction, Operator, VarList, VarRange, VarRef

CAT, CON = FactorKind.CATEGORICAL, FactorKind.CONTINUOUS


def one(text):
    (item,) = parse_varlist(text).items
    return item


@pytest.mark.parametrize(
    ("prefix", "operator"),
    [
        ("i.", Operator(CAT)),
        ("c.", Operator(CON)),
        ("2.", Operator(CAT, levels=(2,))),
        ("i2.", Operator(CAT, levels=(2,))),
        ("i(2/4).", Operator(CAT, levels=(2, 3, 4))),
        ("i(1 3).", Operator(CAT, levels=(1, 3))),
        ("ib2.", Operator(CAT, BaseKind.VALUE, 2)),
        ("b2.", Operator(CAT, BaseKind.VALUE, 2)),
        ("ib(#3).", Operator(CAT, BaseKind.ORDER, 3)),
        ("ib(first).", Operator(CAT, BaseKind.FIRST)),
        ("b(last).", Operator(CAT, BaseKind.LAST)),
        ("ib(freq).", Operator(CAT, BaseKind.FREQUENT)),
        ("ibn.", Operator(CAT, BaseKind.NONE)),
        ("o2.", Operator(CAT, omit=(2,))),
        ("io2.", Operator(CAT, omit=(2,))),
        ("o(2 3).", Operator(CAT, omit=(2, 3))),
        ("o.", Operator(omit_all=True)),
        ("co.", Operator(CON, omit_all=True)),
        ("1b.", Operator(CAT, BaseKind.VALUE, 1, levels=(1,))),
        ("0bn.", Operator(CAT, BaseKind.NONE, levels=(0,))),
        ("2o.", Operator(CAT, levels=(2,), omit=(2,))),
        ("L.", Operator(time="L")),
        ("F2.", Operator(time="F2")),
        ("ld2ls12d.", Operator(time="L2D3S12")),
        ("L2F.", Operator(time="L")),
        ("iL2.", Operator(CAT, time="L2")),
        ("cL.", Operator(CON, time="L")),
    ],
)
def test_operators_before_the_dot_are_read(prefix, operator):
    assert one(f"{prefix}x") == VarRef("x", operator)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("x1-x5", (VarRange("x1", "x5"),)),
        ("a - b", (VarRange("a", "b"),)),
        ("_all", (VarRef("_all"),)),
        ("x* ?y fo~o", (VarRef("x*"), VarRef("?y"), VarRef("fo~o"))),
        ("a#b", (Interaction((VarRef("a"), VarRef("b")), (False,)),)),
        (
            "c.x##a # b",
            (Interaction((VarRef("x", Operator(CON)), VarRef("a"), VarRef("b")), (True, False)),),
        ),
        ("i.(a b)", (Group((VarRef("a"), VarRef("b")), Operator(CAT)),)),
        ("a#(b c)", (Interaction((VarRef("a"), Group((VarRef("b"), VarRef("c")))), (False,)),)),
        ("L(0/2).x", (VarRef("x"), VarRef("x", Operator(time="L")), VarRef("x", Operator(time="L2")))),
        ("", ()),
    ],
)
def test_lists_become_items_in_the_order_typed(text, items):
    assert parse_varlist(text) == VarList(items)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("i2.x  b3.y", "2.x ib3.y"),
        ("i(2 3 4).x", "i(2/4).x"),
        ("c.x # i.g", "c.x#i.g"),
        ("l1.x", "L.x"),
        ("1b.x", "i1b1.x"),
    ],
)
def test_printing_is_canonical(text, canonical):
    assert print_varlist(parse_varlist(text)) == canonical


@pytest.mark.parametrize(
    ("text", "rc", "typed"),
    [
        ("a 2x", 198, "2x"),
        ("a x=y", 198, "x=y"),
        ("#b", 198, "#"),
        ("a b#", 198, "#"),
        ("foo.x", 198, "foo."),
        ("a R.id", 198, "R."),
        ("Li.x", 198, "Li."),
        ("ib(#0).x", 198, "ib(#0)."),
        ("ib(2 3).x", 198, "ib(2 3)."),
        ("ci.x", 198, "ci."),
        ("i_.x", 198, "i_.x"),
        ("i2c.x", 198, "i2c."),
        ("S0.x", 198, "S0."),
        ("c2.x", 198, "c2."),
        ("i99999.x", 452, "i99999."),
        ("i(-1).x", 121, "i(-1)."),
        ("(a b", 132, "("),
        ("()", 198, "()"),
        ("a#b#c#d#e#f#g#h#k", 147, "a#b#c#d#e#f#g#h#k"),
        ("x*-y", 198, "x*-y"),
        ("x " + "y" * 33, 198, "y" * 33),
    ],
)
def test_mistakes_are_located(text, rc, typed):
    with pytest.raises(StataError) as caught:
        parse_varlist(text)
    assert caught.value.rc == rc
    assert text[slice(*caught.value.span)] == typed


def test_lists_of_lags_do_not_explode():
    with pytest.raises(StataError) as caught:
        parse_varlist("L(1/2500)D(1/2500).x")
    assert caught.value.rc == 123


def test_spans_point_at_the_items():
    text = "week i.girl#c.age"
    first, second = parse_varlist(text, 6).items
    assert first.span == (6, 10)
    assert second.span == (11, 23)
