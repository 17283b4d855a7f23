"""The address block by NF Z10-011."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.letters.builders import HOUSES, person

from outreach.letters.address import address_block
from outreach.letters.salutation import salutation
from outreach.roster.bundled import load_roster
from outreach.roster.seat import Parliamentarian, PostalAddress


def block(who: Parliamentarian, wanted: str = "chamber") -> tuple[tuple[str, ...], str]:
    """The address block of somebody."""
    return address_block(who, salutation(who), wanted)  # type: ignore[arg-type] # of the two


def office(*lines: str, postcode: str = "01000", city: str = "Bourg-en-Bresse") -> PostalAddress:
    """A constituency office."""
    return PostalAddress("constituency_office", lines, postcode, city)


def test_a_deputy_at_the_assembly() -> None:
    """Street and city in capitals without accents or punctuation."""
    lines, _ = block(person())

    assert lines == (
        "Madame Élodie D'EXEMPLE",
        "Députée de l’Ain",
        "Assemblée nationale",
        "126 RUE DE L UNIVERSITE",
        "75355 PARIS 07 SP",
    )


def test_a_senator() -> None:
    """The Senate's CEDEX stays in the last line."""
    lines, _ = block(person("senat", "M", first_name="Jean"))

    assert lines == (
        "Monsieur Jean D'EXEMPLE",
        "Sénateur de l’Ain",
        "Sénat",
        "15 RUE DE VAUGIRARD",
        "75291 PARIS CEDEX 06",
    )


def test_a_constituency_office() -> None:
    """The office is used when the campaign asks for it, and the reason is recorded."""
    who = person(addresses=(HOUSES["assemblee"], office("77 Grande rue", "BP129")))

    lines, reason = block(who, "constituency_office")

    assert lines[2:] == (
        "Permanence parlementaire",
        "77 GRANDE RUE",
        "BP 129",
        "01000 BOURG EN BRESSE",
    )
    assert reason == "the campaign writes to the offices"


@pytest.mark.parametrize(
    ("published", "where"),
    [
        (("PERMANENCE PARLEMENTAIRE", "19 Rue du Gouvernement"), ["19 RUE DU GOUVERNEMENT"]),
        (("Permanence permanence", "54 Quai de Léon"), ["54 QUAI DE LEON"]),
        (("Permanence", "BP 30826 F"), ["BP 30826 F"]),
        (("Bureau Parlementaire", "5 Ter Rue Léon Bourgeois"), ["5 TER RUE LEON BOURGEOIS"]),
        (("Permanence de M. Bertrand D'Exemple", "46 Rue Saint-Jean"), ["46 RUE SAINT JEAN"]),
        (("Permanence en circonscription", "39 Rue Evrard"), ["39 RUE EVRARD"]),
        (("77 Grande rue", "Permanence parlementaire"), ["77 GRANDE RUE"]),
        (("Permanence parlementaire - 3 rue de l'Église",), ["3 RUE DE L EGLISE"]),
        (("Permanence parlementaire 3 rue du Lac",), ["3 RUE DU LAC"]),
        (("Bureau 12", "3 rue du Cabinet"), ["BUREAU 12", "3 RUE DU CABINET"]),
        (("Permanence Résidence des Lilas",), ["RESIDENCE DES LILAS"]),
    ],
)  # fmt: skip
def test_an_office_is_called_one_once(published: tuple[str, ...], where: list[str]) -> None:
    """However an office's own row names it, the block says "Permanence parlementaire" once."""
    lines, _ = block(person(addresses=(office(*published),)), "constituency_office")

    assert list(lines[2:-1]) == ["Permanence parlementaire", *where]


def test_the_published_offices_are_called_so_once() -> None:
    """No bundled constituency office has two lines that say what it is."""
    at_offices = [block(who, "constituency_office")[0] for who in load_roster("assemblee").members]

    named = re.compile(r"permanence|(bureau|cabinet|local) parlementaire", re.IGNORECASE)
    said = [sum(map(bool, map(named.search, lines))) for lines in at_offices]
    assert set(said) == {0, 1}
    assert said.count(1) > 300


@pytest.mark.parametrize(
    ("offices", "why"),
    [((), "is not known"), ((office("12 rue X", postcode=""),), "does not fit"),
     ((office(*[f"ligne {n}" for n in range(9)]),), "does not fit"),
     ((office("?"),), "does not fit")],
)  # fmt: skip
def test_an_unusable_office_falls_back_to_the_chamber(
    offices: tuple[PostalAddress, ...], why: str
) -> None:
    """No office, no postcode, nine lines or no street: the chamber, with the reason."""
    lines, reason = block(person(addresses=(HOUSES["assemblee"], *offices)), "constituency_office")

    assert lines[-1] == "75355 PARIS 07 SP"
    assert why in reason


def test_long_streets_are_abbreviated() -> None:
    """A street that is too long takes the norm's abbreviations, then a second line."""
    who = person(addresses=(office("12 bis avenue du Général de Gaulle et des Combattants"),))

    lines, _ = block(who, "constituency_office")

    assert lines[3:5] == ("12 BIS AV DU GAL DE GAULLE ET DES", "COMBATTANTS")


def test_a_name_of_eighty_characters() -> None:
    """A name too long for a line takes two, cut between words."""
    who = person(
        first_name="Marie-Bernadette-Joséphine",
        last_name="de la Tour d'Auvergne-Lauraguais et autres lieux",
    )

    lines, _ = block(who)

    assert lines[:3] == (
        "Mme Marie-Bernadette-Joséphine",
        "DE LA TOUR D'AUVERGNE-LAURAGUAIS ET",
        "AUTRES LIEUX",
    )
    assert len(lines) <= 6


def test_the_french_abroad() -> None:
    """The seat of the French abroad is named in a form that fits the line."""
    lines, _ = block(person(department_code="ZZ", constituency_code="ZZ-05"))

    assert lines[1] == "Députée des Français de l’étranger"


def test_nobody_knows_where() -> None:
    """Without any address the block is empty and says why."""
    assert block(person(addresses=())) == ((), "no postal address is known")


@given(
    first=st.text(st.characters(codec="utf-8", categories=("L", "Pd")), min_size=1, max_size=60),
    last=st.text(
        st.characters(codec="utf-8", categories=("L", "Pd", "Zs")), min_size=1, max_size=80
    ),
    street=st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=70),
    department=st.sampled_from(["01", "04", "2A", "75", "974", "977", "987", "ZZ"]),
)
def test_never_more_than_six_lines_of_thirty_eight(
    first: str, last: str, street: str, department: str
) -> None:
    """Whatever the name and the street, the block fits the window or is empty."""
    who = person(
        first_name=first, last_name=last, department_code=department,
        addresses=(office(street), HOUSES["assemblee"]),
    )  # fmt: skip

    lines, reason = block(who, "constituency_office")

    assert len(lines) <= 6
    assert all(0 < len(line) <= 38 for line in lines)
    assert reason
    if lines:
        assert re.fullmatch(r"[A-Z0-9/ ]+", lines[-1])


def test_a_seat_of_two_collectivities_is_not_named_after_one() -> None:
    """The deputy of Saint-Barthélemy and Saint-Martin is "Député": both names do not fit."""
    lines, _ = block(person(gender="M", department_code="977", constituency_code="977-01"))

    assert lines[1:3] == ("Député", "Assemblée nationale")
