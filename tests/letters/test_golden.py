"""Twelve letters of the bundled campaign, word for word, in the forms that letters writes.

The people are fictional, the seats and figures' sources real. After a change of wording:
`pytest tests/letters/test_golden.py --update-golden`, then read the diff as a recipient would.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.letters.builders import HOUSES, TODAY, local, person, sums

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.figures.figure import Figure, LocalFigures
from outreach.letters.checks import check_letters
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.text import form_text
from outreach.roster.seat import Parliamentarian, PostalAddress

FOLDER = Path(__file__).with_name("golden")
CAMPAIGN = load_campaign(letters_path("solidarite-en-danger"))


def published(name: str, value: float, unit: str, source: str, subject: str = "") -> Figure:
    """A published indicator."""
    return Figure(name, value, unit, 0, 0, "2020-12-31", source, subject)


INSEE = {
    "poverty_rate": published(
        "poverty_rate", 14.2, "%", "Insee, Filosofi 2019", "taux de pauvreté"
    ),
    "population": published("population", 118_402, "habitant", "Insee, population légale"),
}
DREES = {
    "apa_beneficiaries": published("apa_beneficiaries", 10_987, "bénéficiaire", "Drees"),
    "children_entrusted": published("children_entrusted", 1_514, "enfant", "Drees"),
}
AREAS: dict[str, Any] = {"constituency": INSEE, "department": DREES, "country": INSEE}
NO_DEPARTMENT = local("country", count=310, places=9_000, by_field={}, establishments=())


def somebody(number: int, first: str, last: str, **changes: Any) -> Parliamentarian:
    """A fictional member, each with an id of their own, so that variants differ."""
    return person(official_id=f"PA90{number:04}", first_name=first, last_name=last, **changes)


def senator(number: int, first: str, last: str, **changes: Any) -> Parliamentarian:
    """A fictional senator."""
    return person(
        "senat", official_id=f"9{number:04}A", first_name=first, last_name=last, **changes
    )


CASES: dict[str, tuple[Parliamentarian, LocalFigures]] = {
    "deputy": (somebody(1, "Hélène", "Garnier"), local(**AREAS)),
    "deputy-partial": (
        somebody(2, "Karim", "d'Arvor", gender="M"), local(count=15, places=412, known=9, **AREAS)
    ),
    "deputy-one-establishment": (
        somebody(3, "Anne-Lise", "Le Goff"),
        local(count=1, places=24, by_field={"handicap": sums(1, 24)}, **AREAS),
    ),
    "deputy-department": (somebody(4, "Paul", "Exemple", gender="M"), local("department", **AREAS)),
    "deputy-nothing-known": (
        somebody(5, "Léa", "K/Exemple", department_code="2A", constituency_code="2A-02"),
        NO_DEPARTMENT,
    ),
    "deputy-overseas": (
        somebody(6, "Jean", "Hoarau", gender="M", department_code="974", constituency_code="974-01"),
        local(establishments=(("EHPAD d'essai", "Les Avirons"),), **AREAS),
    ),
    "deputy-collectivity": (
        somebody(7, "Moana", "Teriitahi", department_code="987", constituency_code="987-01"),
        local("department", places=None),
    ),
    "deputy-abroad": (
        somebody(8, "Nathalie", "Œuvré", department_code="ZZ", constituency_code="ZZ-05"),
        NO_DEPARTMENT,
    ),
    "deputy-president": (
        somebody(9, "Marie", "Prud'homme", functions=("Présidente de la commission des lois",)),
        local(**AREAS),
    ),
    "senator": (senator(10, "Bernard", "Exemple", gender="M"), local("department", **AREAS)),
    "senator-abroad": (senator(11, "Olga", "Exemple", department_code="ZZ"), NO_DEPARTMENT),
    "unknown-civility": (
        somebody(
            12, "Camille", "de la Tour d'Auvergne-Lauraguais", gender="",
            addresses=(
                PostalAddress("constituency_office", ("3 place du Marché",), "01500", "Ambérieu"),
                HOUSES["assemblee"],
            ),
        ),
        local(places=None, establishments=(), **AREAS),
    ),
}  # fmt: skip


def paper_text(letter: Letter) -> str:
    """What paper shows around the words."""
    parts = ["\n".join(letter.sender), "\n".join(letter.address), letter.dateline]
    chosen = ", ".join(f"{block}: {name}" for block, name in letter.choices.items())
    return "\n\n".join([*parts, f"Objet : {letter.subject}", letter.text, f"[{chosen}]"]) + "\n"


@pytest.fixture
def golden(update_golden: bool) -> Callable[[Path, str], None]:
    """Compare a text with an approved file, or write the file anew when asked to."""

    def compare(path: Path, text: str) -> None:
        if update_golden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.read_text(encoding="utf-8") == text

    return compare


@pytest.fixture(scope="module")
def letters() -> dict[str, Letter]:
    """The twelve letters."""
    return dict(zip(CASES, compose(CAMPAIGN, list(CASES.values()), today=TODAY), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_the_letter_is_word_for_word_as_approved(
    case: str, letters: dict[str, Letter], golden: Callable[[Path, str], None]
) -> None:
    """Text, HTML, text for forms and the neutral tree equal the approved files."""
    letter = letters[case]
    tree = json.dumps(letter.body, ensure_ascii=False, indent=1) + "\n"

    golden(FOLDER / f"{case}.txt", paper_text(letter))
    golden(FOLDER / f"{case}.html", letter.html)
    golden(FOLDER / f"{case}.form.txt", form_text(letter) + "\n")
    golden(FOLDER / f"{case}.json", tree)


def test_the_twelve_pass_the_linter(letters: dict[str, Letter]) -> None:
    """No rule finds an error in them."""
    report = check_letters(list(letters.values()), CAMPAIGN)

    assert [finding for finding in report.findings if finding.severity == "error"] == []


def test_a_thank_you(tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    """A sourced act changes the first words, and nothing else is claimed of the person."""
    acts = tmp_path / "acts.csv"
    acts.write_text(
        "official_id;date;stance;text;source;url\n"
        "PA900001;2026-10-14;thank;avez voté l'amendement n° 12;scrutin public n° 345;\n",
        encoding="utf-8",
    )
    campaign = CAMPAIGN.model_copy(update={"acts": acts})
    (letter,) = compose(campaign, [CASES["deputy"]], today=TODAY)

    golden(FOLDER / "deputy-thanked.txt", paper_text(letter))
    assert letter.choices["hook"] == "thanks"


@pytest.mark.parametrize("stance", ["thank", "remind"])
@pytest.mark.parametrize(
    "case", ["deputy-one-establishment", "deputy-department", "deputy-nothing-known"]
)
def test_an_act_hides_nothing_of_the_area(tmp_path: Path, case: str, stance: str) -> None:
    """A letter that begins with an act names the one establishment, or says that there is none."""
    recipient, area = CASES[case]
    acts = tmp_path / "acts.csv"
    acts.write_text(
        "official_id;date;stance;text;source;url\n"
        f"{recipient.official_id};2026-10-14;{stance};avez voté l'amendement n° 12;scrutin n° 345;\n",
        encoding="utf-8",
    )
    campaign = CAMPAIGN.model_copy(update={"acts": acts})

    (letter,) = compose(campaign, [(recipient, area)], today=TODAY)

    said = {
        "deputy-one-establishment": "Dans votre circonscription, un établissement que nous suivons",
        "deputy-department": "Faute d’établissement que notre liste situe avec certitude dans la 4e",
        "deputy-nothing-known": "plus d’un million de professionnels accompagnent",
    }
    assert said[case] in letter.text
    assert check_letters([letter], campaign).findings == ()


def test_the_second_wave(golden: Callable[[Path, str], None]) -> None:
    """The reminder is another letter with the same request."""
    campaign = CAMPAIGN.model_copy(update={"wave": 2})
    (letter,) = compose(campaign, [CASES["deputy"]], today=TODAY)

    golden(FOLDER / "deputy-reminder.txt", paper_text(letter))
    assert check_letters([letter], campaign).errors == 0
