"""From templates and recipients to letters, all or none."""

import datetime as dt
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.letters.builders import CAMPAIGN, TODAY, campaign_in, figure, local, person, sums

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.errors import InputError, TemplateError
from outreach.figures.figure import AreaLevel, Figure, LocalFigures
from outreach.figures.indicators import load_indicators
from outreach.letters.compose import compose, compose_in_turn
from outreach.letters.fields import FigureNames, national_view
from outreach.letters.letter import Letter
from outreach.letters.text import form_text
from outreach.letters.values import source_line
from outreach.letters.writer import Writer
from outreach.roster.seat import Parliamentarian

EXAMPLE = load_campaign(letters_path("solidarite-en-danger"))
FIGURES = (
    "{% if figures.places %}{{ area.within|capitalised }}, {{ figures.places.said }}.{% else %}"
    "Le nombre de places ne nous est pas connu.{% endif %}"
)


def one(
    folder: Path, body: str, who: Parliamentarian | None = None, what: LocalFigures | None = None
) -> Letter:
    """Compose one letter with this body."""
    campaign = campaign_in(folder, body)
    (letter,) = compose(campaign, [(who or person(), what or local())], today=TODAY)
    return letter


def test_every_part_of_a_letter(tmp_path: Path) -> None:
    """Opening and closing carry the same title; sender, dateline and address are there."""
    letter = one(tmp_path, "Bonjour l'an 2026 !")

    assert letter.opening == "Madame la Députée,"
    assert letter.closing == (
        "Je vous prie d’agréer, Madame la Députée, l’expression de ma haute considération."
    )
    assert letter.dateline == "Paris, le 1er\u00a0novembre 2026"
    assert letter.sender[0] == "Fédération Exemple"
    assert letter.signature == ("Camille Exemple", "Présidente")
    assert letter.address[-1] == "75355 PARIS 07 SP"
    assert "Bonjour l’an 2026\u00a0!" in letter.text
    assert "Bonjour l’an 2026\u202f!" in letter.html


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("constituency", "Dans votre circonscription, 340 places."),
        ("department", "Dans l’Ain, 340 places."),
        ("country", "En France, 340 places."),
    ],
)
def test_wording_follows_the_level(tmp_path: Path, level: AreaLevel, words: str) -> None:
    """ "Votre circonscription" is only said of what is known at the constituency."""
    letter = one(tmp_path, FIGURES, what=local(level))

    assert words in letter.text.replace("\u00a0", " ")
    assert ("votre circonscription" in letter.text) == (level == "constituency")
    assert letter.certainty == {"constituency": "commune", "department": "department"}.get(
        level, ""
    )


def test_a_partial_figure_says_so(tmp_path: Path) -> None:
    """A sum that rests on part of the establishments tells on how many."""
    letter = one(tmp_path, FIGURES, what=local(count=15, places=340, known=12))

    assert "340 places (nombre connu pour 12 établissements sur 15)." in letter.text.replace(
        "\u00a0", " "
    )


def test_an_unknown_figure_changes_the_sentence(tmp_path: Path) -> None:
    """Where nothing is known there is another sentence, never a blank or a zero."""
    letter = one(tmp_path, FIGURES, what=local(places=None))

    assert "Le nombre de places ne nous est pas connu." in letter.text
    assert [quoted.name for quoted in letter.quoted] == []


def test_an_unknown_figure_without_another_sentence_is_a_fault(tmp_path: Path) -> None:
    """A template that prints what is not known for somebody is refused, with line and person."""
    campaign = campaign_in(tmp_path, "Ligne.\n\n{{ figures.places.said }}")
    recipients = [(person(official_id=f"PA{n}"), local(places=n or None)) for n in range(400)]

    with pytest.raises(TemplateError) as refused:
        compose(campaign, recipients, today=TODAY)

    assert refused.value.message == "1 of 400 letters cannot be rendered, so none was made:"
    assert refused.value.problems[0].startswith(
        'letter.md, line 6: ".said" was asked of something that is not known for this recipient'
    )
    assert refused.value.problems[0].endswith("For PA0 Élodie D'Exemple (01-04).")


