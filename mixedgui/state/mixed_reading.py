"""Reading the dialog's text as a specification, once per text."""

from __future__ import annotations

from functools import lru_cache

from engine.api import MixedReplay, MixedSpec, StataError, mixed_spec_from_text
from mixedgui.state.translation import tr


@lru_cache(maxsize=64)
def read(text: str) -> MixedSpec | StataError:
    """Return the specification that `text` stands for, or the error that says why there is none."""
    try:
        spec = mixed_spec_from_text(text)
    except StataError as error:
        return error
    if isinstance(spec, MixedReplay):
        return StataError(100, tr("choose a dependent variable"))
    return spec
