"""Pages of the diagnostics dashboard by model."""

import pytest

from engine.api import Session
from mixedgui.state.diagnostic_pages import candidates, pages


@pytest.fixture
def session(data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    return session


def _pages(session):
    return {page.key: page.commands for page in pages(session.estimates, session.data)}


def test_a_mixed_model_has_pages_for_residuals_effects_groups_order_and_other_variables(session):
    session.run("mixed mathach ses || id: ses")
    found = _pages(session)
    assert list(found) == ["overview", "residuals", "effects_id", "groups", "order", "candidates"]
    assert "diagplot rvxb" in found["residuals"]
    assert "diagplot influence, relevel(id)" in found["groups"]
    assert found["candidates"][0].startswith("diagplot rvx ")
    assert not {"ses", "mathach", "id"} & set(found["candidates"][0].split())


def test_predictions_and_constants_are_no_candidates(session):
    session.run("quietly mixed mathach ses || id:")
    session.run("predict res, residuals")
    session.run("generate one = 1")
    assert not {"res", "one"} & set(candidates(session.estimates, session.data))


@pytest.mark.parametrize(
    ("commands", "keys"),
    [
        (["regress mathach ses"], ["overview", "residuals", "candidates"]),
        (["xtset id", "xtreg mathach ses, fe"], ["overview", "residuals", "groups", "candidates"]),
        (["xtset id", "xtreg mathach meanses, be"], ["overview", "residuals", "candidates"]),
    ],
)
def test_other_models_have_the_pages_that_apply_and_every_command_runs(session, commands, keys):
    for command in commands:
        assert session.run(command).rc == 0
    found = _pages(session)
    assert list(found) == keys
    for command in [command for page in found.values() for command in page]:
        assert session.run(command).rc == 0, command
