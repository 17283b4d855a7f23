"""Letters made by hand: a fictional association writes to fictional parliamentarians."""

import re
from collections.abc import Callable
from typing import Any

import page
import pytest

from outreach.figures.figure import Figure
from outreach.letters.letter import Letter, Node
from outreach.roster.seat import Parliamentarian, PostalAddress


def text(value: str) -> Node:
    """One text inline."""
    return {"kind": "text", "text": value}


def paragraph(*inlines: Node | str) -> Node:
    """One paragraph block."""
    return {
        "kind": "paragraph",
        "inline": [text(inline) if isinstance(inline, str) else inline for inline in inlines],
    }


RE: Node = {"kind": "superscript", "text": "re"}

BODY: tuple[Node, ...] = (
    paragraph(
        "Dans la 1",
        RE,
        " circonscription de l’Ain, 14 établissements de notre réseau accompagnent chaque jour "
        "1\u202f240 personnes : enfants et adultes en situation de handicap, personnes âgées, "
        "familles sans logement. Ils sont présents dans 9 communes.",
    ),
    paragraph(
        "Depuis 2022, leurs charges ont augmenté de 11,4\u00a0% quand les dotations progressaient de "
        "5,2\u00a0%. Un établissement sur trois a fermé des places cette année ; deux sur cinq disent "
        "qu’ils en fermeront l’an prochain si rien ne change."
    ),
    {
        "kind": "table",
        "header": [
            [text("Dans votre circonscription")],
            [text("Établissements")],
            [text("Places")],
        ],
        "align": ["left", "right", "right"],
        "rows": [
            [[text("Handicap")], [text("8")], [text("612")]],
            [[text("Personnes âgées")], [text("4")], [text("508")]],
            [[text("Hébergement et logement")], [text("2")], [text("120")]],
        ],
    },
    paragraph(
        "Derrière ces chiffres il y a des équipes qui tiennent. L’examen du projet de loi de "
        "financement de la sécurité sociale est le moment où cela se décide."
    ),
    {
        "kind": "request",
        "blocks": [
            paragraph(
                "Déposerez-vous, ou cosignerez-vous, un amendement qui compense aux associations "
                "la hausse des salaires décidée par l’État ? Un mot de vos collaborateurs, oui ou non, "
                "nous suffira."
            )
        ],
    },
    paragraph(
        "La directrice de notre établissement de Bourg-en-Bresse vous recevrait volontiers, un "
        "vendredi ou un lundi à votre convenance."
    ),
    {
        "kind": "sources",
        "blocks": [
            paragraph(
                "Sources : établissements et places, FINESS, extrait du 13 août 2026 ; charges et "
                "dotations, enquête de la fédération auprès de 312 associations, printemps 2026."
            )
        ],
    },
)


def make_deputy(**changes: Any) -> Parliamentarian:
    """A fictional deputy of the Ain; any field can be given."""
    values: dict[str, Any] = {
        "official_id": "PA900001",
        "chamber": "assemblee",
        "gender": "F",
        "first_name": "Hélène",
        "last_name": "Garnier-Lafœuille",
        "department_code": "01",
        "constituency_code": "01-01",
        "political_group": "EXE",
        "political_group_name": "Groupe d’exemple",
        "commission": "commission des affaires sociales",
        "functions": (),
        "contact_method": "email",
        "email": "helene.garnier@example.org",
        "addresses": (
            PostalAddress(
                kind="chamber",
                lines=("Assemblée nationale", "126 rue de l'Université"),
                postcode="75355",
                city="PARIS 07 SP",
            ),
        ),
        "in_office_since": None,
    }
    return Parliamentarian(**(values | changes))


def make_letter(**changes: Any) -> Letter:
    """A letter of one page; any field can be given."""
    values: dict[str, Any] = {
        "campaign_uid": "example",
        "wave": 1,
        "recipient": make_deputy(),
        "subject": "1\u202f240 personnes accompagnées dans votre circonscription",
        "title": "Madame la Députée",
        "opening": "Madame la Députée,",
        "body": BODY,
        "closing": "En vous remerciant de l’attention que vous porterez à cette demande, je vous prie "
        "d’agréer, Madame la Députée, l’expression de ma haute considération.",
        "signature": ("Camille Exemple", "Présidente", "Fédération d’exemple"),
        "sender": (
            "Fédération d’exemple",
            "12 rue des Tilleuls",
            "75011 Paris",
            "contact@example.org",
        ),
        "dateline": "Paris, le 23 novembre 2026",
        "address": (
            "Madame Hélène GARNIER-LAFŒUILLE",
            "Députée de l'Ain",
            "Assemblée nationale",
            "126 RUE DE L UNIVERSITE",
            "75355 PARIS 07 SP",
        ),
        "address_reason": "à l’Assemblée nationale",
        "text": "Madame la Députée,\n\nTexte.\n",
        "html": "<p>Madame la Députée,</p><p>Texte.</p>",
        "certainty": "commune",
        "choices": {"hook": "figures"},
        "quoted": (Figure("establishments", 14, "établissement", 14, 14, "2026-08-13", "FINESS"),),
        "template_digest": "0" * 64,
    }
    return Letter(**(values | changes))


@pytest.fixture(scope="session")
def faults() -> Callable[[bytes], list[str]]:
    """What page-validation finds against PDF/UA-1 and PDF/A-2a.

    page-validation 0.11 takes a stream whose last byte is a carriage return for one byte shorter
    than it says; so lengths are checked here, byte by byte, and that one rule is left out.
    """

    def find(pdf: bytes) -> list[str]:
        found = [
            f"stream at {match.start()} is not as long as it says"
            for match in re.finditer(rb"/Length (\d+)[^>]*>>\s*?stream\r?\n", pdf)
            if not pdf[match.end() + int(match[1]) :].startswith((b"\nendstream", b"\r\nendstream"))
        ]
        for profile in ("pdfua-1", "pdfa-2a"):
            report = page.validate_pdf_bytes(pdf, profile=profile)
            found += [
                f"{failure.rule_id}: {failure.message}"
                for failure in report.failures
                if failure.rule_id != "PDFA2A-STREAM-LENGTH-001"
            ]
        return found

    return find


@pytest.fixture(scope="session")
def a_letter() -> Callable[..., Letter]:
    """Make letters by hand: `a_letter(subject="…")`."""
    return make_letter


@pytest.fixture(scope="session")
def a_deputy() -> Callable[..., Parliamentarian]:
    """Make deputies by hand: `a_deputy(last_name="…")`."""
    return make_deputy