def test_one_at_a_time(tmp_path: Path) -> None:
    """Letters rendered in turn are the same, and a fault in the last one stops the first."""
    campaign = campaign_in(
        tmp_path, "{% if recipient.group %}Groupe{% endif %} {{ figures.places.said }}"
    )
    recipients = [(person(official_id=f"PA{n}"), local()) for n in range(5)]

    in_turn = list(compose_in_turn(campaign, recipients, today=TODAY))

    assert in_turn == compose(campaign, recipients, today=TODAY)
    recipients.append((person(official_id="PA9"), local(places=None)))
    with pytest.raises(TemplateError, match="For PA9"):
        next(compose_in_turn(campaign, recipients, today=TODAY))


def test_a_fault_in_the_last_letter_stops_them_all(tmp_path: Path) -> None:
    """An error that only the 400th recipient meets is found before anything leaves."""
    body = "{% if recipient.last_name == 'Dernier' %}{{ recipient.commission }}{% endif %}Texte"
    campaign = campaign_in(tmp_path, body)
    recipients = [(person(official_id=f"PA{n}"), local()) for n in range(399)]
    recipients.append((person(official_id="PA999", last_name="Dernier"), local()))

    with pytest.raises(TemplateError, match="For PA999 Élodie Dernier"):
        compose(campaign, recipients, today=TODAY)


def test_all_static_faults_are_listed_at_once(tmp_path: Path) -> None:
    """Every wrong name of every template is listed, in branches nobody takes too."""
    body = (
        '+++\nsubject = "{{ titel }}"\n+++\n{{ figures.placs.said }}\n'
        "{% if false %}{{ recipient.lastname }}{% endif %}\n{{ title|uper }}\n"
        "{% include blocks.hok %}\n{{ figures.places.sayd }}"
    )
    campaign = campaign_in(tmp_path, body, blocks__hook__a_md="{{ demnads }}")

    with pytest.raises(TemplateError) as refused:
        compose(campaign, [(person(), local())], today=TODAY)

    expected = [
        ("blocks/hook/a.md, line 1", "demnads", "demands"),
        ("letter.md, line 4", "placs", "places"),
        ("letter.md, line 5", "lastname", "last_name"),
        ("letter.md, line 6", "uper", "upper"),
        ("letter.md, line 7", "hok", "hook"),
        ("letter.md, line 8", "sayd", "said"),
        ("letter.md: subject, line 2", "titel", "title"),
    ]
    assert len(refused.value.problems) == len(expected)
    for line, (where, wrong, right) in zip(refused.value.problems, expected, strict=True):
        assert line.startswith(f"{where}: there is no ")
        assert f'"{wrong}"' in line
        assert f'did you mean "{right}"' in line


def test_a_tag_that_is_never_closed_is_named_where_it_stands(tmp_path: Path) -> None:
    """Not at the end of the file, where Jinja sees that something is missing."""
    body = "\n{% if area %}\nUn\n{% for demand in demands %}\nDeux\n{% endfor %}\nTrois\n\n"

    with pytest.raises(TemplateError) as refused:
        one(tmp_path, body)

    assert refused.value.problems == (
        "letter.md, line 5: {% if %} is never closed; write {% endif %} after it.",
    )


def test_quoted_figures_name_their_source(tmp_path: Path) -> None:
    """Each figure that is printed is listed with its source and date, once."""
    letter = one(tmp_path, "{{ figures.places.said }} et encore {{ figures.places.number }}.")

    assert [quoted.name for quoted in letter.quoted] == ["places"]
    assert letter.text.rstrip().endswith(
        "Sources\u00a0: Liste d’essai, 13\u00a0août 2026 (places)."
    )
    assert letter.body[-1]["kind"] == "sources"


def test_a_figure_only_asked_about_is_not_quoted(tmp_path: Path) -> None:
    """{% if figures.places %} alone makes no source line."""
    letter = one(tmp_path, "{% if figures.places %}Des places existent.{% endif %}")

    assert letter.quoted == ()
    assert "Sources" not in letter.text


def test_the_same_choice_twice(tmp_path: Path) -> None:
    """Variants are chosen by the recipient: the same one today and tomorrow, several overall."""
    blocks = {f"blocks__hook__{name}_md": name for name in ("aa", "bb", "cc")}
    campaign = campaign_in(tmp_path, "{% include blocks.hook %}", **blocks)
    recipients = [(person(official_id=f"PA{n}"), local()) for n in range(60)]

    first = compose(campaign, recipients, today=TODAY)
    again = compose(campaign, recipients[::-1], today=TODAY + dt.timedelta(days=9))[::-1]

    assert [letter.choices for letter in first] == [letter.choices for letter in again]
    counts = [sum(item.choices["hook"] == name for item in first) for name in ("aa", "bb", "cc")]
    assert min(counts) >= 10


