"""What people of a branch said of a gathering without a name: one row a gathering, none for a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qizhi.core.ids import random_id
from qizhi.core.models import Row
from qizhi.org.models import Bureau


class Feedback(Row):
    """All that was said of one gathering, as sums: no voice has a row, a key, a time or a place of its own.

    A voice is added to `waiting`; at every third `waiting` moves to `shown` together. Words and lines are
    kept sorted and apart, so that neither who came first nor what was said together can be read from the
    row. Its key is random: others of ours carry the time. It is no `BureauRow`: it stays out of the archive
    of a bureau, which the office can read. See ADR 9.
    """

    id = models.UUIDField("编号", primary_key=True, default=random_id, editable=False)
    bureau = models.ForeignKey(Bureau, models.PROTECT, verbose_name="单位", related_name="+")
    gathering = models.ForeignKey(
        "gatherings.Gathering", models.CASCADE, verbose_name="活动", related_name="+"
    )
    shown = models.JSONField("可以显示的", default=dict)
    waiting = models.JSONField("未满三人、不显示的", default=dict)
    tokens = models.JSONField("用过的表单", default=list, help_text="随机数，只用来认出同一张表单提交两次")
    struck = models.PositiveSmallIntegerField("划去的句数", default=0)

    class Meta:
        """One for each gathering."""

        verbose_name = "匿名反馈"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bureau", "gathering"], name="gatherings_feedback_once")
        ]

    def __str__(self) -> str:
        """What it is."""
        return "匿名反馈"
