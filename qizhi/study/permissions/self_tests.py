"""Who may test themselves, and one's own tests."""

from __future__ import annotations

import uuid

from django.http import Http404

from qizhi.core.permissions import ANYONE, Actor, Scope, permission
from qizhi.study.models import SelfTest

TEST_ONESELF = permission(key="study.self_test", label="知识自测（自愿）", held_by=((ANYONE, Scope.ALL),))


def own_test_for(actor: Actor, test_id: uuid.UUID) -> SelfTest:
    """The actor's own test; anybody else's is not found, whatever posts the actor holds."""
    tests = SelfTest.objects.filter(bureau_id=actor.bureau_id, pk=test_id).select_related("bank")
    test = tests.filter(person_id=actor.person_id).first() if actor.person_id else None
    if test is None:
        raise Http404
    return test
