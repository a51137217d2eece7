"""The rich view of results: a fit as title, key figures, verdict and tables."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QTableView, QWidget

from mixedgui.docks.results.block_widgets import SHOWN_ROWS, BlockText


def _cards(window):
    window.results.show_tables()
    tables = window.results.tables
    return [tables.card(record) for record in tables.records()]


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
    assert any("the text view has all of them" in text for text in _labels(card))
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
    from mixedgui.models.fit_parts import FitSummary

    checks = Checks(decrement=0.0, boundary_slope=1.0, eigenvalues=(1.0, 1.0), starts=(0.0,))
    for sentence, shown in (
        ("var(x) is zero.", "var(x) is zero."),
        ("convergence not  achieved.", "Convergence not achieved."),
    ):
        verdict = Verdict(trust=Trust.CAREFUL, sentence=sentence, checks=checks)
        head = FitHead(FitSummary("t", "s", (), verdict, ""), 1.0, figures=False)
        qtbot.addWidget(head)
        assert list(head.fill())
        assert shown in [label.text() for label in head.findChildren(QLabel)]


def test_rich_results_follow_the_theme(window, run):
    from mixedgui.theme import ThemeChoice

    run("use sleepstudy")
    run("mixed reaction days || subject:")
    _cards(window)
    window.choose_theme(ThemeChoice.DARK)
    dark = _labels(_cards(window)[-1])
    window.choose_theme(ThemeChoice.LIGHT)
    assert dark
    assert [text for text in dark if "color" not in text] == [
        text for text in _labels(_cards(window)[-1]) if "color" not in text
    ]


def _tip_at(widget, place):
    """Ask a widget for its tip as a resting pointer does, and return what it says."""
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication, QToolTip

    QToolTip.hideText()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def test_a_fit_shows_its_equation_with_the_estimates_and_the_figures_that_compare_fits(window, run):
    run("use pig")
    run("mixed weight week || id: week")
    card = _cards(window)[-1]
    band = card.findChild(QWidget, "fit_equation")
    words = next(label for label in band.findChildren(QLabel)).accessibleDescription()
    assert words.startswith("weight = 19.356 + 6.210 week + ")  # 6.209896, 19.35561: [ME] mixed, pig weights
    labels = _labels(card)
    for caption in ("AIC", "BIC", "ICC (id) at week = 0"):
        assert caption in labels
    assert any("a variance cannot fall below zero" in text for text in labels)
    assert not any("provided only for reference" in text for text in labels)


def test_what_the_verdict_rests_on_unfolds(window, run):
    run("use sleepstudy")
    run("mixed reaction days || subject:")
    strip = _cards(window)[-1].findChild(QWidget, "fit_verdict")
    words = next(label for label in strip.findChildren(QLabel) if label.text().startswith("Slope"))
    assert words.isHidden()
    strip.findChild(QAbstractButton, "fit_checks").click()
    assert not words.isHidden()
    assert "Curvature" in words.text()


def test_each_cell_of_any_table_explains_itself_on_hover_and_by_key(window, run, qtbot):
    run("use sleepstudy")
    run("mixed reaction days || subject: days")
    fixed = _cards(window)[-1].findChildren(QTableView)[0]
    assert "one more unit of days" in _tip_at(fixed.viewport(), fixed.visualRect(fixed.model().index(0, 1)).center())
    run("estat ic")
    ic = _cards(window)[-1].findChildren(QTableView)[0]
    keys = list(ic.model().keys)
    place = ic.visualRect(ic.model().index(0, keys.index("aic"))).center()
    assert "Akaike" in _tip_at(ic.viewport(), place)
    from PySide6.QtWidgets import QToolTip

    QToolTip.hideText()
    ic.setFocus()
    ic.setCurrentIndex(ic.model().index(0, keys.index("bic")))
    qtbot.keyClick(ic, Qt.Key.Key_Space)
    assert "Bayesian" in QToolTip.text()


def test_key_figures_explain_themselves_on_hover_and_by_key(window, run, qtbot):
    from PySide6.QtWidgets import QToolTip

    run("use sleepstudy")
    run("mixed reaction days || subject:")
    figures = _cards(window)[-1].findChild(QWidget, "fit_figures")
    figures.setFocus()
    for _ in range(3):
        qtbot.keyClick(figures, Qt.Key.Key_Right)
    assert "AIC" in figures.accessibleDescription()
    qtbot.keyClick(figures, Qt.Key.Key_Space)
    assert "price of 2 for each parameter" in QToolTip.text()


def test_numbers_of_the_text_view_explain_themselves(window, run):
    from PySide6.QtGui import QTextCursor
    from PySide6.QtWidgets import QToolTip

    run("use sleepstudy")
    run("mixed reaction days || subject:")
    window.results.show_text()
    view = window.results.text
    lines = view.toPlainText().splitlines()

    def tip(line, word):
        number = next(n for n, text in enumerate(lines) if line in text)
        cursor = QTextCursor(view.document().findBlockByNumber(number))
        cursor.setPosition(cursor.position() + lines[number].rindex(word) + 2)
        view.setTextCursor(cursor)
        view.ensureCursorVisible()
        return _tip_at(view.viewport(), view.cursorRect(cursor).center())

    days = next(text for text in lines if text.strip().startswith("days |")).split("|")[1].split()
    assert "one more unit of days" in tip("days |   ", days[0])
    assert "Wald test" in tip("Wald chi2", next(t for t in lines if "Wald chi2" in t).split()[-1])
    gain = next(t for t in lines if "LR test vs." in t).split("=")[1].split()[0]
    assert "random effects gain" in tip("LR test vs.", gain)
    QToolTip.hideText()
    window.results.explain_action.trigger()
    assert QToolTip.text() == "" or "random" in QToolTip.text()


def test_a_regression_has_a_head_with_its_figures_and_they_are_not_said_twice(window, run):
    run("use pig")
    run("regress weight week")
    card = _cards(window)[-1]
    labels = _labels(card)
    assert "Linear regression for weight" in labels
    assert {"R²", "Adj R²", "Root MSE", "F(1, 430)", "p < 0.0001"} <= set(labels)
    anova = card.findChildren(QTableView)[0]
    assert [anova.model().index(row, 0).data() for row in range(anova.model().rowCount())] == [
        "Model",
        "Residual",
        "Total",
    ]
    run("xtset id week")
    run("xtreg weight week, fe")
    assert {"R² within", "rho", "Groups (id)"} <= set(_labels(_cards(window)[-1]))


def test_a_folded_result_says_its_main_number(window, run):
    run("use sleepstudy")
    run("mixed reaction days || subject:")
    run("estimates store small")
    run("mixed reaction days || subject: days")
    run("lrtest small .")
    card = _cards(window)[-1]
    card._fold.click()
    line = next(text for text in _labels(card) if text.startswith("LR χ²(1) = "))
    chi2 = window.session.r.scalars["chi2"]
    assert f"{chi2:.2f}" in line
    card._fold.click()
    assert card._headline.isHidden()


def test_numbers_in_lines_of_the_tables_view_are_explained_too(window, run):
    from PySide6.QtWidgets import QToolTip

    run("use sleepstudy")
    run("mixed reaction days || subject:")
    run("test days")
    text = next(label for label in _cards(window)[-1].findChildren(QLabel) if 'href="0"' in label.text())
    text.linkActivated.emit("0")
    assert "Chi-squared statistic" in QToolTip.text()
    assert "If the hypothesis held" in QToolTip.text()


def test_a_table_of_many_cells_is_text_in_its_card(window, run):
    run("use hsb")
    for number in range(130):
        window.session.run(f"generate v{number} = ses + {number}")
    run("describe")
    card = _cards(window)[-1]
    text = next(label.text() for label in card.findChildren(BlockText) if "v50" in label.text())
    assert "<pre" in text
    assert "<td" not in text


def test_many_tables_of_one_command_are_text(window, run):
    run("use hsb")
    run("inspect id mathach ses")
    few = _cards(window)[-1]
    assert few.findChildren(QTableView)
    for number in range(20):
        window.session.run(f"generate v{number} = ses + {number}")
    run("inspect")
    assert not _cards(window)[-1].findChildren(QTableView)
