"""Who sees whose hours of training, and who keeps the courses; objects fetched and checked for a person."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core import periods
from qizhi.core.permissions import ANYONE, Actor, Scope, permission
from qizhi.org.enums import Role
from qizhi.org.models import Membership, Person
from qizhi.study.enums import Origin
from qizhi.study.models import Completion, Course, ReadingNotes

SEE_HOURS = permission(
    key="study.see_hours",
    label="查看学时",
    held_by=(
        (ANYONE, Scope.SELF),
        (Role.SECRETARY, Scope.SUBTREE),
        (Role.DEPUTY_SECRETARY, Scope.SUBTREE),
        (Role.BRANCH_COMMITTEE_MEMBER, Scope.SUBTREE),
        (Role.COMMITTEE_SECRETARY, Scope.ALL),
        (Role.LEADER, Scope.ALL),
        (Role.AFFAIRS_OFFICER, Scope.ALL),
    ),
)
RECORD_OWN = permission(
    key="study.record_own", label="登记本人完成的课程、自报笔记次数", held_by=((ANYONE, Scope.SELF),)
)
MANAGE_COURSES = permission(
    key="study.manage_courses",
    label="维护课程和导入完成记录",
    held_by=((Role.AFFAIRS_OFFICER, Scope.ALL),),
)


def learner_for(actor: Actor, person_id: uuid.UUID, year: int) -> Person:
    """Oneself, or somebody who in the year was a member of a branch that the actor may see; else Http404."""
    reach, days = actor.reach(SEE_HOURS), periods.year(year)
    people = Person.objects.filter(bureau_id=actor.bureau_id, pk=person_id)
    if not reach.is_all and person_id != reach.person_id:
        seen = Membership.objects.within(days.start, days.end).filter(reach.units())
        people = people.filter(pk__in=seen.values("person_id"))
    person = people.first()
    if person is None:
        raise Http404
    return person


def course_for(actor: Actor, course_id: uuid.UUID) -> Course:
    """The course, for those who keep the register; Http404 otherwise."""
    found = Course.objects.filter(bureau_id=actor.bureau_id, pk=course_id).first()
    if found is None or not actor.may(MANAGE_COURSES):
        raise Http404
    return found


def completion_for(actor: Actor, completion_id: uuid.UUID) -> Completion:
    """A completed course that one may correct: one's own word, or any for those who keep the register."""
    rows = Completion.objects.filter(bureau_id=actor.bureau_id, pk=completion_id)
    if not actor.may(MANAGE_COURSES):
        own = Person.objects.filter(accounts=actor.account_id)
        rows = rows.filter(person__in=own, origin=Origin.SELF)
    found = rows.select_related("course", "person").first()
    if found is None:
        raise Http404
    return found


def notes_for(actor: Actor, declaration_id: uuid.UUID) -> ReadingNotes:
    """What one has declared oneself; Http404 for everybody else."""
    rows = ReadingNotes.objects.filter(bureau_id=actor.bureau_id, pk=declaration_id)
    own = Person.objects.filter(accounts=actor.account_id)
    found = rows.filter(person__in=own).select_related("person").first()
    if found is None:
        raise Http404
    return found
