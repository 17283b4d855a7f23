"""What a name in a template stands for, as far as it can be told without running it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, number or yes/no; ``words`` are for docs/letters.md."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class AFigure:
    """A figure, or nothing where it is not known."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose elements are alike."""

    element: "Kind"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Named fields."""

    fields: Mapping[str, "Kind"]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Anything:
    """What cannot be told beforehand; it is checked while rendering."""


Kind = Leaf | AFigure | ListOf | Record | Anything
