"""acts.csv and titles.csv name people who sit, and days that have been."""

import datetime as dt
from pathlib import Path

import pytest
from tests.letters.builders import CAMPAIGN, campaign_in, person

from outreach.bundle import data_path
from outreach.campaign import Campaign
from outreach.errors import InputError
from outreach.letters.official_ids import KnownIds, check_named
from outreach.roster.former import former_ids

TODAY = dt.date(2026, 11, 23)
ACTS = "official_id;date;stance;text;source;url\n"
TITLES = "who;feminine;masculine;line_feminine;line_masculine;source;date\n"
KNOWN = KnownIds.of(
    [person(official_id="PA841017"), person("senat", official_id="20094J")], ["PA718884"]
)


def campaign_with(folder: Path, *, acts: str = "", titles: str = "") -> Campaign:
    """A campaign with these rows in its two files."""
    folder.mkdir(exist_ok=True)
    (folder / "acts.csv").write_text(ACTS + acts, encoding="utf-8")
    (folder / "titles.csv").write_text(TITLES + titles, encoding="utf-8")
    settings = f'acts = "acts.csv"\ntitles = "titles.csv"\n{CAMPAIGN}'
    return campaign_in(folder, "x", settings=settings)


def faults(campaign: Campaign) -> tuple[str, ...]:
    """What the check refuses, without the folder."""
    with pytest.raises(InputError) as refused:
        check_named(campaign, KNOWN, TODAY)
    return tuple(line.replace(f"{campaign.folder}/", "") for line in refused.value.problems)


def test_right_ids_and_functions_pass(tmp_path: Path) -> None:
    """Ids of those who sit and functions in words give neither fault nor warning."""
    campaign = campaign_with(
        tmp_path,
        acts="PA841017;2026-10-14;thank;avez voté ce texte;scrutin;\n",
        titles="20094J;Madame la Ministre;;;;usage;2022\nQuesteur;Madame la Questeure;;;;x;mai 2017\n",
    )

    assert check_named(campaign, KNOWN, TODAY) == ()


def test_an_id_that_nobody_has(tmp_path: Path) -> None:
    """An id in no list is a fault with file, row and the near id, in both files at once."""
    campaign = campaign_with(
        tmp_path,
        acts="PA84101;2026-10-14;thank;avez voté ce texte;scrutin;\n"
        "PA1;2026-10-14;thank;avez voté ce texte;scrutin;\n",
        titles="20049J;Madame la Ministre;;;;usage;2022\n",
    )

    assert faults(campaign) == (
        'titles.csv, row 2, who: "20049J" is nobody\'s; did you mean "20094J" (Élodie D\'Exemple, 01)?',
        'acts.csv, row 2, official_id: "PA84101" is nobody\'s; did you mean "PA841017" '
        "(Élodie D'Exemple, 01-04)?",
        'acts.csv, row 3, official_id: "PA1" is nobody\'s; look the person up with `outreach find`, '
        "or take the row out",
    )


def test_who_sits_no_longer_is_a_warning(tmp_path: Path) -> None:
    """A row of somebody who has left is told, and stops nothing."""
    campaign = campaign_with(
        tmp_path, acts="PA718884;2026-10-14;thank;avez voté ce texte;scrutin;\n"
    )

    (warning,) = check_named(campaign, KNOWN, TODAY)

    assert warning.endswith(
        "acts.csv, row 2, official_id: PA718884 sits no longer; no letter uses this row."
    )


def test_a_day_to_come_and_every_fault_of_a_row(tmp_path: Path) -> None:
    """A date in the future is a fault, and a bad date hides no other fault of its row."""
    campaign = campaign_with(
        tmp_path,
        acts="PA841017;2099-12-01;thank;avez voté ce texte;scrutin;\n"
        "PA841017;hier;praise;;scrutin;http://example.org\n",
        titles="PA841017;Madame la Ministre;;;;usage;2099-01-01\n",
    )

    assert faults(campaign) == (
        "titles.csv, row 2, date: 2099-01-01 is later than 2026-11-23",
        "acts.csv, row 2, date: 2099-12-01 is later than 2026-11-23; an act is quoted once it is done",
        'acts.csv, row 3, date: "hier" is no date; write 2026-11-12',
        'acts.csv, row 3, stance: "praise" is none of thank, ask, remind',
        "acts.csv, row 3, text: is empty; an act without it is not quoted",
        'acts.csv, row 3, url: "http://example.org" does not start with "https://"',
    )


def test_declared_rows_tell_who_left() -> None:
    """Vacancies, corrections and arrivals of the bundled lists name those who left."""
    deputies, senators = former_ids(data_path("deputies")), former_ids(data_path("senators"))

    assert {"PA718884", "PA841017"} <= deputies
    assert "04045F" in senators


def test_a_folder_without_declared_rows_tells_of_nobody(tmp_path: Path) -> None:
    """A list of one's own may have no such files."""
    assert former_ids(tmp_path) == frozenset()
