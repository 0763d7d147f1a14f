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

__all__ = [
    "add_contacts",
    "add_method",
    "change_contact",
    "change_method",
    "correct_talk",
    "end_method",
    "link_gathering",
    "record_talks",
    "remove_contact",
    "remove_review",
    "restore_talk",
    "review_method",
    "unlink_gathering",
    "withdraw_talk",
]
