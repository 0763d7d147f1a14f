"""Reads worth a name: who is due, the list, a gathering's people and history, names that people type."""
