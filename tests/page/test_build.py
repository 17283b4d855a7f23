"""The site as a folder: whole or not at all, the same bytes twice, its parts in their form."""

import dataclasses
import html
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.errors import InputError, OutreachError, TemplateError
from outreach.establishments.columns import TABLE, make_frame
from outreach.geography.codes import department_of_commune
from outreach.letters.typography import typeset
from outreach.matching.matches import match_establishments
from outreach.page import france_map
from outreach.page.around import Spot, view_around
from outreach.page.build import SiteSource, build_site, site_files
from outreach.page.data_files import data_file
from outreach.page.members import Member, cut_members, link_rows, members, presentation
from outreach.page.names import PlaceName, cut_names, key, plain, shard_of
from outreach.page.people import role, vacant
from outreach.page.places import countries
from outreach.page.shapes import encode_ring
from outreach.page.words import load_words
from outreach.roster.seat import Vacancy

_TODAY = date(2026, 11, 23)
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.slow
def test_the_same_campaign_gives_the_same_bytes(small: SiteSource) -> None:
    """Built twice, every file is equal: a host or a review sees only what changed."""
    first = site_files(small, today=_TODAY)

    second = site_files(small, today=_TODAY)

    assert first == second


@pytest.mark.slow
def test_a_faulty_letter_leaves_the_old_site(small: SiteSource, tmp_path: Path) -> None:
    """A template that fails names its file; the site that stood there still stands."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / ".outreach").write_text("written by outreach\n")
    (folder / "index.html").write_text("the old page")
    template = tmp_path / "letter.md"
    template.write_text('+++\nsubject = "Objet"\n+++\n{{ recipient.nom }}\n', encoding="utf-8")
    templates = small.campaign.templates.model_copy(
        update={"assemblee": template, "senat": template}
    )
    page = small.campaign.page.model_copy(update={"templates": templates, "blocks": None})
    campaign = small.campaign.model_copy(update={"folder": tmp_path, "page": page})

    with pytest.raises(TemplateError, match=r"letter\.md"):
        build_site(dataclasses.replace(small, campaign=campaign), folder, today=_TODAY)

    assert (folder / "index.html").read_text() == "the old page"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_figure_that_nobody_has_is_refused(small: SiteSource, tmp_path: Path) -> None:
    """A slip in a figure's name is said with the nearest one, and nothing is written."""
    page = small.campaign.page.model_copy(update={"figures": ("place",), "map_figure": "xyz"})
    source = dataclasses.replace(small, campaign=small.campaign.model_copy(update={"page": page}))

    with pytest.raises(InputError) as refused:
        build_site(source, tmp_path / "site", today=_TODAY)

    assert 'page.figures: "place" is no local figure; did you mean "places"?' in str(refused.value)
    assert 'page.map_figure: "xyz"' in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_not_replaced(small: SiteSource, tmp_path: Path) -> None:
    """Documents that outreach did not write are never removed."""
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(OutreachError, match="not written by outreach"):
        build_site(small, tmp_path, today=_TODAY)

    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.slow
def test_no_link_of_the_site_is_broken(site: Path) -> None:
    """Every local link and file named in the documents is there."""
    broken = []
    for document in site.rglob("*.html"):
        text = document.read_text(encoding="utf-8")
        for target in set(re.findall(r'(?:href|src)="([^"#?:]+)["#?]', text)):
            if not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")

    assert broken == []


@pytest.mark.slow
def test_each_department_shows_whoever_sits_for_one_of_its_communes(
    site: Path, source: SiteSource
) -> None:
    """A constituency that reaches into the next département is in both pages: without scripts too."""
    sitting = {
        one.constituency_code: one.full_name
        for roster in source.rosters
        for one in roster.members
        if one.constituency_code
    }
    held = source.geography.commune_constituencies
    wanted = {
        (department_of_commune(commune), code)
        for commune, code in zip(held["commune_code"], held["constituency_code"], strict=True)
        if code in sitting
    }

    absent = [
        (department, code, sitting[code])
        for department, code in sorted(wanted)
        if html.escape(typeset(sitting[code]), quote=False)
        not in (site / "departements" / f"{department}.html").read_text(encoding="utf-8")
    ]

    assert absent == []
    assert {("978", "977-01"), ("51", "02-01"), ("50", "14-06")} <= wanted


