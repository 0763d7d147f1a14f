"""What the product promises, shown on the whole sample bureau: the figures of the description, G9, G10 and G13."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import uuid
import zipfile
from contextlib import closing
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qizhi.branch_life.queries import accountable_units, states
from qizhi.core import clock, periods
from qizhi.core.documents.checker import check_docx
from qizhi.core.documents.tests.pdf_checks import breaches, check_pdf
from qizhi.core.permissions import system
from qizhi.core.tests.standing import left_standing
from qizhi.org.enums import UnitKind
from qizhi.org.models import Account
from qizhi.org.services.transfer import derived_models, export_bureau
from qizhi.regulations.enums import VersionStatus
from qizhi.regulations.models import Clause
from qizhi.reports.models import IssuedOverview
from qizhi.sample.accounts import add_accounts
from qizhi.sample.tests.whole.conftest import UNTIL

pytestmark = pytest.mark.django_db
DAY = dt.date(2018, 1, 31)
ASKED = {"as_of": "2018-01-31"}
FIGURE = re.compile(r'<a class="figure" href="([^"]+)"[^>]*>([^<]*)</a>')
ROOT = Path(__file__).parents[3]

# Number of the description → key, how it is shown, counted, out of; as of 31 January 2018.
TOLD = {
    "F01": ("gatherings.flag_ceremony_day", "2018年1月2日", 1, None),
    "F02": ("gatherings.centre_study_average", "15", 45, 3),
    "F03": ("gatherings.centre_discussion_average", "6", 18, 3),
    "F04": ("culture.essays", "23", 23, None),
    "F05": ("culture.maxims_forwarded", "40", 40, None),
    "F06": ("gatherings.series_years:gratitude-month", "6", 6, None),
    "F08": ("branch_life.active_methods", "8", 8, None),
    "F17 checks planned": ("tasks.inspections_planned", "12", 12, None),
    "F17 bulletins planned": ("tasks.bulletins_planned", "6", 6, None),
    "F17 checks made": ("conduct.inspections", "12", 12, None),
    "F17 bulletins issued": ("conduct.bulletins", "6", 6, 6),
    "F18": ("conduct.matters_handed_in", "44", 44, 44),
    "F22": ("org.active_branches", "13", 13, None),
    "F23": ("gatherings.series_years:pairing", "12", 12, None),
    "F25": ("gatherings.series_years:boai", "7", 7, None),
}
# The same in the overview: its words, and the numbers among its numbers.
SENTENCES = (
    "2018年1月2日清晨，新年上班第一天，升旗仪式",
    "近三年来，平均每年开展党组理论学习中心组集中学习15次，交流研讨6次，",
    "共收到党建论文20余篇；开展党员格言征集，择优报送优秀格言40条。",
    "“感恩月”主题教育活动已连续开展6年，",
    "目前，已有8个支部形成具有自身特色的工作法，",
    "2017年度安排月度检查12次，通报6次，",
    "全局44名处级以上干部",
    "全局共有党支部13个、",
    "各支部结对帮扶困难家庭已坚持12年，",
    "“国检博爱，心手相连”志愿服务活动已连续开展7年，",
)
# F13, F15 and F16 are what a clause costs, whom, and whether it is switched on. (F14: `test_documents`.)
COSTS = {"MV-1": (-2, "branch", True), "MV-2": (-1, "person", True), "MV-3": (-1, "person", False)}


@pytest.fixture
def officer(sample):
    add_accounts(sample, 1, UNTIL)
    client = Client()
    client.force_login(Account.objects.get(username="officer"))
    with clock.at(UNTIL):
        yield client


@left_standing
def told(sample):
    """What the command of figures says, and the files that the command of the overview writes, by name."""
    out, silent = StringIO(), {"stdout": StringIO(), "stderr": StringIO()}
    with TemporaryDirectory() as folder, clock.at(UNTIL):
        call_command("figures", "--as-of", "2018-01-31", "--json", stdout=out)
        call_command("overview", "--as-of", "2018-01-31", "--out", folder, **silent)
        return json.loads(out.getvalue()), {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def open_rows(client, address):
    """The page behind a number, as a person opens it: the number, and how many rows are listed."""
    page = client.get(address.replace("&amp;", "&"))
    assert page.status_code == 200, address
    number, listed = page.context["number"], page.context["page_of_rows"].paginator.count
    assert number.value.counted == page.context["sum_of_rows"], address
    assert listed == number.rows.count(), address
    assert len(page.context["lines"]) == min(listed, 50), address
    return number, listed


def test_the_figures_of_the_description_are_those_of_the_command(told):
    figures, _ = told
    found = {one["key"]: one for one in figures}
    shown = {}
    for name, (key, *_) in TOLD.items():
        one = found[key]
        shown[name] = (key, one["text"], one["counted"], one["out_of"])
        assert one["sum_of_rows"] == one["counted"], name
        assert one["rows"] > 0, name
    assert shown == TOLD


def test_the_overview_tells_the_figures_of_the_description(told):
    _, overview = told
    made = json.loads(overview["overview.json"])
    text = "\n".join(made["text"])
    assert [words for words in SENTENCES if words not in text] == []
    numbers = {(one["key"], one["text"], one["counted"], one["out_of"]) for one in made["numbers"]}
    # What the standing text does not speak of: the round of reports, checks made and bulletins issued. It
    # writes the essays roundly.
    untold = {name for name, one in TOLD.items() if one not in numbers}
    assert untold == {"F04", "F17 checks made", "F17 bulletins issued", "F18"}


def test_g12_the_overview_meets_the_standard_as_draft_and_issued(officer, told, tell):
    _, overview = told
    draft = [*check_docx(overview["overview.docx"]), *check_pdf(overview["overview.pdf"], is_draft=True)]
    # A draft has neither a number nor a signature; whatever it has is as it is in the issued one.
    assert [check for check in draft if not check.ok] == []
    address = "/reports/issued/new/?as_of=2018-01-31"
    form = officer.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert officer.post(address, {**values, "id": str(uuid.uuid4())}).status_code == 302
    issued = IssuedOverview.objects.get(doc_no=values["doc_no"])
    checked, failed = breaches(bytes(issued.docx), bytes(issued.pdf))
    assert failed == []
    tell(
        "G12",
        f"{checked} parameters of the issued overview of the sample, {len(draft)} of its draft, as docx and PDF",
    )


def test_g13_an_archive_read_into_an_empty_copy_tells_the_same(sample, told, tmp_path, tell):
    figures, overview = told
    with clock.at(UNTIL), export_bureau(sample, by=system(sample.pk)) as file:
        (tmp_path / "bureau.zip").write_bytes(file.read())
    copy = Copy(tmp_path)
    said = copy.run(
        ("migrate", "--verbosity", "0"),
        ("import_bureau", str(tmp_path / "bureau.zip")),
        ("export_bureau", str(tmp_path / "again.zip")),
        ("overview", "--as-of", "2018-01-31", "--out", str(tmp_path / "there")),
        ("figures", "--as-of", "2018-01-31", "--json"),
    )
    first, second = (counts_of(tmp_path / name) for name in ("bureau.zip", "again.zip"))
    # The copy remembers that it was read in.
    assert second.pop("core.auditevent") == first.pop("core.auditevent") + 1
    assert second == first
    assert sum(first.values()) > 10_000
    assert json.loads(said) == figures
    assert (tmp_path / "there" / "overview.json").read_bytes() == overview["overview.json"]
    # What follows from other rows stayed behind and was made anew.
    derived = {model._meta.db_table: model._base_manager.count() for model in derived_models()}
    assert {table: copy.count(table) for table in derived} == derived
    assert not {model._meta.label_lower for model in derived_models()} & set(first)
    tell("G13", f"{sum(first.values())} rows in {len(first)} tables, figures and overview equal")


def test_clauses_cost_what_the_description_says(sample):
    clauses = Clause.objects.filter(bureau=sample, key__in=COSTS, version__status=VersionStatus.PUBLISHED)
    found = {one.key: (int(one.points), one.subject, one.is_enabled) for one in clauses}
    assert found == COSTS


def test_g9_every_number_of_the_overview_opens_to_the_rows_that_make_it(officer, tell):
    page = officer.get("/reports/overview/", ASKED)
    made = page.context["overview"]
    links = FIGURE.findall(page.content.decode())
    assert len([text for _, text in links if text]) >= len(made.numbers) > 25
    rows = 0
    for address, text in links:
        number, count = open_rows(officer, address)
        assert count > 0, f"{text} {address}"
        # A round number leads to the exact one; a number in a chart stands in its table.
        is_round = text.endswith("余") or text.startswith("上")
        assert is_round or text in {"", number.text}, text
        rows += count
    assert not made.errors
    assert not made.typed
    tell("G9", f"{len(links)} of {len(links)} numbers of the overview open, to {rows} rows")


def test_g9_so_does_every_number_of_the_figures_page(officer, tell):
    page = officer.get("/reports/figures/", ASKED)
    links = FIGURE.findall(page.content.decode())
    assert len(links) >= 20
    rows = sum(open_rows(officer, address)[1] for address, _text in links)
    tell("G9", f"{len(links)} of {len(links)} figures open, to {rows} rows")


def test_g10_what_is_missing_takes_as_many_statements_for_thirteen_branches_and_three_years(sample, tell):
    span = periods.years(2015, 2017)
    units = list(accountable_units(sample.pk, span, UnitKind.BRANCH))
    assert len(units) >= 13
    asked, cells, took = {}, {}, {}
    for number in (1, 13):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            cells[number] = len(states(sample.pk, units[:number], span, UNTIL).cells)
            took[number] = time.perf_counter() - start
        asked[number] = len(captured)
    assert cells[13] > 10 * cells[1]
    assert asked[13] <= asked[1] <= 7
    tell(
        "G10",
        f"{cells[13]} states of 13 branches in 3 years, {asked[13]} statements, {took[13]:.2f} s; "
        f"of one: {asked[1]} statements",
    )


def counts_of(path: Path) -> dict[str, int]:
    with zipfile.ZipFile(path) as archive:
        counts: dict[str, int] = json.loads(archive.read("manifest.json"))["counts"]
    return counts


IN_TURN = """
import io, json, sys, django
from django.core.management import call_command
django.setup()
for words in json.loads(sys.argv[1]):
    said = io.StringIO()
    call_command(*words, stdout=said)
print(said.getvalue())
"""


class Copy:
    """An empty copy on a file of its own, driven as an administrator would drive it."""

    def __init__(self, folder: Path) -> None:
        self.environ = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/copy.sqlite3",
            "QIZHI_DATA_DIR": str(folder),
        }

    def run(self, *commands: tuple[str, ...]) -> str:
        """What the last of the commands says; one after the other in a process that knows nothing of ours."""
        done = subprocess.run(
            [sys.executable, "-c", IN_TURN, json.dumps(commands)],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def count(self, table: str) -> int:
        with closing(sqlite3.connect(self.environ["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
            found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - a name of ours
        return found
