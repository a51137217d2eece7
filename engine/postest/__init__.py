"""Quantities after estimation: BLUPs, predictions."""
