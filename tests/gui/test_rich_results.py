"""The rich view of results: a fit as title, key figures, verdict and tables."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QTableView, QWidget

from mixedgui.docks.results.block_widgets import SHOWN_ROWS
from mixedgui.docks.results.result_card import ResultCard


def _cards(window):
    window.results.show_tables()
    return window.results.tables.findChildren(ResultCard)


def _labels(card):
    return [label.text() for label in card.findChildren(QLabel)]


def test_a_fit_has_title_figures_verdict_two_tables_and_the_test_in_words(window, run, qtbot):
    run("use sleepstudy")
    run("mixed reaction days || subject: days")
    card = _cards(window)[-1]
    labels = _labels(card)
    assert "Linear mixed model for reaction" in labels
    assert "180" in labels
    assert card.findChild(QWidget, "fit_verdict") is not None
    assert any(text.startswith("Against a model without random effects: LR") for text in labels)
    assert not any("LR test vs." in text for text in labels)
    tables = card.findChildren(QTableView)
    assert [table.accessibleName() for table in tables] == ["Fixed effects", "Random effects"]
    for table in tables:
        qtbot.waitUntil(lambda table=table: table.verticalScrollBar().maximum() == 0)
        assert table.height() >= (table.model().rowCount() + 1) * table.rowHeight(0)


def test_what_an_option_hides_stays_hidden(window, run):
    run("use sleepstudy")
    run("mixed reaction days || subject:, nofetable noheader")
    card = _cards(window)[-1]
    assert [table.accessibleName() for table in card.findChildren(QTableView)] == ["Random effects"]
    assert "180" not in _labels(card)


def test_replay_has_no_verdict_but_its_tables(window, run):
    run("use sleepstudy")
    run("mixed reaction days || subject:")
    run("mixed, stddeviations")
    card = _cards(window)[-1]
    assert card.findChild(QWidget, "fit_verdict") is None
    names = [
        t.model().index(row, 0).data() for t in card.findChildren(QTableView) for row in range(t.model().rowCount())
    ]
    assert "sd(_cons)" in names


def test_a_long_listing_is_cut_in_the_card_and_says_so(window, run):
    run("use hsb")
    run("list id mathach")
    card = _cards(window)[-1]
    text = next(text for text in _labels(card) if "<table" in text)
    assert text.count("<tr") <= SHOWN_ROWS + 20
    assert "the text view has all of them" in text
    assert "7185." in window.results_text()


def test_blank_lines_around_a_text_are_left_to_the_card(window, run):
    run("use hsb")
    card = _cards(window)[-1]
    text = next(text for text in _labels(card) if "(High School" in text)
    assert "<pre></pre>" not in text
    body = next(label for label in card.findChildren(QLabel) if label.text() == text)
    assert body.heightForWidth(600) < 3 * body.fontMetrics().height()


def test_a_name_at_the_head_of_a_verdict_keeps_its_letters(window, qtbot):
    from engine.api import Checks, Trust, Verdict
    from mixedgui.docks.results.fit_head import FitHead
    from mixedgui.models.fit_summary import FitSummary

    checks = Checks(decrement=0.0, boundary_slope=1.0, eigenvalues=(1.0, 1.0), starts=(0.0,))
    for sentence, shown in (
        ("var(x) is zero.", "var(x) is zero."),
        ("convergence not  achieved.", "Convergence not achieved."),
    ):
        verdict = Verdict(trust=Trust.CAREFUL, sentence=sentence, checks=checks)
        head = FitHead(FitSummary("t", "s", (), verdict, ""), 1.0, figures=False)
        qtbot.addWidget(head)
        assert shown in [label.text() for label in head.findChildren(QLabel)]


def test_rich_results_follow_the_theme(window, run):
    from mixedgui.theme import ThemeChoice

    run("use sleepstudy")
    run("mixed reaction days || subject:")
    _cards(window)
    window.choose_theme(ThemeChoice.DARK)
    cards = window.results.tables.findChildren(ResultCard)
    window.choose_theme(ThemeChoice.LIGHT)
    assert cards
