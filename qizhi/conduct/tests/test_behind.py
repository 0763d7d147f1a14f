"""What is noted after the month was judged: each page that tells its findings says so, and offers the run."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from qizhi.conduct.models import Inspection
from qizhi.conduct.services.observations import Seen, save_observation
from qizhi.core import clock
from qizhi.core.periods import month_of
from qizhi.regulations.services import months_behind, run_clauses

D = dt.date
JANUARY = month_of(D(2018, 1, 1))


class Month:
    """An inspection of January, which was judged on the 15th at noon."""

    def __init__(self, cast, clause):
        self.by, self.clause, self.person = cast.actor("inspector"), clause, cast.person("member")
        self.inspection = Inspection.objects.create(
            bureau=cast.bureau, month=JANUARY.start, title="一月检查", led_by=cast.person("inspector")
        )
        self.run = run_clauses(bureau_id=cast.bureau.pk, span=JANUARY, as_of=D(2018, 1, 15), by=self.by)

    def see(self, day):
        """Written down on the 16th."""
        with clock.at(D(2018, 1, 16)):
            seen = Seen(day, "未着制服", "大厅", self.person, None, self.clause)
            save_observation(self.inspection, seen, by=self.by)


@pytest.fixture
def judged(cast, rules):
    return Month(cast, rules["MV-9"])


def test_a_record_that_is_newer_than_the_run_is_told_until_the_month_is_judged_again(cast, judged):
    bureau, by = cast.bureau.pk, judged.by
    assert not months_behind(bureau)
    judged.see(D(2017, 12, 29))
    assert not months_behind(bureau), "of another month"
    judged.see(D(2018, 1, 8))
    (found,) = months_behind(bureau).months
    assert (found.month, found.said, found.until) == (JANUARY, "检查记录1条", None)
    assert not months_behind(bureau, month_of(D(2018, 2, 1)))
    with clock.at(D(2018, 1, 17)):
        run_clauses(bureau_id=bureau, span=JANUARY, as_of=D(2018, 1, 17), by=by)
        assert not months_behind(bureau)
    with clock.at(D(2018, 2, 1)):  # the month went on after it was judged
        (found,) = months_behind(bureau).months
        assert (found.said, found.until) == ("", D(2018, 1, 17))


def test_each_page_with_findings_of_the_month_says_so_and_shows_the_difference_first(cast, judged):
    judged.see(D(2018, 1, 8))
    client = cast.client("inspector")
    addresses = [
        judged.inspection.get_absolute_url(),
        reverse("conduct:inspection_findings", args=[judged.inspection.pk]),
        judged.run.get_absolute_url(),
        *(reverse(f"regulations:{name}") for name in ("findings", "runs", "periods")),
    ]
    step = f"{reverse('regulations:run_new')}?start=2018-01&amp;end=2018-01&amp;as_of=2018-01-15"
    for address in addresses:
        page = client.get(address).content.decode()
        assert "记录晚于核算：2018年1月（2018年1月15日 12:00核算）以后又登记或更正了检查记录1条" in page, (
            address
        )
        assert step in page, address
    shown = client.get(step.replace("&amp;", "&")).content.decode()
    assert "核算会更改 <strong>1</strong> 处" in shown
    other = client.get(f"{reverse('regulations:findings')}?from=2017-12&to=2017-12").content.decode()
    assert "记录晚于核算" not in other
