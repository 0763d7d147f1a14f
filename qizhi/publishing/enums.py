"""The words of complaints and suggestions."""

from __future__ import annotations

from django.db import models


class ComplaintKind(models.TextChoices):
    """What somebody has to say."""

    COMPLAINT = "complaint", "投诉"
    SUGGESTION = "suggestion", "建议"


class ComplaintState(models.TextChoices):
    """Whose turn it is."""

    WAITING = "waiting", "待答复"
    ANSWERED = "answered", "已答复"


class ReplyKind(models.TextChoices):
    """What was said after the first word."""

    ANSWER = "answer", "答复"
    REOPENING = "reopening", "要求再答复"


LOG_VERBS = {"publishing.send": "提出", "publishing.reopen": "再次提出"}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
