"""Changes to contacts, talks and working methods: each in one transaction, with one event in the log."""

from qizhi.branch_life.services.contacts import add_contacts, change_contact, remove_contact
from qizhi.branch_life.services.methods import (
    add_method,
    change_method,
    end_method,
    link_gathering,
    remove_review,
    review_method,
    unlink_gathering,
)
from qizhi.branch_life.services.talks import correct_talk, record_talks, restore_talk, withdraw_talk
from qizhi.branch_life.services.theme_days import change_theme_day, fix_theme_day, remove_theme_day

__all__ = [
    "add_contacts",
    "add_method",
    "change_contact",
    "change_method",
    "change_theme_day",
    "correct_talk",
    "end_method",
    "fix_theme_day",
    "link_gathering",
    "record_talks",
    "remove_contact",
    "remove_review",
    "remove_theme_day",
    "restore_talk",
    "review_method",
    "unlink_gathering",
    "withdraw_talk",
]
