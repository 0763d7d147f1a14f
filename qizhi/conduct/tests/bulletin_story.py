"""Helpers of the tests of bulletins: cases that become final, drafts, and what readers get of them."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdf
from django.urls import reverse

from qizhi.conduct.enums import ReviewOutcome
from qizhi.conduct.queries.bulletins import compose, fingerprint
from qizhi.conduct.services.appeals import admit_appeal, appeal_case, finalize_case, review_case
from qizhi.conduct.services.bulletins import BulletinText, approve_bulletin, prepare_bulletin
from qizhi.core import clock
from qizhi.org.models import Person, Placement

D = dt.date
MARCH = D(2018, 3, 5)
ID, PHONE = "320501198001011234", "13912345678"


class Early:
    """The story, told on Monday 15 January 2018, when its cases begin."""

    def __init__(self, story):
        self._story = story

    def __getattr__(self, name):
        value = getattr(self._story, name)
        return self._told(value) if callable(value) else value

    def _told(self, step):
        def early(**values):
            with clock.at(D(2018, 1, 15)):
                return step(**values)

        return early


def somebody(cast, number, name=""):
    person = Person.objects.create(
        bureau=cast.bureau, staff_no=f"02{number:02}", name=name or f"职员{number}"
    )
    Placement.objects.create(bureau=cast.bureau, person=person, unit=cast.department, from_on=D(2015, 1, 1))
    return person


def final(story, person, **values):
    case = story.decided(person=person, **values)
    with clock.at(D(2018, 2, 7)):
        return finalize_case(case, by=story.recorder)


def reviewed(story, case, day, points=None):
    """A late appeal that was right: cleared, or with other points."""
    with clock.at(day):
        appeal_case(case, text="住院", appealed_on=day, by=story.recorder)
        admit_appeal(case, is_admitted=True, reason="有正当理由", by=story.third)
        outcome = ReviewOutcome.CHANGED if points else ReviewOutcome.CANCELLED
        how = {"outcome": outcome, "points": points}
        return review_case(case, **how, reason="属实", reviewed_on=day, by=story.third)


def draft(cast, name="officer", number=1, **text):
    return prepare_bulletin(year=2018, number=number, text=BulletinText(**text), by=cast.actor(name))


def approve(cast, row, name="leader", doc_no="示检党通〔2018〕1号", on=MARCH):
    row.refresh_from_db()
    seen = fingerprint(row, compose(row))
    return approve_bulletin(row, doc_no=doc_no, issued_on=on, seen=seen, by=cast.actor(name))


def url(name, *args):
    return reverse(f"conduct:{name}", args=args)


def pdf_text(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def docx_text(content):
    file = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "".join([one.text for one in file.paragraphs] + cells)


def everything_said(client, row):
    """The page, both files and the archive as somebody gets them."""
    page = client.get(row.get_absolute_url()).content.decode().split("<main")[1]
    word = docx_text(client.get(url("bulletin_file", row.pk, "docx")).content)
    pdf = pdf_text(client.get(url("bulletin_file", row.pk, "pdf")).content)
    return page + word + pdf + client.get(f"{url('bulletins')}?format=csv").content.decode()
