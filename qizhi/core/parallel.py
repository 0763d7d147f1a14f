"""Work on many things at once in processes of their own; each opens its own connection to the database."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import django
from django.db import connections


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no rubbish inside the block.

    What one piece of such work makes is many plain values, all needed until its end and in no circles: to
    walk through them again and again takes the collector a quarter of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Sequence[Item], *, workers: int = 0) -> list[Result]:
    """What `work` gives for each item, in their order.

    Args:
        work: a function of a module, so that another process can find it; it may read, or write in
            transactions of its own.
        items: what to work on.
        workers: how many processes at most; 0 for as many as there are cores.

    Raises:
        Exception: the first that `work` raised; what other items have done stays done.
    """
    wanted = min(workers or os.cpu_count() or 1, len(items))
    if wanted <= 1:
        return [work(item) for item in items]
    # A child must not use its parent's connections, and nothing else of it is needed.
    connections.close_all()
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(wanted, mp_context=fresh, initializer=_begin) as pool:
        return list(pool.map(work, items))


def _begin() -> None:
    """Load a child; what is loaded lives as long as it does, and the collector need not visit it."""
    with undisturbed():
        django.setup()
        gc.freeze()
