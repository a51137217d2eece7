"""Number formats and the choices behind them."""

import pytest

from mixedgui.state.number_format import NumberFormat


@pytest.mark.parametrize(
    ("choices", "text"),
    [
        (NumberFormat(), ""),
        (NumberFormat(2), "%9.2f"),
        (NumberFormat(0), "%9.0f"),
        (NumberFormat(2, comma=True), "%9,2f"),
        (NumberFormat(3, thousands=True), "%9.3fc"),
        (NumberFormat(3, zeros=True, comma=True, thousands=True), "%09,3fc"),
    ],
)
def test_choices_make_a_format_and_come_back(choices, text) -> None:
    assert choices.to_text(9) == text
    assert NumberFormat.from_text(text) == choices


@pytest.mark.parametrize("text", ["%9.3g", "%9", "nonsense"])
def test_other_formats_are_not_made_of_choices(text) -> None:
    assert NumberFormat.from_text(text) is None
