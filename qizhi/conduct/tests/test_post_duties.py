"""Duties of posts: the words of any day, corrected with a reason, kept by the department itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from qizhi.conduct.models import PostDuty
from qizhi.conduct.queries.duties import duties_on
from qizhi.conduct.services.duties import DutyFacts, add_duties, correct_duties, end_duties
from qizhi.core import audit
from qizhi.core.errors import Refused
from qizhi.core.ids import new_id
from qizhi.org.models import Post

D = dt.date


@pytest.fixture
def by(cast):
    return cast.actor("personnel")


@pytest.fixture
def window(cast, by):
    return add_duties(DutyFacts(cast.department, "窗口", D(2017, 1, 1), "受理申请\n登记"), by=by)


@pytest.fixture
def head(cast):
    """Somebody who heads the department."""
    person = cast.person("member")
    make = {"bureau": cast.bureau, "person": person, "from_on": D(2015, 1, 1)}
    Post.objects.create(**make, unit=cast.department, role="department_head")
    return cast.client("member")


def address(name, *keys):
    return reverse(f"conduct:{name}", args=keys)


def read(cast, day, **asked):
    return [row.duties for row in duties_on(cast.actor("neighbour"), day, **asked)]


def test_new_words_end_the_old_ones_and_both_are_read_on_their_days(cast, by, window):
    facts = DutyFacts(cast.department, "窗口", D(2018, 1, 1), "受理、办结")
    made = add_duties(facts, by=by, id=(key := new_id()))
    assert add_duties(facts, by=by, id=key) == made
    assert read(cast, D(2017, 12, 31)) == ["受理申请\n登记"]
    assert read(cast, D(2018, 1, 1)) == ["受理、办结"]
    with pytest.raises(Refused, match="没有重复登记"):
        add_duties(facts, by=by)
    with pytest.raises(Refused, match="没有重复登记"):
        add_duties(DutyFacts(cast.department, "窗口", D(2016, 1, 1), "更早"), by=by)
    assert read(cast, D(2018, 1, 1), text="办结") == ["受理、办结"]
    assert read(cast, D(2018, 1, 1), text="没有的词") == []
    assert read(cast, D(2018, 1, 1), unit="d1") == ["受理、办结"]
    assert read(cast, D(2018, 1, 1), unit="z01") == []


def test_a_slip_is_corrected_with_a_reason(cast, by, window):
    facts = DutyFacts(cast.department, "窗口", D(2017, 1, 1), "受理申请\n登记\n归档")
    with pytest.raises(Refused, match="更正的理由"):
        correct_duties(window, facts, because="", by=by)
    window.refresh_from_db()
    correct_duties(window, facts, because="漏写一项", by=by)
    change = audit.tell(window)[0]
    assert (change.what, change.because) == ("更正", "漏写一项")
    assert change.changes == [("岗位职责", "受理申请\n登记", "受理申请\n登记\n归档")]
    later = add_duties(DutyFacts(cast.department, "窗口", D(2018, 1, 1), "受理"), by=by)
    early = DutyFacts(cast.department, "窗口", D(2017, 6, 1), "受理")
    with pytest.raises(Refused, match="日期重叠"):
        correct_duties(later, early, because="日期错", by=by)
    window.refresh_from_db()
    late = DutyFacts(cast.department, "窗口", D(2018, 2, 1), "受理")
    with pytest.raises(Refused, match="不能在它之后"):
        correct_duties(window, late, because="日期错", by=by)


def test_a_post_ends(cast, by, window):
    with pytest.raises(Refused, match="早于起始"):
        end_duties(window, to_on=D(2016, 12, 31), by=by)
    end_duties(window, to_on=D(2017, 12, 31), by=by)
    with pytest.raises(Refused, match="不能再延后"):
        end_duties(window, to_on=D(2018, 1, 31), by=by)
    assert read(cast, D(2018, 1, 1)) == []


def test_the_database_keeps_one_list_of_a_post_a_day(cast, window):
    make = {"bureau": cast.bureau, "unit": cast.department, "name": "窗口", "duties": "另"}
    with pytest.raises(IntegrityError, match="overlaps"), transaction.atomic():
        PostDuty.objects.create(**make, from_on=D(2018, 1, 1))


def test_the_head_keeps_the_own_department_and_everybody_reads(cast, window, head):
    sent = {
        "id": str(new_id()),
        "unit": str(cast.department.pk),
        "name": "窗口",
        "from_on": "2018-01-10",
        "duties": "受理",
        "demands": "着装规范",
        "regulation": "",
    }
    page = head.get(address("post_duty_new"), {"of": str(window.pk)})
    assert "受理申请" in page.content.decode()
    for _ in range(2):
        assert head.post(address("post_duty_new"), sent).status_code == 302
    row = PostDuty.objects.get(from_on=D(2018, 1, 10))
    shown = cast.client("secretary").get(row.get_absolute_url()).content.decode()
    assert "着装规范" in shown
    assert window.get_absolute_url() in shown
    assert "更正" not in shown.partition("岗位职责")[2].partition("</main>")[0]
    changed = {**sent, "duties": "受理和办结", "because": "漏写"}
    assert head.post(address("post_duty_edit", row.pk), changed).status_code == 302
    assert "漏写" in head.get(row.get_absolute_url()).content.decode()
    assert "受理和办结" in cast.client("neighbour").get(address("post_duties")).content.decode()
    file = head.get(address("post_duties"), {"format": "csv", "on": "2017-06-01"})
    assert "受理申请" in file.content.decode("utf-8-sig")


@pytest.mark.parametrize("who", ["secretary", "member", "officer", "inspector", "leader", "outsider"])
def test_others_change_nothing(cast, window, who):
    client = cast.client(who)
    for name, keys in (
        ("post_duty_new", ()),
        ("post_duty_edit", (window.pk,)),
        ("post_duty_end", (window.pk,)),
    ):
        assert client.post(address(name, *keys)).status_code in {403, 404}
    if who == "outsider":
        assert client.get(window.get_absolute_url()).status_code == 404


def test_the_head_of_another_department_changes_nothing(cast, window):
    person = cast.person("neighbour")
    make = {"bureau": cast.bureau, "person": person, "from_on": D(2015, 1, 1)}
    Post.objects.create(**make, unit=cast.root, role="department_head")
    assert cast.client("neighbour").get(address("post_duty_edit", window.pk)).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_queries(cast, by, django_assert_num_queries, number):
    for place in range(number):
        add_duties(DutyFacts(cast.department, f"岗位{place}", D(2017, 1, 1), "受理"), by=by)
    client = cast.client("personnel")
    client.get(address("post_duties"))
    with django_assert_num_queries(5):
        client.get(address("post_duties"))
