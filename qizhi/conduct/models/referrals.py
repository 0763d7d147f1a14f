"""That a clue was handed over to a discipline body (线索移交): a pointer, and nothing of what follows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from qizhi.conduct.enums import ReferralOutcome
from qizhi.conduct.models.cases import Case
from qizhi.conduct.models.inspections import Observation
from qizhi.org.models import BureauRow, Person

STANDING = Q(withdrawn_at__isnull=True) & ~Q(outcome=ReferralOutcome.RETURNED)


class Referral(BureauRow):
    """When a case or an observation was handed over, to whom, by which letter, and whether it was taken.

    As long as it stands the bureau goes no further with it.
    """

    case = models.ForeignKey(
        Case, models.PROTECT, verbose_name="事项", related_name="referrals", null=True, blank=True
    )
    observation = models.ForeignKey(
        Observation, models.PROTECT, verbose_name="检查记录", related_name="referrals", null=True, blank=True
    )
    handed_on = models.DateField("移交日期")
    receiver = models.CharField("接收机关", max_length=60)
    doc_no = models.CharField("移交文号", max_length=60, blank=True)
    handed_by = models.ForeignKey(Person, models.PROTECT, verbose_name="移交人", related_name="+")
    outcome = models.CharField("答复", max_length=20, choices=ReferralOutcome, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_because = models.CharField("撤销理由", max_length=200, blank=True)

    years_by: ClassVar = "handed_on"

    class Meta:
        """One ground each; each ground is with one body at a time; an answer has its day."""

        verbose_name = "线索移交"
        ordering: ClassVar = ["-handed_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, observation__isnull=True)
                | Q(case__isnull=True, observation__isnull=False),
                name="conduct_referral_ground",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", answered_on__isnull=True)
                | Q(~Q(outcome=""), answered_on__isnull=False, answered_on__gte=F("handed_on")),
                name="conduct_referral_answer",
            ),
            models.UniqueConstraint(
                fields=["bureau", "case"], condition=STANDING, name="conduct_referral_case_once"
            ),
            models.UniqueConstraint(
                fields=["bureau", "observation"], condition=STANDING, name="conduct_referral_seen_once"
            ),
        ]

    def __str__(self) -> str:
        """Of what, to whom."""
        return f"{self.ground}移交{self.receiver}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("conduct:referral", args=[self.pk])

    @property
    def ground(self) -> Case | Observation:
        """What was handed over."""
        found = self.case or self.observation
        assert found is not None  # noqa: S101 - the database holds it
        return found

    @property
    def stands(self) -> bool:
        """Whether the matter is with the other body."""
        return self.withdrawn_at is None and self.outcome != ReferralOutcome.RETURNED
