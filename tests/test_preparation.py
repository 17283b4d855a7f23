"""preparation: the whole road on the bundled lists."""

import datetime as dt
import re
from collections import Counter

import pytest

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.letters.checks import check_letters
from outreach.preparation import Prepared, prepare

pytestmark = pytest.mark.slow

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """The bundled campaign, prepared once."""
    return prepare(load_campaign(letters_path("solidarite-en-danger")), today=TODAY)


def test_every_seat_has_a_letter_or_a_reason(prepared: Prepared) -> None:
    """
    577 and 348 seats: each is in the letters once, or skipped with its reason.
    """
    letters = Counter(letter.recipient.chamber for letter in prepared.letters)
    skipped = Counter(skipped.chamber for skipped in prepared.skipped)

    assert letters["assemblee"] + skipped["assemblee"] == 577
    assert letters["senat"] + skipped["senat"] == 348
    assert len({letter.recipient.official_id for letter in prepared.letters}) == len(
        prepared.letters
    )
    assert all("vacant" in skipped.reason for skipped in prepared.skipped)


def test_your_constituency_is_said_only_of_what_lies_in_it(prepared: Prepared) -> None:
    """
    A letter quotes figures of "votre circonscription" only when a listed establishment is there.
    """
    table = prepared.matched.table
    inside = set(table["constituency_code"]) - {""}
    wrong = [
        letter.recipient.official_id
        for letter in prepared.letters
        if "Les équipes de votre circonscription" in letter.text
        and letter.recipient.constituency_code not in inside
    ]
    senators = [
        letter.recipient.official_id
        for letter in prepared.letters
        if letter.recipient.chamber == "senat" and "votre circonscription" in letter.text
    ]

    assert wrong == []
    assert senators == []


def test_the_number_of_establishments_is_the_number_in_the_table(prepared: Prepared) -> None:
    """
    The count in a subject line equals the rows of the matched table for that very area.
    """
    table = prepared.matched.table
    by_constituency = Counter(str(code) for code in table["constituency_code"])
    by_department = Counter(str(code) for code in table["matched_department_code"])
    wrong = []
    for letter in prepared.letters:
        said = re.search(r"soutenir (\d+|un) établissement", letter.subject)
        if said is None:
            continue
        number = 1 if said[1] == "un" else int(said[1])
        who = letter.recipient
        local = "circonscription" in letter.subject.lower()
        true = (
            by_constituency[who.constituency_code] if local else by_department[who.department_code]
        )
        if number != true:
            wrong.append((who.official_id, number, true))

    assert wrong == []


def test_no_letter_shows_a_hole(prepared: Prepared) -> None:
    """
    No letter holds None, nan, a leftover mark, a double space or an article that does not elide.
    """
    hole = re.compile(
        r"\bNone\b|\bnan\b|\{\{|\}\}|\{%|<NA>|undefined|[^\n ]  +|\bde (?:Ain|Aisne|Allier|Isère|Oise|Yonne)\b"
        r"|\b(?:dans|en) (?:Paris|Mayotte)\b"
    )
    holes = [
        (letter.recipient.official_id, found[0])
        for letter in prepared.letters
        for part in (letter.subject, letter.text)
        if (found := hole.search(part))
    ]

    assert holes == []


def test_opening_and_closing_say_the_same_title(prepared: Prepared) -> None:
    """
    The title of the opening stands word for word in the closing, and agrees with the gender.
    """
    wrong = [
        letter.recipient.official_id
        for letter in prepared.letters
        if letter.title not in letter.closing
        or letter.opening != f"{letter.title},"
        or (letter.recipient.gender == "F") != letter.title.startswith("Madame")
    ]

    assert wrong == []


def test_each_quoted_figure_has_its_source_in_the_letter(prepared: Prepared) -> None:
    """
    Whatever figure a letter quotes, the name of its source stands in the text.
    """
    missing = [
        (letter.recipient.official_id, figure.name)
        for letter in prepared.letters
        for figure in letter.quoted
        if figure.source.split(",")[0] not in letter.text
    ]

    assert missing == []


def test_preparing_twice_gives_the_same_letters(prepared: Prepared) -> None:
    """
    Nothing depends on chance or on the order of a set: the same day gives the same letters.
    """
    again = prepare(prepared.campaign, today=TODAY)

    assert again.letters == prepared.letters


def test_an_old_list_is_said(prepared: Prepared) -> None:
    """
    From 61 days after the date of a list on, the warning names the command that renews it.
    """
    late = prepare(prepared.campaign, today=dt.date(2027, 3, 1), only=lambda member: False)

    assert prepared.warnings != late.warnings
    assert any("outreach roster update" in warning for warning in late.warnings)


@pytest.mark.parametrize("wave", [1, 2])
def test_the_bundled_words_pass_every_rule_in_both_waves(wave: int) -> None:
    """
    No letter and no reminder has an error, a second request, the same words twice or a twin.
    """
    campaign = load_campaign(letters_path("solidarite-en-danger")).model_copy(update={"wave": wave})

    report = check_letters(prepare(campaign, today=TODAY).letters, campaign)

    found = {rule: count for rule, count in report.hits.items() if count}
    assert report.errors == 0
    assert found.keys() <= {"no-email", "identical", "function"}
    # The French abroad and the collectivities have no published figure of their own.
    assert found.get("identical", 0) <= 10
