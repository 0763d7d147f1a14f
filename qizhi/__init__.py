"""Qizhi (旗帜): the working platform of a public body that has Party branches."""

VERSION = "0.1.0"
"""As in `pyproject.toml`; archives say by which version they were written."""