@pytest.mark.slow
def test_what_a_citizen_reads_has_typographic_apostrophes(site: Path) -> None:
    """No name of a commune, département, country, group or person keeps a typewriter's apostrophe."""
    read = [
        *site.rglob("*.html"),
        *(file for part in ("places", "names", "people", "letters") for file in (site / "data" / part).iterdir()),
        site / "data" / "start.js",
    ]  # fmt: skip

    straight = Counter(
        found
        for file in read
        for found in re.findall(r"(?<![@\w.])\w*'\w+(?![\w.-]*@)", html.unescape(_seen(file)))
    )

    assert dict(straight) == {}


def _seen(file: Path) -> str:
    """A file's text without its tags and their attributes, or the policy and mail addresses."""
    return re.sub(r"<[^>]*>|[\w.+'-]+@[\w.-]+", " ", file.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_arrondissements_are_written_small(site: Path) -> None:
    """Lyon 5e arrondissement, in lists, suggestions and documents alike."""
    capital = [
        str(file.relative_to(site))
        for file in site.rglob("*.*")
        if file.suffix in (".html", ".js")
        and "e Arrondissement" in file.read_text(encoding="utf-8")
    ]

    assert capital == []
    assert "Lyon 5e arrondissement" in (site / "departements" / "69.html").read_text("utf-8")


def test_countries_stand_in_french_order(source: SiteSource) -> None:
    """Accents do not count: Égypte and États-Unis stand among the E, Îles among the I, each once."""
    names = [name for name, _ in countries(source.geography)]

    assert names.index("Édimbourg") < names.index("Égypte") < names.index("États-Unis")
    assert names.index("États-Unis") < names.index("Fès") < names.index("Îles Marshall")
    assert names.index("Îles Salomon") < names.index("Zurich") == len(names) - 1
    assert len(set(map(plain, names))) == len(names)
    assert {"Athènes", "Genève", "Pékin", "Séoul", "Yaoundé", "Fès", "Lomé", "Montréal"} <= set(
        names
    )


@pytest.mark.slow
def test_a_list_that_is_not_used_is_not_dated(small: SiteSource) -> None:
    """A campaign to one chamber names one list with its date, in each language's own words."""
    templates = small.campaign.page.templates.model_copy(update={"senat": None})
    page = small.campaign.page.model_copy(update={"templates": templates, "geocoder": ""})
    source = dataclasses.replace(small, campaign=small.campaign.model_copy(update={"page": page}))

    files = site_files(source, today=_TODAY)

    french, english = files["index.html"].decode(), files["en.html"].decode()
    assert re.search(r"Liste officielle des députés au (1er|\d\d?) \w+ 20\d\d\.", french)
    assert "sénateurs au" not in french
    assert re.search(r"Official list of deputies as of \d{1,2} [A-Z][a-z]+ 20\d\d\.", english)
    assert "Envoyer cette adresse" not in french
    assert "sauf si vous appuyez sur «\u00a0Ouvrir ma messagerie\u00a0»" in french


@pytest.mark.slow
def test_a_shared_link_shows_the_picture_from_every_document(small: SiteSource) -> None:
    """Where the address is known the picture's own is absolute, also from the lists below."""
    page = small.campaign.page.model_copy(update={"address": "https://example.org/ecrire"})
    source = dataclasses.replace(small, campaign=small.campaign.model_copy(update={"page": page}))

    files = site_files(source, today=_TODAY)

    wanted = b'content="https://example.org/ecrire/picture.png"'
    assert wanted in files["index.html"]
    assert wanted in files["departements/01.html"]
    assert files["picture.png"].startswith(b"\x89PNG")


@pytest.mark.slow
def test_members_left_out_are_nowhere_in_the_site(small: SiteSource) -> None:
    """With establishments = false no name of the member list is published."""
    page = small.campaign.page.model_copy(update={"establishments": False})
    hidden = dataclasses.replace(small, campaign=small.campaign.model_copy(update={"page": page}))

    files = site_files(hidden, today=_TODAY)

    assert [name for name in files if name.startswith("data/establishments")] == []
    assert [name for name, content in files.items() if b"LE CLOS CHEVALIER" in content] == []


def test_a_data_file_can_hold_anything() -> None:
    """Ends of script, quotes and line separators stay inside their string."""
    value = {"a": '</script><!-- " \u2028 \\ œ'}

    written = data_file("x", value)

    assert "<" not in written
    assert "\u2028" not in written
    assert json.loads(written.removeprefix('Data.receive("x",').removesuffix(");\n")) == value


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=40))
@settings(max_examples=60)
def test_a_ring_is_read_back_within_a_step(points: list[tuple[float, float]]) -> None:
    """Written small and read back, each point is within half a step of 1.1 m."""
    written = encode_ring(np.array(points))

    values, at, shift = [], 0, 0
    for digit in map(_DIGITS.index, written):
        at |= (digit & 31) << shift
        shift += 5
        if not digit & 32:
            values.append(-(at + 1) // 2 if at % 2 else at // 2)
            at, shift = 0, 0
    back = np.cumsum(np.array(values).reshape(-1, 2), axis=0)
    steps = np.round(np.array(points) * 100_000)
    kept = np.concatenate([[True], np.any(np.diff(steps, axis=0) != 0, axis=1)])
    assert np.array_equal(back, steps[kept])


def test_names_are_cut_by_their_first_letter_without_article() -> None:
    """La Rochelle stands under r; homonyms share a line; former names have their own file."""
    files = cut_names(
        [
            PlaceName("La Rochelle", "17", 78_000),
            PlaceName("Rochelle", "70", 40),
            PlaceName("Saint-Denis", "93", 112_000),
            PlaceName("Saint-Denis", "974", 153_000),
            PlaceName("Rocheville", "06", None),
        ]
    )

    assert files == {
        "r": "La Rochelle;17=5\nRochelle;70=2",
        "r-former": "Rocheville;06",
        "s": "Saint-Denis;93=6,974=6",
    }


@given(st.text(max_size=30))
def test_any_text_has_a_key_and_a_file(text: str) -> None:
    """Keys are stable letters and digits, and any name has a file."""
    assert plain(plain(text)) == plain(text)
    assert re.fullmatch(r"[a-z0-9 ]*", key(text))
    assert re.fullmatch(r"[a-z0]", shard_of(text))


def test_every_constituency_of_a_split_commune_is_in_sight() -> None:
    """The small map widens until each constituency has its part of the frame."""
    west, east = shapely.box(0, 45, 1, 46), shapely.box(1, 45, 2, 46)
    spots = [Spot("1", "Ici", 0.9, 45.5, 900), Spot("2", "Là", 0.91, 45.51, 50)]

    view = view_around((0.9, 45.5), spots, {"01-01": west, "01-02": east})

    assert view["degrees"] * 1.42 > 0.1
    assert view["names"][0][0] == "Ici"


def test_map_levels_hold_about_as_many_places_each() -> None:
    """Five colours for values, one apart for none; no place lies above the last limit."""
    limits = france_map.levels([None, 0, *range(1, 101)])

    assert limits == [21, 41, 61, 81, 100]
    assert [france_map.level_of(value, limits) for value in (None, 0, 1, 21, 22, 100)] == [
        0,
        0,
        1,
        1,
        2,
        5,
    ]
    assert france_map.levels([None, 0]) == []


def test_roles_agree_with_their_holder(source: SiteSource) -> None:
    """Députée, Sénateur, of their own constituency or département, with French apostrophes."""
    people = {one.official_id: one for roster in source.rosters for one in roster.members}
    gendered = dataclasses.replace(people["PA330008"], gender="")

    assert role(people["PA330008"]) == "Député de la 1re circonscription de l’Ain"
    assert role(people["08056B"]) == "Sénatrice de l’Ain"
    assert role(gendered) == "Député·e de la 1re circonscription de l’Ain"


def test_a_vacancy_is_told_with_its_reason() -> None:
    """Since when, why, and who held the seat."""
    seat = Vacancy(
        "assemblee", "01", "01-02", "Jean Exemple", date(2026, 10, 1), date(2027, 1, 1),
        "démission", "Journal officiel",
    )  # fmt: skip

    told = vacant(seat)

    assert told["vacancy"] == "Siège vacant depuis le 1er\u00a0octobre 2026\u00a0: démission."
    assert told["seat"] == "2e circonscription de l’Ain"


def test_a_member_is_presented_in_french(source: SiteSource) -> None:
    """Only what is known is said of an establishment, with its number agreed."""
    one = next(iter(members(source.matched)))
    known = dataclasses.replace(
        one, name="Les Tilleuls", commune_name="Le Mans", places=1, staff=30
    )

    assert presentation(known) == (
        "Je vous écris au nom de l’établissement «\u00a0Les Tilleuls\u00a0», au Mans, "
        "qui compte 1\u00a0place et emploie 30\u00a0professionnels."
    )
    quoted = dataclasses.replace(known, name='Foyer « L\'Étoile » "Sud"', places=None, staff=None)
    assert "«\u00a0Foyer “L’Étoile” “Sud”\u00a0», au Mans." in presentation(quoted)
    assert presentation(dataclasses.replace(known, places=None, staff=None, commune_name="")) == (
        "Je vous écris au nom de l’établissement «\u00a0Les Tilleuls\u00a0»."
    )


def test_a_name_in_capitals_is_written_in_french_case(source: SiteSource) -> None:
    """The sentence has small letters where French has them; the letter's head keeps capitals."""
    one = next(iter(members(source.matched)))
    known = dataclasses.replace(
        one, name="EHPAD LE CLOS DE L'AUBE", street="1 RUE DE L'EGLISE", commune_name="Lyon",
        places=45, staff=None,
    )  # fmt: skip

    files, shards = cut_members(iter([known]))

    filled = files[shards[known.establishment_id[:2]]][known.establishment_id]
    assert filled["text"] == (
        "Je vous écris au nom de l’établissement «\u00a0EHPAD Le Clos de l’Aube\u00a0», à Lyon, "
        "qui compte 45\u00a0places."
    )
    assert filled["address"].startswith("EHPAD LE CLOS DE L’AUBE\n1 RUE DE L’EGLISE\n")


def _without_numbers(
    source: SiteSource, rows: Sequence[tuple[str, str, int | None]]
) -> list[Member]:
    """Members of a list of (name, street, places) in Bourg-en-Bresse that numbers nobody."""
    columns: dict[str, list[Any]] = {
        "establishment_id": [f"row-{at}" for at in range(2, 2 + len(rows))],
        "name": [name for name, _, _ in rows],
        "address": [street for _, street, _ in rows],
        "postcode": ["01000"] * len(rows),
        "commune_name": ["Bourg-en-Bresse"] * len(rows),
        "places": [places for _, _, places in rows],
    }
    blank: dict[str, list[Any]] = {
        name: [""] * len(rows) if kind == "string" else [None] * len(rows)
        for name, kind in TABLE.items()
    }
    matched = match_establishments(make_frame(blank | columns, TABLE), source.geography, [])
    return list(members(matched))


def test_a_link_opens_the_same_establishment_once_the_list_is_sorted(source: SiteSource) -> None:
    """Without identifiers a link rests on name and address, never on the number of a row."""
    rows = [("Les Tilleuls", "1 rue Haute", 12), ("Le Clos", "2 rue Basse", 30), ("IME", "", None)]

    listed, turned = _without_numbers(source, rows), _without_numbers(source, rows[::-1])

    assert {one.name: one.establishment_id for one in listed} == {
        one.name: one.establishment_id for one in turned
    }
    assert len({one.establishment_id for one in listed}) == 3
    assert all(re.fullmatch(r"N[0-9a-f]{16}", one.establishment_id) for one in listed)


def test_two_rows_of_one_name_and_address_say_what_both_say(source: SiteSource) -> None:
    """Their common link claims no number of places that only one of them has."""
    rows = [("Les Tilleuls", "1 rue Haute", 12), ("LES TILLEULS", "1, rue Haute", 30)]

    files, shards = cut_members(iter(_without_numbers(source, rows)))

    assert len(shards) == len(files["0"]) == 1
    [filled] = files["0"].values()
    assert filled["text"].endswith("à Bourg-en-Bresse.")


def test_each_member_has_one_link(source: SiteSource) -> None:
    """Links are unique, and every establishment whose département is known has one."""
    rows = list(link_rows(members(source.matched), "https://example.org/ecrire/"))

    known = source.matched["matched_department_code"] != ""
    assert len({row["link"] for row in rows}) == len(rows) == int(known.sum())
    assert rows[0]["link"].startswith("https://example.org/ecrire/?establishment=")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/ecrire", "https://example.org/ecrire/?establishment="),
        ("https://example.org", "https://example.org/?establishment="),
        ("https://example.org/en.html", "https://example.org/en.html?establishment="),
    ],
)
def test_a_link_leads_to_the_folder_or_to_the_document(
    source: SiteSource, address: str, link: str
) -> None:
    """An address without its last slash is a folder's: hosts drop the question when they redirect."""
    assert next(iter(link_rows(members(source.matched), address)))["link"].startswith(link)


def test_words_are_loaded_for_each_language() -> None:
    """The language's own name stands in its sentences."""
    assert [load_words(code)["html_lang"] for code in ("fr", "en")] == ["fr", "en"]
