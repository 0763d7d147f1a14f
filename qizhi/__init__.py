"""Qizhi (旗帜): the working platform of a public body that has Party branches."""
