"""What a question is composed of where our compiler takes a shorter way than Django's."""

from __future__ import annotations

import pytest
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Length
from django.db.models.sql import compiler as django_compiler

from qizhi.core.db import compiler
from qizhi.org.models import Person, Unit

pytestmark = pytest.mark.django_db

named = Person.objects.annotate(length=Length("name"))
QUESTIONS = {
    "a name": Person.objects.order_by("name"),
    "another way round": Person.objects.order_by("-name", "pk"),
    "the order of the table": Person.objects.all(),
    "none": Person.objects.order_by(),
    "a relation": Unit.objects.select_related("parent").order_by("parent", "parent__name"),
    "a column": Person.objects.order_by(F("name").desc(nulls_last=True), "pk"),
    "a column among some": Person.objects.values_list("name", "pk").order_by(F("pk"), "name"),
    "a worked-out name": named.order_by("-length", "name"),
    "a worked-out name, alone": named.values_list("length", flat=True).order_by("length"),
    "each once": Person.objects.values_list("name", flat=True).order_by("pk").distinct(),
    "counted": Unit.objects.values("kind").annotate(number=Count("pk")).order_by("-number", "kind"),
    "united": Person.objects.order_by()
    .values_list("name")
    .union(Unit.objects.order_by().values_list("name"))
    .order_by("name"),
    "the first of each": Unit.objects.annotate(
        first=Subquery(Unit.objects.filter(parent=OuterRef("pk")).order_by("name").values("name")[:1])
    ).order_by("first"),
    "reversed": Person.objects.order_by("name", F("pk")).reverse(),
    "at random": Person.objects.order_by("?"),
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_words_are_those_of_django(question, monkeypatch):
    ours = question.query.sql_with_params()
    monkeypatch.setattr(compiler.SQLCompiler, "compile", django_compiler.SQLCompiler.compile)
    monkeypatch.setattr(compiler.SQLCompiler, "_order_by_pairs", django_compiler.SQLCompiler._order_by_pairs)
    assert ours == question.all().query.sql_with_params()
    list(question)
