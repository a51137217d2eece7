"""Files of other programs: text, spreadsheets, SPSS, SAS, Parquet, Feather, R."""
