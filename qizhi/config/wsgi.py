"""Entry point of the server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from qizhi.config.ready import make_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qizhi.config.settings")
# While it is loaded nearly nothing becomes rubbish: looking for it would cost a tenth of the start.
gc.disable()
application = get_wsgi_application()
# Pages and their addresses are loaded before the server divides: its processes share them, and none of them
# makes its first reader wait for it.
reverse("web:home")
make_ready(application)
# What is loaded now lives as long as the server: the collector need not visit it, and so does not write to
# its pages, which the worker processes then go on sharing.
gc.freeze()
# A page makes some thousands of objects and hardly a circle among them: at seven hundred, Python's measure,
# the collector would look through them a dozen times a page.
gc.set_threshold(20_000, 20, 20)
gc.enable()
