"""The invented bureau as a whole: told in memory, written in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models, transaction

from qizhi.branch_life.models import (
    Contact,
    MethodElement,
    MethodReview,
    MethodUse,
    Talk,
    ThemeDay,
    WorkingMethod,
)
from qizhi.conduct.models import (
    Case,
    CaseStep,
    Correction,
    Inspection,
    LeaveRequest,
    Liaison,
    MatterReport,
    Observation,
    Opinion,
    PaperCheck,
    PointsEntry,
    PostDuty,
    RiskPoint,
    SampleDraw,
)
from qizhi.core import audit
from qizhi.core.db import statistics
from qizhi.core.permissions import Actor, system
from qizhi.culture.models import Call, Work, WorkKind
from qizhi.gatherings.models import (
    Feedback,
    Gathering,
    GatheringKind,
    Instruction,
    Kind,
    Lecturer,
    LedgerEntry,
    Resolution,
    RollEntry,
    Series,
    Visitor,
    VotingExclusion,
)
from qizhi.gatherings.services import load_standard_kinds, load_standard_templates
from qizhi.org.models import (
    Bureau,
    DatedRow,
    JointUnit,
    Leave,
    Membership,
    Person,
    Placement,
    Post,
    RankTenure,
    TemporaryBranch,
    Unit,
)
from qizhi.org.services.arrivals import arriving
from qizhi.publishing.models import Complaint, Reply
from qizhi.regulations.models import Finding, Regulation, Run
from qizhi.regulations.queries import calendar_for
from qizhi.regulations.rules import WorkingCalendar
from qizhi.regulations.services import (
    load_national_calendar,
    load_national_regulations,
    load_regulations,
)
from qizhi.reports.services.templates import load_default_template
from qizhi.sample import aspects, cases, habits, instructions, library, voting
from qizhi.sample.agenda import Agenda
from qizhi.sample.branch_year import BranchYear
from qizhi.sample.bulletins import issue_bulletins
from qizhi.sample.bureau_year import BureauYear
from qizhi.sample.calls import Calls
from qizhi.sample.campaigns import Campaigns
from qizhi.sample.complaints import Complaints
from qizhi.sample.contacts import Contacts
from qizhi.sample.diary import Diary
from qizhi.sample.documents import Documents
from qizhi.sample.duties import Duties
from qizhi.sample.issued import issue_overview_of_last_year
from qizhi.sample.judging import judge
from qizhi.sample.learning import Learning
from qizhi.sample.leave import Requests
from qizhi.sample.methods import Methods
from qizhi.sample.organisation import Organisation
from qizhi.sample.people import People
from qizhi.sample.plans import Plans
from qizhi.sample.posts import Posts
from qizhi.sample.quizzes import Quizzes
from qizhi.sample.registers import Registers
from qizhi.sample.remarks import Remarks
from qizhi.sample.resources import Resources
from qizhi.sample.rows import DATA, Ids, Rows, words
from qizhi.sample.staff import START, Workforce
from qizhi.sample.talks import Talks
from qizhi.sample.year_files import close_year_files
from qizhi.study.models import (
    Bank,
    BankQuestion,
    Campaign,
    CampaignMatch,
    CampaignPhase,
    CampaignTopic,
    Completion,
    Contest,
    ContestQuestion,
    ContestRound,
    ContestTeam,
    Course,
    PlanMatch,
    Resource,
    ResourceLink,
    SelfAnswer,
    SelfTest,
    TeamAnswer,
)
from qizhi.tasks.models import (
    Document,
    Duty,
    DutyList,
    DutyNote,
    DutyPart,
    Extension,
    Handling,
    Plan,
    PlanItem,
)

ORDER: tuple[type[models.Model], ...] = (
    Unit,
    TemporaryBranch,
    JointUnit,
    ThemeDay,
    Person,
    RankTenure,
    Placement,
    Membership,
    Post,
    Leave,
    VotingExclusion,
    WorkingMethod,
    Instruction,
    Series,
    Gathering,
    GatheringKind,
    LedgerEntry,
    Lecturer,
    RollEntry,
    Visitor,
    Resolution,
    Feedback,
    Plan,
    PlanItem,
    PlanMatch,
    Complaint,
    Reply,
    Course,
    Completion,
    Bank,
    BankQuestion,
    SelfTest,
    SelfAnswer,
    Contest,
    ContestTeam,
    ContestRound,
    ContestQuestion,
    TeamAnswer,
    Contact,
    Talk,
    MethodElement,
    MethodReview,
    MethodUse,
    DutyList,
    Duty,
    DutyPart,
    DutyNote,
    Document,
    Handling,
    Extension,
    Campaign,
    CampaignPhase,
    CampaignTopic,
    CampaignMatch,
    Resource,
    ResourceLink,
    WorkKind,
    Call,
    Work,
    Run,
    Finding,
    Inspection,
    SampleDraw,
    Observation,
    LeaveRequest,
    PointsEntry,  # before their cases: a line of a case that is there has to fit it as it stands
    Case,
    CaseStep,
    MatterReport,
    PaperCheck,
    Liaison,
    RiskPoint,
    PostDuty,
    Opinion,
    Correction,
)
PLANNED = (Campaign, CampaignPhase)
"""Dated rows whose days are written down beforehand: what lies ahead is known too."""
LOOK_AHEAD = 2
"""Years told beyond the last day, so that who is about to leave does not depend on when one looks."""


def bureau_code(number: int) -> str:
    """Code of a bureau: `sample`, `sample-002`, `sample-003`."""
    return "sample" if number == 1 else f"sample-{number:03}"


def new_bureau(number: int) -> Bureau:
    """The bureau's own row, not yet saved."""
    said = words("organisation")["bureau"]
    mark = "" if number == 1 else f"{number:03}"
    return Bureau(
        id=Ids(number).at(START),
        code=bureau_code(number),
        name=said["name"].format(number=mark),
        short_name=said["short_name"].format(number=mark),
        mark=said["mark"],
        doc_prefix=said["doc_prefix"],
    )


