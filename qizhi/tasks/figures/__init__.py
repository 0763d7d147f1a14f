"""The numbers of plans, lists and tasks, and of documents to be finished in time."""

from qizhi.tasks.figures import duties  # isort: skip - the order in which pages show them
from qizhi.tasks.figures import documents

__all__ = ["documents", "duties"]
