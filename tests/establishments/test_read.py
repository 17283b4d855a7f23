"""Tests of outreach.establishments.read and the rooms behind it, on lists as they arrive."""

import zipfile
from pathlib import Path
from random import Random

import pandas as pd
import pytest
import xlsxwriter

from outreach.errors import InputError
from outreach.establishments.column_names import recognise
from outreach.establishments.read import Reading, read_establishments, read_parts


def read(tmp_path: Path, text: str, encoding: str = "utf-8") -> Reading:
    """Read a text as a list."""
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return read_establishments(path)


def test_a_plain_list_is_understood(tmp_path: Path) -> None:
    """The usual French headers give our columns."""
    reading = read(
        tmp_path,
        "N° FINESS;Nom de l'établissement;Association gestionnaire;Adresse;Code Postal;Ville;"
        "Nombre de places;Effectif;ETP;Secteur;Mail\n"
        "010780195;IME Les Genêts;Sauvegarde 01;5 rue du Lycée;01000;Bourg-en-Bresse;"
        "40 places;1 234;12,5;Handicap;x@example.org\n",
        "cp1252",
    )

    row = reading.table.iloc[0]
    assert row["establishment_id"] == row["finess"] == "010780195"
    assert (row["name"], row["organisation"]) == ("IME Les Genêts", "Sauvegarde 01")
    assert (row["postcode"], row["commune_name"]) == ("01000", "Bourg-en-Bresse")
    assert (row["places"], row["staff_headcount"], row["staff_fte"]) == (40, 1234, 12.5)
    assert row["field"] == "handicap"
    assert reading.ignored == ("Mail",)


def test_lost_zeros_come_back(tmp_path: Path) -> None:
    """Codes that a spreadsheet took for numbers are repaired, and said."""
    reading = read(
        tmp_path, "Nom;FINESS;CP;Code INSEE;Ville\nA;10780195;1500;1004;Ambérieu\nB;;69 002;;Lyon\n"
    )

    assert reading.table["finess"].tolist() == ["010780195", ""]
    assert reading.table["postcode"].tolist() == ["01500", "69002"]
    assert reading.table["commune_code"].tolist() == ["01004", ""]
    assert len(reading.repairs) == 4


@pytest.mark.parametrize(
    ("row", "against"),
    [
        ("6900;Lyon;69;", "it would be 06900, but the département is 69"),
        ("6900;Lyon 3ème;;", "it would be 06900, but the city is Lyon 3ème"),
        ("1000;Bruxelles;;", "it would be 01000, but the city is Bruxelles"),
        ("7500;Tournai;;Belgique", "it would be 07500, but the country is Belgique"),
    ],
)
def test_a_zero_that_the_row_contradicts_is_not_put_back(
    tmp_path: Path, row: str, against: str
) -> None:
    """Four digits of another place are left out, with the reason; they are no commune of the Ain."""
    reading = read(tmp_path, f"Nom;CP;Ville;Département;Pays\nA;{row}\n")

    assert reading.table["postcode"].tolist() == [""]
    (repair,) = reading.repairs
    assert repair.became == ""
    assert against in repair.reason


@pytest.mark.parametrize(
    "row",
    ["1200;Éloise;74;", "1200;Éloise;;France", "1500;Ambérieuu;01;", "1500;;;", "Metz;1500;;"],
)
def test_a_zero_that_nothing_contradicts_is_put_back(tmp_path: Path, row: str) -> None:
    """A postcode of the next département, a mistyped city or none leave the zero where it was."""
    reading = read(tmp_path, f"Nom;CP;Ville;Département;Pays\nA;{row}\n")

    back = reading.table["postcode"].tolist()
    assert back == ([""] if row.startswith("Metz") else [f"0{row[:4]}"])


def test_a_rounded_number_is_said_to_be_lost(tmp_path: Path) -> None:
    """1.07E+07 is not guessed: the row goes on without a number, and it is said."""
    reading = read(tmp_path, "Nom;FINESS;CP;Ville\nA;1.07E+07;01500;Ambérieu\n")

    assert reading.table["finess"].tolist() == [""]
    assert "lost" in reading.repairs[0].reason


