"""The diagnostics dashboard: linked graphs, groups and assumptions of the last fit."""
