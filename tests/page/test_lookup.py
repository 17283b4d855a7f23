"""Every commune and postcode through the page's own scripts, beside the tables and the matching."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from outreach.establishments.columns import TABLE, make_frame
from outreach.geography.codes import department_of_commune
from outreach.matching.matches import match_establishments
from outreach.page.build import SiteSource
from outreach.page.names import key, plain, shown

pytestmark = pytest.mark.slow
Run = Callable[[Path, dict[str, Any]], Any]


def test_every_commune_is_found_by_its_name(
    site: Path, source: SiteSource, run_scripts: Run
) -> None:
    """Each of the communes of today, typed by its name, gives its constituencies and no other's."""
    communes = source.geography.communes
    expected = {
        code: list(source.geography.constituencies_of.get(code, ()))
        for code in communes["commune_code"]
    }
    asked = list(zip(map(shown, communes["name"]), communes["commune_code"], strict=True))

    answers = run_scripts(
        site, {"names": [[name, department_of_commune(code)] for name, code in asked]}
    )

    wrong = [
        (name, code, answer)
        for (name, code), answer in zip(asked, answers, strict=True)
        if [code, expected[code]] not in answer
    ]
    assert wrong == []
    assert len(asked) == 34_969


def test_every_postcode_gives_its_communes(
    site: Path, source: SiteSource, run_scripts: Run
) -> None:
    """Each postcode gives the communes and arrondissements that La Poste's table gives."""
    table = source.geography.postcodes
    expected = defaultdict(set)
    for postcode, commune, part in zip(
        table["postcode"], table["commune_code"], table["arrondissement_code"], strict=True
    ):
        expected[postcode].add(part or commune)

    answers = run_scripts(site, {"postcodes": sorted(expected)})

    assert answers == {postcode: sorted(codes) for postcode, codes in expected.items()}


def test_the_page_and_the_matching_agree_on_every_address_line(
    site: Path, source: SiteSource, run_scripts: Run
) -> None:
    """A postcode with its city leads the page and `outreach match` to the same constituencies."""
    table = source.geography.postcodes.drop_duplicates(["postcode", "commune_code"])
    names = dict(
        zip(
            source.geography.communes["commune_code"],
            source.geography.communes["name"],
            strict=True,
        )
    )
    rows = [(p, c) for p, c in zip(table["postcode"], table["commune_code"], strict=True)]
    blank = {
        name: [""] * len(rows) if kind == "string" else [None] * len(rows)
        for name, kind in TABLE.items()
    }
    blank |= {
        "establishment_id": [f"row-{n}" for n in range(len(rows))],
        "postcode": [postcode for postcode, _ in rows],
        "commune_name": [names[code] for _, code in rows],
    }

    matched = match_establishments(make_frame(blank, TABLE), source.geography, [])
    answers = run_scripts(site, {"postcodes": sorted({postcode for postcode, _ in rows})})

    wrong = []
    for (postcode, code), one, candidates in zip(
        rows, matched["constituency_code"], matched["candidates"], strict=True
    ):
        places = source.geography.arrondissements
        served = [
            found
            for found in answers[postcode]
            if found == code or (found in places and places[found].commune_code == code)
        ]
        page = {c for found in served for c in source.geography.constituencies_of.get(found, ())}
        python = {one} if one else set(candidates.split())
        if page != python:
            wrong.append((postcode, code, sorted(page), sorted(python)))
    assert wrong == []


@pytest.mark.parametrize(
    ("typed", "name", "department"),
    [
        ("St Denis 93", "Saint-Denis", "93"),
        ("la rochelle", "La Rochelle", "17"),
        ("Rochelle", "La Rochelle", "17"),
        ("Bourg en Brese", "Bourg-en-Bresse", "01"),
        ("aulnay s/ bois", "Aulnay-sous-Bois", "93"),
        ("Haÿ les roses", "L’Haÿ-les-Roses", "94"),
        ("Marseile", "Marseille", "13"),
        ("Nimes", "Nîmes", "30"),
        ("Paris 11ème", "Paris 11e arrondissement", "75"),
        ("Kyon", "Lyon", "69"),
        ("Xyon", "Lyon", "69"),
        ("Amberieu (01)", "Ambérieu-en-Bugey", "01"),
    ],
)
def test_what_people_type_is_understood(
    site: Path, run_scripts: Run, typed: str, name: str, department: str
) -> None:
    """Accents, articles, abbreviations and typing slips lead to the commune that was meant."""
    [answer] = run_scripts(site, {"typed": [typed]})

    assert [name, department] in answer["found"][:3]


def test_an_address_is_told_from_a_place(site: Path, run_scripts: Run) -> None:
    """A postcode with a city is a place; with a street before it, an address."""
    texts = [
        "69002 Lyon",
        "Lyon 69002",
        "12 rue de la République, 69002 Lyon",
        "12 bis rue des Lilas",
    ]

    kinds = [answer["kind"] for answer in run_scripts(site, {"typed": texts[:3]})]

    assert kinds == ["postcode", "postcode", "address"]


def test_python_and_the_page_write_names_the_same(
    site: Path, source: SiteSource, run_scripts: Run
) -> None:
    """Both sides make the same comparable form of every name, today's and former."""
    names = [
        *source.geography.communes["name"],
        *source.geography.former_communes["former_name"],
        "St-Étienne s/ Loire", "AULNAY S/ S BOIS", "Ste Foy", "1er Œuilly",
    ]  # fmt: skip

    answers = run_scripts(site, {"plain": names})

    assert answers == [[plain(name), key(name)] for name in names]


def test_a_point_is_located_as_in_python(site: Path, source: SiteSource, run_scripts: Run) -> None:
    """Points all over the country fall in the constituency that geography gives them."""
    from outreach.geography.points import locate

    communes = source.geography.communes.dropna(subset=["longitude"]).iloc[::40]
    longitudes = communes["longitude"].to_numpy(dtype=float)
    latitudes = communes["latitude"].to_numpy(dtype=float)
    truth = locate(longitudes, latitudes)
    inside = np.asarray(truth.inside) & (np.asarray(truth.distance_to_boundary_m) > 5)

    answers = run_scripts(
        site, {"points": [[x, y, None] for x, y in zip(longitudes, latitudes, strict=True)]}
    )

    found = [answer and answer[0] for answer in answers]
    wrong = [
        (code, mine, str(theirs))
        for code, mine, theirs, sure in zip(
            communes["commune_code"], found, truth.constituency_code, inside, strict=True
        )
        if sure and mine != theirs
    ]
    assert wrong == []
    assert int(inside.sum()) > 800
