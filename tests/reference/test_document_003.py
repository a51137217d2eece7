"""The notes on diagnostics of hierarchical models (document 003) as one do-file, beside the tables they print.

``document_003.do`` holds the commands as printed but for these slips of the scan and of the notes themselves:

- ``egen tagged=tag(id)`` stands before its first use, not after it;
- lines that the page breaks (``> #i.sector``, ``($means`` / ``> esmin``) are joined;
- the second model's ``c.ses#c.meanses`` and ``i.female#c.meanses`` have two signs: its table shows the main effects;
- ``meansas`` is meanses, and the global ``plusd`` is the ``plussd`` that ``margins`` asks for;
- ``gen size=size-r(mean)``, which Stata refuses because size is there, is ``replace``;
- ``est store baseline`` follows the model that ``lrtest efemale baseline`` compares, as well as its later place;
- ``set seed`` before ``bootstrap``: the numbers of a run can be had again;
- ``capture noisily`` before ``mrunning``, a program of other authors.

Not compared: the bars' start and width of the residuals' histograms (an older edition's model: the notes' own table of
the residuals has other extremes), means of residuals (rounding noise), the inverse rows of the first ``ladder`` (an old
release prints a point where there is a number), the residual variance by sector (the notes print no table).
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from printed import agrees, number

from engine.api import Session

DOFILE = Path(__file__).with_name("document_003.do")
IN_SE, RELATIVE = 6e-4, 2e-4
"""How far the notes' estimates (in standard errors) and standard errors are from the maximum (reference README)."""


@pytest.fixture(scope="module")
def outcomes(data_file):
    """Run the do-file and give the outcomes of its commands."""
    session = Session()
    assert session.run(f'use "{data_file("hsb")}"').rc == 0
    return list(session.run_each(DOFILE.read_text(encoding="utf-8")))


def texts(outcomes, command: str) -> list[str]:
    """Return the output of every command that begins so."""
    return [outcome.text for outcome in outcomes if outcome.command.startswith(command)]


def row(text: str, label: str) -> list[str]:
    """Return the numbers of the row with this label."""
    for line in text.split("\n"):
        left, _, right = line.partition("|")
        if left.strip() == label and right.strip():
            return right.split()
    raise AssertionError(f"no row {label} in {text}")


def same(found: list[str], printed: str, scale: float = 0.0) -> None:
    """Compare the numbers of a row with the printed ones."""
    wanted = printed.split()
    assert len(found) == len(wanted)
    for mine, theirs in zip(found, wanted, strict=True):
        assert mine == theirs or agrees(mine, theirs, scale), (mine, theirs)


def test_every_command_runs(outcomes):
    failed = [(outcome.command, outcome.text) for outcome in outcomes if outcome.rc]
    assert not failed
    assert len(texts(outcomes, "mixed")) == 7
    assert outcomes[-1].command.endswith("by(sector))")


def test_only_the_program_of_others_is_refused(outcomes):
    refused = [text for outcome in outcomes if re.search(r"^r\(\d+\);", text := outcome.text, re.MULTILINE)]
    assert refused == ["command mrunning is unrecognized\nr(199);\n"]


def test_every_graph_draws(outcomes):
    words = ("histogram", "gladder", "graph", "qnorm", "lowess", "scatter", "marginsplot")
    graphs = [outcome for outcome in outcomes if outcome.command.startswith(words)]
    assert len(graphs) == 24
    assert all(outcome.graph is not None for outcome in graphs)


def test_bars_of_a_histogram(outcomes):
    first, residual, *effects = texts(outcomes, "histogram")
    assert "(bin=12, start=100, width=217.75)" in first
    assert "(bin=38, " in residual
    assert all("(bin=12, " in text for text in effects)


def test_correlations(outcomes):
    (text,) = texts(outcomes, "pwcorr")
    same(row(text, "size"), "-0.0506 -0.0673 -0.0388 -0.1268 -0.4237 1.0000")
    same(row(text, "sector"), "0.2040 0.1896 0.0065 0.3573 1.0000")
    same(row(text, "meanses"), "0.3437 0.5306 -0.0589 1.0000")
    same(row(text, "female"), "-0.1231 -0.0679 1.0000")
    same(row(text, "ses"), "0.3608 1.0000")


