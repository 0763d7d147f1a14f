"""What we owe: plans; lists and tasks, split over branches; documents to be finished in time."""

from qizhi.tasks.models.documents import Document, DocumentQuerySet, Extension, Handling
from qizhi.tasks.models.plans import Duty, DutyList, DutyNote, DutyPart, DutyPartQuerySet, Plan, PlanItem

__all__ = [
    "Document",
    "DocumentQuerySet",
    "Duty",
    "DutyList",
    "DutyNote",
    "DutyPart",
    "DutyPartQuerySet",
    "Extension",
    "Handling",
    "Plan",
    "PlanItem",
]
