"""The kind that looks at votes: which do not stand, by the text of their day."""

from __future__ import annotations

import datetime as dt

import pytest

from qizhi.core import clock, periods
from qizhi.core.figures import Ask
from qizhi.gatherings.models import Resolution
from qizhi.gatherings.services import ResolutionFact
from qizhi.regulations.enums import Verdict
from qizhi.regulations.kinds import kind_by_key
from qizhi.regulations.models import Clause
from qizhi.regulations.services import load_national_regulations

D = dt.date


@pytest.fixture
def congress(_clock, held):
    """Record a congress of the first branch with one vote."""

    def record(day, **counts):
        return held("congress", day=day.isoformat(), resolutions=(ResolutionFact("事项", **counts),))

    with clock.at(D(2020, 1, 1)):
        yield record


def test_a_vote_without_its_quorum_is_found(cast, congress):
    load_national_regulations(cast.bureau, by=cast.actor("officer"))
    clause = Clause.objects.select_related("version__regulation").get(bureau=cast.bureau, key="BR-02")
    congress(D(2019, 3, 1), due=8, present=4, yes=4)  # half is enough, though nothing is passed
    congress(D(2019, 6, 3), due=8, present=3, yes=3)
    congress(D(2018, 3, 1), due=8, present=3, yes=3)  # before the text
    kind = kind_by_key("vote")
    ask = Ask(cast.bureau.pk, periods.years(2018, 2019), D(2020, 1, 1))
    (fact,) = kind.scan(clause, ask)
    found = kind.judge(kind.read(clause.parameters), fact)
    assert found.verdict == Verdict.VIOLATED
    assert kind.sentence(clause, fact, found) == (
        "第一党支部2019年6月3日“事项”：应到有表决权 8 人，到会 3 人，未达到半数（至少 4 人），"
        "表决无效，请另行召集会议。依据《中国共产党支部工作条例（试行）》第十一条。"
    )
    elsewhere = Ask(cast.bureau.pk, periods.year(2019), D(2020, 1, 1), (cast.second.pk,))
    assert list(kind.scan(clause, elsewhere)) == []
    Resolution.objects.update(due=0, present=0, yes=0)
    unknown = [kind.judge(kind.read(clause.parameters), one).verdict for one in kind.scan(clause, ask)]
    assert unknown == [Verdict.UNKNOWN] * 2
