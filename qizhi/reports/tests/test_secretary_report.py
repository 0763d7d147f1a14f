"""What a secretary reports on: every number of the branch, opening to its rows, and nothing to type."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document

from qizhi.core import clock
from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Kind
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.regulations.services.calendar import load_national_calendar
from qizhi.regulations.services.national import load_national_regulations
from qizhi.reports.services.secretary import figures_by_unit

ADDRESS = "/reports/secretary-report/"
DECEMBER = dt.date(2018, 12, 10)
YEARS = range(2015, 2020)  # in which these tests play


@left_standing
def held(cast):
    """A lesson in each branch in November 2018."""
    with clock.at(DECEMBER):
        officer = cast.actor("officer")
        load_standard_kinds(cast.bureau, by=officer)
        load_national_calendar(cast.bureau, by=officer, years=YEARS)
        load_national_regulations(cast.bureau, by=officer)
        kinds = tuple(Kind.objects.filter(bureau=cast.bureau, key="lesson"))
        for unit in (cast.first, cast.second, cast.second):
            facts = GatheringFacts(unit=unit, held_on=dt.date(2018, 11, 9), kinds=kinds, title=f"{unit}党课")
            record_gathering(facts=facts, by=officer)


@pytest.fixture(autouse=True)
def _december(held):
    with clock.at(DECEMBER):
        yield


def test_it_lists_every_number_of_the_own_branch_with_its_rows(cast):
    reply = cast.client("secretary").get(ADDRESS)
    made = reply.context["report"]
    assert made.unit == cast.first
    numbers = {number.figure.key: number for _, group in made.groups for number in group}
    assert list(numbers) == [figure.key for figure in figures_by_unit("branch")]
    assert numbers["gatherings.lesson"].value.counted == 1
    for number in numbers.values():
        assert number.figure.counted_from_rows(number.ask) == number.value.counted
    page = reply.content.decode()
    assert numbers["gatherings.lesson"].address.replace("&", "&amp;") in page
    assert "第二党支部" not in page
    assert "<textarea" not in page


def test_the_states_of_the_year_stand_beside(cast):
    made = cast.client("secretary").get(ADDRESS).context["report"]
    said = {duty.line.label: duty.states for duty in made.duties}
    assert said["主题党日"] == (("due", "未到期 1 期"), ("missing", "缺 1 期"), ("na", "不适用 10 期"))
    assert said["党员人数"] == (("done", "5人"),)
    assert {"谈心谈话", "支部委员会换届"} <= set(said), "the lines of the one screen"
    assert {kind for duty in made.duties for kind, _ in duty.states} >= {"due"}


def test_the_office_chooses_a_branch_and_a_year(cast):
    client = cast.client("officer")
    page = client.get(ADDRESS, {"unit": cast.second.code, "year": 2018})
    assert page.context["report"].unit == cast.second
    assert client.get(ADDRESS, {"unit": cast.second.code, "year": 2016}).status_code == 200
    assert client.get(ADDRESS, {"as_of": "never"}).status_code == 422


def test_it_goes_out_as_a_document_and_as_tables(cast):
    client = cast.client("secretary")
    text = "\n".join(
        paragraph.text
        for paragraph in Document(io.BytesIO(client.get(ADDRESS, {"format": "docx"}).content)).paragraphs
    )
    assert "第一党支部2018年书记述职底稿" in text.replace("\n", "")
    assert "党课次数1次。" in text
    assert "民主评议党员" not in text  # nothing was held: there is no number to print
    table = client.get(ADDRESS, {"format": "csv"}).content.decode("utf-8-sig")
    assert "党课次数,1,次,1," in table
    assert client.get(ADDRESS, {"format": "xlsx"}).content[:2] == b"PK"


def test_another_branch_is_not_found(cast):
    assert cast.client("secretary").get(ADDRESS, {"unit": cast.second.code}).status_code == 404
    assert cast.client("member").get(ADDRESS).status_code == 403
    page = cast.client("outsider").get(ADDRESS).content.decode()
    assert "没有可以查看的党支部" in page
