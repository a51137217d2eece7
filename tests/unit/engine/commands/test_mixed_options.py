"""Options of ``mixed`` that change the command's own steps."""

from __future__ import annotations

import math

from engine.api import Session


def test_nostderr_leaves_out_the_standard_errors_of_variance_components_only(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    full = session.run("mixed weight week || id:")
    bare = session.run("mixed weight week || id:, nostderr")
    assert bare.rc == 0
    for row, whole in zip(bare.tables["random"].rows, full.tables["random"].rows, strict=True):
        assert row.values[0] == whole.values[0]
        assert all(value is None or math.isnan(value) for value in row.values[1:])
    assert [row.values for row in bare.tables["fixed"].rows] == [row.values for row in full.tables["fixed"].rows]
    assert "failed" not in bare.text


def test_a_refused_option_is_underlined_where_it_was_typed(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    text = "mixed weight week || id:, reml residuals(ar 1, t(week))"
    outcome = session.run(text)
    assert outcome.rc == 198
    assert text[slice(*outcome.error.span)] == "residuals(ar 1, t(week))"
