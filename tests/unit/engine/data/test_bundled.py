from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from engine.commands.registry import find
from engine.data import bundled
from engine.data.bundled import Example, datasets_folder, examples
from engine.data.dta import read_dta
from engine.lang.parse_command import parse_command

EXAMPLES = examples()


def test_hsb_is_offered_first() -> None:
    assert EXAMPLES[0].name == "hsb"
    assert EXAMPLES[0].command == "mixed mathach ses || id:"


def test_every_bundled_file_is_in_the_index_and_the_reverse() -> None:
    assert {path.stem for path in datasets_folder().glob("*.dta")} == {example.name for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_example_can_be_read_and_is_labelled(example: Example) -> None:
    data = read_dta(example.path)
    assert data.n_obs >= 20
    assert data.label
    assert all(variable.label for variable in data.variables)
    assert example.title
    assert example.source
    assert example.description.endswith(".")
    stated = re.search(r"\d+(,\d{3})*", example.rows)
    assert stated
    assert int(stated[0].replace(",", "")) == data.n_obs


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_first_model_of_every_example_parses_and_names_its_variables(example: Example) -> None:
    command = parse_command(example.command, find)
    assert command.decl.name == "mixed"
    names = read_dta(example.path).names
    language = r"cov\(\w+\)|\b[icR]\.|\b_all:|residuals\(\w+ \d,|\bt\b(?=\()"
    words = re.findall(r"[A-Za-z_]\w*", re.sub(language, "", example.command))
    assert set(words) - {"mixed"} <= set(names)


def test_an_installed_copy_is_found_beside_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "engine"
    monkeypatch.setattr(engine, "__file__", str(package / "__init__.py"))
    assert bundled.datasets_folder() == tmp_path / "mixedgui" / "_resources" / "datasets"
    (tmp_path / "pyproject.toml").touch()
    assert bundled.datasets_folder() == tmp_path / "resources" / "datasets"
