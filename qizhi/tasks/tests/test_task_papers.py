"""A task traces to the paper it comes from, and keeps it when something else is corrected."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qizhi.core.ids import new_id
from qizhi.regulations.models import Regulation
from qizhi.tasks.models import Duty

NEW = reverse("tasks:cascade_new")


@pytest.fixture
def paper(cast):
    return Regulation.objects.create(
        bureau=cast.bureau, code="dues", title="党费收缴规定", issuer="示例局", level="bureau"
    )


def _values(cast, **more):
    return {
        "id": str(new_id()),
        "text": "核对党费",
        "due_on": "2018-02-28",
        "issuer": str(cast.committee.pk),
        "issued_on": "2018-01-15",
        "units": [str(cast.first.pk)],
        **more,
    }


def test_a_task_names_its_paper_and_keeps_it(cast, paper):
    client = cast.client("officer")
    assert "党费收缴规定" in client.get(NEW).content.decode()
    answer = client.post(NEW, _values(cast, regulation=str(paper.pk), provision="第三条"))
    duty = Duty.objects.get()
    assert (duty.regulation, duty.provision) == (paper, "第三条")
    page = cast.client("secretary").get(answer["Location"]).content.decode()
    assert paper.get_absolute_url() in page
    assert "第三条" in page
    edit = reverse("tasks:duty_edit", args=[duty.pk])
    form = client.get(edit).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(edit, {**sent, "units": [str(cast.first.pk)], "text": "核对全年党费"})
    duty.refresh_from_db()
    assert (duty.text, duty.regulation, duty.provision) == ("核对全年党费", paper, "第三条")


def test_a_paper_of_another_bureau_is_none(cast, paper):
    other = cast.outsider.bureau
    foreign = Regulation.objects.create(
        bureau=other, code="x", title="别局规定", issuer="别局", level="bureau"
    )
    page = cast.client("officer").get(NEW).content.decode()
    assert "别局规定" not in page
    assert cast.client("officer").post(NEW, _values(cast, regulation=str(foreign.pk))).status_code == 422
