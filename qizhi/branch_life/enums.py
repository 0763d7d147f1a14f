"""The words of contacts and reviews."""

from __future__ import annotations

from django.db import models


class ContactKind(models.TextChoices):
    """Why somebody keeps contact with a branch."""

    CONTACT = "contact", "联系旁听"
    GUIDANCE = "guidance", "一岗双责"


class Conclusion(models.TextChoices):
    """What a yearly review of a working method comes to."""

    CONTINUE = "continue", "继续施行"
    REVISE = "revise", "修订"
    STOP = "stop", "停止"


LOG_VERBS = {
    "branch_life.review_method": "登记评估",
    "branch_life.fix_theme_day": "固定主题党日",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
