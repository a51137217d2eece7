"""What macros ask of the session."""

from __future__ import annotations

from engine.commands.base import Context
from engine.commands.programming.macro_text import as_text, expression_text, extended_function
from engine.lang.expr import Stored


class MacroServices:
    """Answers for `engine.lang.macros.expand` from the state that a command would see."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def value(self, expression: str) -> str:
        """Return the value of an expression as a macro holds it."""
        return expression_text(expression, self._context)

    def function(self, text: str) -> str:
        """Return the result of an extended macro function."""
        return extended_function(text, self._context, self._context.macros.locals)

    def stored(self, kind: str, name: str) -> str:
        """Return a stored result as text, empty when there is none."""
        return as_text(self._context.lookup(Stored(kind, name)))
