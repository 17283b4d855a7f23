"""Numbers, plurals, lists and dates as French writes them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.numbers import (
    about,
    as_of_words,
    counted,
    date_words,
    in_words,
    joined,
    number,
    ordinal,
    plural,
    singular,
    when_words,
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (1234, "1\u202f234"), (1234567, "1\u202f234\u202f567"),
     (12.5, "12,5"), (-3, "-3"), (0.3333, "0,333"), (1e6, "1\u202f000\u202f000")],
)  # fmt: skip
def test_numbers(value: float, said: str) -> None:
    """Thousands are parted by U+202F and decimals follow a comma."""
    assert number(value) == said


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True])
def test_what_is_no_number_is_refused(value: float) -> None:
    """No letter prints "nan" or "True"."""
    with pytest.raises(ValueError, match="not a number"):
        number(value)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0, "place", "0 place"), (1, "place", "1 place"), (1.5, "place", "1,5 place"),
     (2, "place", "2 places"), (3, "départ à la retraite", "3 départs à la retraite"),
     (2, "professionnel salarié", "2 professionnels salariés"), (2, "ETP", "2 ETP"),
     (2, "cheval", "2 chevaux"), (4, "lieu de vie", "4 lieux de vie"), (12.3, "%", "12,3 %"),
     (5, "mois", "5 mois"), (2, "équivalent temps plein", "2 équivalents temps plein"),
     (7, "établissement ou service", "7 établissements ou services"),
     (2, "place d'accueil", "2 places d'accueil"), (2, "", "2")],
)  # fmt: skip
def test_plurals_follow_the_figure(value: float, unit: str, said: str) -> None:
    """0, 1 and 1,5 are singular; words after de, à, d' are not counted."""
    assert counted(value, unit).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("unit", "many"),
    [("personne sans abri", "personnes sans abri"), ("place sans solution", "places sans solution"),
     ("poste non pourvu", "postes non pourvus"), ("enfant avec handicap", "enfants avec handicap"),
     ("travail", "travaux"), ("Ehpad", "Ehpad"), ("Ehpad public", "Ehpad publics"),
     ("sans-abri", "sans-abri"), ("jeune chez un tiers", "jeunes chez un tiers"),
     ("lutte contre la faim", "luttes contre la faim"), ("aide-soignante", "aides-soignantes"),
     ("place hors quota", "places hors quota"), ("emploi mal payé", "emplois mal payés"),
     ("salarié en emploi", "salariés en emploi"), ("personne à domicile", "personnes à domicile"),
     ("assistant familial", "assistants familiaux"), ("tuyau", "tuyaux"), ("ESAT", "ESAT")],
)  # fmt: skip
def test_words_that_are_not_counted(unit: str, many: str) -> None:
    """Link words end what is counted; acronyms, adverbs and some compounds have no mark."""
    assert plural(unit) == many


@pytest.mark.parametrize(
    ("many", "one"),
    [("travaux", "travail"), ("postes non pourvus", "poste non pourvu"), ("Ehpad", None),
     ("personnes sans abri", "personne sans abri"), ("Aides-soignants", "Aide-soignant")],
)  # fmt: skip
def test_they_go_back_to_the_singular(many: str, one: str | None) -> None:
    """The head of a column is counted by the same rules."""
    assert singular(many) == one


def test_plural_leaves_temps_plein_alone() -> None:
    """ "équivalents temps plein" keeps its "plein" in the singular."""
    assert plural("équivalent temps plein") == "équivalents temps plein"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1187, "près de 1 200 places"), (1213, "plus de 1 200 places"), (1200, "1 200 places"),
     (99, "99 places"), (9960, "près de 10 000 places"), (123456, "plus de 120 000 places")],
)  # fmt: skip
def test_about(value: float, said: str) -> None:
    """Rounded to two digits, and "près de" only from below."""
    assert about(value, "place").replace("\u202f", " ").replace("\u00a0", " ") == said


@given(st.integers(100, 10**9))
def test_about_never_says_the_contrary(value: int) -> None:
    """ "Près de" is never said of less, nor "plus de" of more, and the error stays under 5 %."""
    said = about(value)
    rounded = int("".join(character for character in said if character.isdigit()))

    assert abs(rounded - value) <= 0.05 * value
    assert said.startswith("près de") == (rounded > value)
    assert said.startswith("plus de") == (rounded < value)


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_lists(parts: list[str], said: str) -> None:
    """A list ends with "et" and takes no comma before it."""
    assert joined(parts) == said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("2026-08-13", "13 août 2026"), ("2026-11-01", "1er novembre 2026"), ("2020-12", "décembre 2020"),
     ("2019", "2019"), ("2010-2020", "2010-2020"), ("octobre 2023", "octobre 2023"),
     ("2026-02-30", "2026-02-30"), ("", "")],
)  # fmt: skip
def test_dates_as_precise_as_given(as_of: str, said: str) -> None:
    """A date is written as precisely as the source gives it, and never made up."""
    assert as_of_words(as_of) == said


def test_the_first_of_the_month() -> None:
    """French says "1er novembre", which Babel does not."""
    assert date_words(dt.date(2026, 11, 1)) == "1er novembre 2026"
    assert date_words(dt.date(2026, 11, 21)) == "21 novembre 2026"


def test_ordinals() -> None:
    """1er, 1re, 2e: never 1ère or 2ème."""
    assert [ordinal(1), ordinal(1, feminine=True), ordinal(2), ordinal(21)] == [
        "1er", "1re", "2e", "21e"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1, "1\u00a0place"), (2, "deux places"), (16, "seize places"), (17, "17\u00a0places"),
        (0, "0\u00a0place"), (2.5, "2,5\u00a0places"),
    ],
)  # fmt: skip
def test_small_numbers_in_words(value: float, said: str) -> None:
    """From two to sixteen a number is a word; one, which would need a gender, is not."""
    assert in_words(value, "place") == said


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2020-12-31", "au 31 décembre 2020"), ("2019-01-01", "au 1er janvier 2019"),
        ("2020-12", "en décembre 2020"), ("2020-08", "en août 2020"), ("2019", "en 2019"),
        ("octobre 2023", "en octobre 2023"), ("12 avril 2024", "au 12 avril 2024"),
        ("2010-2020", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_day_a_figure_was_true(as_of: str, said: str) -> None:
    """A day takes "au", a month or a year "en"; for anything else nothing is said."""
    assert when_words(as_of) == said


@pytest.mark.parametrize(
    ("many", "one"),
    [("places", "place"), ("établissements", "établissement"), ("hôpitaux", "hôpital"),
     ("places d’hébergement", "place d’hébergement"), ("bureaux", "bureau"), ("lieux", "lieu"),
     ("salariés en CDI", "salarié en CDI"), ("places autorisées", "place autorisée")],
)  # fmt: skip
def test_what_was_counted_in_the_singular(many: str, one: str) -> None:
    """Every word loses its mark up to the first link word, as plural() gives it."""
    assert singular(many) == one
    assert plural(one) == many


@pytest.mark.parametrize("word", ["population", "taux", "ETP", "mois", "prix", "part", ""])
def test_what_is_not_surely_a_plural(word: str) -> None:
    """No singular is guessed where the word may not be a plural at all."""
    assert singular(word) is None
