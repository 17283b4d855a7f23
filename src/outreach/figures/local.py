"""Local figures: what the organisations run in each constituency, département and the country.

matching hands over one row per establishment; letters receives one LocalFigures per recipient.
Nothing here rounds a number for display or writes a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from outreach.establishments.proper_names import is_quotable, written_name
from outreach.figures.figure import AreaLevel, Figure, LocalFigures
from outreach.figures.indicators import COUNTRY, Indicators, load_indicators
from outreach.roster.seat import Parliamentarian

# What is summed and its unit. Measures are judicial or educational: never added to places.
SUMMED = {
    "places": "place",
    "measures": "mesure",
    "staff_headcount": "professionnel",
    "staff_fte": "équivalent temps plein",
}
_WHOLE = frozenset({"places", "measures", "staff_headcount"})
_EXAMPLES = 5
_LEVELS: dict[AreaLevel, str] = {
    "constituency": "constituency_code",
    "department": "matched_department_code",
}


@dataclass(frozen=True)
class _Groups:
    """Rows grouped by area, and by area and field, and their sums.

    Attributes:
        areas: area code → its number.
        of_row: number of each row's area, -1 for a row in none.
        rows, known, sums: by area × field (the last field is "all"); known and sums by column too.
    """

    areas: dict[str, int]
    of_row: NDArray[np.int64]
    rows: NDArray[np.int64]
    known: Mapping[str, NDArray[np.int64]]
    sums: Mapping[str, NDArray[np.float64]]


# The certainties that place a row in one constituency, the strongest first.
_CERTAINTIES = ("address", "commune", "postcode")
_OF_LEVEL = {"department": "department", "country": ""}


class LocalFigureTable:
    """The figures of every area, added up once.

    Args:
        matched: establishments.columns.TABLE + MATCH, one row per establishment.
        source: what a letter says of the list ("FINESS, extrait du 13 août 2026").
        as_of: the list's date, as precise as known.
        indicators: published figures; None takes the bundled ones.

    A sum rests on known values only and says how many (known) of how many rows (of); where none is
    known the value is None, never 0. An establishment whose constituency is not certain counts in
    its département and in the country only.
    """

    def __init__(
        self,
        matched: pd.DataFrame,
        *,
        source: str = "",
        as_of: str = "",
        indicators: Indicators | None = None,
    ) -> None:
        self._source, self._as_of = source, as_of
        self._indicators = indicators or load_indicators()
        self._fields, field_of_row = _numbered(matched["field"])
        values = {
            name: matched[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in SUMMED
        }
        self._size = np.nan_to_num(values["places"], nan=-1.0) * 1e6 + np.nan_to_num(
            values["staff_headcount"], nan=0.0
        )
        self._named = tuple(
            matched[column].tolist() for column in ("name", "matched_commune_name", "commune_name")
        )
        self._groups: dict[AreaLevel, _Groups] = {}
        for level, column in _LEVELS.items():
            areas, of_row = _numbered(matched[column])
            self._groups[level] = _grouped(areas, of_row, field_of_row, len(self._fields), values)
        everywhere = np.zeros(len(matched), dtype=np.int64)
        self._groups["country"] = _grouped(
            {COUNTRY: 0}, everywhere, field_of_row, len(self._fields), values
        )
        department_of_row = self._groups["department"].of_row
        unsure = department_of_row[self._groups["constituency"].of_row < 0]
        counts = np.bincount(
            unsure[unsure >= 0], minlength=len(self._groups["department"].areas)
        ).tolist()
        self._unsure = {
            code: counts[number] for code, number in self._groups["department"].areas.items()
        }

        self._weakest = _weakest_certainty(matched, self._groups["constituency"])

    def for_recipient(self, recipient: Parliamentarian) -> LocalFigures:
        """The figures for one letter, as local as they can be.

        A deputy: the constituency; where it holds no establishment, the département; where that
        holds none either, or abroad, the country. A senator: the département, else the country.
        """
        return self._local(recipient.constituency_code, recipient.department_code)

    def for_area(self, area_code: str) -> LocalFigures:
        """The figures of "01-04", "01" or "FR", falling back like a letter's."""
        if area_code == COUNTRY:
            return self._local("", "")
        return self._local(area_code if "-" in area_code else "", area_code.partition("-")[0])

    def _local(self, constituency: str, department: str) -> LocalFigures:
        level: AreaLevel = "country"
        area = COUNTRY
        if department in self._groups["department"].areas:
            level, area = "department", department
        if constituency in self._groups["constituency"].areas:
            level, area = "constituency", constituency
        published = self._indicators.of(level, area)
        by_field: dict[str, Mapping[str, Figure]] = {
            field: self._sums(level, area, number)
            for field, number in self._fields.items()
            if self._groups[level].rows[self._groups[level].areas[area], number]
        }
        for name, figure in published.items():
            field = self._indicators.fields.get(name, "")
            if field:
                by_field[field] = {**by_field.get(field, {}), name: figure}
        return LocalFigures(
            level=level,
            area_code=area,
            figures={**published, **self._sums(level, area, len(self._fields))},
            by_field=by_field,
            constituency=self._indicators.of("constituency", constituency),
            department=self._indicators.of("department", department),
            country=self._indicators.of("country", COUNTRY),
            establishments=self._largest(level, area),
            certainty=self._weakest[area] if level == "constituency" else _OF_LEVEL[level],
            unsure=self._unsure.get(department, 0),
        )

    def _sums(self, level: AreaLevel, area: str, field: int) -> dict[str, Figure]:
        """The sums of one area and field (by number; the last is all fields)."""
        groups = self._groups[level]
        at = (groups.areas[area], field)
        of = int(groups.rows[at])
        figures = {"establishments": self._figure("establishments", of, "établissement", of, of)}
        for name, unit in SUMMED.items():
            known = int(groups.known[name][at])
            total = float(groups.sums[name][at])
            value = (int(total) if name in _WHOLE else total) if known else None
            figures[name] = self._figure(name, value, unit, known, of)
        return figures

    def _largest(self, level: AreaLevel, area: str) -> tuple[tuple[str, str], ...]:
        """Up to five of the largest establishments with a name that a letter can quote.

        The largest by places, then by staff; names as written_name gives them.
        """
        groups = self._groups[level]
        rows = np.flatnonzero(groups.of_row == groups.areas[area])
        # Below 0 neither places nor staff are known: no example.
        rows = rows[self._size[rows] >= 0]
        found: list[tuple[str, str]] = []
        for row in rows[np.argsort(-self._size[rows], kind="stable")].tolist():
            name, official, typed = (column[row] for column in self._named)
            if is_quotable(name, official):
                found.append((written_name(name, official), official or written_name(typed)))
            if len(found) == _EXAMPLES:
                break
        return tuple(found)

    def _figure(self, name: str, value: float | None, unit: str, known: int, of: int) -> Figure:
        return Figure(name, value, unit, known, of, self._as_of, self._source)


