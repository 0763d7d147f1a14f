"""Arithmetic of conduct, on plain values."""
