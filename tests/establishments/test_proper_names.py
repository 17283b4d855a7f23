"""Tests of outreach.establishments.proper_names, with names as FINESS and member lists hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.establishments.proper_names import is_quotable, written_name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("EHPAD LE CLOS DE L'AUBE", "EHPAD Le Clos de l'Aube"),
        ("FOYER LE CEDRE", "Foyer Le Cèdre"),
        ("FOYER LE VALPRE", "Foyer Le Valpre"),
        ("SSIAD CROIX ROUGE FRANCAISE", "SSIAD Croix-Rouge française"),
        ("EEAP LE NID BEARNAIS", "EEAP Le Nid Béarnais"),
        ("CHRS VERONIQUE VALLET", "CHRS Véronique Vallet"),
        ("SERVICE 115 DES PYRENEES ORIENTALES", "Service 115 des Pyrénées-Orientales"),
        ("Foyer Le Cèdre", "Foyer Le Cèdre"),
        ("ESAT les ateliers", "ESAT les ateliers"),
        ("FOYER D'ACCUEIL MEDICALISE LA FERME", "Foyer d'accueil médicalisé La Ferme"),
        ("MAISON D'ENFANTS A CARACTERE SOCIAL", "Maison d'enfants à caractère social"),
        ("M.A.S. LES ARCHIPELS", "M.A.S. Les Archipels"),
        ("FOYER DE VIE ST-AMADOUR", "Foyer de vie Saint-Amadour"),
        ("CHRS  HENRY   DUNANT ", "CHRS Henry Dunant"),
        ("EEAP SAINTE-MATHILDE", "EEAP Sainte-Mathilde"),
        ("RÉSIDENCE D'ACCUEIL THÉANO", "Résidence d'accueil Théano"),
        ("SSIAD DE LA CROIX-ROUGE FRANCAISE", "SSIAD de la Croix-Rouge française"),
        ("LES TILLEULS", "Les Tilleuls"),
        ("", ""),
    ],
)
def test_capitals_become_french_case(name: str, written: str) -> None:
    """Acronyms stay, particles are small, what a person wrote is kept, no accent is invented."""
    assert written_name(name) == written


@pytest.mark.parametrize(
    ("name", "commune", "written"),
    [
        ("EHPAD RESIDENCE FONTELUNE AMBERIEU-EN-BUGEY", "Ambérieu-en-Bugey",
         "EHPAD Résidence Fontelune Ambérieu-en-Bugey"),
        ("SSIAD SAINT BENIN D'AZY", "Saint-Benin-d'Azy", "SSIAD Saint-Benin-d'Azy"),
        ("SSIAD ST BENIN D AZY", "Saint-Benin-d'Azy", "SSIAD Saint-Benin-d'Azy"),
        ("SAVS DES ECHELLES", "Les Échelles", "SAVS des Échelles"),
        ("HOTEL SOCIAL DE SABLE", "Sablé-sur-Sarthe", "Hôtel social de Sablé"),
        ("EHPAD LES TILLEULS", "Évreux", "EHPAD Les Tilleuls"),
        ("EHPAD Les Tilleuls Evreux", "Évreux", "EHPAD Les Tilleuls Evreux"),
    ],
)  # fmt: skip
def test_the_commune_is_spelled_as_it_is_called(name: str, commune: str, written: str) -> None:
    """Beside "à Ambérieu-en-Bugey" no name says "Amberieu"; what a person wrote is kept."""
    assert written_name(name, commune) == written


@pytest.mark.parametrize(
    ("name", "commune", "quoted"),
    [
        ("EQUIPE MOBILE CEREBROLESES INTERACTIONS 73", "Saint-Alban-Leysse", False),
        ("RESIDENCE AUTONOMIE ROBERT SENE", "Plateau d'Hauteville", False),
        ("FOYER LOGEMENT THERESE VANDEVANNET", "Haubourdin", False),
        ("EHPAD LES EDELWEISS", "Voiron", False),
        ("CHRS LES EVETTES", "Évreux", False),
        ("CHRS EVREUX LES TILLEULS", "Évreux", True),
        ("CHRS EVREUX LES TILLEULS", "", False),
        ("CHRS VERONIQUE VALLET", "", True),
        ("CENTRE SAINTE-THÉRÈSE DE JEANNE DE BELGIQUE", "", True),
        ("FOYER JEAN BEAU", "Orléans", True),
        ("Foyer Le Cedre", "", True),
    ],
)
def test_a_name_that_lost_an_accent_is_not_quoted(name: str, commune: str, quoted: bool) -> None:
    """In capitals, what French spelling hardly allows is not quoted; a person's own writing is."""
    assert is_quotable(name, commune) == quoted


@pytest.mark.parametrize(
    "name",
    [
        "EHPAD LE CLOS DE L'AUBE",
        "Foyer Le Cèdre",
        "Les Tilleuls",
        "MECS Saint-Vincent",
        "SAMSAH LE TRAIT D'UNION",
        "Résidence d’accueil Théano",
        "Pension de famille Toit & Moi",
        "Foyer des Quatre Vents",
        "IME Les 3 Soleils",
    ],
)
def test_proper_names_are_quotable(name: str) -> None:
    """A letter may quote what reads as the name of one establishment."""
    assert is_quotable(name)


@pytest.mark.parametrize(
    "name",
    [
        "CDENTRE DE STABILISATION",
        "POLE ENFCE& ADOLESCENCE CROIX-ROUGE FRANÇAISE INDRE-ET-LOIRE",
        "EHPAD FONDATION DANTJOU VILLAROS (MR PRIVEE ASSOC NON HAS)",
        "CTRE ACCUEIL ACCOMP A LA REDUCTION RISQUES USAGERS DROGUES",
        "A.C.T.",
        "SSIADPA",
        "ACCUEIL DE JOUR",
        "Accueil de jour",
        "EQUIPE MOBILE EXPERIMENTALE",
        "DIS 75",
        "CHU CRF VITRY SUR SEINE",
        "MAISON DENFANTS LES ORMES",
        "MAISON D ACCUEIL LES ORMES",
        "SERV ACCOMP LES ORMES",
        "Ets Les Ormes",
        "SSIAD LES ORMES - ANTENNE",
        "IME SYNERGIE 43 LE CHAMBON/LIGNON",
        "FOYER LES ORMES ET",
        "FOYER « LES ORMES »",
        "CENTRE D'ACCEUIL LES ORMES",
        "Service de soins à domicile CRF Le Havre",
        "SAD AIDE CRF14 LES ORMES",
        "FOYER DES JEUNES TRAVAILLEURS LES ORMES"[:38],
        "FOYER DU",
        "",
        "75",
    ],
)
def test_register_jargon_is_not_quoted(name: str) -> None:
    """Cut, abbreviated, bracketed, misspelt and merely generic names stay out of letters."""
    assert not is_quotable(name)


@given(st.text(max_size=70), st.text(max_size=30))
def test_any_text_is_written_and_judged(name: str, commune: str) -> None:
    """No name stops a batch, and writing a name twice changes nothing more."""
    assert isinstance(written_name(name, commune), str)
    assert isinstance(is_quotable(name, commune), bool)
    once = written_name(name)
    assert once.casefold().split() or not name.split()
    assert isinstance(is_quotable(name), bool)
    if not once.isupper():
        assert written_name(once) == once