def compose(
    bureau: Bureau, number: int, until: dt.date, calendar: WorkingCalendar, kinds: Mapping[str, Kind]
) -> Rows:
    """Everything that happened from 2015-01-01 to `until`, in memory; the same at every call.

    Args:
        bureau: whose rows.
        number: the bureau's number, which seeds all chance and marks all keys.
        until: the last day; what lies beyond it is left out, what ends beyond it is open.
        calendar: working days.
        kinds: the kinds of gathering of the bureau by key.
    """
    ids = Ids(number)
    ids.at(START)  # the bureau's own
    rows = Rows(bureau, ids)
    organisation = Organisation(rows)
    workforce = Workforce(number, until.year + LOOK_AHEAD)
    agenda = Agenda(number, calendar, until)
    people = People(rows, organisation, workforce, agenda, number)
    people.make(until.year)
    last_day = dt.date(until.year + LOOK_AHEAD, 12, 31)
    Posts(rows, organisation, workforce, people, agenda, number, last_day).make()
    voting.leave_out(rows, organisation.branches, agenda)
    instructions.instruct(rows, kinds)
    diary = Diary(rows, organisation.units, kinds, number, until)
    _tell_years(diary, organisation, agenda, number)
    Quizzes(rows, number, until).tell()
    Calls(diary, agenda, number).tell()
    Remarks(diary, number).tell({one.code for one in organisation.branches})
    cases.Cases(diary, agenda, calendar, number).tell(organisation.branches)
    Requests(rows, agenda, number, until).tell()
    aspects.tell(rows, organisation)
    habits.tell(diary, number)
    _forget_future(rows, until)
    return rows


def _tell_years(diary: Diary, organisation: Organisation, agenda: Agenda, number: int) -> None:
    plans, duties = Plans(diary, agenda, number), Duties(diary, agenda, number)
    bureau_year = BureauYear(diary, agenda, number)
    branch_year = BranchYear(diary, agenda, number)
    bureau_year.archive()
    for year in range(START.year, diary.until.year + 1):
        bureau_year.tell(year)
        for branch in organisation.branches:
            branch_year.tell(branch, year)
        plans.tell(year, organisation.branches)
        duties.tell(year, organisation.branches)
    plans.methods()
    plans.decide()
    Complaints(diary, agenda, number).tell()
    Documents(diary, agenda, number).tell()
    Learning(diary, agenda, number).tell()
    contacts, talks = Contacts(diary, number), Talks(diary, agenda, number)
    for branch in organisation.branches:
        contacts.tell(branch)
        for year in range(START.year, diary.until.year + 1):
            talks.tell(branch, year)
    Methods(diary, agenda, number).tell()
    Registers(diary, agenda, number).tell(organisation.branches)
    Campaigns(diary).tell()
    Resources(diary).tell()


def _forget_future(rows: Rows, until: dt.date) -> None:
    """Leave out what begins after the last day; what ends after it is open, but for approved leave."""
    for model in ORDER:
        if issubclass(model, DatedRow) and model not in PLANNED:
            rows.made[model] = [row for row in rows.made[model] if row.from_on <= until]
            for row in rows.made[model] if model is not Leave else []:
                if row.to_on is not None and row.to_on > until:
                    row.to_on = None
                    if isinstance(row, Unit):
                        row.successor = None
    voting.forget_decisions(rows, until)
    there = {row.person_id for row in rows.of(Placement)}
    rows.made[Person] = [person for person in rows.of(Person) if person.pk in there]
    for person in rows.of(Person):
        if person.left_on is not None and person.left_on > until:
            person.left_on = None


@transaction.atomic
def build_bureau(number: int, until: dt.date) -> Bureau:
    """Write sample bureau `number` with its history up to `until`; one event in the log speaks for all rows.

    Raises:
        IntegrityError: the bureau is there already.
    """
    bureau = new_bureau(number)
    by = system(bureau.pk)
    with arriving(bureau.pk):
        rows = _write_rows(bureau, number, until, by)
    issue_bulletins(bureau, rows, until)
    close_year_files(bureau, rows, until)
    statistics.refresh()
    load_default_template(bureau, by)
    library.tell(bureau, until, by)
    judge(bureau, until)
    issue_overview_of_last_year(bureau, rows, until)
    audit.record("sample.build", bureau, by=by, after={"until": until.isoformat(), "rows": rows.counts()})
    return bureau


def _write_rows(bureau: Bureau, number: int, until: dt.date, by: Actor) -> Rows:
    """Everything that stands as it is, as if it came from elsewhere: with cases that are over."""
    bureau.save(force_insert=True)
    load_national_calendar(bureau, by=by)
    load_national_regulations(bureau, by=by)
    load_regulations(bureau, folder=DATA / "documents", by=by)
    load_standard_templates(bureau, by=by)
    kinds = {kind.key: kind for kind in load_standard_kinds(bureau, by=by)}
    rows = compose(bureau, number, until, calendar_for(bureau.pk), kinds)
    source = Regulation.objects.filter(bureau=bureau, code="responsibility").first()
    for duty in rows.of(Duty):
        duty.regulation = source if duty.duty_list else None
    instructions.name_source(rows)
    cases.name_clauses(rows, bureau)
    rows.save(ORDER)
    cases.name_units(rows)
    return rows


def is_built(number: int) -> bool:
    """Whether the bureau is there."""
    return Bureau.objects.filter(code=bureau_code(number)).exists()
