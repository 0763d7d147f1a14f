"""A finding ended as a run ends it: the database lets none go otherwise."""

from __future__ import annotations

from qizhi.core import clock
from qizhi.regulations.enums import FindingStatus, RunStatus
from qizhi.regulations.models import Finding, Run


def end_finding(finding: Finding, status: FindingStatus = FindingStatus.GONE) -> None:
    """As if a run no longer found it."""
    days = {"start": finding.end, "end": finding.end, "as_of": clock.today()}
    run = Run.objects.create(bureau_id=finding.bureau_id, **days, by_label="核算")
    Finding.objects.filter(pk=finding.pk).update(
        status=status, closed_at=clock.now(), closed_by_label="核算", closed_because="事实已变"
    )
    run.status = RunStatus.DONE
    run.save(update_fields=["status"])
