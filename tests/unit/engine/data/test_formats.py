"""Printed numbers. Expected strings come from the reference documents and the manual's description of %g."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.data.formats import check_format, default_format, format_padded, format_value, is_format
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError

PUBLISHED = [
    "seed_ex01", "seed_ex02", "seed_ex02_reml", "seed_ex03", "seed_ex04", "seed_ex06a", "seed_ex06b", "seed_ex06c",
    "seed_ex07a", "seed_ex07b", "seed_ex08", "seed_ex09a", "seed_ex10", "seed_ex12_size", "seed_ex13_dftable",
    "seed_ex13_replay", "seed_ex13_small", "seed_003_base", "seed_003_byfemale", "seed_003_cubic",
    "seed_003_cubic_small", "seed_003_devses", "seed_003_robust", "seed_002_backwards", "seed_002_student",
]  # fmt: skip
NUMBER = re.compile(r"-?(\d[\d,]*)?\.?\d+(e[-+]\d+)?")
FORMATS = ("%9.0g", "%10.0g", "%8.2f", "%5.3f", "%6.4f", "%9.2f", "%12.0fc", "%9.1fc", "%9.2fc")


def printed(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from printed(value)
    elif isinstance(node, list):
        for value in node:
            yield from printed(value)
    elif isinstance(node, str) and NUMBER.fullmatch(node):
        yield node


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_number_is_printed_again_from_its_own_value(name: str, oracle: Callable[[str], Any]) -> None:
    table = oracle(name)
    numbers = [text for part in ("header", "fixed", "random", "lr_test") for text in printed(table.get(part, {}))]
    assert len(numbers) > 15
    for text in numbers:
        value = float(text.replace(",", ""))
        assert text in {format_value(value, fmt) for fmt in FORMATS}, text


@pytest.mark.parametrize("name", PUBLISHED)
def test_coefficient_tables_are_printed_in_the_general_format(name: str, oracle: Callable[[str], Any]) -> None:
    table = oracle(name)
    rows = [*table.get("fixed", ()), *table.get("random", ())]
    texts = [row[key] for row in rows for key in ("coef", "estimate", "se", "ci_lo", "ci_hi") if row.get(key)]
    assert texts
    for text in texts:
        if NUMBER.fullmatch(text):
            assert format_value(float(text), "%9.0g") == text


@pytest.mark.parametrize(
    ("value", "fmt", "text"),
    [
        (0.0, "%9.0g", "0"),
        (-0.0, "%9.0g", "0"),
        (1.0, "%9.0g", "1"),
        (0.0390124, "%9.0g", ".0390124"),
        (-0.0999955, "%9.0g", "-.0999955"),
        (0.00001, "%9.0g", ".00001"),
        (6.71e-10, "%9.0g", "6.71e-10"),
        (3.4e-105, "%9.0g", "3.4e-105"),
        (999999.96, "%9.0g", "1000000"),
        (9999999.4, "%9.0g", "9999999"),
        (9999999.6, "%9.0g", "1.00e+07"),
        (12345678.0, "%9.0g", "1.23e+07"),
        (0.99999999, "%9.0g", "1"),
        (-869.03825, "%10.0g", "-869.03825"),
        (-253.182, "%10.0g", "-253.182"),
        (1234567890.0, "%12.0g", "1234567890"),
        (3.14159, "%9.3g", "3.14"),
        (7185.0, "%12.0fc", "7,185"),
        (1234567.0, "%8.0gc", "1.2e+06"),
        (1234567.0, "%10.0gc", "1,234,567"),
        (0.5, "%5.3f", "0.500"),
        (-0.0001, "%5.2f", "0.00"),
        (123456.78, "%8.2f", "123457"),
        (1234567.891, "%8.2f", "1.2e+06"),
        (12345.678, "%10.3e", "1.235e+04"),
        (5.0, "%08.2f", "00005.00"),
        (-5.0, "%08.2f", "-0005.00"),
        (1234.5, "%9,2f", "1234,50"),
        (1.5, "%21x", "+1.8000000000000X+000"),
        (MISSING, "%9.0g", "."),
        (missing_value("a"), "%9.2f", ".a"),
        (float("nan"), "%9.0g", "."),
        (0.0, "%td", "01jan1960"),
        (14669.0, "%td", "29feb2000"),
        (14669.0, "%d", "29feb2000"),
        (14669.0, "%tdMonth_dd,_CCYY", "February 29, 2000"),
        (14669.0, "%tdNN/DD/YY", "02/29/00"),
        (0.0, "%tc", "01jan1960 00:00:00"),
        (45296789.0, "%tcHH:MM:SS.sss", "12:34:56.789"),
        (45296789.0, "%tchh:MM_am", "12:34 pm"),
        (482.0, "%tm", "2000m3"),
        (-1.0, "%tq", "1959q4"),
        (2026.0, "%ty", "2026"),
        (80.0, "%th", "2000h1"),
        (2080.0, "%tw", "2000w1"),
        (missing_value("b"), "%td", ".b"),
    ],
)
def test_values_are_shown_as_the_format_says(value: float, fmt: str, text: str) -> None:
    assert format_value(value, fmt) == text


def test_text_is_cut_to_its_field() -> None:
    assert format_value("abcdef", "%4s") == "abcd"
    assert format_value(b"caf\xe9", "%9s") == "café"
    assert format_value("abc", "%9.0g") == "abc"


def test_fields_are_filled_on_the_side_the_format_names() -> None:
    assert format_padded(1.5, "%9.0g") == "      1.5"
    assert format_padded(1.5, "%-9.0g") == "1.5      "
    assert format_padded("ab", "%5s") == "   ab"
    assert format_padded("ab", "%-5s") == "ab   "
    assert format_padded("ab", "%~6s") == "  ab  "


@pytest.mark.parametrize("fmt", ["", "9.0g", "%9.0", "%9.9f", "%0.2f", "%9.2q", "%s", "%tx", "%300.0g", "%9.0g "])
def test_what_is_no_format_is_refused(fmt: str) -> None:
    with pytest.raises(StataError) as caught:
        check_format(fmt)
    assert caught.value.rc == 120
    assert not is_format(fmt, text=False)


def test_a_format_for_text_is_none_for_numbers() -> None:
    assert is_format("%9s", text=True)
    assert not is_format("%9s", text=False)
    with pytest.raises(StataError) as caught:
        check_format("%9.0g", text=True)
    assert caught.value.rc == 120


@pytest.mark.parametrize(
    ("storage", "fmt"),
    [("byte", "%8.0g"), ("int", "%8.0g"), ("long", "%12.0g"), ("float", "%9.0g"), ("double", "%10.0g"),
     ("str4", "%9s"), ("str20", "%20s"), ("strL", "%9s")],
)  # fmt: skip
def test_new_variables_get_the_usual_format_of_their_type(storage: str, fmt: str) -> None:
    assert default_format(storage) == fmt