def _numbered(codes: "pd.Series[str]") -> tuple[dict[str, int], NDArray[np.int64]]:
    """Number the codes of a column: code → number, and each row's number, -1 for ""."""
    of_row, found = pd.factorize(codes.to_numpy(dtype=object))
    numbers = {str(code): number for number, code in enumerate(found)}
    empty = numbers.pop("", None)
    if empty is None:
        return numbers, of_row.astype(np.int64)
    # The numbers behind the empty one move up by one.
    moved = np.arange(len(found), dtype=np.int64)
    moved[empty:] -= 1
    moved[empty] = -1
    return {code: int(moved[number]) for code, number in numbers.items()}, moved[of_row]


def _grouped(
    areas: dict[str, int],
    of_row: NDArray[np.int64],
    field_of_row: NDArray[np.int64],
    fields: int,
    values: Mapping[str, NDArray[np.float64]],
) -> _Groups:
    """Add up n rows by area × field; the last of the fields + 1 columns is their sum over all rows."""
    shape = (len(areas), fields + 1)
    inside = of_row >= 0
    # Rows of no field are counted in a column that is then replaced by the sum of all.
    at = (of_row * (fields + 1) + np.where(field_of_row < 0, fields, field_of_row))[inside]
    size = shape[0] * shape[1]

    def counted(rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        return _with_total(np.bincount(at[rows], minlength=size).reshape(shape))

    def added(rows: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return _with_total(np.bincount(at[rows], weights[rows], minlength=size).reshape(shape))

    known = {name: ~np.isnan(column[inside]) for name, column in values.items()}
    return _Groups(
        areas=areas,
        of_row=of_row,
        rows=counted(np.ones(len(at), dtype=bool)),
        known={name: counted(rows) for name, rows in known.items()},
        sums={name: added(known[name], column[inside]) for name, column in values.items()},
    )


def _with_total(table: NDArray[Any]) -> NDArray[Any]:
    table[:, -1] = table.sum(axis=1)
    return table


def _weakest_certainty(matched: pd.DataFrame, constituencies: _Groups) -> dict[str, str]:
    """Give each constituency the weakest certainty of its rows."""
    ranks = {name: rank for rank, name in enumerate(_CERTAINTIES)}
    rank_of_row = matched["certainty"].map(ranks).fillna(len(ranks) - 1).to_numpy(dtype=np.int64)
    placed = constituencies.of_row >= 0
    weakest = np.zeros(len(constituencies.areas), dtype=np.int64)
    np.maximum.at(weakest, constituencies.of_row[placed], rank_of_row[placed])
    return {
        area: _CERTAINTIES[int(weakest[number])] for area, number in constituencies.areas.items()
    }
