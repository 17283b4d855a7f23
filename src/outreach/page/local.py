"""The local figures that the page shows beside the people, and the map's value for each place."""

import difflib
from collections.abc import Iterable, Mapping, Sequence

from outreach.campaign import Page
from outreach.errors import InputError
from outreach.figures.figure import Figure, LocalFigures
from outreach.letters.numbers import dated_source, is_plural, number, plural
from outreach.letters.typography import typeset

Shown = list[list[str]]


def shown_figures(figures: Mapping[str, Figure], names: Sequence[str]) -> Shown:
    """Give [label, number, source] of the figures that are known, in the order of names."""
    return [
        [label(figure), typeset(number(figure.value)), source(figure)]
        for name in names
        if (figure := figures.get(name)) is not None and figure.value is not None
    ]


def label(figure: Figure) -> str:
    """Give "places (nombre connu pour 3 établissements sur 5)": what is counted, and of how many rows."""
    unit = plural(figure.unit) if is_plural(figure.value or 0) else figure.unit
    if 0 < figure.known < figure.of:
        partial = f"nombre connu pour {number(figure.known)} sur {number(figure.of)}"
        return typeset(f"{unit} ({partial})")
    return typeset(unit)


def source(figure: Figure) -> str:
    """Give the source as it is quoted, with its date when it does not say it."""
    return typeset(dated_source(figure.source, figure.as_of))


def check_names(page: Page, areas: Iterable[LocalFigures]) -> None:
    """Refuse a figure of campaign.toml that no area has: the page would be silent about it.

    Raises:
        InputError: with each unknown name and the nearest known one.
    """
    known: dict[str, None] = {}
    for local in areas:
        known |= dict.fromkeys([*local.figures, *local.constituency])
    asked = [("figures", name) for name in page.figures] + [("map_figure", page.map_figure)]
    problems = []
    for key, name in asked:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f' did you mean "{near[0]}"?' if near else ""
            problems.append(
                f'campaign.toml, page.{key}: "{name}" is no local figure;{meant} '
                f"Known here: {', '.join(sorted(known))}."
            )
    if problems:
        raise InputError("The page cannot show these figures:", problems)


def map_figure(local: LocalFigures, code: str, name: str) -> Figure | None:
    """Give a constituency's own figure, a sum or a published one; None when it has none."""
    if local.level == "constituency" and local.area_code == code and name in local.figures:
        return local.figures[name]
    return local.constituency.get(name)
