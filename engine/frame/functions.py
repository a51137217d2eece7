"""The functions of the expression language, by name."""

from __future__ import annotations

from engine.frame.function import Function
from engine.frame.functions_densities import DENSITIES
from engine.frame.functions_math import MATH
from engine.frame.functions_probability import PROBABILITY
from engine.frame.functions_text import DATES, TEXT
from engine.frame.functions_times import TIMES

FUNCTIONS: dict[str, Function] = {**MATH, **PROBABILITY, **DENSITIES, **TEXT, **DATES, **TIMES}
