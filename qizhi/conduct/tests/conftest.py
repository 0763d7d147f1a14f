"""A document whose clauses cost points, the calendar, and cases in each state."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

from qizhi.conduct.enums import CaseStatus, Decision
from qizhi.conduct.models import Case
from qizhi.conduct.services.drafts import CaseFacts, draft_case
from qizhi.conduct.services.hearing import decide_case, notify_case, state_case
from qizhi.core import clock
from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.org.enums import Rank, Role
from qizhi.org.models import Account, Person, Placement, Post, RankTenure
from qizhi.org.queries import actor_of
from qizhi.regulations.models import Clause, Finding, Run
from qizhi.regulations.services import (
    add_clause,
    add_regulation,
    add_version,
    load_national_calendar,
    load_regulations,
    publish_version,
)
from qizhi.regulations.services.files import NATIONAL
from qizhi.regulations.services.proposals import take_proposals

YEARS = range(2015, 2020)  # in which the stories of these tests play

START = dt.date(2015, 1, 1)
FACT_ON = dt.date(2018, 1, 8)


@left_standing
def rules(cast):
    """Measures in force since 2016 with a procedure and a clause of one point for each event; by key."""
    by = system(cast.bureau.pk)
    load_national_calendar(cast.bureau, by=by, years=YEARS)
    values = {"code": "micro", "title": "示例考核办法", "doc_no": "示检党〔2016〕1号", "level": "bureau"}
    regulation = add_regulation(values={**values, "issuer": "示例局党组"}, by=by)
    version = add_version(
        regulation=regulation, values={"label": "试行", "effective_from": dt.date(2016, 1, 1)}, by=by
    )
    add_clause(
        version=version,
        by=by,
        values={
            "key": "MV-0",
            "number": "第一条",
            "text": "先告知，听取陈述，再决定。",
            "kind": "procedure",
            "parameters": {"statement_days": 5, "appeal_days": 10},
        },
    )
    add_clause(
        version=version,
        by=by,
        values={
            "key": "MV-9",
            "number": "第二条",
            "text": "着装不规范的，每次扣1分。",
            "kind": "per_event",
            "points": Decimal(-1),
            "subject": "person",
        },
    )
    add_clause(
        version=version,
        by=by,
        values={
            "key": "MV-3",
            "number": "第三条",
            "text": "少一次笔记扣1分。",
            "points": Decimal(-1),
            "is_enabled": False,
            "note": "与减负规定不一致",
        },
    )
    take_proposals(version=version, by=by)
    publish_version(version=version, by=by)
    return {clause.key: clause for clause in Clause.objects.filter(version=version)}


@left_standing
def of_branches(cast, rules):
    """A clause of a document of its own that asks something of branches, a point for each event."""
    by = system(cast.bureau.pk)
    values = {"code": "units", "title": "支部工作办法", "doc_no": "", "level": "bureau", "issuer": "局"}
    version = add_version(
        regulation=add_regulation(values=values, by=by),
        values={"label": "试行", "effective_from": dt.date(2016, 1, 1)},
        by=by,
    )
    clause = add_clause(
        version=version,
        by=by,
        values={
            "key": "BR-9",
            "number": "第一条",
            "text": "台账不全的，每次扣1分。",
            "subject": "branch",
            "kind": "per_event",
            "points": Decimal(-1),
        },
    )
    take_proposals(version=version, by=by)
    publish_version(version=version, by=by)
    return Clause.objects.select_related("version__regulation").get(pk=clause.pk)


@left_standing
def desk(cast):
    """A second discipline officer, who decides: the first, `inspector`, records."""
    person = Person.objects.create(bureau=cast.bureau, staff_no="0100", name="纪检寅")
    Placement.objects.create(bureau=cast.bureau, person=person, unit=cast.department, from_on=START)
    Post.objects.create(
        bureau=cast.bureau, person=person, unit=cast.root, role=Role.DISCIPLINE_OFFICER, from_on=START
    )
    return actor_of(Account.objects.create_user("second", "password", bureau=cast.bureau, person=person))


class Story:
    """Takes a case through its steps on stated days."""

    def __init__(self, cast, rules, desk):
        self.cast, self.rules, self.desk = cast, rules, desk
        self.recorder, self.third = cast.actor("inspector"), cast.actor("leader")

    def facts(self, **values):
        member = self.cast.person("member")
        known = {"clause": self.rules["MV-9"], "happened_on": FACT_ON, "fact": "未着制服", "evidence": "现场"}
        return CaseFacts(**{"person": member, **known, **values})

    def drafted(self, **values):
        """The same facts make another case only if somebody says that it is another one."""
        alike = Case.objects.exclude(status=CaseStatus.DROPPED).exists()
        despite = {"despite": "另一件事"} if alike else {}
        return draft_case(self.facts(**despite | values), by=self.recorder)

    def notified(self, **values):
        """Told on Monday 15 January 2018: the period runs to Monday the 22nd."""
        return notify_case(self.drafted(**values), notified_on=dt.date(2018, 1, 15), by=self.recorder)

    def stated(self):
        case = self.notified()
        return state_case(case, text="当日外勤", stated_on=dt.date(2018, 1, 15), by=self.cast.actor("member"))

    def decided(self, **values):
        """Confirmed on the 23rd: the period for an appeal runs to 6 February."""
        case = self.notified(**values)
        with clock.at(dt.date(2018, 1, 23)):
            return decide_case(
                case,
                decision=Decision.CONFIRMED,
                reason="事实清楚",
                decided_on=dt.date(2018, 1, 23),
                by=self.desk,
            )


@left_standing
def story(cast, rules, desk):
    """Cases in each state."""
    return Story(cast, rules, desk)


@left_standing
def offices(cast):
    """The papers on leave are loaded; 书记甲 heads the department, who has an account has years of work."""
    load_national_calendar(cast.bureau, by=cast.actor("officer"), years=YEARS)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(NATIONAL / "paid-annual-leave.yaml", folder)
        load_regulations(cast.bureau, folder=Path(folder), by=cast.actor("officer"))
    make = {"bureau": cast.bureau, "from_on": START}
    head = cast.person("secretary")
    Post.objects.create(**make, person=head, unit=cast.department, role=Role.DEPARTMENT_HEAD)
    RankTenure.objects.create(**make, person=head, rank=Rank.DIVISION)
    for name in ("member", "neighbour", "officer", "personnel", "inspector", "leader", "secretary"):
        person = getattr(cast, name).person
        person.began_work_on = dt.date(2004, 6, 15)
        person.save()
    return cast


@left_standing
def finding(cast, rules):
    """What a run has found of the member, in January."""
    make = {"bureau": cast.bureau, "start": dt.date(2018, 1, 1), "end": dt.date(2018, 1, 10)}
    run = Run.objects.create(**make, as_of=dt.date(2018, 1, 11), status="done", by_label="子")
    words = {
        "required": "不得发生",
        "actual": "发生一次",
        "sentence": "党员丁未着制服。",
        "slot": "micro|MV-9|1",
    }
    facts = {"run": run, "clause": rules["MV-9"], "person": cast.person("member")}
    return Finding.objects.create(**make, **words, **facts, verdict="violated", points=-1)