def test_a_whole_address_in_one_cell_is_taken_apart(tmp_path: Path) -> None:
    """Street, postcode, city and telephone number in one cell with line breaks."""
    reading = read(
        tmp_path,
        'Nom;Adresse\nA;"12 rue de la République\nBP 20345\n69002 LYON\nTél. 04 72 00 00 00"\n'
        'B;"3 place d\'Armes - 57000 Metz"\n',
    )

    table = reading.table
    assert table["address"].tolist() == ["12 rue de la République, BP 20345", "3 place d'Armes"]
    assert table["postcode"].tolist() == ["69002", "57000"]
    assert table["commune_name"].tolist() == ["LYON", "Metz"]
    assert "04 72 00 00 00" not in table.to_csv()


def test_postcode_and_city_in_one_cell_or_exchanged(tmp_path: Path) -> None:
    """A city's cell may hold the postcode too, and the two cells may be exchanged."""
    reading = read(
        tmp_path,
        "Nom;Code postal;Commune\nA;;69002 LYON\nB;01500 Ambérieu;\nC;Metz;57000\n"
        "D;75011;75011 Paris\nE;69 002;LYON CEDEX 02\n",
    )

    assert reading.table["postcode"].tolist() == ["69002", "01500", "57000", "75011", "69002"]
    assert reading.table["commune_name"].tolist() == [
        "LYON", "Ambérieu", "Metz", "Paris", "LYON CEDEX 02",
    ]  # fmt: skip


def test_several_address_columns_are_joined(tmp_path: Path) -> None:
    """Number, kind and name of the street in three columns give one address."""
    reading = read(
        tmp_path,
        "Raison sociale,N° voie,Type voie,Nom voie,Complément,CP,Commune\n"
        "A,12,RUE,DES LILAS,Bât. B,01000,Bourg\n",
    )

    assert reading.table["address"].tolist() == ["12 RUE DES LILAS Bât. B"]


def test_points_in_every_usual_form(tmp_path: Path) -> None:
    """Comma decimals, exchanged axes, one cell for both and metres all give degrees."""
    decimal = read(tmp_path, "Nom;CP;Lat;Lon\nA;01000;46,2012;5,2261\nB;01000;5.2261;46.2012\n")
    together = read(tmp_path, "Nom;CP;Coordonnées GPS\nA;01000;46.2012, 5.2261\n")
    metres = read(tmp_path, "Nom;CP;X;Y\nA;01000;871640;6569237\nB;01000;0;0\n")

    points = [
        (longitude, latitude)
        for reading in (decimal, together)
        for longitude, latitude in zip(
            reading.table["longitude"], reading.table["latitude"], strict=True
        )
    ]
    assert points == [(5.2261, 46.2012)] * 3
    assert metres.table["longitude"].iloc[0] == pytest.approx(5.2261, abs=1e-3)
    assert metres.table["latitude"].iloc[0] == pytest.approx(46.2012, abs=1e-3)
    assert metres.table["longitude"].isna().tolist() == [False, True]


def test_broken_rows_are_listed_and_the_others_go_on(tmp_path: Path) -> None:
    """Each refused row says where, what and the remedy; received = taken + refused."""
    reading = read(
        tmp_path,
        "Nom;CP;Ville;Places\nA;01000;Bourg;12\nB;01000;Bourg;douze\nC;01000;Bourg;1;2\n"
        "D;01000\n;;;\nE;;;4\nTOTAL;;;\nF;69002;Lyon;nc\n",
    )

    assert reading.table["name"].tolist() == ["A", "F"]
    assert [row.row for row in reading.refused] == [3, 4, 5, 7, 8]
    assert reading.received == len(reading.table) + len(reading.refused) == 7
    assert str(reading.refused[0]) == (
        'list.csv, row 3, Places: "douze" is not a whole number; type digits only, or leave the '
        "cell empty."
    )
    assert reading.table["places"].isna().tolist() == [False, True]


