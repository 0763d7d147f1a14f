"""Reads of the front of the house."""
