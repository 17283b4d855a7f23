"""Titles, agreement, overrides."""

from pathlib import Path

import pytest
from tests.letters.builders import person

from outreach.bundle import letters_path
from outreach.errors import InputError
from outreach.letters.salutation import read_titles, salutation
from outreach.roster.seat import Chamber, Gender

HEADER = "who;feminine;masculine;line_feminine;line_masculine;source;date\n"


@pytest.mark.parametrize(
    ("chamber", "gender", "title"),
    [("assemblee", "F", "Madame la Députée"), ("assemblee", "M", "Monsieur le Député"),
     ("senat", "F", "Madame la Sénatrice"), ("senat", "M", "Monsieur le Sénateur"),
     ("senat", "", "Madame, Monsieur")],
)  # fmt: skip
def test_titles(chamber: Chamber, gender: Gender, title: str) -> None:
    """The office agrees with its holder, and the closing repeats the opening."""
    said = salutation(person(chamber, gender))

    assert said.title == title
    assert said.opening == f"{title},"
    assert (
        said.closing == f"Je vous prie d’agréer, {title}, l’expression de ma haute considération."
    )


@pytest.mark.parametrize(
    ("function", "title"),
    [("Présidente de la commission des affaires sociales", "Madame la Présidente"),
     ("Présidente de l'Assemblée nationale", "Madame la Présidente"),
     ("Présidente du groupe Exemple", "Madame la Présidente"),
     ("Rapporteure générale de la commission des finances", "Madame la Rapporteure générale"),
     ("Questeure de l'Assemblée nationale", "Madame la Questeure"),
     ("Questeure du Sénat", "Madame la Questeure"),
     ("Vice-présidente de la commission des lois", "Madame la Députée"),
     ("Secrétaire", "Madame la Députée")],
)  # fmt: skip
def test_functions_change_the_title(function: str, title: str) -> None:
    """The bundled rules give presidents and general rapporteurs their own title."""
    rules = read_titles(letters_path("solidarite-en-danger", "titles.csv"))

    assert salutation(person(functions=(function,)), rules).title == title


def test_a_person_wins_over_a_function(tmp_path: Path) -> None:
    """A former minister keeps the title that the campaign's file gives to the person."""
    file = tmp_path / "titles.csv"
    file.write_text(
        HEADER
        + "Présidente de la commission;Madame la Présidente;Monsieur le Président;;;usage;2017\n"
        + "PA1;Madame la Ministre;;Ancienne ministre;;Journal officiel;2022-05-20\n",
        encoding="utf-8",
    )

    said = salutation(
        person(functions=("Présidente de la commission des lois",)), read_titles(file)
    )

    assert said.title == "Madame la Ministre"
    assert said.line == "Ancienne ministre"
    assert "Journal officiel" in said.reason


def test_a_rule_without_this_gender_is_passed_over(tmp_path: Path) -> None:
    """A masculine title is never given to a woman."""
    file = tmp_path / "titles.csv"
    file.write_text(
        HEADER + "PA1;;Monsieur le Ministre;;;Journal officiel;2022\n", encoding="utf-8"
    )

    assert salutation(person(), read_titles(file)).title == "Madame la Députée"


def test_faulty_titles_are_all_listed(tmp_path: Path) -> None:
    """A title without source, without words or with an abbreviation is refused, row by row."""
    file = tmp_path / "titles.csv"
    file.write_text(HEADER + ";Mme la Députée;;;;;\nPA1;;;;;x;2020\nPA2;a\n", encoding="utf-8")

    with pytest.raises(InputError, match="broken rows") as refused:
        read_titles(file)
    assert refused.value.problems == (f"{file}, row 4: has 2 cells and not 7",)

    file.write_text(HEADER + ";Mme la Députée;;;;;\nPA1;;;;;x;2020\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_titles(file)

    assert len(refused.value.problems) == 4


def test_each_gender_has_its_own_word(tmp_path: Path) -> None:
    """Titles typed in the other gender's column are refused, each with its cell."""
    file = tmp_path / "titles.csv"
    file.write_text(
        HEADER + "Président;Monsieur le Président;Madame la Présidente;;;usage;2017\n",
        encoding="utf-8",
    )

    with pytest.raises(InputError) as refused:
        read_titles(file)

    assert refused.value.problems == (
        f'{file}, row 2, feminine: "Monsieur le Président" does not start with "Madame"',
        f'{file}, row 2, masculine: "Madame la Présidente" does not start with "Monsieur"',
    )


def test_a_source_without_its_date_is_refused(tmp_path: Path) -> None:
    """A title is as old as its source: a line that does not say how old is not used."""
    file = tmp_path / "titles.csv"
    file.write_text(HEADER + "PA1;Madame la Ministre;;;;Journal officiel;\n", encoding="utf-8")

    with pytest.raises(InputError) as refused:
        read_titles(file)

    assert refused.value.problems == (
        f"{file}, row 2: has no source or date; say where it is written",
    )


@pytest.mark.parametrize(("listed", "typed"), [("'", "’"), ("’", "'"), ("’", "’")])
def test_either_apostrophe_names_the_same_function(tmp_path: Path, listed: str, typed: str) -> None:
    """A function fits its rule whichever apostrophe the list or the campaign types."""
    file = tmp_path / "titles.csv"
    file.write_text(
        HEADER + f"Questeure de l{typed}Assemblée;Madame la Questeure;;;;usage;2017\n",
        encoding="utf-8",
    )
    member = person(functions=(f"Questeure de l{listed}Assemblée nationale",))

    assert salutation(member, read_titles(file)).title == "Madame la Questeure"


@pytest.mark.parametrize("cell", ["x" * 140_000, '"never closed\n' + "x\n" * 70_000])
def test_a_cell_without_end_is_refused_with_its_row(tmp_path: Path, cell: str) -> None:
    """A cell larger than any title, or a quotation mark left open, names the file and the remedy."""
    file = tmp_path / "titles.csv"
    file.write_text(HEADER + f"PA1;{cell};;;;usage;2017\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"titles\.csv, row \d+: cannot be cut into cells"):
        read_titles(file)


def test_another_header_is_refused(tmp_path: Path) -> None:
    """The columns are told when they are not there."""
    file = tmp_path / "titles.csv"
    file.write_text("nom,titre\n", encoding="utf-8")

    with pytest.raises(InputError, match="the first row must be who;feminine"):
        read_titles(file)


def test_no_file_no_rule() -> None:
    """A campaign without titles.csv uses the usual titles."""
    assert read_titles(None) == ()
