"""Two bureaus in one database: neither finds, exports, counts, imports into or archives a row of the other."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from qizhi.core.tests.standing import left_standing
from qizhi.gatherings.models import Gathering, Kind
from qizhi.gatherings.services.facts import GatheringFacts
from qizhi.gatherings.services.records import record_gathering
from qizhi.gatherings.services.standard import load_standard_kinds
from qizhi.org.enums import UnitKind
from qizhi.org.models import BureauRow, Membership, Person, Unit
from tests.things import SECRET
from tests.walk import TABLES, drained

OURS = ("书记甲", "党员丁", "预备戊", "第二党支部", "示例处", SECRET)
THEIRS = ("外人寅", "乙示例局", "乙局的支部", "乙局的党课")


@left_standing
def other(cast):
    """The bureau of the outsider, with a branch, a member and a lesson of its own."""
    bureau, by = cast.outsider.bureau, cast.actor("outsider")
    root = Unit.objects.get(bureau=bureau, kind=UnitKind.BUREAU)
    load_standard_kinds(bureau, by=by)
    unit = Unit.objects.create(
        bureau=bureau,
        kind=UnitKind.BRANCH,
        code="z01",
        name="乙局的支部",
        parent=root,
        path=f"{root.path}z01/",
        from_on=dt.date(2015, 1, 1),
    )
    person = cast.person("outsider")
    Membership.objects.create(
        bureau=bureau, person=person, unit=unit, status="full", from_on=dt.date(2015, 1, 1)
    )
    kind = Kind.objects.get(bureau=bureau, key="lesson")
    facts = GatheringFacts(unit=unit, held_on=dt.date(2018, 1, 11), kinds=(kind,), title="乙局的党课")
    record_gathering(facts=facts, by=by)
    return bureau


@pytest.mark.parametrize(("role", "foreign"), [("outsider", OURS), ("officer", THEIRS)])
def test_search_finds_nothing_of_the_other(cast, things, other, role, foreign):
    client = cast.client(role)
    for word in foreign:
        page = client.get("/search/", {"q": word})
        assert page.status_code == 200, f"{role} was sent to {word}"
        assert page.context["groups"] == []
    assert client.get("/search/", {"q": foreign[0][0]}).status_code == 200


@pytest.mark.parametrize(("role", "foreign"), [("outsider", OURS), ("officer", THEIRS)])
def test_tables_hold_nothing_of_the_other(cast, things, other, role, foreign):
    own = THEIRS if foreign is OURS else OURS
    client, texts = cast.client(role), {}
    for key in TABLES:
        texts[key] = client.get(f"/tables/{key}/export/", {"format": "csv"}).content.decode()
    for address in ("/gatherings/", "/tasks/", "/branch-life/", "/regulations/", "/reports/figures/"):
        texts[address] = drained(client.get(address, {"format": "csv"})).content.decode()
    for where, text in texts.items():
        assert [word for word in foreign if word in text] == [], where
    assert own[0] in texts["org.people"]
    assert own[-1] in texts["gatherings.gatherings"]


def told(client):
    """Every figure of the page, and the overview with all its rows."""
    groups = client.get("/reports/figures/").context["groups"]
    figures = {number.figure.key: number.value.counted for _, numbers in groups for number in numbers}
    return figures, json.loads(client.get("/reports/overview/json/").content)


def test_figures_and_overview_do_not_move_with_the_other(cast, things, request):
    client = cast.client("officer")
    before = told(client)
    other = request.getfixturevalue("other")
    assert Gathering.objects.filter(bureau=other).count() == 1
    assert told(client) == before
    figures, _overview = told(cast.client("outsider"))
    assert figures["org.members"] == 1
    assert max(value for value in figures.values() if value is not None) < before[0]["org.members"]


def upload(client, key, text):
    """Send a table; the page of its draft."""
    file = SimpleUploadedFile("表.csv", text.encode())
    return client.post(f"/tables/{key}/upload/", {"file": file})["Location"]


def test_an_import_changes_nobody_of_the_other(cast, things, other):
    client = cast.client("outsider")
    before = sorted(Person.objects.filter(bureau=cast.bureau).values_list("staff_no", "name"))
    draft = upload(client, "org.people", "工号,姓名\n0001,外人寅\n0002,新来的\n")
    assert client.post(draft).status_code == 302
    assert sorted(Person.objects.filter(bureau=cast.bureau).values_list("staff_no", "name")) == before
    assert Person.objects.filter(bureau=other, staff_no="0002").get().name == "新来的"
    # Nor can the other's draft be opened, or said yes to.
    stranger = cast.client("officer")
    assert {stranger.get(draft).status_code, stranger.post(draft).status_code} == {404}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("gatherings.gatherings", "组织,日期,活动类型,活动名称\n第二党支部,2018-01-10,党课,混进来的\n"),
        (
            "org.memberships",
            "工号,姓名,党支部,党员类别,起始日期\n0001,外人寅,第二党支部,正式党员,2018-01-01\n",
        ),
    ],
)
def test_an_import_cannot_name_a_unit_of_the_other(cast, things, other, key, text):
    client = cast.client("outsider")
    counts = Gathering.objects.count(), Membership.objects.count()
    draft = upload(client, key, text)
    page = client.get(draft)
    assert page.context["errors"]
    assert client.post(draft).status_code == 409
    assert (Gathering.objects.count(), Membership.objects.count()) == counts


def test_an_archive_holds_no_row_of_the_other(cast, things, other):
    reply = cast.client("outsider").post("/archive/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(reply.streaming_content)))
    text = "".join(archive.read(name).decode() for name in archive.namelist())
    foreign = [
        str(key)
        for model in apps.get_models()
        if issubclass(model, BureauRow)
        for key in model._base_manager.filter(bureau=cast.bureau).values_list("pk", flat=True)
    ]
    assert len(foreign) > 100
    assert [key for key in [*foreign, str(cast.bureau.pk)] if key in text] == []
    assert "乙局的党课" in text