REGRESSIONS = (
    {
        "Model": "61205.6611 5 12241.1322 Prob > F = 0.0000",
        "ses": "2.148034 .1113801 19.29 0.000 1.929697 2.366372",
        "female": "-1.321295 .1478042 -8.94 0.000 -1.611034 -1.031555",
        "meanses": "2.889622 .2206451 13.10 0.000 2.457093 3.322151",
        "sector": "1.503238 .1724585 8.72 0.000 1.165169 1.841308",
        "size": ".0003457 .0001345 2.57 0.010 .0000821 .0006093",
        "_cons": "12.32108 .2222729 55.43 0.000 11.88536 12.7568",
    },
    {
        "Model": "1016.16465 3 338.72155 Prob > F = 0.0000",
        "meanses": "5.359654 .3777613 14.19 0.000 4.613467 6.105841",
        "sector": "1.524517 .349298 4.36 0.000 .8345531 2.214481",
        "size": ".0005152 .0002603 1.98 0.050 1.00e-06 .0010293",
        "_cons": "11.38922 .4055502 28.08 0.000 10.58814 12.1903",
    },
)
VARIANCE_BLOCKS = (
    ("278671.273 7179 38.8175614 R-squared = 0.1801", "339876.934 7184 47.3102637 Root MSE = 6.2304"),
    ("529.275622 156 3.39279245 R-squared = 0.6575", "1545.44027 159 9.71975014 Root MSE = 1.842"),
)
SUMS_OF_SQUARES = 5e-9
"""Relative: the notes' data hold their numbers as float, these as double."""


@pytest.mark.parametrize("place", [0, 1])
def test_regression_tables(outcomes, place):
    text = texts(outcomes, "reg ")[place]
    for label, printed in REGRESSIONS[place].items():
        found = row(text, label)
        if label == "Model":
            words = [w for w in printed.split() if w not in {"Prob", ">", "F", "="}]
            compare_squares([w for w in found if w not in {"Prob", ">", "F", "="}], words)
        else:
            same(found, printed)
    for label, printed in zip(("Residual", "Total"), VARIANCE_BLOCKS[place], strict=True):
        words = {"R-squared", "Root", "MSE", "="}
        compare_squares([w for w in row(text, label) if w not in words], [w for w in printed.split() if w not in words])


def compare_squares(found: list[str], printed: list[str]) -> None:
    """Compare a row of the analysis of variance."""
    assert len(found) == len(printed)
    for mine, theirs in zip(found, printed, strict=True):
        assert agrees(mine, theirs, SUMS_OF_SQUARES * abs(number(theirs)))


def test_variance_inflation(outcomes):
    first, second = texts(outcomes, "vif")
    for text, rows in (
        (first, "meanses 1.54 0.648947 ses 1.39 0.717093 sector 1.38 0.726733 size 1.22 0.818586 female 1.01 0.992362"),
        (second, "sector 1.42 0.706227 size 1.26 0.794707 meanses 1.15 0.872531"),
    ):
        found = [line.replace("|", " ").split() for line in text.split("\n") if "|" in line][1:-1]
        assert " ".join(word for line in found for word in line) == rows
    assert row(first, "Mean VIF") == ["1.31"]
    assert row(second, "Mean VIF") == ["1.27"]


LADDERS = (
    ("60.02 31.36 8.37 7.18 16.55 58.10", "0.000 0.000 0.015 0.028 0.000 0.000"),
    ("758.08 758.90 914.19 . . . . . .", "0.000 0.000 0.000 . . . . . ."),
    ("595.26 1029.42 914.19 380.40 . . . . .", "0.000 0.000 0.000 0.000 . . . . ."),
)


@pytest.mark.parametrize("place", range(3))
def test_ladder_of_powers(outcomes, place):
    lines = [line.split() for line in texts(outcomes, "ladder")[place].split("-\n")[1].split("\n") if line]
    chi2, p = (printed.split() for printed in LADDERS[place])
    assert [line[-2] for line in lines][: len(chi2)] == chi2
    assert [line[-1] for line in lines][: len(p)] == p
    assert len(lines) == 9


