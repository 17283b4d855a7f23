"""What a template may be given: plain data, and figures that remember that they were quoted.

Nothing else enters the sandbox, so no method of ours or of a library can be reached from it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from outreach.figures.figure import Figure
from outreach.letters import numbers
from outreach.letters.partial import is_partial
from outreach.letters.typography import NBSP


class TemplateFault(Exception):
    """One thing wrong in a template, in words; compose adds file, line and recipient."""


@dataclass(slots=True)
class Run:
    """What happens while one letter is rendered: what it quotes, and how much it has used."""

    deadline: float
    rounds: int = 0
    # In the order of quoting; a key by itself, because fields of activity share names.
    quoted: dict[Figure, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class FigureView:
    """A known figure as templates see it; each field is written when it is asked for."""

    figure: Figure
    text: str = ""

    @property
    def value(self) -> float | int:
        """The number itself; a view is only made of a known figure."""
        return self.figure.value if self.figure.value is not None else 0

    @property
    def is_partial(self) -> bool:
        """Whether the sum leaves out rows whose number is not known."""
        return is_partial(self.figure)


def _coverage(view: FigureView) -> str:
    which = numbers.counted(view.figure.known, "établissement")
    return f"nombre connu pour {which} sur {numbers.number(view.figure.of)}"


def _said(view: FigureView) -> str:
    said = view.text or numbers.counted(view.value, view.figure.unit)
    return f"{said} ({_coverage(view)})" if view.is_partial else said


def _at_least(view: FigureView) -> str:
    """Say in the room of a cell that a sum is partial; what nothing is known of is no "at least"."""
    said = numbers.number(view.value)
    if not view.is_partial:
        return said
    return f"au moins {said}" if view.value > 0 else f"{said} ({_coverage(view)})"


# field → (what it writes, one line for docs/letters.md). Those of QUOTING make the letter name
# the figure's source where they are printed; "un {{ ….unit }}" says a number too.
FIGURE_FIELDS: Mapping[str, tuple[Callable[[FigureView], Any], str]] = {
    "said": (_said, "number, unit and, when only part is known, for how many establishments"),
    "counted": (lambda view: numbers.counted(view.value, view.figure.unit), "number and unit"),
    "number": (lambda view: numbers.number(view.value), "the number in French digits"),
    "at_least": (
        _at_least,
        "the number for a table, “au moins 176” when only part is known",
    ),
    "in_words": (
        lambda view: numbers.in_words(view.value, view.figure.unit),
        "number and unit, the number in words from two to sixteen: “trois places”",
    ),
    "about": (
        lambda view: numbers.about(view.value, view.figure.unit),
        "rounded to two digits: “près de 1 200 places”",
    ),
    "text": (lambda view: view.text or _said(view), "as campaign.toml words it"),
    "value": (lambda view: view.value, "the bare number, to compare with"),
    "unit": (lambda view: view.figure.unit or None, "what is counted, singular"),
    "source": (lambda view: view.figure.source, "who published it"),
    "date": (lambda view: numbers.as_of_words(view.figure.as_of), "what day or year it is true of"),
    "when": (
        lambda view: numbers.when_words(view.figure.as_of) or None,
        "the same in a sentence: “au 31 décembre 2020”, “en 2019”; nothing where it cannot be said",
    ),
    "known": (lambda view: view.figure.known, "how many rows the sum rests on"),
    "of": (lambda view: view.figure.of, "how many rows there are"),
    "partial": (lambda view: view.is_partial, "true when known is less than of"),
    "coverage": (
        lambda view: _coverage(view) if view.is_partial else None,
        "“nombre connu pour 12 établissements sur 15”; nothing when complete",
    ),
}
QUOTING = frozenset(
    ["said", "counted", "in_words", "number", "at_least", "about", "text", "value", "unit"]
)


class _Text(str):
    figures: tuple[Figure, ...]


class _Int(int):
    figures: tuple[Figure, ...]


class _Float(float):
    figures: tuple[Figure, ...]


def carrying(value: Any, figures: tuple[Figure, ...]) -> Any:
    """Make a text or number carry the figures that it says, to where it is printed.

    A figure that is only compared, or set aside by {% set %}, is not quoted: printing tells.
    """
    said: _Text | _Int | _Float
    if not figures or isinstance(value, bool):
        return value
    if isinstance(value, str):
        said = _Text(value)
    elif isinstance(value, int):
        said = _Int(value)
    elif isinstance(value, float):
        said = _Float(value)
    else:
        return value
    said.figures = figures
    return said


def carried(value: Any) -> tuple[Figure, ...]:
    """Give the figures that a value says; none for anything but a text or number of a figure."""
    return value.figures if isinstance(value, _Text | _Int | _Float) else ()


def plain(value: Any) -> Any:
    """Give a value as it is without its figures."""
    for kind, bare in ((_Text, str), (_Int, int), (_Float, float)):
        if isinstance(value, kind):
            return bare(value)
    return value


def figure_field(view: FigureView, name: str) -> Any:
    """Give a field of a figure; where it is printed, the letter quotes the figure.

    Raises:
        KeyError: there is no such field.
    """
    write, _ = FIGURE_FIELDS[name]
    value = write(view)
    return carrying(value, (view.figure,)) if name in QUOTING else value


# Units that do not say what a figure is of.
UNTOLD: Final = ("", "%")


def source_line(figures: Iterable[Figure]) -> str:
    """Name the source, date and subject of each figure quoted, once each: "FINESS (…) ; …"."""
    figures = list(figures)
    grouped: dict[str, dict[str, None]] = {}
    for figure in figures:
        # One survey is not dated "décembre 2020" here and "31 décembre 2020" there.
        dates = [other.as_of for other in figures if other.source == figure.source]
        as_of = min(
            (day for day in dates if day and figure.as_of.startswith(day)), default="", key=len
        )
        subjects = grouped.setdefault(numbers.dated_source(figure.source, as_of), {})
        subject = figure.subject
        if not subject and figure.unit not in UNTOLD:
            subject = numbers.plural(figure.unit)
        if subject:
            subjects[subject] = None
    return f"{NBSP}; ".join(
        f"{source} ({numbers.joined(list(subjects))})" if subjects else source
        for source, subjects in grouped.items()
    )
