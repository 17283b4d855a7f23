"""Tests of outreach.figures.local, indicators and build."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.establishments.columns import MATCH, TABLE, make_frame
from outreach.figures.build import build_indicators
from outreach.figures.figure import Figure
from outreach.figures.indicators import Indicators, load_indicators
from outreach.figures.local import LocalFigureTable
from outreach.roster.seat import Chamber, Parliamentarian

NONE = Indicators({}, {})


def matched(*rows: dict[str, object]) -> pd.DataFrame:
    """A matched table: unnamed columns are unknown."""
    kinds = {**TABLE, **MATCH}
    empty = {name: "" if kind == "string" else None for name, kind in kinds.items()}
    filled = [{**empty, "name": f"Foyer {n}", **row} for n, row in enumerate(rows)]
    return make_frame({name: [row[name] for row in filled] for name in kinds}, kinds)


def recipient(chamber: Chamber, department: str, constituency: str = "") -> Parliamentarian:
    """A fictional parliamentarian."""
    return Parliamentarian(
        "X1", chamber, "F", "Ada", "Essai", department, constituency, "", "", "", (), "none", "",
        (), dt.date(2024, 7, 8),
    )  # fmt: skip


def test_sums_know_how_many_rows_they_rest_on() -> None:
    """Two of three headcounts known: the sum says 2 of 3; none known is None, not 0."""
    table = LocalFigureTable(
        matched(
            {"constituency_code": "01-04", "matched_department_code": "01", "places": 40, "staff_headcount": 10},
            {"constituency_code": "01-04", "matched_department_code": "01", "places": 12, "staff_headcount": 5},
            {"constituency_code": "01-04", "matched_department_code": "01"},
        ),
        source="notre liste",
        as_of="2026-09",
        indicators=NONE,
    )  # fmt: skip

    local = table.for_recipient(recipient("assemblee", "01", "01-04"))

    assert local.level == "constituency"
    assert local.figures["establishments"].value == 3
    assert local.figures["staff_headcount"] == Figure(
        "staff_headcount", 15, "professionnel", 2, 3, "2026-09", "notre liste"
    )
    assert local.figures["staff_fte"].value is None


def test_places_and_measures_are_never_added() -> None:
    """1 500 measures stay out of the places."""
    rows = [
        {"constituency_code": "01-04", "matched_department_code": "01", "places": 40, "field": "handicap"},
        {"constituency_code": "01-04", "matched_department_code": "01", "measures": 1500,
         "field": "protection_juridique_majeurs"},
    ]  # fmt: skip

    local = LocalFigureTable(matched(*rows), indicators=NONE).for_area("01-04")

    assert (local.figures["places"].value, local.figures["measures"].value) == (40, 1500)
    assert set(local.by_field) == {"handicap", "protection_juridique_majeurs"}
    assert local.by_field["handicap"]["measures"].value is None


def test_a_constituency_without_establishment_falls_back() -> None:
    """To its département when that has some, else to the country; abroad too."""
    table = LocalFigureTable(
        matched({"constituency_code": "01-04", "matched_department_code": "01", "places": 40}),
        indicators=NONE,
    )

    levels = [
        table.for_recipient(recipient("assemblee", department, code))
        for department, code in (("01", "01-04"), ("01", "01-01"), ("02", "02-01"), ("ZZ", "ZZ-05"))
    ]

    assert [(local.level, local.area_code) for local in levels] == [
        ("constituency", "01-04"), ("department", "01"), ("country", "FR"), ("country", "FR"),
    ]  # fmt: skip


def test_senators_have_their_departement() -> None:
    """Saint-Barthélemy and Saint-Martin are apart in the Senate, one seat in the Assembly."""
    table = LocalFigureTable(
        matched(
            {"constituency_code": "977-01", "matched_department_code": "977", "places": 1},
            {"constituency_code": "977-01", "matched_department_code": "978", "places": 2},
        ),
        indicators=NONE,
    )

    values = [
        table.for_recipient(person).figures["places"].value
        for person in (
            recipient("senat", "977"),
            recipient("senat", "978"),
            recipient("assemblee", "977", "977-01"),
        )
    ]

    assert values == [1, 2, 3]


def test_the_unsure_count_for_their_departement_only() -> None:
    """A row without a certain constituency is in the département's sums, and told."""
    table = LocalFigureTable(
        matched(
            {"constituency_code": "06-01", "matched_department_code": "06", "places": 10},
            {"constituency_code": "", "matched_department_code": "06", "places": 5},
        ),
        indicators=NONE,
    )

    deputy, senator = (
        table.for_recipient(person)
        for person in (recipient("assemblee", "06", "06-01"), recipient("senat", "06"))
    )

    assert (deputy.figures["places"].value, deputy.unsure) == (10, 1)
    assert senator.figures["places"].value == 15


