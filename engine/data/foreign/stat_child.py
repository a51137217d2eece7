"""A program of its own that reads an SPSS file: the library ends its process on some damaged files.

Reads a pickled (reader, options, content) from standard input and writes a pickled (cells, what is known) or a sentence
to standard output. It knows nothing of the engine, so that it starts fast.
"""

from __future__ import annotations

import io
import pickle
import sys
from types import SimpleNamespace

KNOWN = (
    "column_names", "readstat_variable_types", "variable_value_labels", "original_variable_types", "missing_ranges",
    "column_names_to_labels", "file_label", "notes",
)  # fmt: skip
"""What of the library's description of a file is handed on."""


def main() -> None:
    """Read, and write what was found."""
    import numpy as np
    import pyreadstat

    reader, options, content = pickle.load(sys.stdin.buffer)
    answer: object
    try:
        cells, known = getattr(pyreadstat, reader)(io.BytesIO(content), **options)
        numbers = {name for name, kind in known.readstat_variable_types.items() if kind != "string"}
        columns = {
            name: np.array(column, dtype=np.float64) if name in numbers else list(column)
            for name, column in cells.items()
        }
        answer = columns, SimpleNamespace(**{name: getattr(known, name) for name in KNOWN})
    except Exception as error:  # handed on as a sentence, whatever the library raised
        answer = str(error) or type(error).__name__
    pickle.dump(answer, sys.stdout.buffer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
