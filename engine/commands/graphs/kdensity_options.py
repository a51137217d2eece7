"""Options of kernel densities, on their own, over other plots and over a histogram."""

from __future__ import annotations

from engine.lang.declaration import Choice, OptionDecl, OptionKind

_KERNELS = ("epanechnikov", "epan2", "biweight", "cosine", "gaussian", "parzen", "rectangle", "triangle")

KDENSITY_OPTIONS = (
    OptionDecl(
        name="kernel",
        minimum=1,
        kind=OptionKind.CHOICE,
        label="Kernel",
        help="Shape of the weights; left out, epanechnikov.",
        choices=tuple(Choice(word, 5 if word.startswith("epan") else 3, word.capitalize()) for word in _KERNELS),
        page="model",
    ),
    *(
        OptionDecl(
            name=name,
            minimum=least,
            label=f"Kernel: {name}",
            help=f"The same as kernel({name}).",
            page="model",
        )
        for name, least in zip(_KERNELS, (4, 5, 2, 3, 3, 3, 3, 3), strict=True)
    ),
    OptionDecl(
        name="bwidth",
        minimum=2,
        kind=OptionKind.REAL,
        label="Bandwidth",
        help="Half-width of the kernel; left out, 0.9 min(sd, IQR/1.349) n^(-1/5).",
        low=1e-300,
        page="model",
    ),
    OptionDecl(
        name="n",
        minimum=1,
        kind=OptionKind.INTEGER,
        label="Number of places",
        help="At how many places the density is estimated; left out, the smaller of n and 50.",
        low=2,
        high=100_000,
        page="model",
    ),
)