def test_the_weakest_certainty_counts() -> None:
    """One row known by its postcode only makes the whole constituency's figures that certain."""
    table = LocalFigureTable(
        matched(
            {"constituency_code": "06-01", "matched_department_code": "06", "certainty": "address"},
            {
                "constituency_code": "06-01",
                "matched_department_code": "06",
                "certainty": "postcode",
            },
            {"constituency_code": "06-02", "matched_department_code": "06", "certainty": "address"},
        ),
        indicators=NONE,
    )

    certainties = [table.for_area(area).certainty for area in ("06-01", "06-02", "06", "FR")]

    assert certainties == ["postcode", "address", "department", ""]


def test_examples_are_the_largest() -> None:
    """Up to five, by places then staff; unknown sizes and names of no letter are no example."""
    rows: list[dict[str, object]] = [
        {
            "matched_department_code": "01",
            "name": f"FOYER {name}",
            "places": n,
            "matched_commune_name": "Bourg",
        }
        for n, name in enumerate(("DUPONT", "DURAND", "MARTIN", "MOREL", "LES ORMES", "VIAL"))
    ]
    rows.append({"matched_department_code": "01", "name": "ACCUEIL DE JOUR", "places": 900})
    rows.append({"matched_department_code": "01", "name": "?", "commune_name": "BOURG"})

    local = LocalFigureTable(matched(*rows), indicators=NONE).for_recipient(
        recipient("senat", "01")
    )

    names = ("Foyer Vial", "Foyer Les Ormes", "Foyer Morel", "Foyer Martin", "Foyer Durand")
    assert local.establishments == tuple((name, "Bourg") for name in names)


def test_an_empty_list_is_known_to_be_empty() -> None:
    """No establishment at all: 0 establishments, unknown places, the published figures stay."""
    local = LocalFigureTable(matched()).for_recipient(recipient("assemblee", "01", "01-04"))

    assert local.level == "country"
    assert local.figures["establishments"].value == 0
    assert local.figures["places"].value is None
    assert local.constituency["population"].value == 128896


ROW = st.fixed_dictionaries(
    {
        "constituency_code": st.sampled_from(["", "01-01", "01-04", "2A-02", "974-07"]),
        "matched_department_code": st.sampled_from(["", "01", "2A", "974"]),
        "field": st.sampled_from(["", "handicap", "lutte_exclusions"]),
        "places": st.none() | st.integers(0, 5000),
        "staff_headcount": st.none() | st.integers(0, 5000),
        "staff_fte": st.none() | st.just(0.5),
    }
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ROW, max_size=30))
def test_nothing_is_lost_or_invented(rows: list[dict[str, object]]) -> None:
    """Every sum equals the sum over the rows themselves, at every level and field."""
    table = LocalFigureTable(matched(*rows), indicators=NONE)

    for code, key in (
        ("01-04", "constituency_code"),
        ("01", "matched_department_code"),
        ("FR", ""),
    ):
        local = table.for_area(code)
        inside = [row for row in rows if not key or row[key] == code]
        if local.area_code != code:
            assert not inside
            continue
        for name in ("places", "staff_headcount", "staff_fte"):
            known = [row[name] for row in inside if row[name] is not None]
            figure = local.figures[name]
            assert (figure.known, figure.of) == (len(known), len(inside))
            assert figure.value == (sum(known) if known else None)  # type: ignore[arg-type]  # numbers
        for field in ("handicap", "lutte_exclusions"):
            of_field = [row for row in inside if row["field"] == field]
            assert (field in local.by_field) == bool(of_field)
            if of_field:
                assert local.by_field[field]["establishments"].value == len(of_field)


