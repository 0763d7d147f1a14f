"""Before the server divides it does once what each of its processes would do; no database is asked for that."""

from __future__ import annotations

import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler

from qizhi.config import ready


@pytest.mark.parametrize("hosts", [["*"], ["qizhi.example.org"], [".example.org", "localhost"]])
def test_a_page_is_made_without_a_database_and_without_a_word(
    settings, caplog, hosts, db, django_assert_num_queries
):
    settings.ALLOWED_HOSTS = hosts
    answers = []

    class Handler(WSGIHandler):
        def get_response(self, request):
            answers.append(super().get_response(request))
            return answers[0]

    handler = Handler()
    handler.load_middleware()
    with django_assert_num_queries(0):
        ready.make_ready(handler)
    assert answers[0].status_code == 404
    assert caplog.records == []
    assert logging.root.manager.disable == logging.NOTSET
