"""One block in three forms."""

from __future__ import annotations

import re

import pytest
from oracle_results import oracle_result

from engine.render.table_forms import clipboard_forms
from engine.spec.mixed import CovarianceKind, DisplayOptions, Metric
from engine.tables.document import Figure, Header, Lines, Table
from engine.tables.mixed import mixed_blocks

NUMBER = re.compile(r"(?<![\w.])-?\d*\.\d+(?:e[-+]\d+)?(?![\w%])")


@pytest.fixture
def tables(oracle):
    result = oracle_result(oracle("pig_slope_un_ml"), depvar="weight", structures=(CovarianceKind.UNSTRUCTURED,))
    blocks = mixed_blocks(result, DisplayOptions(), level=95.0, metric=Metric.VARIANCE, labels={})
    return [block for block in blocks if isinstance(block, Table)]


def test_all_forms_show_the_same_numbers(tables):
    for table in tables:
        text, tsv, html = clipboard_forms(table)
        bare = re.sub(r"<[^>]+>", " ", html)
        assert NUMBER.findall(text) == NUMBER.findall(tsv) == NUMBER.findall(bare)
        assert len(NUMBER.findall(text)) >= 12


def test_plain_text_is_the_printed_table(tables):
    text, _, _ = clipboard_forms(tables[0])
    assert text.splitlines()[0] == "-" * 78
    assert text.endswith("-\n")


def test_minus_signs_stay_ascii(tables):
    assert all("\u2212" not in form for form in clipboard_forms(tables[1]))
    assert all("-.0984" in form for form in clipboard_forms(tables[1]))


def test_a_header_is_label_and_value():
    header = Header(("Title", "", "Log likelihood =   -253.182"), (Figure("Number of obs", "7,185", 7185), None))
    _, tsv, _ = clipboard_forms(header)
    assert tsv == "Title\nLog likelihood = -253.182\nNumber of obs\t7185\n"


def test_lines_stay_lines():
    text, tsv, html = clipboard_forms(Lines(("a", "b")))
    assert text == tsv == "a\nb\n"
    assert "a\nb" in html
