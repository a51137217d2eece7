"""Where in a command the cursor stands: among the options, in the brackets of one, in a condition."""

from __future__ import annotations

import re

from engine.api import CommandDecl, OptionDecl

_CONDITION = re.compile(r"(?<!\w)if\s")
_ASSIGNMENT = re.compile(r"(?<![=<>!~])=(?!=)")
_RANGE = re.compile(r"(?<!\w)in\s+[\w/]*$")


def in_expression(part: str, declaration: CommandDecl) -> bool:
    """Tell whether the end of `part`, before the comma, stands in a condition, a weight or what a variable becomes."""
    if declaration.allow_if and _CONDITION.search(part):
        return True
    return (declaration.assign or "[" in part) and _ASSIGNMENT.search(part) is not None


def in_range(part: str, declaration: CommandDecl) -> bool:
    """Tell whether the end of `part`, before the comma, stands in a range of observations."""
    return declaration.allow_in and _RANGE.search(part) is not None


def after_comma(part: str) -> bool:
    """Tell whether a comma outside parentheses and quotes has begun the options."""
    depth, quoted = 0, False
    for char in part:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "([":
            depth += 1
        elif not quoted and char in ")]":
            depth -= 1
        elif char == "," and depth == 0 and not quoted:
            return True
    return False


def open_option(part: str, declaration: CommandDecl) -> OptionDecl | None:
    """Return the option whose parenthesis is still open at the end of `part`."""
    at = _open_bracket(part)
    name = re.search(r"(\w+)\s*$", part[: max(at, 0)])
    return find_option(declaration, name.group(1)) if name else None


def inside_argument(part: str) -> bool:
    """Tell whether a parenthesis is open: ``t(`` within ``residuals(ar 1, t(``."""
    return _open_bracket(part) >= 0


def _open_bracket(part: str) -> int:
    """Return where the innermost parenthesis that is open at the end of `part` stands, -1 when none is."""
    depth = 0
    for at in range(len(part) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(part[at], 0)
        if depth < 0:
            return at
    return -1


def find_option(declaration: CommandDecl, word: str) -> OptionDecl | None:
    """Return the option that a word abbreviates."""
    for option in declaration.options:
        if len(word) >= option.minimum and option.name.startswith(word.lower()):
            return option
    return None
