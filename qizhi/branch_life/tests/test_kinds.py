"""The kinds that look at talks and at numbers: what they find in rows, and how they say it."""

from __future__ import annotations

import datetime as dt

from qizhi.branch_life import services
from qizhi.branch_life.services.talks import TalkFact
from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.org.models import Membership, Post
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import kind_by_key

D = dt.date
YEAR = periods.year(2018)
AFTER = D(2019, 1, 10)


def test_who_had_no_talk_in_a_year_is_found_after_it(cast, april, talks_asked, recorded):
    talks = talks_asked
    people = [row.person for row in Membership.objects.filter(unit=cast.first).order_by("person__staff_no")]
    services.record_talks(
        [TalkFact(cast.first, people[0], people[1], D(2018, 3, 5), False)], by=cast.actor("secretary")
    )
    kind = kind_by_key("coverage")
    with clock.at(AFTER):
        facts = list(kind.scan(talks, Ask(cast.bureau.pk, YEAR, AFTER, unit_ids=(cast.first.pk,))))
    assert [fact.person for fact in facts] == ["委员丙", "党员丁", "预备戊"]
    found = kind.judge(kind.read(talks.parameters), facts[0])
    assert (found.verdict, found.actual) == (Verdict.VIOLATED, "已谈0次")
    assert kind.sentence(talks, facts[0], found) == (
        "第一党支部委员丙2018年应每年至少谈心谈话1次，已谈0次。依据《talks制度》第一条。"
    )
    before = periods.year(2017)  # no clause asked for talks then
    assert list(kind.scan(talks, Ask(cast.bureau.pk, before, AFTER))) == []
    assert list(kind.scan(talks, Ask(cast.bureau.pk, YEAR, D(2018, 12, 31)))) == []  # not over yet


def test_a_branch_too_small_or_without_its_committee_is_found_on_the_day(cast, ask_for):
    kind = kind_by_key("size")
    least = ask_for("least", kind="size", of="full_members", at_least=3)
    committee = ask_for("committee", kind="size", of="committee_members", at_least=3, required_from=4)

    def found(clause, day):
        facts = list(kind.scan(clause, Ask(cast.bureau.pk, periods.year(day.year), day)))
        return [kind.sentence(clause, one, kind.judge(kind.read(clause.parameters), one)) for one in facts]

    assert found(least, D(2018, 1, 15)) == []
    Membership.objects.filter(unit=cast.second, person__name="党员庚").update(to_on=D(2018, 2, 28))
    assert found(least, D(2018, 2, 28)) == []
    assert found(least, D(2018, 3, 1)) == [
        "第二党支部2018年3月1日：正式党员至少3人，现有2人。依据《least制度》第一条。"
    ]
    # The second branch has three full members: no committee is asked of it.
    assert found(committee, D(2018, 1, 15)) == []
    Post.objects.filter(unit=cast.first, person__name="委员丙").update(to_on=D(2018, 1, 31))
    assert found(committee, D(2018, 2, 1)) == [
        "第一党支部2018年2月1日：支部委员会成员至少3人，现有2人。依据《committee制度》第一条。"
    ]