def test_duplicate_numbers_refuse_the_list(tmp_path: Path) -> None:
    """One FINESS number on two rows would count twice: all are named."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, "Nom;FINESS;CP\nA;010780195;01000\nB;10780195;01000\nC;010000024;01000\n")

    assert caught.value.problems == ('FINESS "010780195" stands on rows 2, 3',)


def test_measures_are_not_places(tmp_path: Path) -> None:
    """The capacity of a guardianship service goes to measures, by its category or by its column."""
    reading = read(
        tmp_path,
        "Nom;CP;Categorie FINESS;Capacité\nMJPM;01000;340;1500\nEHPAD;01000;500;80\n",
    )

    assert reading.table["measures"].tolist()[0] == 1500
    assert reading.table["places"].isna().tolist() == [True, False]
    assert reading.table["field"].tolist() == [
        "protection_juridique_majeurs",
        "autonomie_personnes_agees",
    ]


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    """A title, a date and an empty line above the header are passed over; it may repeat."""
    reading = read(
        tmp_path,
        "Liste des établissements 2026;;\nmise à jour : mars;;\n;;\nNom;CP;Ville\nA;01000;Bourg\n"
        "Nom;CP;Ville\nB;69002;Lyon\n",
    )

    assert reading.table["source_row"].tolist() == [5, 7]


def test_told_columns_win(tmp_path: Path) -> None:
    """A person may say which column is which, several for one, and none."""
    path = tmp_path / "list.csv"
    path.write_text("Site;Zone;Code;Lieu;Voie 1;Voie 2\nA;x;01000;Bourg;12;rue X\n", "utf-8")

    reading = read_establishments(
        path,
        columns={"postcode": "Code", "commune_name": "Lieu", "address": "Voie 1 + Voie 2"},
    )

    row = reading.table.iloc[0]
    assert (row["postcode"], row["commune_name"], row["address"]) == ("01000", "Bourg", "12 rue X")


def test_a_told_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt column name lists the columns found."""
    path = tmp_path / "list.csv"
    path.write_text("Nom;CP\nA;01000\n", "utf-8")

    with pytest.raises(InputError, match="columns found: Nom, CP"):
        read_establishments(path, columns={"commune_name": "Ville", "comune_name": "x"})


def test_a_list_without_a_place_is_refused(tmp_path: Path) -> None:
    """No column that says where: the error says which names are known."""
    with pytest.raises(InputError, match="no column says where"):
        read(tmp_path, "Nom;Effectif\nA;12\n")


def make_workbook(path: Path) -> None:
    """A workbook as staff make them: title, merged cells, empty rows, two sheets, numbers."""
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Lisez-moi").write(0, 0, "Bonjour")
        sheet = workbook.add_worksheet("Établissements")
        sheet.merge_range("A1:F1", "Liste 2026")
        for x, name in enumerate(["Association", "Nom", "FINESS", "CP", "Ville", "Places"]):
            sheet.write(3, x, name)
        sheet.merge_range("A5:A6", "Sauvegarde")
        for y, row in enumerate([["IME", 10780195, 1500, "Ambérieu", 40], ["SESSAD", 10011914, 1000, "Bourg", 12]], start=4):  # fmt: skip
            for x, value in enumerate(row, start=1):
                sheet.write(y, x, value)
        sheet.write(8, 1, "Foyer")
        sheet.write_formula(8, 3, "=69000+2", None, 69002)
        sheet.write_string(8, 4, "=cmd|' /C calc'!A0")


def test_a_workbook_as_staff_make_them(tmp_path: Path) -> None:
    """Title, merged cells, numbers without zeros and formulas are read; rows keep their numbers."""
    make_workbook(tmp_path / "list.xlsx")

    reading = read_establishments(tmp_path / "list.xlsx")

    table = reading.table
    assert table["source_row"].tolist() == [5, 6, 9]
    assert table["organisation"].tolist() == ["Sauvegarde", "Sauvegarde", ""]
    assert table["finess"].tolist() == ["010780195", "010011914", ""]
    assert table["postcode"].tolist() == ["01500", "01000", "69002"]
    assert table["commune_name"].tolist()[2] == "=cmd|' /C calc'!A0"


def test_an_unknown_sheet_is_refused(tmp_path: Path) -> None:
    """A sheet that is not there lists those that are."""
    make_workbook(tmp_path / "list.xlsx")

    with pytest.raises(InputError, match='its sheets are "Lisez-moi", "Établissements"'):
        read_establishments(tmp_path / "list.xlsx", sheet="2025")


