"""Inputs of conduct."""