def test_a_choice_can_be_forced(tmp_path: Path) -> None:
    """choices forces a variant, and an unknown one is refused with those that exist."""
    blocks = {f"blocks__hook__{name}_md": f"Variante {name}." for name in ("aa", "bb")}
    campaign = campaign_in(tmp_path, "{% include blocks.hook %}", **blocks)

    (letter,) = compose(campaign, [(person(), local())], today=TODAY, choices={"hook": "bb"})

    assert "Variante bb." in letter.text
    with pytest.raises(TemplateError, match=r'no variant "cc" of hook; there are: aa, bb'):
        compose(campaign, [(person(), local())], today=TODAY, choices={"hook": "cc"})


def test_the_campaign_forces_a_choice(tmp_path: Path) -> None:
    """choices in campaign.toml hold for every letter; a caller's own win."""
    blocks = {f"blocks__hook__{name}_md": f"Variante {name}." for name in ("aa", "bb", "cc")}
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.hook %}",
        settings='choices = {hook = "cc"}\n' + CAMPAIGN,
        **blocks,
    )
    recipients = [(person(official_id=f"PA{n}"), local()) for n in range(9)]

    letters = compose(campaign, recipients, today=TODAY)
    others = compose(campaign, recipients, today=TODAY, choices={"hook": "aa"})

    assert {letter.choices["hook"] for letter in letters} == {"cc"}
    assert {letter.choices["hook"] for letter in others} == {"aa"}


WHEN = {
    "chamber": ('chamber = ["senat"]', person("senat"), person()),
    "group": ('group = ["AUT"]', person(political_group="AUT"), person()),
    "commission": (
        'commission = ["affaires sociales"]',
        person(commission="commission des affaires sociales"),
        person(),
    ),
}


@pytest.mark.parametrize("case", WHEN)
def test_conditions_choose_variants(tmp_path: Path, case: str) -> None:
    """A variant with a condition is only used where the condition holds."""
    condition, fits, other = WHEN[case]
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.hook %}",
        blocks__hook__special_md=f"+++\npriority = 1\n[when]\n{condition}\n+++\nSpéciale.",
        blocks__hook__usual_md="Usuelle.",
    )

    of_department = local("department")
    letters = compose(campaign, [(fits, of_department), (other, of_department)], today=TODAY)

    assert [letter.choices["hook"] for letter in letters] == ["special", "usual"]


def test_conditions_on_level_and_known_figures(tmp_path: Path) -> None:
    """A variant that needs a figure is left out where the figure is not known."""
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.hook %}",
        blocks__hook__numbers_md=(
            '+++\npriority = 1\n[when]\nlevel = ["constituency"]\nneeds = ["figures.places"]\n+++\n'
            "{{ figures.places.said }}"
        ),
        blocks__hook__words_md="Des mots.",
    )
    cases = [local(), local(places=None), local("department")]

    letters = compose(campaign, [(person(), item) for item in cases], today=TODAY)

    assert [letter.choices["hook"] for letter in letters] == ["numbers", "words", "words"]


def test_a_rate_below_the_countrys_does_not_argue_for_us(tmp_path: Path) -> None:
    """A variant for figures above the country's own is left out below it, and where one is unknown."""
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.focus %}",
        blocks__focus__poverty_md=(
            '+++\npriority = 1\n[when]\nabove = ["constituency.poverty_rate"]\n+++\n'
            "{{ constituency.poverty_rate.counted }} ({{ country.poverty_rate.counted }} en France)"
        ),
        blocks__focus__words_md="Des mots.",
    )
    country = {"poverty_rate": figure("poverty_rate", 14.5, "%")}
    rates = [14.6, 14.5, 8.8, None]
    cases = [
        local(constituency={"poverty_rate": figure("poverty_rate", rate, "%")}, country=country)
        for rate in rates
    ]

    letters = compose(campaign, [(person(), item) for item in cases], today=TODAY)

    assert [letter.choices["focus"] for letter in letters] == ["poverty", "words", "words", "words"]


def test_a_block_that_ends_in_a_condition_is_a_paragraph_of_its_own(tmp_path: Path) -> None:
    """What follows an included block on its own line never runs into its last sentence."""
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.start %}\n\n{% if area %}\n{% endif %}\n{% include blocks.next %}\n",
        blocks__start__aa_md="{% if area %}Un début.{% endif %}\n",
        blocks__next__aa_md="Une suite.\n",
    )

    (letter,) = compose(campaign, [(person(), local())], today=TODAY)

    assert [block["inline"][0]["text"] for block in letter.body] == ["Un début.", "Une suite."]


