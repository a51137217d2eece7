"""The tables that the manual and the course notes print, line by line.

``shared/oracles/seed_NAME.json`` holds the printed strings. A log likelihood, a count or a rounded test statistic is
compared as printed; the other numbers within the tolerance for printed values of ``shared/oracles/README.md``, because
Stata stops where its own rule is met and this program goes on to the maximum.
"""

from __future__ import annotations

import re

import pytest
from printed import agrees, number

from engine.api import Session

# seed file -> (data set, largest difference of an estimate in standard errors, of a variance's SE relative)
MANUAL = (1.2e-5, 2e-4)
HSB = (6e-4, 2e-4)
CASES = {
    "seed_ex01": ("pig", MANUAL),
    "seed_ex02": ("pig", MANUAL),
    "seed_ex02_reml": ("pig", MANUAL),
    "seed_ex03": ("pig", MANUAL),
    "seed_ex04": ("productivity", MANUAL),
    "seed_ex06a": ("childweight", MANUAL),
    "seed_ex06b": ("childweight", MANUAL),
    "seed_ex06c": ("childweight", MANUAL),
    "seed_ex07a": ("veneer", MANUAL),
    "seed_ex07b": ("veneer", MANUAL),
    # seed_ex08.json states 1.235e-5 SE, which the README rounds
    "seed_ex08": ("ovary", (1.24e-5, 2e-4)),
    "seed_ex09a": ("exercise", MANUAL),
    "seed_ex10": ("pig", MANUAL),
    "seed_003_base": ("hsb", HSB),
    "seed_003_byfemale": ("hsb", HSB),
    "seed_003_cubic": ("hsb", HSB),
    "seed_003_cubic_small": ("hsb", HSB),
    "seed_003_devses": ("hsb", HSB),
    "seed_003_robust": ("hsb", HSB),
    "seed_ex12_size": ("pisa2000", MANUAL),
}

PREPARED = {"seed_003_devses": ("bysort id: egen devses = sd(ses)",)}
"""What the notes run before the command."""


@pytest.fixture(scope="module", params=sorted(CASES))
def case(request, oracle, data_file):
    """Give the printed strings, the tolerances and the outcome of the command."""
    name, tolerance = CASES[request.param]
    printed = oracle(request.param)
    session = Session()
    session.run(f'use "{data_file(name)}"')
    if "keep" in printed["header"]:
        assert session.run(printed["header"]["keep"].split("  (")[0]).rc == 0
    for line in PREPARED.get(request.param, ()):
        assert session.run(line).rc == 0
    outcome = session.run(printed["command"])
    assert outcome.rc == 0, outcome.text
    return printed, tolerance, outcome


def test_header_as_printed(case):
    printed, _, outcome = case
    header = printed["header"]
    text = outcome.text
    assert header["title"] in text
    assert re.search(rf"{re.escape(header['ll_label'])} = +{re.escape(header['ll'])}\b", text)
    assert re.search(rf"Number of obs +=\s+{re.escape(header['N'])}\n", text)
    assert re.search(rf"Wald chi2\({header['wald_df']}\) +=\s+\S+\n", text)
    found = re.search(rf"Wald chi2\({header['wald_df']}\) +=\s+(\S+)\n", text).group(1)
    assert agrees(found, header["wald"], 2e-5 * number(header["wald"]))
    assert re.search(rf"Prob > chi2 +=\s+{header['p']}\n", text)
    if "grouping" in header:
        for level in header["grouping"]:
            pattern = rf"{level['level']} \| +{level['groups']} +{level['min']} +{level['avg']} +{level['max']}\n"
            assert re.search(pattern, text)
    else:
        if "clusters" in header:
            line = next(line for line in text.split("\n") if "(Std. err. adjusted for" in line)
            assert line.strip() == header["clusters"].replace("Std. Err.", "Std. err.")
            assert len(line) == len(next(row for row in text.split(line)[1].split("\n") if row.startswith("----")))
        assert f"Group variable: {header['group']}" in text
        assert re.search(rf"Number of groups +=\s+{header['groups']}\n", text)
        for word in ("min", "avg", "max"):
            assert re.search(rf"{word} =\s+{re.escape(header[word])}\n", text)


def rows_of(text: str, heading: str) -> list[list[str]]:
    """Return label and numbers of the rows of the printed table whose heading starts with `heading`."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if heading in line) + 2
    rows = []
    for line in lines[start:]:
        if line.startswith("----") and "+" not in line:
            break
        label, bar, numbers = line.partition("|")
        if bar and label.strip():
            rows.append([label.strip(), *numbers.split()])
    return rows


def test_fixed_effects_as_printed(case):
    printed, (in_se, _), outcome = case
    if "fixed" not in printed:
        assert "Coefficient" not in outcome.text
        return
    rows = [row for row in rows_of(outcome.text, "| Coefficient") if len(row) > 1]
    assert len(rows) == len(printed["fixed"])
    for (_, *found), want in zip(rows, printed["fixed"], strict=True):
        if want.get("omitted"):
            assert found == ["0", "(omitted)"]
            continue
        se = number(want["se"])
        for place, key in enumerate(("coef", "se", "z", "p", "ci_lo", "ci_hi")):
            # z moves with the coefficient's distance in standard errors, a limit with coefficient and SE
            scale = {"z": in_se, "p": 1e-3 * in_se}.get(key, 3 * in_se * se)
            assert agrees(found[place], want[key], scale), (want["name"], key, found[place], want[key])


def test_random_effects_as_printed(case):
    printed, (in_se, relative), outcome = case
    rows = rows_of(outcome.text, "Random-effects parameters")
    # the manual's empty equation has a row of its own, and by() a line of its own below its section's title
    lines = [row[0] for row in rows if len(row) == 1 and "(empty)" not in row[0]]
    titles = re.sub(r",\n(?=by )", ", ", "\n".join(lines)).split("\n")
    assert titles == [row["eq"] for row in printed["random"] if row["eq"]]
    numbers = [row for row in rows if len(row) > 1]
    assert [row[0] for row in numbers] == [row["param"] for row in printed["random"]]
    for (_, *found), want in zip(numbers, printed["random"], strict=True):
        estimate, se = number(want["estimate"]), number(want["se"])
        assert agrees(found[0], want["estimate"], in_se * se)
        assert agrees(found[1], want["se"], relative * se)
        for place, key in ((2, "ci_lo"), (3, "ci_hi")):
            # a limit moves with the estimate and its SE, on the log scale in proportion to the limit itself
            limit = number(want[key])
            spread = (in_se + 2 * relative) * max(se, abs(limit) * se / max(abs(estimate), 1e-300))
            assert agrees(found[place], want[key], spread), (want["param"], key, found[place], want[key])


def test_likelihood_ratio_line_as_printed(case):
    printed, _, outcome = case
    if "clusters" in printed["header"]:
        assert "LR test" not in outcome.text
        return
    want = printed["lr_test"]
    line = next(line for line in outcome.text.split("\n") if line.startswith("LR test vs. linear model"))
    found = re.fullmatch(r"LR test vs\. linear model: (\S+) = (\S+) +Prob >=? \S+ = (\S+)", line)
    assert len(line) == 78
    assert found.group(1) == want["label"]
    assert agrees(found.group(2), want["chi2"], 0.0)
    assert found.group(3) == want["p"]
