"""The kind of clause `year_file`: what belongs into the study file of a centre group before it is closed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qizhi.core.figures import Ask
from qizhi.core.periods import Period, say_day
from qizhi.core.values import dataclass
from qizhi.gatherings.rules.grounds import gap_before
from qizhi.org.enums import UnitKind
from qizhi.org.queries.belonging import belonging_of
from qizhi.regulations.enums import Subject, Verdict
from qizhi.regulations.kinds import (
    CaseClause,
    Given,
    GivenError,
    Judgement,
    KindByDay,
    Look,
    Outcome,
    OutlookLine,
    ParameterError,
    Place,
    Prospect,
    Standing,
    address_of,
    register,
    years_over,
)
from qizhi.regulations.kinds.cases import DUE, EVER, NA
from qizhi.regulations.kinds.outlook import by_clause, cited
from qizhi.regulations.models import Clause
from qizhi.regulations.rules import is_in_force
from qizhi.study.queries.year_files import (
    PARAMETERS,
    YEAR_FILE,
    OnRecord,
    file_step,
    files_on_record,
    steps_of,
    why_not_asked,
)
from qizhi.study.rules.year_files import (
    PART_LABELS,
    FileFacts,
    Part,
    PartJudged,
    PartState,
    Sitting,
    filed_until,
    judge_file,
    state_of,
)

RANK = 2060
STANDINGS = {
    PartState.DONE: Standing.DONE,
    PartState.DUE: Standing.DUE,
    PartState.MISSING: Standing.MISSING,
    PartState.UNKNOWN: Standing.UNKNOWN,
}
WITHOUT_ROLL, AUDITED = "无考勤", "旁听"


@dataclass(frozen=True)
class YearFileFact:
    """The file of a centre group for a year, as one knows it on a day."""

    unit_id: uuid.UUID | None
    unit: str
    period: Period
    as_of: dt.date
    facts: FileFacts


@register
class YearFileComplete(KindByDay[YearFileFact]):
    """中心组年度学习档案: study secretary, plan, attendance, auditors and the closing, out of the records."""

    key = YEAR_FILE
    label = "年度学习档案"
    is_by_year = True
    is_excusable = False
    shown_on = (("学习档案", "study:bureau"), ("组织生活", "branch_life:bureau"))
    facts = ("期间", "核算日", "成立", "撤销", "记录始于", "学习秘书", "其他任职", "计划", "学习", "归档")
    evidence_words = {"lacking": "还缺的"}
    parameters = PARAMETERS

    def scan(self, clause: Clause, ask: Ask) -> Iterable[YearFileFact]:
        """Files of years that are over from which something is missing, or of which nobody knows."""
        parameters = self.read(clause.parameters)
        if clause.subject != Subject.PARTY_GROUP:
            raise ParameterError({"subject": "“年度学习档案”只判定党组（中心组），请把对象改为“党组”。"})
        years = [year for year in years_over(clause, ask) if clause.version.effective_from <= year.start]
        if not years:
            return
        groups = belonging_of(ask.bureau_id).units_within(
            Period(years[0].start, years[-1].end), UnitKind.CENTRE_GROUP
        )
        groups = [unit for unit in groups if ask.unit_ids is None or unit.pk in ask.unit_ids]
        known = files_on_record(ask.bureau_id, groups, years, ask.as_of)
        for unit in groups:
            for year in years:
                if why_not_asked([clause], unit, year):
                    continue
                own = known[unit.pk, year.start.year].facts
                fact = YearFileFact(unit.pk, str(unit), year, ask.as_of, own)
                if self.judge(parameters, fact).verdict is not Verdict.MET:
                    yield fact

    def place(self, fact: YearFileFact, ask: Ask) -> Place:
        """The centre group and the year, with the page of the file."""
        del ask
        page = address_of("study:year_file", fact.unit_id) if fact.unit_id else ""
        return Place(fact.period, fact.unit_id, address=f"{page}?year={fact.period.start.year}")

    def outlook(self, clauses: Sequence[Clause], look: Look) -> Iterable[OutlookLine]:
        """Each centre group and year; four statements."""
        groups = look.of_kind(UnitKind.CENTRE_GROUP)
        known = files_on_record(look.bureau_id, groups, look.years, look.as_of)
        for number, (key, versions) in enumerate(by_clause(clauses).items()):
            if groups and versions[-1].subject == Subject.PARTY_GROUP:
                yield OutlookLine(
                    key=key,
                    label="年度学习档案",
                    asks="、".join(PART_LABELS[p] for p in Part if self.read(versions[-1].parameters)[p]),
                    unit_kind=UnitKind.CENTRE_GROUP,
                    clauses=cited(versions),
                    prospects=tuple(
                        self._prospect(versions, unit, year, look.as_of, known[unit.pk, year.start.year])
                        for unit in groups
                        for year in look.years
                    ),
                    rank=RANK + number,
                )

    def _prospect(
        self, versions: Sequence[Clause], unit: Any, year: Period, as_of: dt.date, known: OnRecord
    ) -> Prospect:
        why = why_not_asked(versions, unit, year)
        if why:
            return Prospect(unit.pk, year, Standing.NA, reason=why)
        clause = _bound(versions, year.end)
        parts = judge_file(known.facts, self.read(clause.parameters), year, as_of)
        state, open_ones = state_of(parts), [p for p in parts if p.state is not PartState.DONE]
        first = next((one for one in open_ones if one.state in {PartState.MISSING, PartState.DUE}), None)
        is_early = first is not None and first.part is Part.FILED and as_of <= year.end
        mend = steps_of(first, unit, year, known) if first and not is_early else ()
        return Prospect(
            unit.pk,
            year,
            STANDINGS[state],
            until=max((p.until for p in open_ones if p.state is state and p.until), default=None),
            words=_say_open(open_ones, state),
            reason="；".join(f"{one.label}：{one.words}" for one in open_ones),
            source=clause.source,
            is_general=clause.is_general,
            steps=(*mend, file_step(unit, year)) if mend else (),
        )

    def judge(self, parameters: Mapping[str, Any], fact: YearFileFact) -> Judgement:
        """Violated when a part is missing, unknown when nobody knows of one; not yet due is neither."""
        parts = judge_file(fact.facts, parameters, fact.period, fact.as_of)
        asked = "、".join(one.label for one in parts)
        required = f"年度学习档案应有{asked}"
        lacking = [one for one in parts if one.state is PartState.MISSING]
        unknown = [one for one in parts if one.state is PartState.UNKNOWN]
        told = lacking or unknown
        evidence = {"period": fact.period.label, "lacking": [one.label for one in told]}
        actual = "；".join(f"{one.label}：{one.words}" for one in told) or "各项齐备"
        verdict = Verdict.VIOLATED if lacking else Verdict.UNKNOWN if unknown else Verdict.MET
        return Judgement(verdict, required, actual, evidence)

    def read_case(self, given: Given) -> tuple[dt.date, tuple[Given, Period]]:
        """The last day of the year chooses the version."""
        period = given.period()
        return period.end, (given, period)

    def judge_case(self, clause: CaseClause, told: tuple[Given, Period]) -> Outcome:
        """By the same arithmetic as of rows.

        Facts: 期间 (a year); 核算日 (else the day after the file had to be closed); 成立 and 撤销 of the
        centre group; 记录始于; 学习秘书 (from to); 其他任职 (other posts on record); 计划 (items); 学习
        (a day; behind it 旁听, 无考勤); 归档 (a day).
        """
        given, period = told
        start, end = given.day("成立", EVER), given.maybe_day("撤销")
        if start > period.start or (end is not None and end < period.end):
            return Outcome(NA, "期间内成立或撤销的，不满一年，不要求")
        if clause.from_on > period.start:
            return Outcome(NA, f"规定{say_day(clause.from_on)}起施行，当年不满一年，不要求")
        until = filed_until(period, int(clause.parameters["file_months"]))
        as_of = given.day("核算日", until + dt.timedelta(days=1))
        facts = _told_facts(given, period, as_of)
        found = self.judge(clause.parameters, YearFileFact(None, "", period, as_of, facts))
        parts = judge_file(facts, clause.parameters, period, as_of)
        if found.verdict is Verdict.MET and state_of(parts) is PartState.DUE:
            open_ones = [one for one in parts if one.state is PartState.DUE]
            return Outcome(DUE, "；".join(f"{one.label}：{one.words}" for one in open_ones))
        return Outcome(clause.word(found.verdict), found.actual)

    def sentence(self, clause: Clause, fact: YearFileFact, judgement: Judgement) -> str:
        """Whose file of which year, what is asked, what is the case, and the source of the clause."""
        what = f"{fact.unit}{fact.period.label}：{judgement.required}；{judgement.actual}"
        return f"{what}。依据{clause.source}。"


def _bound(versions: Sequence[Clause], day: dt.date) -> Clause:
    """The version in force on the day, of which one is known to be."""
    days = ((one, one.version) for one in versions)
    return next(one for one, own in days if is_in_force(own.effective_from, own.effective_to, day))


def _say_open(open_ones: Sequence[PartJudged], state: PartState) -> str:
    """What lacks, in a few letters: 缺学习计划、列席旁听."""
    names = "、".join(one.label for one in open_ones if one.state is state)
    return f"缺{names}" if state is PartState.MISSING else ""


def _told_facts(given: Given, period: Period, as_of: dt.date) -> FileFacts:
    from_on, to_on = given.span("学习秘书") if given.has("学习秘书") else (None, None)

    def holds(day: dt.date) -> bool:
        return from_on is not None and from_on <= day and (to_on is None or day <= to_on)

    sittings = []
    for day, words in given.items("学习"):
        if strangers := [word for word in words if word not in {WITHOUT_ROLL, AUDITED}]:
            raise GivenError(f"“学习”后面应是{AUDITED}、{WITHOUT_ROLL}，写的是“{strangers[0]}”。")
        if day in period and day <= as_of:
            has_roll, audited = WITHOUT_ROLL not in words, AUDITED in words
            sittings.append(Sitting(day, has_roll=has_roll, has_auditor=audited, has_secretary=holds(day)))
    filed = given.maybe_day("归档")
    return FileFacts(
        items=given.number("计划") if given.has("计划") else None,
        sittings=tuple(sittings),
        has_secretary=holds(min(as_of, period.end)),
        is_on_record=from_on is not None or given.number("其他任职", 0) > 0,
        filed_on=filed if filed is not None and filed <= as_of else None,
        gap=gap_before(given.day("记录始于", EVER), period),
    )
