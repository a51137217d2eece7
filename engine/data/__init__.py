"""The store: data sets, files, formats, labels and missing values."""
