"""The bundled tables: every commune of 2026 and its constituency; the traps of the sources."""

import csv

import pytest
from tests.geography.publishers import ministry_cells, written

from outreach.bundle import data_path
from outreach.errors import InputError
from outreach.geography.codes import (
    constituency_code,
    parse_constituency,
)
from outreach.geography.places import Geography, load_geography


@pytest.fixture(scope="module")
def geography() -> Geography:
    """The bundled geography."""
    return load_geography()


def test_577_constituencies_in_107_departments(geography: Geography) -> None:
    """There are 577 seats: 539 in metropolitan France, 27 overseas, 11 abroad."""
    seats = [place.department_code for place in geography.constituencies.values()]

    abroad = seats.count("ZZ")
    overseas = sum(len(code) == 3 for code in seats)
    assert (len(seats), overseas, abroad) == (577, 27, 11)


@pytest.mark.parametrize("publisher", ["insee", "rne", "osm"])
def test_every_constituency_comes_back_from_every_coding(
    geography: Geography, publisher: str
) -> None:
    """Each of the 577 codes, written as a publisher writes it, is read as itself."""
    codes = list(geography.constituencies)

    read = [parse_constituency(written(code, publisher)) for code in codes]

    assert read == codes


def test_every_constituency_comes_back_from_the_ministry(geography: Geography) -> None:
    """Each of the 577 codes comes back from the ministry's two cells."""
    codes = list(geography.constituencies)

    read = [constituency_code(*ministry_cells(code)) for code in codes]

    assert read == codes


def test_every_commune_of_2026_has_its_constituency(geography: Geography) -> None:
    """Of 34 969 communes only five French Southern Lands and Clipperton vote for no deputy."""
    communes = set(geography.communes["commune_code"])

    without = communes - set(geography.commune_constituencies["commune_code"])

    assert len(communes) == 34_969
    assert without == {"98411", "98412", "98413", "98414", "98415", "98901"}


def test_every_territorial_constituency_has_communes(geography: Geography) -> None:
    """Each constituency but the 11 abroad holds a commune or a part of one."""
    held = set(geography.commune_constituencies["constituency_code"])

    assert held == {code for code in geography.constituencies if not code.startswith("ZZ")}


def test_134_split_communes_hold_a_fifth_of_the_people(geography: Geography) -> None:
    """134 communes lie in several constituencies; 18.6 % of the population lives there."""
    communes = geography.communes.set_index("commune_code")["population"]
    split = [code for code in communes.index if len(geography.constituencies_of.get(code, ())) > 1]

    share = communes[split].sum() / communes.sum()

    assert len(split) == 134
    assert share == pytest.approx(0.186, abs=0.001)


@pytest.mark.parametrize(
    ("commune", "constituencies"),
    [
        ("44180", ("44-06", "49-07")),
        ("49160", ("44-06", "49-06", "49-07")),
        ("50592", ("14-06", "50-01")),
        ("51171", ("02-01", "51-01")),
    ],
)
def test_communes_in_another_departments_constituency(
    geography: Geography, commune: str, constituencies: tuple[str, ...]
) -> None:
    """A merger across départements left a part of the commune in the other's constituency."""
    assert geography.constituencies_of[commune] == constituencies


@pytest.mark.parametrize("commune", ["55039", "55050", "55139", "55189", "55239", "55307"])
def test_ghost_communes_of_the_meuse(geography: Geography, commune: str) -> None:
    """The six destroyed villages, in no table, lie around Verdun: 55-02 by their point."""
    assert geography.constituencies_of[commune] == ("55-02",)


@pytest.mark.parametrize(
    ("commune", "constituencies"),
    [
        ("12218", ("12-02",)),
        ("14581", ("14-05",)),
        ("15031", ("15-02",)),
        ("15035", ("15-02",)),
        ("15047", ("15-02",)),
        ("15171", ("15-02",)),
        ("27676", ("27-04",)),
        ("49126", ("49-06",)),
        ("60694", ("60-02",)),
        ("69114", ("69-08", "69-09")),
        ("85165", ("85-01",)),
        ("85212", ("85-01",)),
    ],
)
def test_codes_that_the_table_of_2021_does_not_know(
    geography: Geography, commune: str, constituencies: tuple[str, ...]
) -> None:
    """A commune made or renumbered since 2021 has the constituencies of what it came from."""
    assert geography.constituencies_of[commune] == constituencies


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("69152", ("69149",)),  # Pierre-Bénite, now Oullins-Pierre-Bénite
        ("93059", ("93066",)),  # Pierrefitte-sur-Seine, now Saint-Denis
        ("12076", ("12218",)),  # Conques-en-Rouergue, renumbered
        ("20004", ("2A004",)),  # Ajaccio, before Corsica was two
        ("97123", ("97701",)),  # Saint-Barthélemy, when in Guadeloupe
        ("97127", ("97801",)),  # Saint-Martin
        ("49144", ("44180",)),  # Freigné, renumbered and merged the same day
        ("75116", ("75056",)),
        ("15031", ("15031",)),  # Celles, merged in 2016, a commune again in 2025
    ],
)
def test_codes_merged_away(geography: Geography, old: str, now: tuple[str, ...]) -> None:
    """A code that is gone leads to the commune of 2026 that holds its ground."""
    assert geography.current_codes[old] == now


def test_every_code_of_former_communes_leads_to_a_commune(geography: Geography) -> None:
    """No former commune ends in a code that is not of 2026."""
    communes = set(geography.communes["commune_code"])

    assert set(geography.former_communes["commune_code"]) <= communes


