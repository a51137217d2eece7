"""Every number of a result has an explanation, whose sentences use the number itself."""

from __future__ import annotations

import math

import pytest

from engine.api import Header, Printed, RowKind, Session, Table, explain_cell, explain_figure, facts_of
from engine.tables.meaning import FIGURES_OF, TABLES_OF, find_figure, meanings, of_command

COMMANDS = (
    "use pig",
    "summarize weight week",
    "summarize weight, detail",
    "tabulate week",
    "correlate weight week",
    "mixed weight week || id: week, cov(un)",
    "estat ic",
    "estat icc",
    "estat group",
    "estat recovariance",
    "estat wcorrelation",
    "estat sd",
    "estat vce",
    "estat ranova",
    "estat influence",
    "lincom week + _cons",
    "nlcom _b[week]/_b[_cons]",
    "margins, at(week=(1 5))",
    "estimates store a",
    "mixed weight i.week || id:, reml dfmethod(kroger) dftable(pvalue)",
    "contrast week",
    "pwcompare week",
    "pwcompare week, groups",
    "mixed weight week || id:, estmetric",
    "mixed weight week || id:, residuals(ar 1, t(week)) stddeviations",
    "estimates store b",
    "estimates stats a b",
    "estimates table a b",
    "xtset id week",
    "xtreg weight week, fe",
    "regress weight week, beta",
    "anova weight week",
    "regress weight week",
    "vif",
    "bootstrap, reps(5) seed(1) nodots: regress weight week",
    "estat bootstrap",
    "sktest weight",
)


@pytest.fixture(scope="module")
def shown():
    """Command -> outcome and blocks."""
    session, blocks = Session(), []
    found = {}

    def listen(event):
        if isinstance(event, Printed):
            blocks.append(event.block)

    for command in COMMANDS:
        blocks.clear()
        outcome = session.run(command, sink=listen)
        assert outcome.rc == 0, (command, outcome.error)
        found[command] = (outcome, list(blocks))
    return found


def _explained(shown, command, table, row, key):
    outcome, blocks = shown[command]
    block = next(b for b in blocks if isinstance(b, Table) and b.id == table)
    number = next(i for i, each in enumerate(block.rows) if each.name == row)
    return explain_cell(block, number, key, facts_of(outcome.e, outcome.tables))


def _has_number(cell):
    return isinstance(cell.value, (int, float)) and math.isfinite(cell.value)


@pytest.mark.parametrize("command", COMMANDS[1:])
def test_every_number_of_every_table_is_explained(shown, command):
    outcome, blocks = shown[command]
    facts = facts_of(outcome.e, outcome.tables)
    for block in blocks:
        if isinstance(block, Table):
            for number, row in enumerate(block.rows):
                for column, cell in zip(block.columns, row.cells, strict=False):
                    if row.kind is RowKind.DATA and _has_number(cell):
                        found = explain_cell(block, number, column.key, facts)
                        assert found is not None, (block.id, row.name, column.key)
                        assert "{" not in found.text()
        elif isinstance(block, Header):
            for figure in block.right:
                if figure is not None and figure.value is not None:
                    assert explain_figure(figure, facts) is not None, figure.label


def test_a_coefficient_is_read_in_the_words_of_the_data(shown):
    found = _explained(shown, "mixed weight week || id: week, cov(un)", "fixed", "week", "estimate")
    # 6.209896: [ME] mixed, pig weights
    assert found.reading == (
        "With one more unit of week, weight is on average 6.21 higher, everything else in the model equal."
    )
    assert float(found.exact) == pytest.approx(6.209896, abs=5e-7)
    assert "V⁻¹" in found.formula


def test_an_interval_tells_of_repeated_studies_and_of_zero(shown):
    found = _explained(shown, "regress weight week", "fixed", "week", "interval")
    assert "95 % of such intervals would hold the true value" in found.reading
    assert found.reading.endswith("0 lies outside.")


def test_a_level_is_compared_with_the_base_level_of_the_fit(shown):
    command = "mixed weight i.week || id:, reml dfmethod(kroger) dftable(pvalue)"
    found = _explained(shown, command, "fixed", "2.week", "estimate")
    assert "Where week is 2" in found.reading
    assert "than where it is 1" in found.reading


def test_a_variance_of_intercepts_gives_the_range_of_the_groups(shown):
    command = "mixed weight week || id: week, cov(un)"
    found = _explained(shown, command, "random", "var(_cons)", "estimate")
    outcome, _ = shown[command]
    constant = outcome.tables["fixed"].rows[1].values[0]
    sd = math.sqrt(next(r.values[0] for r in outcome.tables["random"].rows if r.name == "var(_cons)"))
    assert f"{constant - 1.96 * sd:.4g} to {constant + 1.96 * sd:.4g}" in found.reading
    assert "groups of id" in found.reading


def test_an_effect_within_a_product_says_where_it_holds():
    session, blocks = Session(), []
    session.run("use hsb")
    outcome = session.run(
        "mixed mathach i.female##c.ses || id:", sink=lambda e: blocks.append(getattr(e, "block", None))
    )
    table = next(b for b in blocks if isinstance(b, Table) and b.id == "fixed")
    row = next(i for i, each in enumerate(table.rows) if each.name == "ses")
    found = explain_cell(table, row, "estimate", facts_of(outcome.e, outcome.tables))
    assert "where what it is multiplied with is 0 or at its base level" in found.reading
    row = next(i for i, each in enumerate(table.rows) if each.name == "1.female#c.ses")
    found = explain_cell(table, row, "estimate", facts_of(outcome.e, outcome.tables))
    assert found.reading.startswith("The slope of ses is")


def test_help_of_a_command_knows_the_numbers_it_prints():
    titles = [entry.title for entry in of_command("mixed")]
    for wanted in ("Coefficient", "Standard error", "p-value", "Residual variance", "Log likelihood"):
        assert wanted in titles
    assert len(titles) == len(set(titles))
    for command in {*TABLES_OF, *FIGURES_OF}:
        assert list(of_command(command)), command


def test_labels_of_headers_and_test_lines_are_known():
    for label in ("Wald chi2(3)", "F(8, 376.00)", "chi2(  2)", "Prob >= chibar2", "Log restricted-likelihood", "rho"):
        assert find_figure(label) is not None, label
    assert find_figure("[weight]week") is None


def test_no_entry_is_empty():
    for entry in meanings():
        assert entry.title
        assert entry.what.endswith((".", ":"))
        assert entry.label or (entry.tables and entry.columns)


def test_the_help_of_a_command_explains_its_numbers():
    from engine.api import find_command
    from engine.tables.help_page import help_page

    lines = [line for block in help_page(find_command("mixed"), 80) for line in block.lines]
    at = lines.index("Reading the numbers")
    text = " ".join(" ".join(lines[at:]).split())
    assert "How much the estimate would vary from sample to sample." in text
    assert "{" not in text
    without = [line for block in help_page(find_command("use"), 80) for line in block.lines]
    assert "Reading the numbers" not in without
