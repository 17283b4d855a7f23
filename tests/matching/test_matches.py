"""Tests of outreach.matching.matches, point, review, output and duplicates."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.matching.conftest import make_table

from outreach.errors import InputError
from outreach.establishments.bundled import load_bundled
from outreach.establishments.columns import MATCH, TABLE
from outreach.geography.places import Geography, load_geography
from outreach.matching.doubts import Summary, doubt_in_french
from outreach.matching.duplicates import DuplicateSearch, duplicates_text
from outreach.matching.gazetteer import gazetteer_of
from outreach.matching.matches import decide_row, match_establishments
from outreach.matching.output import MatchesFile
from outreach.matching.place import find_place
from outreach.matching.point import Point, locate_points
from outreach.matching.results import Results
from outreach.matching.review import (
    COLUMNS,
    Decision,
    decisions_text,
    key_of,
    read_review,
    review_rows,
    review_text,
    review_xlsx,
)
from outreach.matching.said import Said
from outreach.roster.bundled import load_roster
from outreach.roster.seat import Chamber, Parliamentarian, Roster

# The town hall of Lyon's 2e arrondissement, and one side of a street that divides it in two.
LYON = {"postcode": "69002", "commune_name": "Lyon"}


def member(
    chamber: Chamber, official_id: str, department: str, constituency: str
) -> Parliamentarian:
    """A fictional parliamentarian."""
    return Parliamentarian(
        official_id, chamber, "F", "Ada", "Essai", department, constituency, "GR", "Groupe", "",
        (), "email", "ada@example.org", (), None,
    )  # fmt: skip


def test_every_row_keeps_its_place_and_gets_a_reason(geography: Geography) -> None:
    """The bundled list: same rows, same order, MATCH added, and nothing lost."""
    table = load_bundled().table

    matched = match_establishments(table, geography, [])

    assert list(matched.columns) == [*TABLE, *MATCH]
    assert matched["establishment_id"].tolist() == table["establishment_id"].tolist()
    assert (matched["reason"] != "").all()
    summary = Summary()
    summary.add(matched)
    assert summary.certainty.total() == 602
    assert summary.doubts.total() == summary.certainty["unsure"] < 60


def test_a_whole_commune_gives_deputy_and_senators(geography: Geography) -> None:
    """A commune that is not split leads to its deputy and to the senators of its département."""
    rosters = [
        Roster("assemblee", dt.date(2026, 10, 8), (member("assemblee", "PA1", "01", "01-05"),), ()),
        Roster("senat", dt.date(2026, 10, 7), (member("senat", "S1", "01", ""), member("senat", "S2", "01", "")), ()),
    ]  # fmt: skip

    row = match_establishments(
        make_table({"postcode": "01500", "commune_name": "Ambérieu-en-Bugey"}), geography, rosters
    ).iloc[0]

    assert (row["constituency_code"], row["certainty"]) == ("01-05", "commune")
    assert (row["deputy_id"], row["senator_ids"]) == ("PA1", "S1 S2")
    assert row["matched_commune_name"] == "Ambérieu-en-Bugey"


def test_a_vacant_seat_leaves_the_deputy_empty(geography: Geography) -> None:
    """The constituency is known, nobody holds it."""
    rosters = [Roster("assemblee", dt.date(2026, 10, 8), (), ())]

    row = match_establishments(make_table({"commune_code": "01004"}), geography, rosters).iloc[0]

    assert (row["constituency_code"], row["deputy_id"]) == ("01-05", "")


def test_a_split_commune_needs_a_point(geography: Geography) -> None:
    """Without a point the candidates are listed; with one the constituency is certain."""
    without, with_point = (
        match_establishments(make_table(row), geography, []).iloc[0]
        for row in (
            {"commune_code": "06088"},
            {"commune_code": "06088", "longitude": 7.2716, "latitude": 43.6961},
        )
    )

    assert (without["constituency_code"], without["certainty"]) == ("", "unsure")
    assert without["candidates"] == "06-01 06-03 06-05"
    assert without["matched_department_code"] == "06"
    assert (with_point["method"], with_point["certainty"]) == ("point", "address")
    assert with_point["constituency_code"] in without["candidates"]


def test_a_commune_partly_of_another_departements_constituency(geography: Geography) -> None:
    """Part of 51171 votes in 02-01: a deputy of another département, its own senators."""
    row = match_establishments(make_table({"commune_code": "51171"}), geography, []).iloc[0]

    assert (row["candidates"], row["matched_department_code"]) == ("02-01 51-01", "51")


def test_a_point_alone_decides(geography: Geography) -> None:
    """A row with nothing but coordinates is located."""
    row = match_establishments(
        make_table({"longitude": 5.2261, "latitude": 46.2010}), geography, []
    ).iloc[0]

    assert (row["constituency_code"], row["method"]) == ("01-01", "point")
    assert row["matched_department_code"] == "01"


def test_a_point_far_from_its_commune_is_shown(geography: Geography) -> None:
    """A commune in Ain with a point in Paris is unsure, with both readings."""
    row = match_establishments(
        make_table({"commune_code": "01004", "longitude": 2.35, "latitude": 48.86}), geography, []
    ).iloc[0]

    assert row["certainty"] == "unsure"
    assert row["candidates"].split()[0] == "01-05"
    assert "but the point is in 75-" in row["reason"]


def test_a_departement_that_contradicts_is_for_a_person_unless_a_point_decides(
    geography: Geography,
) -> None:
    """Ambérieu "in the Gironde" has no deputy and no senators yet; a point in Ambérieu settles it."""
    said = {"postcode": "01500", "commune_name": "Ambérieu-en-Bugey", "department_code": "33"}
    rosters = [load_roster("assemblee"), load_roster("senat")]
    table = make_table(said, said | {"longitude": 5.35, "latitude": 45.96})

    doubtful, settled = match_establishments(table, geography, rosters).to_dict("records")

    assert (doubtful["certainty"], doubtful["candidates"]) == ("unsure", "01-05")
    assert (doubtful["deputy_id"], doubtful["senator_ids"]) == ("", "")
    assert doubt_in_french(doubtful["reason"]).startswith("le département contredit")
    assert (settled["certainty"], settled["constituency_code"]) == ("address", "01-05")


@pytest.mark.parametrize(
    ("metres", "certainty"), [(49.0, "unsure"), (51.0, "address"), (2000.0, "address")]
)
def test_a_point_near_a_boundary_is_for_a_person(
    geography: Geography, metres: float, certainty: str
) -> None:
    """Within 50 m of a boundary inside a split commune the row goes to review, likeliest first."""
    index = gazetteer_of(geography)
    place = find_place(Said(commune_code="06088"), index)

    row = decide_row(place, Point("06-03", True, metres), index)

    assert row["certainty"] == certainty
    assert (row["constituency_code"] or row["candidates"].split()[0]) == "06-03"


def test_a_point_in_no_polygon_is_the_nearest_and_said(geography: Geography) -> None:
    """In a lagoon the nearest constituency is taken and the reason says so."""
    index = gazetteer_of(geography)
    place = find_place(Said(commune_code="06088"), index)

    row = decide_row(place, Point("06-01", False, 300.0), index)

    assert row["constituency_code"] == "06-01"
    assert "in no constituency, 300 m from the nearest" in row["reason"]


def slow_match(table: pd.DataFrame, geography: Geography) -> list[dict[str, str]]:
    """The obviously right way: each row alone, its point located alone, nothing shared or skipped."""
    index = gazetteer_of(geography)
    rows = []
    centres = geography.communes.set_index("commune_code")[["longitude", "latitude"]]
    for row in table.to_dict("records"):
        place = find_place(
            Said(row["commune_code"], row["postcode"], row["commune_name"], row["department_code"]),
            index,
        )
        point = None
        if not pd.isna(row["longitude"]) and not pd.isna(row["latitude"]):
            (point,) = locate_points(np.array([row["longitude"]]), np.array([row["latitude"]]))
            whole = len(place.places) == 1 and place.certainty != "unsure"
            if whole and len(index.constituencies(place.places)) == 1:
                x, y = centres.loc[index.commune_of(place.places[0])]
                if (
                    pd.notna(x)
                    and max(abs(x - row["longitude"]) * 0.7, abs(y - row["latitude"])) <= 0.08
                ):
                    point = None  # it confirms its commune
        rows.append(decide_row(place, point, index))
    return rows


CELL = st.fixed_dictionaries(
    {
        "commune_code": st.sampled_from(["", "", "01053", "69123", "44180", "13055", "XXXXX"]),
        "postcode": st.sampled_from(["", "01000", "69002", "13009", "57000", "97150", "99000"]),
        "commune_name": st.sampled_from(
            ["", "Lyon", "Bourg en Bresse", "Nantes", "St Martin", "Metz", "MARSEILLE 09", "Merz"]
        ),
        "department_code": st.sampled_from(["", "01", "57", "974"]),
        "point": st.sampled_from(
            [None, None, (5.2261, 46.2010), (4.8357, 45.764), (2.35, 48.86), (-30.0, 40.0), (6.1757, 49.1193)]
        ),
    }
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, max_size=12))
def test_the_fast_matcher_equals_the_slow_one(rows: list[dict[str, object]]) -> None:
    """Sharing work between rows and skipping points that tell nothing changes no answer."""
    geography = load_geography()
    table = make_table(
        *(
            {
                **{name: value for name, value in row.items() if name != "point"},
                "longitude": row["point"][0] if row["point"] else None,  # type: ignore[index]  # a pair or None
                "latitude": row["point"][1] if row["point"] else None,  # type: ignore[index]  # a pair or None
            }
            for row in rows
        )
    )

    matched = match_establishments(table, geography, [])

    expected = slow_match(table, geography)
    for name in ("constituency_code", "candidates", "certainty", "matched_department_code"):
        assert matched[name].tolist() == [row[name] for row in expected]
    assert len(matched) == len(rows)


def unsure_table(geography: Geography) -> pd.DataFrame:
    """Three doubtful rows and a certain one, matched."""
    return match_establishments(
        make_table(
            {"commune_code": "06088", "name": "=1+1", "finess": "060000001"},
            {"postcode": "13009", "commune_name": "Nantes", "name": "Foyer B", "address": "1 av. Foch"},
            {"commune_code": "01004", "name": "Certain"},
            {"name": "Nulle part", "department_code": "01"},
        ),
        geography,
        [],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["review.csv", "review.xlsx"])
def test_a_review_file_is_written_edited_and_read(
    geography: Geography, tmp_path: Path, name: str
) -> None:
    """Doubtful rows are written; a decision typed in the file decides the next run."""
    matched = unsure_table(geography)
    path = tmp_path / name
    rows = review_rows(matched)
    assert len(rows) == 3
    if name.endswith("csv"):
        path.write_text(review_text(rows), "utf-8")
    else:
        path.write_bytes(review_xlsx(rows, geography))
    if name.endswith("xlsx"):
        import openpyxl

        book = openpyxl.load_workbook(path)
        assert book.active is not None
        sheet = book.active
        column = COLUMNS.index("decision") + 1
        for row in range(2, 5):
            if sheet.cell(row, 1).value == "F060000001":
                sheet.cell(row, column).value = "06-03 (3e circonscription des Alpes-Maritimes)"
        assert len(sheet.data_validations.dataValidation) == 3
        book.save(path)
    else:
        text = path.read_text("utf-8-sig").replace(
            "06-01 06-03 06-05;;", "06-01 06-03 06-05;06003;vu"
        )
        path.write_text(text, "cp1252")

    decisions = read_review(path, geography)

    again = match_establishments(matched[list(TABLE)], geography, [], decisions)
    assert again["constituency_code"].tolist() == ["06-03", "", "01-05", ""]
    assert again["method"].tolist()[0] == "review"
    assert len(review_rows(again)) == 2


def test_decisions_are_kept_for_next_years_list(geography: Geography, tmp_path: Path) -> None:
    """A decision found again by name and address, typed differently, in another row."""
    path = tmp_path / "decisions.csv"
    key = key_of("", "Foyer B", "1 av. Foch", "13009", "Nantes")
    path.write_text(
        decisions_text({key: Decision("44-02", "appelé", "Foyer B", "Nantes")}), "utf-8"
    )
    next_year = make_table(
        {"name": "X", "commune_code": "01004"},
        {"name": "FOYER B", "address": "1, Avenue FOCH", "postcode": "13009", "commune_name": "NANTES"},
    )  # fmt: skip

    matched = match_establishments(next_year, geography, [], read_review(path, geography))

    assert matched["constituency_code"].tolist() == ["01-05", "44-02"]
    assert matched["reason"].tolist()[1] == "decided by a person: appelé"


def test_no_decision_starts_a_formula(tmp_path: Path) -> None:
    """Names, notes and the sign for "nobody can tell" are data in a spreadsheet, and come back as they were."""
    path = tmp_path / "decisions.csv"
    taken = {"F060000001": Decision("", "=1+1", "@SUM(A1)", "+33x"), "N1": Decision("01-01", "'=a")}

    path.write_text(decisions_text(taken), "utf-8")

    cells = [cell for row in csv.reader(path.read_text("utf-8").splitlines()) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert read_review(path) == taken


def test_a_row_left_open_is_not_asked_again(geography: Geography, tmp_path: Path) -> None:
    """ "-" keeps the row out of every constituency and out of the review file."""
    path = tmp_path / "decisions.csv"
    path.write_text(decisions_text({"F060000001": Decision("")}), "utf-8")

    matched = match_establishments(
        unsure_table(geography)[list(TABLE)], geography, [], read_review(path, geography)
    )

    assert matched["certainty"].tolist()[0] == "unsure"
    assert "F060000001" not in [row["key"] for row in review_rows(matched)]


def test_wrong_decisions_are_all_listed(geography: Geography, tmp_path: Path) -> None:
    """What is no constituency is refused with its row; nothing is taken."""
    path = tmp_path / "review.csv"
    path.write_text("key;decision\nA;peut-être\nB;01-99\nC;01-01\nC;01-02\n", "utf-8")

    with pytest.raises(InputError) as caught:
        read_review(path, geography)

    assert [problem[:24] for problem in caught.value.problems] == [
        "review.csv, row 2, decis", "review.csv, row 3, decis", "review.csv, row 5, decis",
    ]  # fmt: skip


def test_a_review_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    """A file that lost its key column is not a review file."""
    path = tmp_path / "review.csv"
    path.write_text("nom;decision\nA;01-01\n", "utf-8")

    with pytest.raises(InputError, match="no column key"):
        read_review(path)


def test_what_is_worth_looking_at_comes_first(geography: Geography, tmp_path: Path) -> None:
    """matches.csv starts with the doubts, keeps every row, and guards formulas."""
    matched = unsure_table(geography)

    with MatchesFile() as matches, (tmp_path / "matches.csv").open("wb") as file:
        matches.add(matched)
        matches.write_to(file)

    text = (tmp_path / "matches.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["certainty"] for row in rows] == ["unsure"] * 3 + ["commune"]
    assert ";'=1+1;" in text


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(size=st.integers(1, 300))
def test_a_list_in_parts_gives_the_files_of_the_whole_list(size: int) -> None:
    """Matches, review, duplicates, points and counts do not depend on where a list is cut."""
    geography = load_geography()
    table = load_bundled().table.head(300)
    table = pd.concat(
        [table, table.head(40).assign(finess="", name="Autre nom")], ignore_index=True
    )

    def files(parts: list[pd.DataFrame]) -> dict[str, bytes]:
        with tempfile.TemporaryDirectory() as folder, Results() as results:
            for part in parts:
                part = part.reset_index(drop=True)
                results.add(part, match_establishments(part, geography, []))
            results.write(Path(folder), geography, [], {})
            return {
                path.name: path.read_bytes()
                for path in Path(folder).iterdir()
                if path.suffix == ".csv"
            }

    assert files([table[at : at + size] for at in range(0, len(table), size)]) == files([table])


def test_duplicates_are_listed_not_merged() -> None:
    """Two spellings at one address are a pair; two numbers, or two streets, are not."""
    table = make_table(
        {"name": "I.M.E. Les Lilas", "address": "12 av. du Gal Leclerc", "postcode": "01000", "commune_name": "Bourg"},
        {"name": "IME LES LILAS", "address": "12 Avenue du Général Leclerc", "postcode": "01000", "commune_name": "Bourg"},
        {"name": "IME Les Lilas", "address": "3 rue Basse", "postcode": "01000", "commune_name": "Bourg"},
        {"name": "SESSAD A", "address": "1 rue X", "postcode": "01000", "finess": "010000001"},
        {"name": "SESSAD A", "address": "1 rue X", "postcode": "01000", "finess": "010000002"},
    )  # fmt: skip

    with DuplicateSearch() as search:
        search.add(table)
        pairs = search.find()

    assert [(pair.first.row, pair.second.row) for pair in pairs] == [(2, 3)]
    assert "IME LES LILAS" in duplicates_text(pairs)


def test_a_decision_beside_the_candidates_needs_a_note(
    geography: Geography, tmp_path: Path
) -> None:
    """13-06 for a row between constituencies of Nice is refused, unless the person says why."""
    path = tmp_path / "review.csv"
    line = "F060000001;06-01 06-03 06-05;13-06;"
    path.write_text(f"key;candidates;decision;note\n{line}\n", "utf-8")

    with pytest.raises(InputError) as caught:
        read_review(path, geography)
    path.write_text(f"key;candidates;decision;note\n{line}déménagé\n", "utf-8")
    matched = match_establishments(
        unsure_table(geography)[list(TABLE)], geography, [], read_review(path, geography)
    )

    assert "none of the candidates (06-01, 06-03, 06-05)" in caught.value.problems[0]
    assert matched["constituency_code"].iat[0] == "13-06"
    assert matched["matched_department_code"].iat[0] == "13"
    assert matched["matched_commune_code"].iat[0] == ""


def test_the_review_file_speaks_french(geography: Geography) -> None:
    """Each doubtful row has its kind in French for the staff who decide."""
    rows = review_rows(unsure_table(geography))

    assert all(row["motif"] for row in rows)
    assert "se contredisent" in " ".join(str(row["motif"]) for row in rows)


def test_a_workbook_of_doubts_stays_small(
    geography: Geography, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workbook holds the first rows to decide, the CSV all of them."""
    import openpyxl

    monkeypatch.setattr("outreach.matching.review.MOST_IN_A_WORKBOOK", 2)
    rows = review_rows(unsure_table(geography))

    sheet = openpyxl.load_workbook(io.BytesIO(review_xlsx(rows, geography))).active

    assert sheet is not None
    assert sheet.max_row == 3
    assert len(review_text(rows).splitlines()) == 4


