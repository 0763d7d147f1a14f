"""What each process of the server would do at its first request, done once before the server divides.

Python writes into the code that it runs, and a template is taken apart when it is first wanted: a process
that does so for itself has 5 MB less in common with the others. No database is asked: it may come up later.
"""

from __future__ import annotations

import io
import logging

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.template.loader import get_template

OFTEN = ("web/login.html", "web/home.html", "gatherings/gatherings.html", "gatherings/detail.html")
NOWHERE = "/-/"
"""An address that is no page's: the answer is a page all the same, with everything around it."""


def make_ready(application: WSGIHandler) -> None:
    """Answer that there is no such page, and take apart what is shown most."""
    connection.ops.compiler("SQLCompiler")
    for name in OFTEN:
        get_template(name)
    host = "".join(settings.ALLOWED_HOSTS[:1]).lstrip("*.") or "localhost"
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": NOWHERE,
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
    }
    logging.disable(logging.ERROR)  # that there is no such page is no news
    try:
        application.get_response(WSGIRequest(environ)).close()
    finally:
        logging.disable(logging.NOTSET)