def test_a_heading_of_an_area_begins_with_a_capital(tmp_path: Path) -> None:
    """A constituency that has no number stands at the head of a subject with a capital."""
    who = person(department_code="977", constituency_code="977-01")

    letter = one(tmp_path, "{{ area.heading }}.", who)

    assert "Circonscription de Saint-Barthélemy et de Saint-Martin." in letter.text


def test_no_variant_fits(tmp_path: Path) -> None:
    """A block without a variant for somebody is a fault that says what to add."""
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.hook %}",
        blocks__hook__senate_md='+++\n[when]\nchamber = ["senat"]\n+++\nx',
    )

    with pytest.raises(TemplateError, match="no variant of this block fits this recipient"):
        compose(campaign, [(person(), local())], today=TODAY)


def test_stance_follows_the_latest_act(tmp_path: Path) -> None:
    """A sourced act of a person chooses thanks, a question or a reminder."""
    (tmp_path / "acts.csv").write_text(
        "official_id;date;stance;text;source;url\n"
        "PA1;2026-10-01;remind;avez rejeté l'amendement n° 1;scrutin n° 12;\n"
        "PA1;2026-11-01;thank;avez voté l'amendement n° 2;scrutin n° 15;https://example.org/15\n",
        encoding="utf-8",
    )
    campaign = campaign_in(
        tmp_path,
        "{% include blocks.hook %}",
        settings='acts = "acts.csv"\n' + CAMPAIGN,
        blocks__hook__thanks_md=(
            '+++\npriority = 1\n[when]\nstance = ["thank"]\n+++\n'
            "Le {{ act.date }}, vous {{ act.text }} ({{ act.source }})."
        ),
        blocks__hook__ask_md="Demande.",
    )

    recipients = [(person(), local()), (person(official_id="PA2"), local())]
    thanked, asked = compose(campaign, recipients, today=TODAY)

    assert "Le 1er novembre 2026, vous avez voté l’amendement n° 2 (scrutin n° 15)." in (
        thanked.text.replace("\u00a0", " ")
    )
    assert asked.choices["hook"] == "ask"


def test_an_act_without_source_is_refused(tmp_path: Path) -> None:
    """What somebody did is only quoted with where it is written."""
    (tmp_path / "acts.csv").write_text(
        "official_id;date;stance;text;source;url\nPA1;hier;thank;a;b;\nPA1;2026-11-01;like;x;;http://x\n",
        encoding="utf-8",
    )
    campaign = campaign_in(tmp_path, "x", settings='acts = "acts.csv"\n' + CAMPAIGN)

    with pytest.raises(InputError) as refused:
        compose(campaign, [(person(), local())], today=TODAY)

    said = [line.split(", ", 1)[1] for line in refused.value.problems]
    assert said == [
        'row 2, date: "hier" is no date; write 2026-11-12',
        'row 3, stance: "like" is none of thank, ask, remind',
        "row 3, source: is empty; an act without it is not quoted",
        'row 3, url: "http://x" does not start with "https://"',
    ]


@cache
def opened() -> Writer:
    """The bundled campaign, compiled once for the generated letters."""
    return Writer.open(EXAMPLE, FigureNames.of([]), TODAY)