def test_summaries(outcomes):
    printed = (
        ("sum mathach", "mathach", "7,185 12.74785 6.878246 -2.832 24.993"),
        ("sum mathach_c", "mathach_c", "7,185 16.57985 6.878246 1 28.825"),
        ("sum mathachr", "mathachr", "7,185 13.24515 6.878246 .9999999 28.825"),
        ("sum size if tagged==1", "size", "160 1097.825 629.5064 100 2713"),
        ("sum ses", "ses", "7,185 .0001434 .7793552 -3.758 2.692"),
        ("sum meanses if tagged==1", "meanses", "160 -.0001875 .4139731 -1.188 .831"),
    )
    for command, label, numbers in printed:
        (text, *_) = [outcome.text for outcome in outcomes if outcome.command == command]
        same(row(text, label), numbers)


def test_detailed_summary(outcomes):
    (text,) = texts(outcomes, "sum ses, detail")
    numbers = [re.sub(r"\s+", " ", line.strip()) for line in text.split("\n")]
    for line in (
        "1% -1.848 -3.758",
        "5% -1.318 -2.838",
        "10% -1.038 -2.508 Obs 7,185",
        "25% -.538 -2.508 Sum of wgt. 7,185",
        "50% .002 Mean .0001434",
        "Largest Std. dev. .7793552",
        "75% .602 1.732",
        "90% 1.022 1.762 Variance .6073945",
        "95% 1.212 1.832 Skewness -.2281447",
        "99% 1.512 2.692 Kurtosis 2.620279",
    ):
        assert line in numbers


MODELS = ("devses", "base", "robust", "cubic", "cubic_small", "byfemale")


def numeric_rows(text: str, heading: str) -> list[list[str]]:
    """Return the numbers of the rows of the table whose heading holds these words, without rows of words alone."""
    table = text[text.index(heading) :].split("\n")[2:]
    rows = []
    for line in table:
        if re.fullmatch("-+", line):
            break
        numbers = line.partition("|")[2].split()
        if numbers:
            rows.append(numbers)
    return rows


@pytest.mark.parametrize("model", MODELS)
def test_mixed_tables(outcomes, oracle, model):
    printed = oracle(f"seed_003_{model}")
    text = texts(outcomes, "mixed")[MODELS.index(model)]
    header = printed["header"]
    assert re.search(rf"{header['ll_label']} = +{re.escape(header['ll'])}\b", text)
    wald = re.search(rf"Wald chi2\({header['wald_df']}\) +=\s+(\S+)\n", text).group(1)
    assert agrees(wald, header["wald"], 2e-5 * number(header["wald"]))
    fixed = numeric_rows(text, "oefficient")
    assert len(fixed) == len(printed["fixed"])
    for found, want in zip(fixed, printed["fixed"], strict=True):
        if want.get("omitted"):
            assert found == ["0", "(omitted)"]
            continue
        se = number(want["se"])
        for place, key in enumerate(("coef", "se", "z", "p", "ci_lo", "ci_hi")):
            scale = {"z": IN_SE, "p": 1e-3 * IN_SE}.get(key, 3 * IN_SE * se)
            assert agrees(found[place], want[key], scale), (want["name"], key)
    random = numeric_rows(text, "Random-effects parameters")
    assert len(random) == len(printed["random"])
    for found, want in zip(random, printed["random"], strict=True):
        se = number(want["se"])
        assert agrees(found[0], want["estimate"], IN_SE * se)
        assert agrees(found[1], want["se"], RELATIVE * se)
    if "lr_test" in printed:
        assert re.search(rf"{re.escape(printed['lr_test']['label'])} = +{printed['lr_test']['chi2']}\b", text)


PRINTED_BOOTSTRAP = (
    ".1349074 .3618389 .3020349 .3569849 .2129321 .1914944 .3536247 .3585003 .1796728 "
    ".2268802 .4663447 .2330362 .6943167"
)


def test_bootstrap_within_its_own_error(outcomes):
    """Both runs have 50 replications: log(SE) of each has a standard error of about 1/sqrt(98)."""
    (text,) = texts(outcomes, "bootstrap")
    (base,) = [t for t in texts(outcomes, "mixed")[1:2]]
    fixed = [found for found in numeric_rows(text, "coefficient") if found[1] != "(omitted)"]
    random = numeric_rows(text, "Random-effects parameters")
    plain = [found for found in numeric_rows(base, "Coefficient") if found[1] != "(omitted)"]
    assert [found[0] for found in fixed] == [found[0] for found in plain]
    assert "(Replications based on 160 clusters in id)" in text
    spread = 4 * math.sqrt(2 / 98)
    for found, printed in zip([*fixed, *random], PRINTED_BOOTSTRAP.split(), strict=True):
        assert abs(math.log(number(found[1]) / number(printed))) < spread