def test_a_swollen_workbook_is_not_opened(tmp_path: Path) -> None:
    """A zip that would unpack to gigabytes is refused without unpacking."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (310 * 2**20))

    with pytest.raises(InputError, match="would unpack to 310 MiB"):
        read_establishments(path)


def test_entities_and_passwords_are_refused(tmp_path: Path) -> None:
    """A document type in a workbook and a protected workbook each give one clear message."""
    doctype = tmp_path / "doctype.xlsx"
    with zipfile.ZipFile(doctype, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    protected = tmp_path / "protected.xlsx"
    protected.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )

    with pytest.raises(InputError, match="document type"):
        read_establishments(doctype)
    with pytest.raises(InputError, match="protected by a password"):
        read_establishments(protected)


def test_a_sheet_that_aborts_the_reader_is_refused(tmp_path: Path) -> None:
    """A small workbook with a cell at the end of the world costs the child process, not ours."""
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("A")
        sheet.write(0, 0, "Nom")
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(InputError, match=r"far\.xlsx"):
        read_establishments(path)


@pytest.mark.parametrize("seed", range(3))
def test_corrupted_rows_among_good_ones_add_up(tmp_path: Path, seed: int) -> None:
    """5 % of rows broken at random: every good row is taken, every broken one listed."""
    random = Random(seed)
    lines, broken = [], 0
    for n in range(4000):
        line = f"Foyer {n};{n % 90 + 1} rue X;01000;Bourg;{n % 50}"
        if random.random() < 0.05:
            broken += 1
            line = random.choice(
                ['"' + line, line + ";x;y", line.rsplit(";", 2)[0], line[:-1] + "douze"]
            )
        lines.append(line)

    reading = read(tmp_path, "Nom;Adresse;CP;Ville;Places\n" + "\n".join(lines))

    assert len(reading.table) == 4000 - broken
    assert len(reading.refused) == broken
    assert {row.row - 2 for row in reading.refused}.isdisjoint(reading.table["source_row"] - 2)


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("C.P.", "postcode"),
        ("codePostalEtablissement", "postcode"),
        ("CP de la structure", "postcode"),
        ("adrs_codepostal", "postcode"),
        ("Ville (département)", "commune_name"),
        ("Commune d'implantation", "commune_name"),
        ("libelleCommuneEtablissement", "commune_name"),
        ("codeCommuneEtablissement", "commune_code"),
        ("denominationUniteLegale", "organisation"),
        ("Adr.", "address"),
        ("Adresse postale complète", "address"),
        ("Ville d'exercice", "commune_name"),
        ("Adresse du site internet", ""),
        ("Zip code", "postcode"),
        ("Adresse siège", ""),
        ("CP siège", ""),
        ("Commune du gestionnaire", ""),
        ("Adresse mail de la structure", ""),
        ("Directeur de l'établissement", ""),
    ],
)
def test_headers_of_many_hands(header: str, ours: str) -> None:
    """Dots, brackets, words run together and what says whose a column is do not hide it."""
    assert recognise(header)[0] == ours


def test_a_header_of_two_rows_is_joined(tmp_path: Path) -> None:
    """Groups above the header name what is below them; a name that stands above alone is taken."""
    text = (
        "Liste au 1er janvier;;;;;\nGESTIONNAIRE;ÉTABLISSEMENT;;;CAPACITÉ;\n"
        "Nom;Nom;CP;Ville;Autorisée;Installée\nAPEI;Foyer A;69100;Villeurbanne;12;10\n"
    )
    reading = read(tmp_path, text)

    row = reading.table.iloc[0]
    assert (row["organisation"], row["name"], row["places"]) == ("APEI", "Foyer A", 12)
    assert reading.columns["places"] == ("CAPACITÉ Autorisée",)
    for told in ("Installée", "CAPACITÉ Installée"):
        (tmp_path / "list.csv").write_text(text, "utf-8")
        again = read_establishments(tmp_path / "list.csv", columns={"places": told})
        assert again.table["places"].tolist() == [10]


def test_groups_tell_two_equal_names_apart(tmp_path: Path) -> None:
    """Whichever group comes first, the establishment's name and place are its own."""
    rows = {
        "ÉTABLISSEMENT;;;GESTIONNAIRE;;": "Foyer A;69100;Villeurbanne;APEI;38000;Grenoble",
        "GESTIONNAIRE;;;ÉTABLISSEMENT;;": "APEI;38000;Grenoble;Foyer A;69100;Villeurbanne",
    }
    for groups, cells in rows.items():
        reading = read(tmp_path, f"{groups}\nNom;CP;Ville;Nom;CP;Ville\n{cells}\n")

        row = reading.table.iloc[0]
        assert (row["organisation"], row["name"]) == ("APEI", "Foyer A"), groups
        assert (row["postcode"], row["commune_name"]) == ("69100", "Villeurbanne"), groups