HOSTILE = [
    "<script>alert(1)</script>",
    "# titre",
    "\\textbf{x} \\",
    "{{ title }} {% if %}",
    '@import "x"; #let x = 1',
    "$5 et *gras* _ital_ `code` ~~x~~",
    "[lien](javascript:alert(1)) <https://example.org>",
    "\u202egauche à droite\u202c",
    "😀 éàü ﬁ",
    "1. un",
    "- tiret",
    "> cite",
    "::: request",
    "| a | b |",
    "=SOMME(A1)",
    "&eacute; &amp; <b>",
    'dit "bonjour"',
    "{# remarque #}",
    "ligne\nseconde",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_print_as_typed(tmp_path: Path, value: str) -> None:
    """What stands in a name is printed as typed in text, HTML and tree, and means nothing."""
    import html

    letter = one(tmp_path, "Avant {{ recipient.last_name }} après.", person(last_name=value))

    typed = " ".join(value.split())
    shown = f"Avant {typed} après."
    assert shown in letter.text.replace("\u00a0", " ")
    assert shown in html.unescape(letter.html).replace("\u202f", " ").replace("\u00a0", " ")
    (paragraph,) = letter.body
    assert paragraph["kind"] == "paragraph"
    assert {node["kind"] for node in paragraph["inline"]} <= {"text", "superscript"}


# Names that cannot themselves look like a leftover; hostile ones have their own test.
NAMES = st.text(
    alphabet=st.characters(
        codec="utf-8", categories=("Lu", "Ll", "Po", "Pd"), exclude_characters="*{}«»"
    ),
    min_size=1,
    max_size=25,
)
NUMBERS = st.none() | st.integers(0, 200_000) | st.floats(0, 5000, allow_nan=False)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    chamber=st.sampled_from(["assemblee", "senat"]),
    gender=st.sampled_from(["F", "M", ""]),
    level=st.sampled_from(["constituency", "department", "country"]),
    department=st.sampled_from(["01", "2A", "69", "75", "84", "971", "974", "977", "987", "ZZ"]),
    establishments=st.integers(0, 300),
    places=NUMBERS,
    known=st.integers(0, 300),
    name=NAMES,
    examples=st.lists(st.tuples(NAMES, NAMES), max_size=2),
    indicator=NUMBERS,
)
def test_no_letter_of_the_bundle_holds_a_leftover(
    chamber: str, gender: str, level: str, department: str, establishments: int,
    places: float | None, known: int, name: str, examples: list[tuple[str, str]],
    indicator: float | None,
) -> None:  # fmt: skip
    """Whatever is known or not, no "None", "nan", two spaces, "de Ain" or lone «."""
    if chamber == "senat" and level == "constituency":
        level = "department"
    number = "05" if department == "ZZ" else "01"
    who = person(
        chamber,  # type: ignore[arg-type] # sampled from the two
        gender,  # type: ignore[arg-type] # sampled from the three
        last_name=name,
        department_code=department,
        constituency_code=f"{department}-{number}" if chamber == "assemblee" else "",
    )
    behind = min(known, establishments) if places is not None else 0
    of_area = sums(establishments, places if behind else None, behind)
    published = {
        item: figure(item, indicator, "habitant")
        for item in ("poverty_rate", "population", "apa_beneficiaries", "children_entrusted")
    }
    figures = local(
        level,  # type: ignore[arg-type] # sampled from the three
        figures=of_area,
        by_field={"handicap": of_area},
        establishments=tuple(examples),
        constituency=published,
        department=published,
        country=published,
    )

    letter = opened().write(who, figures, {})

    for text in (letter.text, form_text(letter), letter.subject, letter.closing):
        for wrong in (r"None", r"\bnan\b", "  ", r"d[eu] Ain\b", "de Yvelines", r"\{\{", r"\*\*"):
            assert not re.search(wrong, text)
        assert text.count("«") == text.count("»")
    assert letter.title in letter.opening
    assert letter.title in letter.closing
    assert max(map(len, letter.address), default=0) <= 38
    assert len(letter.address) <= 6


QUOTING = {
    "{% if figures.places.value > 100 %}Beaucoup.{% endif %}": [],
    "{% if figures.places.said %}Connu.{% endif %}": [],
    "{% set n = figures.places.value %}{% if n > 100 and n + 1 > 2 %}Beaucoup.{% endif %}": [],
    '{{ "peu" if figures.places.value < 10 else "beaucoup" }}': [],
    '{{ "place"|plural(figures.places.value) }}': [],
    "{% set n = figures.places.value %}{{ n }}": ["places"],
    "{{ figures.places.value|number }}": ["places"],
    '{{ figures.places.value|round|about("place")|capitalised }}': ["places"],
    "{{ figures.places.value / figures.establishments.value }}": ["places", "establishments"],
    "{{ -figures.places.value }}": ["places"],
    "{{ figures.places.said if figures.establishments.value > 1 else title }}": ["places"],
    "un {{ figures.establishments.unit }}": ["establishments"],
}


@pytest.mark.parametrize("body", QUOTING)
def test_only_what_is_printed_is_quoted(tmp_path: Path, body: str) -> None:
    """A figure that is compared or set aside names no source; one that is printed does."""
    (letter,) = compose(campaign_in(tmp_path, body), [(person(), local())], today=TODAY)

    assert [figure.name for figure in letter.quoted] == QUOTING[body]
    assert ("Liste d’essai" in letter.text) is bool(QUOTING[body])


