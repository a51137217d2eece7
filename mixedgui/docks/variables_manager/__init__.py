"""The Variables Manager: a table of all variables, and the dialogs for value labels and notes."""
