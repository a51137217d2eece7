"""Which number stands where in the text of a block."""

from __future__ import annotations

import pytest

from engine.api import FigurePlace, Header, Lines, Printed, Session, Table, TablePlace, figures_in, places, render_block


@pytest.fixture(scope="module")
def blocks():
    """Return what a fit of each kind prints."""
    session, found = Session(), []
    session.run("use pig")

    def listen(event):
        if isinstance(event, Printed):
            found.append(event.block)

    for command in ("mixed weight i.week || id: week", "test 2.week 3.week", "regress weight week"):
        assert session.run(command, sink=listen).rc == 0
    return found


def test_the_text_at_a_cell_is_the_cell(blocks):
    seen = 0
    for block in blocks:
        if isinstance(block, Table):
            for number, line in enumerate(render_block(block)):
                for place in places(block, number):
                    if isinstance(place, TablePlace):
                        keys = [column.key for column in block.columns]
                        cell = block.rows[place.row].cells[keys.index(place.key)]
                        assert line[place.start : place.end].strip() == cell.text.strip()
                        seen += 1
    cells = [c for b in blocks if isinstance(b, Table) for row in b.rows[:9] for c in row.cells if c.text]
    assert seen >= len(cells)


def test_figures_of_a_header_stand_at_their_lines(blocks):
    header = next(block for block in blocks if isinstance(block, Header))
    labels = [p.label for n in range(len(render_block(header))) for p in places(header, n)]
    assert labels == [
        "Number of obs", "Number of groups", "min", "avg", "max", "Wald chi2(8)", "Log likelihood", "Prob > chi2",
    ]  # fmt: skip


def test_the_figures_beside_a_drawn_table_are_found(blocks):
    anova = next(block for block in blocks if isinstance(block, Table) and block.id == "anova")
    found = [place for n in range(6) for place in places(anova, n)]
    assert [p.label for p in found if isinstance(p, FigurePlace)] == [
        "Number of obs", "F(1, 430)", "Prob > F", "R-squared", "Adj R-squared", "Root MSE",
    ]  # fmt: skip
    assert [p.key for p in found if isinstance(p, TablePlace)] == ["ss", "df", "ms"] * 3


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("LR test vs. linear model: chi2(2) = 764.42                Prob > chi2 = 0.0000",
         [("LR test vs. linear model: chi2(2)", 764.42), ("Prob > chi2", 0.0)]),
        ("F test that all u_i=0: F(47, 383) = 32.01                    Prob > F = 0.0000",
         [("F(47, 383)", 32.01), ("Prob > F", 0.0)]),
        ("           chi2(  1) = 4689.52", [("chi2(  1)", 4689.52)]),
        ("corr(u_i, Xb) = -0.0123", [("corr(u_i, Xb)", -0.0123)]),
        ("no numbers here", []),
    ],
)  # fmt: skip
def test_numbers_with_labels_are_found_in_lines(line, expected):
    assert [(place.label, place.value) for place in figures_in(line)] == expected
    block = Lines((line,))
    assert [place.text for place in places(block, 0)] == [line[p.start : p.end] for p in places(block, 0)]