def test_same_name_and_address_is_said_unless_the_kinds_differ() -> None:
    """Two rows alike in all are one establishment twice; two services of one association may not be."""
    where = {"name": "APEI", "address": "1 rue X", "postcode": "01000"}
    table = make_table(where, where, where | {"category": "SESSAD"}, where | {"category": "IME"})
    with DuplicateSearch() as search:
        search.add(table)
        pairs = search.find()

    reasons = {(pair.first.row, pair.second.row): pair.reason for pair in pairs}
    assert reasons[(2, 3)] == "the same name and address"
    assert reasons[(4, 5)].startswith("alike")


@pytest.mark.parametrize(
    ("east", "north", "constituency"),
    [(0.1, 0, "33-06"), (-0.1, 0, "33-06"), (0, 0.07, "33-06"), (0.13, 0, ""), (0, -0.12, "")],
)
def test_only_a_point_far_from_the_centre_contradicts_its_commune(
    geography: Geography, east: float, north: float, constituency: str
) -> None:
    """Of Mérignac's points, those 9 km away speak; a degree to the east is shorter than one to the north."""
    x, y = gazetteer_of(geography).centres["33281"]
    table = make_table({"commune_code": "33281", "longitude": x + east, "latitude": y + north})

    matched = match_establishments(table, geography, [])

    assert matched["constituency_code"].tolist() == [constituency]


@pytest.mark.parametrize(
    ("decided", "commune", "department"), [("01-05", "01004", "01"), ("69-02", "", "69")]
)
def test_a_decision_for_another_place_takes_its_commune_away(
    geography: Geography, decided: str, commune: str, department: str
) -> None:
    """A decision that confirms a certain row keeps the commune; one for another place keeps none of it."""
    table = make_table({"finess": "010000001", "commune_code": "01004"})

    matched = match_establishments(
        table, geography, [], {"F010000001": Decision(decided, "appelé")}
    )

    said = ("constituency_code", "matched_commune_code", "matched_department_code")
    assert [matched[name].iat[0] for name in said] == [decided, commune, department]
    assert (matched["matched_commune_name"].iat[0] == "") == (commune == "")