def test_coordinates_may_be_a_postal_address(tmp_path: Path) -> None:
    """A column "Coordonnées" is read as what its cells hold."""
    reading = read(
        tmp_path,
        'Nom;Coordonnées\nA;"12 rue de la Gare\n76800 St Étienne du Rouvray\nFRANCE"\n',
    )
    points = read(tmp_path, "Nom;Coordonnées\nA;45.7578, 4.8320\n")

    assert reading.table["address"].tolist() == ["12 rue de la Gare"]
    assert reading.table["commune_name"].tolist() == ["St Étienne du Rouvray"]
    assert points.table["longitude"].tolist() == [4.832]


def test_a_country_stays_with_the_city(tmp_path: Path) -> None:
    """A column of countries, or a postcode that begins with one, says that the city is abroad."""
    reading = read(
        tmp_path,
        "Nom;CP;Ville;Pays\nA;7500;Tournai;Belgique\nB;69100;Villeurbanne;France\n"
        "C;B-4000;Liège;\nD;97400;Saint-Denis;Réunion\nE;44000;Nantes;Pays de Loire\nF;1201;Genève;CH\n",
    )

    assert reading.table["commune_name"].tolist() == [
        "Tournai (Belgique)", "Villeurbanne", "Liège (Belgique)", "Saint-Denis", "Nantes", "Genève (Suisse)",
    ]  # fmt: skip


def test_cedex_may_have_its_own_column(tmp_path: Path) -> None:
    """The number of a CEDEX is kept with its city: in Paris it is the arrondissement."""
    reading = read(
        tmp_path, "Nom;CP;Ville;Cedex\nA;75680;PARIS;CEDEX 14\nB;69421;LYON;03\nC;38000;Grenoble;\n"
    )

    assert reading.table["commune_name"].tolist() == ["PARIS CEDEX 14", "LYON CEDEX 03", "Grenoble"]


def test_totals_are_said_to_be_totals(tmp_path: Path) -> None:
    """A line of totals is refused as such, wherever it stands."""
    reading = read(
        tmp_path, "Nom;CP;Ville;Places\nA;01500;Ambérieu;20\nSous-total;;;20\nTOTAL GÉNÉRAL;;;20\n"
    )

    assert [row.reason for row in reading.refused] == ["is a total, not an establishment"] * 2


def test_a_list_of_associations_has_their_names(tmp_path: Path) -> None:
    """Where no establishment is named, the association's name is shown; a seat's address is used."""
    reading = read(
        tmp_path,
        "Association;Adresse siège;CP siège;Ville siège\nAPEI;1 rue X;69100;Villeurbanne\n",
    )

    assert reading.table["name"].tolist() == ["APEI"]
    assert reading.table["commune_name"].tolist() == ["Villeurbanne"]


HARD = (
    "Id;Nom;SIRET;CP;Ville;Places\n"
    ";A;12345678900012;01500;Ambérieu;4\n"
    ";B;12345678900020;69100;Villeurbanne;douze\n"
    'X1;"C";;1000;Bourg;\n'
    '"D;;;69002;Lyon\n'
    ";E;12345678900012;69100;Villeurbanne;1\n"
    "12345678900038;F;;69100;Villeurbanne;1\n"
    ";G;12345678900038;69100;Villeurbanne;1\n"
    ";H;12345678900046;69100;Villeurbanne;1\n"
    ";I;;;;\n"
)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_list_in_parts_is_the_whole_list(tmp_path: Path, size: int) -> None:
    """Rows, refusals, repairs and identifiers do not depend on where a list is cut."""
    path = tmp_path / "list.csv"
    path.write_text(HARD, "utf-8")
    whole = read_establishments(path)

    parts = list(read_parts(path, size=size))

    assert pd.concat([part.table for part in parts], ignore_index=True).equals(whole.table)
    assert [row for part in parts for row in part.refused] == list(whole.refused)
    assert [repair for part in parts for repair in part.repairs] == list(whole.repairs)
    assert sum(part.received for part in parts) == whole.received == 9
    # A SIRET of two rows, another row's identifier, and one that stands once.
    assert whole.table["establishment_id"].tolist() == [
        "row-2", "X1", "row-6", "12345678900038", "row-8", "12345678900046",
    ]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 100])
def test_an_identifier_of_two_parts_refuses_the_list(tmp_path: Path, size: int) -> None:
    """The same number on rows far apart is found, whichever part they are in."""
    path = tmp_path / "list.csv"
    path.write_text(
        "FINESS;CP;Ville\n010780195;01500;A\n010780203;01500;B\n010780195;01500;C\n010780195;01500;D\n",
        "utf-8",
    )

    with pytest.raises(InputError) as caught:
        list(read_parts(path, size=size))

    assert caught.value.problems == ('FINESS "010780195" stands on rows 2, 4, 5',)