def of_survey(name: str, as_of: str, source: str, **changes: str) -> Figure:
    """A published figure."""
    told = {"unit": "bénéficiaire", "subject": f"bénéficiaires de l’{name.upper()}"} | changes
    return Figure(name, 12, told["unit"], 0, 0, as_of, source, told["subject"])


def test_one_survey_is_dated_in_one_way() -> None:
    """Tables of one survey true of a month and of its last day are one source with both subjects."""
    for source, said in {
        "Drees, enquête Aide sociale 2020": "Drees, enquête Aide sociale 2020",
        "Drees": "Drees, décembre 2020",
    }.items():
        apa, ash = of_survey("apa", "2020-12", source), of_survey("ash", "2020-12-31", source)

        both = f"{said} (bénéficiaires de l’APA et bénéficiaires de l’ASH)"
        assert source_line([apa, ash]) == both
        assert source_line([ash, apa]).startswith(said)


def test_two_dates_of_one_source_stay_apart() -> None:
    """Figures of different years from one publisher are each given their own date."""
    older, newer = of_survey("apa", "2019", "Drees"), of_survey("ash", "2020-12-31", "Drees")

    assert source_line([older, newer]).replace("\u00a0", " ") == (
        "Drees, 2019 (bénéficiaires de l’APA) ; Drees, 31 décembre 2020 (bénéficiaires de l’ASH)"
    )


def test_each_national_source_says_what_it_is_of(tmp_path: Path) -> None:
    """The subject of campaign.toml, else the unit in the plural, else the words of the letter."""
    tables = CAMPAIGN + "".join(
        f'\n[[national_figures]]\nkey = "{key}"\n{more}\ntext = "12 {key}"\nsource = "S{key}"\n'
        'date = "2023"\n'
        for key, more in {
            "a": 'unit = "%"\nsubject = "salaires"', "b": 'unit = "poste"', "c": 'unit = "%"', "d": "",
        }.items()
    )  # fmt: skip
    body = "{{ national.a.text }} {{ national.b.text }} {{ national.c.text }} {{ national.d.text }}"
    campaign = campaign_in(tmp_path, body, settings=tables)
    (letter,) = compose(campaign, [(person(), local())], today=TODAY)

    line = letter.text.replace("\u00a0", " ").split("Sources : ")[1].strip()
    assert (
        line
        == "Sa, 2023 (salaires) ; Sb, 2023 (postes) ; Sc, 2023 (« 12 c ») ; Sd, 2023 (« 12 d »)."
    )


def test_every_source_of_the_bundled_campaign_says_what_it_is_of() -> None:
    """No published indicator and no national figure stands in the list without its subject."""
    figures = [national_view(item).figure for item in EXAMPLE.national_figures]
    for of_area in load_indicators().by_area.values():
        figures += of_area.values()

    assert {figure.name for figure in figures if not source_line([figure]).endswith(")")} == set()


def test_the_place_is_not_said_twice() -> None:
    """At Paris, commune and département, the hook names the establishment without "à Paris" again."""
    senator = person("senat", department_code="75")
    figures = local(
        "department", count=9, places=None, establishments=(("Foyer Le Cèdre", "Paris"),)
    )

    letters = [
        compose(EXAMPLE, [(who, where)], today=TODAY, choices={"hook": "neighbours_senate"})[0]
        for who, where in (
            (senator, figures),
            (person("senat", department_code="69"), figures),
        )
    ]

    hooks = [letter.text.split("\n\n")[1] for letter in letters]
    assert hooks[0].startswith("Vous connaissez sans doute «\u00a0Foyer Le Cèdre\u00a0»")
    assert hooks[0].count("à Paris") == 1
    assert hooks[1].startswith("Vous connaissez sans doute, à Paris, «")


@pytest.mark.parametrize(
    ("places", "known", "said"),
    [(1_176, 9, "au moins 1 176"), (1_176, 12, "1 176"),
     (0, 9, "0 (nombre connu pour 9 établissements sur 12)"), (0, 12, "0")],
)  # fmt: skip
def test_a_sum_in_the_room_of_a_cell(tmp_path: Path, places: int, known: int, said: str) -> None:
    """A partial sum is a least number, a whole one itself; "at least none" would say nothing."""
    letter = one(tmp_path, "{{ figures.places.at_least }}", what=local(places=places, known=known))

    assert letter.text.replace("\u00a0", " ").split("\n\n")[1] == said
