"""Changes to what we owe: plans, lists and tasks, what branches did about them, notes."""

from qizhi.tasks.services.plans import (
    ItemValues,
    cancel_item,
    change_plan,
    check_plan,
    create_plan,
    delete_plan,
    restore_item,
)

__all__ = [
    "ItemValues",
    "cancel_item",
    "change_plan",
    "check_plan",
    "create_plan",
    "delete_plan",
    "restore_item",
]
