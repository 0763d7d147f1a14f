"""Documents to play with."""

from __future__ import annotations

import datetime as dt

from qizhi.org.enums import Role
from qizhi.org.models import Account, Person, Placement, Post, Unit
from qizhi.tasks.services.documents import DocumentValues, register_document
from qizhi.tasks.services.extensions import Decision, ExtensionValues, ask_extension, decide_extension

START = dt.date(2015, 1, 1)
RECEIVED = dt.date(2018, 1, 2)


def day(text):
    """2018-01-02."""
    return dt.date.fromisoformat(text)


def make_document(cast, title="关于报送材料的通知", handler=None, *, by="officer", key=None, **values):
    """A document in somebody's hands, due within five working days unless said otherwise."""
    values = {"received_on": RECEIVED, "number": "示检〔2018〕1号", **values}
    if "due_on" not in values and "working_days" not in values:
        values["working_days"] = 5
    handler = handler or cast.person("member")
    return register_document(
        values=DocumentValues(title, **values), handler=handler, by=cast.actor(by), id=key
    )


def extend(cast, document, until, asked_on, decided_on, *, by="officer", words=""):
    """An extension that the handler asked for and the officer approved."""
    asked_by = document.handlings.latest("from_on").person
    made = ask_extension(
        document,
        values=ExtensionValues(until, "等回复", asked_on),
        asked_by=asked_by,
        by=cast.actor("officer"),
    )
    decision = Decision(
        is_approved=True, decided_on=decided_on, decided_by=cast.person(by), until=until, words=words
    )
    return decide_extension(made, decision=decision, by=cast.actor(by))


def make_head(cast, name="处长寅", unit=None):
    """Somebody who heads a department, with an account."""
    unit = unit or cast.department
    number = f"9{Person.objects.filter(bureau=cast.bureau).count():03}"
    person = Person.objects.create(bureau=cast.bureau, staff_no=number, name=name)
    Placement.objects.create(bureau=cast.bureau, person=person, unit=unit, from_on=START)
    Post.objects.create(
        bureau=cast.bureau, person=person, unit=unit, role=Role.DEPARTMENT_HEAD, from_on=START
    )
    return Account.objects.create_user(f"head-{number}", "password", bureau=cast.bureau, person=person)


def make_department(cast, code="d2", name="二处"):
    """Another department with one person."""
    unit = Unit.objects.create(
        bureau=cast.bureau,
        kind="department",
        code=code,
        name=name,
        parent=cast.root,
        path=f"b/{code}/",
        from_on=START,
    )
    person = Person.objects.create(bureau=cast.bureau, staff_no=f"8{code}", name=f"科员{code}")
    Placement.objects.create(bureau=cast.bureau, person=person, unit=unit, from_on=START)
    return unit, person
