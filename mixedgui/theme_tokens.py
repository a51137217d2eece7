"""The colours of the window by meaning, light and dark, and how their contrast is measured (WCAG 2.2)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Colours as ``#RRGGBB``; `*_soft` are backgrounds for text in the ordinary colour or in that of the name."""

    window: str
    base: str
    sunken: str
    alt: str
    text: str
    text2: str
    disabled: str
    line: str
    control: str
    accent: str
    on_accent: str
    soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    error: str
    error_soft: str
    bar: str
    option: str
    tooltip: str
    tooltip_text: str
    series: tuple[str, ...]
    """Colours of data series in plots, in order of use (Okabe and Ito)."""
    brushed: str
    reference: str

    def as_dict(self) -> dict[str, str]:
        """Return the single colours by name, for templates."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "series"}


LIGHT = Tokens(
    window="#F3F4F6",
    base="#FFFFFF",
    sunken="#E8EBEF",
    alt="#F8F9FB",
    text="#1C2127",
    text2="#555E68",
    disabled="#666F79",
    line="#D9DDE2",
    control="#808993",
    accent="#0A62A9",
    on_accent="#FFFFFF",
    soft="#DCEBF8",
    ok="#1B7A45",
    ok_soft="#E5F4EB",
    warn="#875200",
    warn_soft="#FFF4DC",
    error="#B42318",
    error_soft="#FDECEA",
    bar="#A34700",
    option="#7B3F98",
    tooltip="#23292F",
    tooltip_text="#F5F6F7",
    series=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"),
    brushed="#D55E00",
    reference="#6B747E",
)

DARK = Tokens(
    window="#1D2025",
    base="#25292F",
    sunken="#2E333A",
    alt="#292D34",
    text="#E7E9EC",
    text2="#A9B1BA",
    disabled="#98A0A9",
    line="#3B4149",
    control="#78818B",
    accent="#6CB4EE",
    on_accent="#0E1A24",
    soft="#1F4260",
    ok="#63CC92",
    ok_soft="#1F3A2C",
    warn="#F2BE5C",
    warn_soft="#3B3119",
    error="#FF8F85",
    error_soft="#442624",
    bar="#F0A15E",
    option="#CFA0E8",
    tooltip="#E7E9EC",
    tooltip_text="#1D2025",
    series=("#56B4E9", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#0072B2", "#F2F3F5", "#F0E442"),
    brushed="#FF8A3D",
    reference="#8A939D",
)


def luminance(color: str) -> float:
    """Return the relative luminance of ``#RRGGBB`` (WCAG 2.2, definition "relative luminance")."""
    value = QColor(color)

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(value.redF()) + 0.7152 * linear(value.greenF()) + 0.0722 * linear(value.blueF())


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, between 1 and 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens_of_palette(palette: QPalette, like: Tokens) -> Tokens:
    """Return tokens that repeat a system palette (high contrast), with the marks of `like` where a palette has none."""

    def of(role: QPalette.ColorRole) -> str:
        return palette.color(QPalette.ColorGroup.Active, role).name()

    text, base, window = of(QPalette.ColorRole.Text), of(QPalette.ColorRole.Base), of(QPalette.ColorRole.Window)
    return replace(
        like,
        window=window,
        base=base,
        sunken=window,
        alt=base,
        text=text,
        text2=text,
        disabled=palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name(),
        line=text,
        control=text,
        accent=of(QPalette.ColorRole.Link),
        on_accent=base,
        soft=of(QPalette.ColorRole.Highlight),
        tooltip=of(QPalette.ColorRole.ToolTipBase),
        tooltip_text=of(QPalette.ColorRole.ToolTipText),
    )
