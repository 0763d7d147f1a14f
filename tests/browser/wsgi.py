"""The product with its clock held at one day: the tests in a browser see the same sample bureau on any day."""

from __future__ import annotations

import datetime as dt
import os

from qizhi.config.wsgi import application as product
from qizhi.core import clock

DAY = dt.date.fromisoformat(os.environ["QIZHI_STAGE_DAY"])


def application(environ, start_response):
    with clock.at(DAY):
        return product(environ, start_response)
