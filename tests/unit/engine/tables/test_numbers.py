"""Numbers as cells."""

from __future__ import annotations

import math

import pytest

from engine.spec.mixed import DisplayOptions
from engine.tables.numbers import GENERAL, NumberFormats, number_cell, number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03901239, ".0390124"),  # manual, example 1
        (-0.09999547, "-.0999955"),  # manual, example 4
        (6.711e-10, "6.71e-10"),
        (1e300, "1.0e+300"),
        (3.07e-15, "3.07e-15"),
        (-1.5e-120, "-1.5e-120"),
        (12345678.0, "1.23e+07"),
        (0.0, "0"),
        (math.nan, "."),
        (math.inf, "."),
        (-math.inf, "."),
    ],
)
def test_coefficients_are_printed_as_the_general_format_does(value, text):
    assert number_text(value, GENERAL) == text


def test_a_cell_keeps_the_value_in_full():
    cell = number_cell(14.8174920143578, GENERAL, 9)
    assert (cell.text, cell.value) == ("14.81749", 14.8174920143578)


def test_a_statistic_too_large_for_its_format_is_printed_in_the_general_format():
    assert number_cell(12345.678, "%8.2f", 8).text == "12345.68"
    assert number_cell(1234567.8, "%8.2f", 8).text == "1.2e+06"


@pytest.mark.parametrize("value", [1.7e308, -1.7e308, 5e-324, -9.99e-101, 123456.789, -99999.995])
def test_no_number_is_wider_than_its_field(value):
    assert len(number_cell(value, GENERAL, 9).text) <= 9
    assert len(number_cell(value, "%8.2f", 8).text) <= 8


def test_display_options_replace_the_formats():
    formats = NumberFormats.of(DisplayOptions(cformat="%8.3f", sformat="%6.1f"))
    assert (formats.coefficient, formats.p, formats.statistic) == ("%8.3f", "%5.3f", "%6.1f")
