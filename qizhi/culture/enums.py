"""The words of calls and of what is handed in."""

from __future__ import annotations

from django.db import models


class StandardKind(models.TextChoices):
    """The codes of kinds of works that come with the product; a bureau edits them and adds its own."""

    ESSAY = "essay", "征文"
    MAXIM = "maxim", "格言"
    LETTER = "letter", "微家书"
    LESSON = "lesson", "微党课"
    VIDEO = "video", "微视频"
    STORY = "story", "微故事"
    INTERVIEW = "interview", "微访谈"
    CONDUCT_TEST = "conduct-test", "微违规考核"
    OTHER = "other", "其他作品"


class WorkState(models.TextChoices):
    """What became of a work."""

    RECEIVED = "received", "已收到"
    SELECTED = "selected", "入选"
    PASSED_OVER = "passed_over", "未入选"


LOG_VERBS = {
    "culture.hand_in": "报送",
    "culture.decide_work": "评定",
    "culture.forward_work": "推荐上报",
}
"""What the log of changes says of a verb (see `core.audit.reading`)."""
