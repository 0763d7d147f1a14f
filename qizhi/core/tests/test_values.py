"""Classes made quickly behave as those that Python makes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any, ClassVar

import pytest

from qizhi.core import values

Make = Callable[..., Any]


def family(make: Make, **options: bool) -> dict[str, type]:
    """Classes with everything that ours have: defaults, hidden fields, heirs, own methods."""

    @make(frozen=True, **options)
    class Point:
        """A place."""

        x: int
        y: float = 0
        tags: list[str] = field(default_factory=list, compare=False)
        note: str = field(default="", repr=False, hash=False)
        kind: ClassVar[str] = "point"

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("below")

    @make(frozen=True, **options)
    class Named(Point):
        """A place with a name."""

        name: str = "here"
        made: tuple[int, ...] = field(init=False, default_factory=tuple)

    @make(frozen=True, **options)
    class One:  # noqa: PLW1641 - it gets one
        """One value, and words of its own."""

        value: object

        def __repr__(self) -> str:
            return "one"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, type(self))

    @make(frozen=True, **options)
    class Nothing:
        """No value."""

    return {one.__name__: one for one in (Point, Named, One, Nothing)}


@pytest.fixture(params=[{}, {"slots": True}], ids=["plain", "slots"])
def both(request: pytest.FixtureRequest) -> tuple[dict[str, type], dict[str, type]]:
    """Ours and Python's."""
    return family(values.dataclass, **request.param), family(dataclasses.dataclass, **request.param)


def said(ask: Callable[[], object]) -> object:
    """What comes of it, be it an error."""
    try:
        return ask()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error), str(error)


QUESTIONS: list[Callable[[dict[str, Any]], object]] = [
    lambda of: repr(of["Named"](1, 2, ["a"], "n", "there")),
    lambda of: of["Point"](1) == of["Point"](1, tags=["other"]),
    lambda of: of["Point"](1) == of["Point"](1, note="other"),
    lambda of: of["Point"](1) == of["Named"](1),
    lambda of: of["Point"](1) == 1,
    lambda of: hash(of["Point"](1, 2)) == hash(of["Point"](1, 2, note="other")) == hash((1, 2)),
    lambda of: hash(of["One"]([])),
    lambda of: hash(of["One"](7)),
    lambda of: hash(of["Nothing"]()) == hash(()),
    lambda of: (of["Nothing"]() == of["Nothing"](), repr(of["Nothing"]())),
    lambda of: (repr(of["One"](1)), of["One"](1) == of["One"](2)),
    lambda of: of["Point"](),
    lambda of: of["Point"](1, 2, [], "", 5),
    lambda of: of["Named"](1, made=()),
    lambda of: of["Point"](-1),
    lambda of: of["Point"](1).tags is of["Point"](1).tags,
    lambda of: dataclasses.asdict(of["Named"](1, 2, ["a"])),
    lambda of: repr(dataclasses.replace(of["Point"](1, 2, ["a"]), x=3)),
    lambda of: [one.name for one in dataclasses.fields(of["Named"])],
    lambda of: (of["Point"].__match_args__, of["Named"].__match_args__),
    lambda of: setattr(of["Point"](1), "x", 2),
    lambda of: delattr(of["Named"](1), "x"),
    lambda of: repr(copy.copy(of["Named"](1, 2, ["a"]))),
    lambda of: [name for name in vars(of["Point"]) if name == "__slots__"],
]


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_ours_answer_as_python_does(both: Any, number: int) -> None:
    ours, pythons = both
    assert said(lambda: QUESTIONS[number](ours)) == said(lambda: QUESTIONS[number](pythons))


@values.dataclass(frozen=True, slots=True)
class Kept:
    """Is pickled: by its module, so it stands there."""

    word: str
    number: int = 1


def test_a_class_with_slots_travels_between_processes() -> None:
    row = Kept("a", 2)
    assert pickle.loads(pickle.dumps(row)) == row == copy.deepcopy(row)  # noqa: S301 - our own
    assert not hasattr(row, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):  # Python's own speaks of `super` here
        row.new = 1  # type: ignore[attr-defined]


def test_keywords_alone_and_mistakes() -> None:
    @values.dataclass(frozen=True, kw_only=True)
    class Wordy:
        """Told by name."""

        first: int = 1
        second: str

    assert repr(Wordy(second="b")).endswith("Wordy(first=1, second='b')")
    with pytest.raises(TypeError, match="positional"):
        Wordy("b")  # type: ignore[call-arg, arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        Wordy(second="b").first = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="frozen"):
        values.dataclass(frozen=True)(type("Loose", (), {"__setattr__": object.__setattr__}))
    ordered: Any = values.dataclass(frozen=True, order=True)(
        type("Ordered", (), {"__annotations__": {"x": int}})
    )
    assert ordered(1) < ordered(2)
