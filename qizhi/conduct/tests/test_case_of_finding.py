"""From the page of a finding to a draft in one step, for those who record cases; and from it back to the case."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.conduct.models import Case
from qizhi.conduct.services.drafts import drop_case
from qizhi.core.ids import new_id
from qizhi.regulations.enums import FindingStatus
from qizhi.regulations.models import Finding
from qizhi.regulations.tests.ending import end_finding


def page_of(cast, name, finding):
    return cast.client(name).get(finding.get_absolute_url()).content.decode()


def draft_address(finding):
    return reverse("conduct:case_from_finding", args=[finding.pk])


def test_whoever_records_cases_drafts_one_in_one_step_and_finds_it_again(cast, finding):
    page, address = page_of(cast, "inspector", finding), draft_address(finding)
    assert f'class="btn btn-primary" href="{address}"' in page
    office = cast.client("inspector")
    assert office.post(address, {"id": new_id(), "despite": ""}).status_code == 302
    case, page = Case.objects.get(), page_of(cast, "inspector", finding)
    assert address not in page
    assert case.get_absolute_url() in page
    assert "草拟" in page.split("据此立案")[1][:200]
    drop_case(case, reason="记错了", by=cast.actor("inspector"))
    page = page_of(cast, "inspector", finding)
    assert case.get_absolute_url() in page, "that one was dropped stands there"
    assert address in page


@pytest.mark.parametrize("name", ["officer", "leader", "secretary"])
def test_others_are_shown_no_step(cast, finding, name):
    assert "草拟事项" not in page_of(cast, name, finding)


@pytest.mark.parametrize(
    "values", [{"status": FindingStatus.GONE}, {"person": "inspector"}], ids=["ended", "about oneself"]
)
def test_no_case_where_none_can_be_drafted(cast, finding, values):
    stands = {"person": cast.person("inspector")} if "person" in values else {}
    made = Finding.objects.create(
        **{
            column.name: getattr(finding, column.name)
            for column in Finding._meta.fields
            if column.name != "id"
        }
        | {"slot": "micro|MV-9|2", **stands}
    )
    if "status" in values:
        end_finding(made, values["status"])
    assert "草拟事项" not in page_of(cast, "inspector", made)