def test_what_was_exchanged_is_said_once(tmp_path: Path) -> None:
    """Postcode and city in each other's cell is one remark, not two."""
    reading = read(tmp_path, "Nom;CP;Ville\nA;Gap;05000\n")

    assert [repair.reason for repair in reading.repairs] == ["postcode and city were exchanged"]


def test_measures_are_never_places(tmp_path: Path) -> None:
    """The unit that is typed, the field or the category puts a count with the measures, and it is said."""
    reading = read(
        tmp_path,
        "Nom;CP;Ville;Places;Secteur\nA;01500;Ambérieu;400 mesures;\n"
        "B;01500;Ambérieu;120;Protection juridique des majeurs\nC;01500;Ambérieu;40 places;Handicap\n",
    )

    assert [None if value is pd.NA else value for value in reading.table["places"]] == [
        None,
        None,
        40,
    ]
    assert reading.table["measures"].tolist()[:2] == [400, 120]
    assert [repair.reason for repair in reading.repairs] == ["judicial measures are not places"] * 2


def test_every_fault_of_a_row_is_told(tmp_path: Path) -> None:
    """One refusal a row, with all that is wrong in it."""
    reading = read(tmp_path, "Nom;CP;Ville;Places;ETP\nA;01500;Ambérieu;douze;beaucoup\n")

    (refusal,) = reading.refused
    assert refusal.column == "Places; ETP"
    assert refusal.value == "douze; beaucoup"
    assert refusal.reason == "is not a whole number; is not a number"


def test_counts_that_cannot_be_are_refused_in_their_own_words(tmp_path: Path) -> None:
    """A count that no establishment has, or below zero, is refused and says where and why; 0 stays 0."""
    reading = read(
        tmp_path,
        f"Nom;CP;Ville;Nb places;Effectif;ETP\nA;01500;Ambérieu;{'9' * 5000};;\nB;01500;Ambérieu;-5;;\n"
        "C;01500;Ambérieu;;− 3;\nD;01500;Ambérieu;;;45 000,5\nE;01500;Ambérieu;0;30 000;0,5\n",
    )

    assert [(row.row, row.column, row.reason) for row in reading.refused] == [
        (2, "Nb places", "is more than 30000, which no establishment has"),
        (3, "Nb places", "is negative: a count is 0 or more"),
        (4, "Effectif", "is negative: a count is 0 or more"),
        (5, "ETP", "is more than 30000, which no establishment has"),
    ]
    assert reading.table["places"].tolist() == [0]
    assert reading.table["staff_headcount"].tolist() == [30000]


def test_an_unknown_field_is_said_to_be_left_out(tmp_path: Path) -> None:
    """A "secteur" that is none of the five is listed; where the category knows better, that is listed too."""
    reading = read(
        tmp_path,
        "Nom;CP;Ville;Secteur;Code catégorie\nA;01500;Ambérieu;Licornes;\nB;01500;Ambérieu;nc;\n"
        "C;01500;Ambérieu;PA;\nD;01500;Ambérieu;Licornes;183\nE;01500;Ambérieu;handicap et PA;\n"
        "F;;;Licornes;\n",
    )

    assert [row.reason for row in reading.refused] == ["says neither commune, postcode nor point"]
    assert reading.table["field"].tolist() == [
        "", "", "autonomie_personnes_agees", "handicap", "",
    ]  # fmt: skip
    assert [(repair.row, repair.value, repair.became) for repair in reading.repairs] == [
        (2, "Licornes", ""),
        (5, "Licornes", "handicap"),
        (6, "handicap et PA", ""),
        (7, "Licornes", ""),
    ]
    assert "type handicap, " in reading.repairs[0].reason
    assert "read from the category" in reading.repairs[1].reason


def test_what_was_read_otherwise_is_told_in_the_order_of_the_rows(tmp_path: Path) -> None:
    """A person goes down the list once: row by row, whatever the column."""
    reading = read(
        tmp_path, "Nom;Secteur;CP;Ville\nA;Licornes;01500;Ambérieu\nB;PA;1500;Ambérieu\n"
    )

    assert [(repair.row, repair.column) for repair in reading.repairs] == [
        (2, "Secteur"),
        (3, "CP"),
    ]