def test_information_criteria(outcomes):
    printed = (
        ("7,185 . -23211.14 19 46460.29 46591"),
        ("7,185 . -23212.02 15 46454.03 46557.23"),
        ("7,185 . -23213.3 14 46454.6 46550.92"),
        ("7,185 . -23213.3 14 46454.6 46550.92"),
        ("7,185 . -23218.85 13 46463.71 46553.14"),
    )
    names = (".", ".", ".", "egender", "baseline")
    for text, name, numbers in zip(texts(outcomes, "estat ic"), names, printed, strict=True):
        assert row(text, name) == numbers.split()


def test_likelihood_ratio_tests(outcomes):
    for text, assumption in zip(
        texts(outcomes, "lrtest"), ("baseline nested within efemale", "baseline nested within egender"), strict=True
    ):
        assert assumption in text
        assert re.search(r"LR chi2\(1\) = +11\.10\n", text)
        assert re.search(r"Prob > chi2 = 0\.0009\n", text)


MARGINS = """
10.37874 3.209518 3.23 0.001 4.0882 16.66928
4.600451 .6663532 6.90 0.000 3.294423 5.90648
4.080304 .5811327 7.02 0.000 2.941305 5.219303
5.065367 .751264 6.74 0.000 3.592916 6.537817
7.355452 2.772092 2.65 0.008 1.922252 12.78865
5.363829 1.216027 4.41 0.000 2.980459 7.747198
10.09419 .2479459 40.71 0.000 9.60822 10.58015
11.0489 .2189395 50.47 0.000 10.61979 11.47801
12.01957 .2887416 41.63 0.000 11.45365 12.5855
13.89045 1.095341 12.68 0.000 11.74362 16.03728
4.051753 1.573768 2.57 0.010 .9672248 7.136281
11.53154 .2505531 46.02 0.000 11.04046 12.02261
12.87213 .18279 70.42 0.000 12.51387 13.23039
13.83904 .2253969 61.40 0.000 13.39727 14.28081
15.60024 .801719 19.46 0.000 14.0289 17.17158
2.739676 2.201374 1.24 0.213 -1.574938 7.054291
12.96889 .3257726 39.81 0.000 12.33039 13.60739
14.69536 .2105043 69.81 0.000 14.28278 15.10794
15.6585 .2385924 65.63 0.000 15.19087 16.12613
17.31002 .7472577 23.16 0.000 15.84543 18.77462
-.4800974 4.058521 -0.12 0.906 -8.434652 7.474457
16.49609 .625075 26.39 0.000 15.27096 17.72121
19.16948 .4228441 45.33 0.000 18.34072 19.99824
20.12338 .4857143 41.43 0.000 19.1714 21.07536
21.50576 1.53443 14.02 0.000 18.49833 24.51318
"""


def test_margins_table(outcomes):
    (text,) = texts(outcomes, "margins, ")
    rows = numeric_rows(text, "|     Margin")
    printed = MARGINS.strip().split("\n")
    assert len(rows) == len(printed) == 25
    for found, line in zip(rows, printed, strict=True):
        want = line.split()
        se = number(want[1])
        for place in range(6):
            scale = {2: IN_SE, 3: 1e-3 * IN_SE}.get(place, 3 * IN_SE * se)
            assert agrees(found[place], want[place], scale), (found, want)
    points = re.findall(r"(\d+)\._at: +ses +=\s+(\S+)\n\s+meanses = +(\S+)\n", text)
    ses = ("-3.758", "-.7792118", ".0001434", ".7794985", "2.692")
    meanses = ("-1.188", "-.4141606", "-.0001875", ".4137856", ".831")
    assert [(a, b) for _, a, b in points] == [(a, b) for a in ses for b in meanses]


def test_residuals_by_group(outcomes):
    (text,) = texts(outcomes, "bysort female: sum llresid")
    boys, girls = text.split("-> female = 1")
    for part, printed in (
        (boys, "3,390 6.137624 -18.42606 17.33541"),
        (girls, "3,795 5.826746 -19.04129 17.70039"),
    ):
        count, mean, *rest = row(part, "llresid")
        assert abs(number(mean)) < 1e-7
        # residuals move with the coefficients, by parts of the SE of a prediction (about a half)
        same([count, *rest], printed, scale=IN_SE * 0.5)