def test_no_former_commune_is_a_commune_still(geography: Geography) -> None:
    """A code and name that a commune bears today are not listed as former."""
    today = set(zip(geography.communes["commune_code"], geography.communes["name"], strict=True))
    former = geography.former_communes

    listed = set(zip(former["former_code"], former["former_name"], strict=True))

    assert today & listed == set()


@pytest.mark.parametrize(
    ("arrondissement", "constituencies"),
    [
        ("75101", ("75-01",)),
        ("75116", ("75-04", "75-14")),
        ("69388", ("69-01", "69-03", "69-04")),
        ("13211", ("13-01",)),
        ("13214", ("13-03", "13-07")),
    ],
)
def test_arrondissements_narrow_the_choice(
    geography: Geography, arrondissement: str, constituencies: tuple[str, ...]
) -> None:
    """An arrondissement has fewer constituencies than its city."""
    assert geography.constituencies_of[arrondissement] == constituencies


@pytest.mark.parametrize(("city", "seats"), [("75056", 18), ("69123", 4), ("13055", 7)])
def test_arrondissements_and_their_city_agree(geography: Geography, city: str, seats: int) -> None:
    """Together the arrondissements have exactly the constituencies of the whole city."""
    parts = [
        place.code for place in geography.arrondissements.values() if place.commune_code == city
    ]

    together = {code for part in parts for code in geography.constituencies_of[part]}

    assert together == set(geography.constituencies_of[city])
    assert len(together) == seats


def test_paris_16_has_two_postcodes(geography: Geography) -> None:
    """75016 and 75116 are both the 16th arrondissement, in the commune 75056."""
    codes = geography.postcodes.set_index("postcode").loc[["75016", "75116"]]

    assert set(codes["arrondissement_code"]) == {"75116"}
    assert set(codes["commune_code"]) == {"75056"}


def test_postcodes_lead_to_communes_of_2026(geography: Geography) -> None:
    """La Poste's list is of 2023; its codes are brought to the communes of 2026."""
    communes = set(geography.communes["commune_code"])

    reached = set(geography.postcodes["commune_code"])

    assert reached <= communes
    assert communes - reached == {"98411", "98412", "98413", "98414", "98415"}


def test_a_divided_commune_keeps_its_postcodes_apart(geography: Geography) -> None:
    """Celles left Neussargues in 2025; La Poste's line for Celles goes to it alone."""
    table = geography.postcodes

    reached = table.loc[table["locality"] == "CHAVAGNAC", ["postcode", "commune_code"]]

    assert ["15300", "15047"] in reached.to_numpy().tolist()


def test_a_postcode_is_no_key(geography: Geography) -> None:
    """Many postcodes lead to several constituencies, 16 to several départements."""
    table = geography.postcodes.drop_duplicates(["postcode", "commune_code"])
    departments = table["commune_code"].str[:2].groupby(table["postcode"]).nunique()

    rows = table.merge(geography.commune_constituencies, on="commune_code")
    constituencies = rows.groupby("postcode")["constituency_code"].nunique()

    assert int((departments > 1).sum()) == 16
    assert (constituencies > 1).mean() == pytest.approx(0.16, abs=0.01)


def test_no_cedex_in_the_postcodes(geography: Geography) -> None:
    """A CEDEX postcode, such as the Assembly's, leads to no commune."""
    assert "75355" not in set(geography.postcodes["postcode"])


def test_names_keep_their_ligatures(geography: Geography) -> None:
    """INSEE's table of constituencies breaks œ in 109 names; names come from the COG."""
    names = geography.communes["name"]

    assert int(names.str.contains("[œŒ]").sum()) >= 100
    assert "Œuilly" in set(names)


def test_names_are_not_unique(geography: Geography) -> None:
    """Over 3 600 communes share their name with another."""
    assert int(geography.communes["name"].duplicated(keep=False).sum()) > 3_600


def test_unknown_population_is_not_zero(geography: Geography) -> None:
    """Mayotte's communes have no population in the file: missing, not 0."""
    people = geography.communes.set_index("commune_code")["population"]

    assert people.loc[people.index.str.startswith("976")].isna().all()


@pytest.mark.parametrize(
    ("place", "constituency"),
    [
        ("Suisse", "ZZ-06"),
        ("Sénégal", "ZZ-09"),
        ("Abidjan", "ZZ-09"),
        ("Genève", "ZZ-06"),
        ("Koweït", "ZZ-10"),
    ],
)
def test_french_abroad(geography: Geography, place: str, constituency: str) -> None:
    """A country or a consular post leads to one of the 11 constituencies abroad."""
    assert geography.abroad[place] == constituency


def test_one_seat_for_two_islands(geography: Geography) -> None:
    """Saint-Barthélemy and Saint-Martin share one deputy, of number 977-01."""
    name = geography.constituency("ZX-1").name

    assert geography.constituencies_of["97701"] == geography.constituencies_of["97801"]
    assert name == "circonscription de Saint-Barthélemy et de Saint-Martin"


def test_a_constituency_that_does_not_exist_is_refused(geography: Geography) -> None:
    """The Ain has five constituencies: a sixth is refused."""
    with pytest.raises(InputError, match=r'"01-06" \(01-06\) is not one of the 577'):
        geography.constituency("01-06")


def test_loading_twice_gives_the_same_tables(geography: Geography) -> None:
    """The tables are read once."""
    assert load_geography() is geography


def test_countries_and_posts_of_one_name_agree() -> None:
    """Monaco, Koweït, Singapour are a country and a post: both tables give one constituency."""
    with data_path("geography", "abroad.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    given: dict[str, set[str]] = {}
    for row in rows:
        given.setdefault(row["name"], set()).add(row["constituency_code"])

    assert len(rows) - len(given) == 8
    assert [name for name, codes in given.items() if len(codes) > 1] == []
