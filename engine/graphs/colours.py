"""Colours by name or number: ``navy``, ``gs8``, ``"255 128 0"``, ``red%50``, ``blue*.5``, ``#336699``."""

from __future__ import annotations

import re

from engine.errors import Span, StataError
from engine.lang.abbrev import nearest

NONE = "none"

_TABLE = """
black 000000 white FFFFFF red FF0000 green 008000 blue 0000FF yellow FFFF00 cyan 00FFFF magenta FF00FF
gray 808080 grey 808080 dimgray DCDCDC orange FF7F00 orange_red FF4500 pink FF00FF purple 800080 brown 9C8847
navy 1A476F maroon 90353B forest_green 55752F dkorange E37E00 teal 6E8E84 cranberry C10534 lavender 938DD2
khaki CAC27E sienna A0522D emidblue 7B92A8 emerald 2D6D66 erose BFA19C gold FFD200 bluishgray D9E6EB
ltbluishgray EAF2F3 ltbluishgray8 DFE6EB olive 9C8847 olive_teal C0DCC0 lime D9F03A ltblue ADD8E6 ltkhaki FAF0C8
midblue 2C99DE midgreen 3CB371 dkgreen 556B2F dknavy 1E2D53 ebblue 008BBC ebg C6D3DF edkblue 3E647D
edkbg A5B8C7 eltblue 82C0E9 eltgreen ADD4A2 sand F3EEE1 sandb D9CFB4 stone D7D29E sunflowerlime FAFFAF navy8 607EA0
stblue 1A85FF stred D41159 stgreen 00BF7F styellow FFD400 stc1 1A85FF stc2 D41159 stc3 00BF7F stc4 FFD400
stc5 AA66FF stc6 40B0FF stc7 FF7A59 stc8 0C7BDC stc9 A0522D stc10 8C8C8C
"""
_NAMES = _TABLE.split()

COLOURS = {name: f"#{value}" for name, value in zip(_NAMES[::2], _NAMES[1::2], strict=True)} | {
    f"gs{k}": "#{0:02X}{0:02X}{0:02X}".format(min(255, 16 * k)) for k in range(17)
}
"""Name -> ``#RRGGBB``; ``gs0`` is black and ``gs16`` white ([G-4] colorstyle)."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_RGB = re.compile(r"(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})")
_SHADED = re.compile(r"(?P<base>.+?)(?:\*(?P<factor>\d*\.?\d+))?(?:%(?P<percent>\d{1,3}))?")


def read_colour(text: str, span: Span | None = None) -> tuple[str, float | None]:
    """Return a colour as ``#RRGGBB`` (or ``none``) and its opacity where one is given.

    Raises
    ------
    StataError
        198 for a name that there is not, r(198) with the nearest one named.
    """
    match = _SHADED.fullmatch(text.strip())
    if match is None:
        raise StataError(198, "a colour is missing", span)
    base = match["base"].strip().strip('"').strip()
    alpha = None if match["percent"] is None else min(100, int(match["percent"])) / 100
    if base == NONE:
        return NONE, alpha
    colour = _base_colour(base, span)
    if match["factor"] is not None:
        colour = _intensity(colour, float(match["factor"]))
    return colour, alpha


def _base_colour(base: str, span: Span | None) -> str:
    if _HEX.fullmatch(base):
        return base.upper()
    rgb = _RGB.fullmatch(base)
    if rgb is not None and all(int(part) <= 255 for part in rgb.groups()):
        return "#" + "".join(f"{int(part):02X}" for part in rgb.groups())
    if base in COLOURS:
        return COLOURS[base]
    meant = nearest(base, COLOURS)
    hint = f"; did you mean {meant}?" if meant else '; write a name such as navy, "0 114 178" or #0072B2'
    raise StataError(198, f"{base} is not a colour{hint}", span)


def _intensity(colour: str, factor: float) -> str:
    """Return a colour mixed with white below 1 and with black above."""
    parts = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    lighter = factor <= 1
    mixed = [255 - factor * (255 - part) if lighter else part / factor for part in parts]
    return "#" + "".join(f"{round(part):02X}" for part in mixed)
