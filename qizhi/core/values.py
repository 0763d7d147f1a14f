"""Frozen dataclasses that are made quickly.

Python makes the methods of each by compiling text, a millisecond a class: with four hundred classes a quarter
of what the start of the server takes. Here `__init__` alone is compiled; the others do the same without.
Everything else (`field`, `fields`, `replace`, inheritance, `__post_init__`) is Python's own; there is no
`InitVar`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass  # which mypy knows all about
else:

    def dataclass(made: type | None = None, /, **options: bool) -> Any:
        """As Python's; only frozen classes are made here, ordered ones by Python."""
        if options.get("frozen") and options.keys() <= {"frozen", "kw_only", "slots"}:
            options.pop("frozen")
            return lambda made: _frozen(made, options)
        return dataclasses.dataclass(made, **options)


def _frozen(made: type, options: dict[str, bool]) -> type:
    own = dict(made.__dict__)
    if "__setattr__" in own or "__delattr__" in own:
        message = f"{made.__name__} is frozen: how its fields are set is not its own to say"
        raise TypeError(message)
    made = dataclasses.dataclass(init=False, repr=False, eq=False, **options)(made)
    fields = dataclasses.fields(made)
    names = [field.name for field in fields]
    compared = [field.name for field in fields if field.compare]
    hashed = [field.name for field in fields if (field.compare if field.hash is None else field.hash)]
    methods: dict[str, Callable[..., Any]] = {
        "__init__": _init(made),
        "__repr__": _repr([field.name for field in fields if field.repr]),
        "__eq__": _eq(_values(compared)),
        "__hash__": _hash(_values(hashed)),
        **(_states(names) if options.get("slots") else {}),
    }
    # What a class says of itself stays; to say `__eq__` sets `__hash__` to None, which says nothing.
    left = {name: method for name, method in methods.items() if own.get(name) is None}
    for name, method in {**left, **_refusals(made, {*names})}.items():
        method.__name__, method.__qualname__ = name, f"{made.__qualname__}.{name}"
        setattr(made, name, method)
    return made


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of a row under these names, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda row: tuple(getattr(row, name) for name in names)


def _init(made: type) -> Callable[..., None]:
    """`__init__`, compiled: the one method in which the names themselves are what people write."""
    known: dict[str, Any] = {"_put": object.__setattr__, "_unsaid": object()}
    given: dict[bool, list[str]] = {False: ["self"], True: []}
    body: list[str] = []
    for field in dataclasses.fields(made):
        name, default, value = field.name, "", field.name
        if field.default is not dataclasses.MISSING:
            known[f"_default_{name}"], default = field.default, f"=_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"], default = field.default_factory, "=_unsaid"
            value = f"_make_{name}() if {name} is _unsaid else {name}"
        if field.init:
            given[bool(field.kw_only)].append(f"{name}{default}")
        elif field.default_factory is not dataclasses.MISSING:
            value = f"_make_{name}()"
        else:
            continue
        body.append(f" _put(self, {name!r}, {value})")
    body += [" self.__post_init__()"] if hasattr(made, "__post_init__") else []
    words = ", ".join(given[False] + (["*", *given[True]] if given[True] else []))
    exec("\n".join([f"def __init__({words}):", *(body or [" pass"])]), known)  # noqa: S102 - as dataclasses does
    init: Callable[..., None] = known.pop("__init__")
    return init


def _repr(names: list[str]) -> Callable[[Any], str]:
    @recursive_repr()
    def say(self: Any) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({said})"

    return say


def _eq(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, object], bool]:
    def is_equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return is_equal


def _hash(values: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], int]:
    def hashed(self: Any) -> int:
        return hash(values(self))

    return hashed


def _states(names: list[str]) -> dict[str, Callable[..., Any]]:
    """What pickles and copies a class without `__dict__`, of which nothing may be set."""

    def state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in names]

    def take(self: Any, values: list[Any]) -> None:
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    return {"__getstate__": state, "__setstate__": take}


def _refusals(made: type, names: set[str]) -> dict[str, Callable[..., None]]:
    def put(self: Any, name: str, value: object) -> None:
        if type(self) is made or name in names:
            message = f"cannot assign to field {name!r}"
            raise dataclasses.FrozenInstanceError(message)
        super(made, self).__setattr__(name, value)  # type: ignore[arg-type]

    def drop(self: Any, name: str) -> None:
        if type(self) is made or name in names:
            message = f"cannot delete field {name!r}"
            raise dataclasses.FrozenInstanceError(message)
        super(made, self).__delattr__(name)  # type: ignore[arg-type]

    return {"__setattr__": put, "__delattr__": drop}