def test_published_figures_have_unit_date_and_source() -> None:
    """Every bundled indicator can be quoted, and the traps hold."""
    indicators = load_indicators()

    assert all(
        figure.unit and figure.as_of and figure.source and figure.value is not None
        for area in indicators.by_area.values()
        for figure in area.values()
    )
    assert indicators.of("department", "69")["apa_beneficiaries"].value == 31428
    assert not indicators.of("department", "976")
    assert not indicators.of("department", "2A")
    assert indicators.of("constituency", "977-01")["population"].value == 42778
    assert indicators.of("country", "FR")["apa_beneficiaries"].value == 1318168
    assert len([area for level, area in indicators.by_area if level == "constituency"]) == 566


@pytest.mark.parametrize(
    ("area", "when"),
    [("01-01", "2019-01-01"), ("976-01", "2017"), ("976-02", "2017"), ("986-01", "2018"),
     ("987-01", "2017"), ("987-02", "2017"), ("987-03", "2017"), ("988-01", "2019")],
)  # fmt: skip
def test_a_population_has_the_date_of_its_census(area: str, when: str) -> None:
    """Where Insee took the figure from another census, date and source are that census's."""
    population = load_indicators().of("constituency", area)["population"]

    assert population.as_of == when
    assert ("1er janvier 2019" in population.source) == (area == "01-01")
    assert when[:4] in population.source


def test_the_country_s_population_is_dated_by_all_its_censuses() -> None:
    """A sum of constituencies counted in different years claims no single day."""
    population = load_indicators().of("country", "FR")["population"]

    assert (population.as_of, population.source[-9:]) == ("2017-2019", "2017-2019")


def test_published_figures_stand_beside_the_sums() -> None:
    """A deputy has the constituency's and the département's, by field too, and France to compare."""
    local = LocalFigureTable(
        matched({"constituency_code": "01-04", "matched_department_code": "01", "places": 40})
    ).for_recipient(recipient("assemblee", "01", "01-04"))
    senator = LocalFigureTable(
        matched({"constituency_code": "01-04", "matched_department_code": "01", "places": 40})
    ).for_recipient(recipient("senat", "01"))

    assert local.figures["population"] == local.constituency["population"]
    assert local.department["apa_beneficiaries"].value == 10518
    assert local.country["poverty_rate"].value == 14.5
    assert senator.by_field["protection_enfance"]["children_entrusted"].value == 1514
    assert not senator.constituency


@pytest.mark.shared
def test_the_bundled_indicators_are_what_the_command_writes(shared: Path, tmp_path: Path) -> None:
    """Built again from the publishers' workbooks, data/figures is the same, byte for byte."""
    (tmp_path / "indicators.toml").write_bytes(data_path("figures", "indicators.toml").read_bytes())

    build_indicators(
        shared / "geo/insee/indic-stat-circonscriptions-legislatives-2022.xlsx",
        shared / "establishments/drees/drees_asd_beneficiaires_2020.xlsx",
        tmp_path,
    )

    for name in ("indicators.csv", "source.toml"):
        assert (tmp_path / name).read_bytes() == data_path("figures", name).read_bytes()


@pytest.mark.shared
def test_a_changed_workbook_is_refused(shared: Path, tmp_path: Path) -> None:
    """The two workbooks exchanged: everything that is missing is listed, nothing is written."""
    (tmp_path / "indicators.toml").write_bytes(data_path("figures", "indicators.toml").read_bytes())
    insee = shared / "geo/insee/indic-stat-circonscriptions-legislatives-2022.xlsx"

    with pytest.raises(InputError) as caught:
        build_indicators(insee, insee, tmp_path)

    assert len(caught.value.problems) == 9
    assert sorted(path.name for path in tmp_path.iterdir()) == ["indicators.toml"]
