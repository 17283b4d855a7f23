"""The rules that read letters: each finds its fault, and leaves a good letter alone."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.letters.builders import CAMPAIGN, TODAY, campaign_in, figure, local, person, sums

from outreach.campaign import Campaign
from outreach.errors import InputError
from outreach.figures.figure import Figure
from outreach.letters.checks import check_letters
from outreach.letters.compose import compose
from outreach.letters.letter import Letter
from outreach.letters.markup import parse
from outreach.letters.rules import RULES
from outreach.letters.similarity import nearest_letters, side_by_side

GOOD = "{{ area.within|capitalised }}, {{ figures.places.said }}.\n\n::: request\nVoterez-vous ce texte ?\n:::\n"


def written(folder: Path, body: str = GOOD, **area: Any) -> tuple[Letter, Campaign]:
    """A letter and its campaign."""
    campaign = campaign_in(folder, body)
    (letter,) = compose(campaign, [(person(), local(**area))], today=TODAY)
    return letter, campaign


def hits(letter: Letter, campaign: Campaign) -> Mapping[str, int]:
    """Rules with their number of hits, those without any left out."""
    return {name: count for name, count in check_letters([letter], campaign).hits.items() if count}


def test_a_good_letter_passes(tmp_path: Path) -> None:
    """A letter as it should be is left alone by every rule."""
    assert hits(*written(tmp_path)) == {}


BODIES = {
    "leftover": "TODO : compléter.",
    "empty": "Soit ( ) places.",
    "unsourced": "Dans ce secteur, 4 500 postes manquent.",
    "request": "::: request\nEt cela ?\n:::",
    "typography": "Une « citation sans fin.",
    "too-long": "mot " * 900,
    "figure-first": "340 places, c’est peu.",
}


@pytest.mark.parametrize("rule", BODIES)
def test_each_rule_finds_its_fault_in_a_text(tmp_path: Path, rule: str) -> None:
    """A fault added to a good letter is found by its rule, and by no other."""
    assert set(hits(*written(tmp_path, f"{GOOD}\n{BODIES[rule]}\n"))) == {rule}


@pytest.mark.parametrize(
    "said",
    ["le 12 novembre 2026", "en 2027", "la loi n° 2002", "l’article 12", "1. premier", "la 2e fois",
     "entre 2010 et 2020", "le foyer « Les 400 coups »"],
)  # fmt: skip
def test_numbers_that_need_no_source(tmp_path: Path, said: str) -> None:
    """Dates, years, laws, list numbers, ordinals and names are no figures."""
    assert "unsourced" not in hits(*written(tmp_path, f"{GOOD}\n\n{said}\n"))


CHANGES: dict[str, dict[str, Any]] = {
    "closing": {"closing": "Veuillez agréer mes salutations."},
    "name-title": {"recipient": person(gender="M")},
    "address": {"address": ()},
    "no-email": {"recipient": person(email="")},
    "empty": {"subject": ""},
    "certainty": {"certainty": "department"},
}


@pytest.mark.parametrize("rule", CHANGES)
def test_each_rule_finds_its_fault_in_the_rest(tmp_path: Path, rule: str) -> None:
    """A fault in the title, closing, address, subject or certainty is found by its rule."""
    letter, campaign = written(tmp_path)

    assert set(hits(replace(letter, **CHANGES[rule]), campaign)) == {rule}


def test_a_dangling_participle(tmp_path: Path) -> None:
    """ "En vous remerciant…, veuillez agréer" has no subject for its participle."""
    letter, campaign = written(tmp_path)
    dangling = "En vous remerciant, veuillez agréer, Madame la Députée, nos salutations."

    assert set(hits(replace(letter, closing=dangling), campaign)) == {"closing"}


def test_a_title_of_the_other_chamber(tmp_path: Path) -> None:
    """A senator is not called "Madame la Députée"."""
    letter, campaign = written(tmp_path)

    assert "name-title" in hits(replace(letter, recipient=person("senat")), campaign)


def test_a_figure_without_source(tmp_path: Path) -> None:
    """A figure that lost its source or date is an error even when its number is printed."""
    letter, campaign = written(tmp_path)
    bare = tuple(Figure(f.name, f.value, f.unit, f.known, f.of, "", "") for f in letter.quoted)

    assert hits(replace(letter, quoted=bare), campaign)["unsourced"] >= 1


def test_a_partial_sum_that_does_not_say_so(tmp_path: Path) -> None:
    """Printing .counted of a sum that leaves rows out is found; .said is not."""
    body = GOOD.replace(".said", ".counted")

    assert "partial" in hits(*written(tmp_path / "a", body, count=15, known=9))
    assert "partial" not in hits(*written(tmp_path / "b", GOOD, count=15, known=9))


def partial_hits(folder: Path, body: str, **area: Any) -> int:
    """How many partial sums the letter prints as whole ones."""
    return hits(*written(folder, f"{GOOD}\n\n{body}\n", **area)).get("partial", 0)


def test_a_dot_before_a_word_is_no_empty_value(tmp_path: Path) -> None:
    """A name that a public list writes with a stray dot is left alone; a lost value is not."""
    assert "empty" not in hits(*written(tmp_path / "a", f"{GOOD}\n\nÀ « IME .LA SAPINIERE ».\n"))
    assert "empty" in hits(*written(tmp_path / "b", f"{GOOD}\n\nLe foyer de .\n"))


FIELDS = {"handicap": sums(4, 176, 3), "protection_enfance": sums(2, 30, 1)}
TABLE = """\
| Champ | Établissements | Places |
|:--|--:|--:|
{% for field in fields %}
| {{ field.label }} | {{ field.establishments.number }} | {{ field.places.FIELD }} |
{% endfor %}
"""


@pytest.mark.parametrize("name", ["number", "counted", "about", "in_words", "value"])
def test_the_coverage_of_one_sum_covers_no_other(tmp_path: Path, name: str) -> None:
    """Each row of a table is read by itself, whatever the first sentence says of the total."""
    area = {"count": 6, "places": 206, "known": 4, "by_field": FIELDS}

    assert partial_hits(tmp_path, TABLE.replace("FIELD", name), **area) == 2


@pytest.mark.parametrize("name", ["said", "at_least", "number }} ({{ field.places.coverage"])
def test_a_row_that_says_that_it_is_partial(tmp_path: Path, name: str) -> None:
    """Coverage or "au moins" in the row itself is enough, whatever the column is called."""
    area = {"count": 6, "places": 206, "known": 4, "by_field": FIELDS}
    table = TABLE.replace("FIELD", name)

    assert partial_hits(tmp_path / "a", table, **area) == 0
    assert partial_hits(tmp_path / "b", table.replace("Places", "Capacité"), **area) == 0


def test_a_row_with_the_number_of_the_total(tmp_path: Path) -> None:
    """A field whose sum has the total's number needs its own words; a whole one needs none."""
    table = TABLE.replace("FIELD", "number")
    partial = {"handicap": sums(4, 176, 3), "protection_enfance": sums(1, None)}
    whole = {"handicap": sums(3, 176, 3)}
    table = table.replace(
        "{{ field.places.number }}",
        "{% if field.places %}{{ field.places.number }}{% else %}non connu{% endif %}",
    )

    assert partial_hits(tmp_path / "a", table, count=5, places=176, known=3, by_field=partial) == 1
    assert partial_hits(tmp_path / "b", table, count=5, places=176, known=3, by_field=whole) == 0


def test_a_partial_sum_printed_again(tmp_path: Path) -> None:
    """Each place that prints a partial sum is a hit: a reader may look at that one alone."""
    again = "Soit {{ figures.places.counted }}. {{ figures.places.number }} lits, c’est peu."

    assert partial_hits(tmp_path, again, count=15, known=9) == 1
    assert partial_hits(tmp_path / "b", f"- {again}\n- {again}", count=15, known=9) == 2


def test_the_coverage_beside_another_number(tmp_path: Path) -> None:
    """A coverage belongs to the number before it, not to an earlier one of the same sentence."""
    figures = sums(15, 412, 9) | {"measures": figure("measures", 77, "mesure", 12, 15)}
    said = "Soit {{ figures.places.counted }} et {{ figures.measures.said }}."

    assert partial_hits(tmp_path, said, figures=figures) == 1


@pytest.mark.parametrize(
    "words",
    ["au 9 novembre", "9 % des cas", "neuf fois sur dix", "le foyer « Les 9 »", "9 demandes"],
)
def test_numbers_that_are_not_the_sum(tmp_path: Path, words: str) -> None:
    """A date, a share or things of another kind may have the digits of a partial sum."""
    assert partial_hits(tmp_path, f"Voici {words}.", count=12, places=9, known=2) == 0


def test_several_requests(tmp_path: Path) -> None:
    """Two blocks, none, or two questions in one block: an office answers one question."""
    none = GOOD.split(":::")[0]
    two_questions = GOOD.replace("texte ?", "texte ? Et l’autre ?")

    for name, body in {"none": none, "two": GOOD + GOOD, "questions": two_questions}.items():
        assert hits(*written(tmp_path / name, body))["request"] == 1


def test_rules_are_switched_off_by_name(tmp_path: Path) -> None:
    """A rule is switched off in the campaign or by the caller, and an unknown one is refused."""
    letter, campaign = written(tmp_path, GOOD + "\nTODO")

    report = check_letters([letter], campaign, off=["leftover"])

    assert report.findings == ()
    assert "leftover" not in report.hits
    settings = 'skip_checks = ["leftover"]\n' + CAMPAIGN
    quiet = campaign_in(tmp_path / "quiet", GOOD, settings=settings)
    assert check_letters([letter], quiet).findings == ()
    with pytest.raises(InputError, match="No rule spelling; there are: leftover, empty"):
        check_letters([letter], campaign, off=["spelling"])


def test_rules_count_their_hits_even_none(tmp_path: Path) -> None:
    """The report counts every rule, those without a hit as 0."""
    report = check_letters([written(tmp_path)[0]], written(tmp_path)[1])

    assert set(RULES) < set(report.hits)
    assert set(report.hits.values()) == {0}


def with_body(letter: Letter, number: int, text: str) -> Letter:
    """The same letter to another person, with other words."""
    who = person(official_id=f"PA{number}", last_name=f"N{number}")
    return replace(letter, recipient=who, body=parse(text))


def test_twins_are_found(tmp_path: Path) -> None:
    """Letters of one département with the same words are one finding that names everybody."""
    letter, campaign = written(tmp_path)
    texts = [f"{word} " * 12 for word in ("un", "deux", "trois", "un", "un")]
    letters = [with_body(letter, n, text) for n, text in enumerate(texts)]

    report = check_letters(letters, campaign)

    (found,) = [item for item in report.findings if item.rule == "twins"]
    assert (found.severity, found.recipient) == ("warning", "01-04 Élodie N0")
    assert "01-04 Élodie N3, 01-04 Élodie N4" in found.message
    assert report.hits["identical"] == 0
    assert "twins" not in check_letters(letters, campaign, off=["twins"]).hits


def test_the_same_words_elsewhere_are_found(tmp_path: Path) -> None:
    """Letters with the same words in two départements are named too, by a rule of their own."""
    letter, campaign = written(tmp_path)
    texts = [f"{word} " * 12 for word in ("un", "deux", "trois", "un")]
    letters = [with_body(letter, n, text) for n, text in enumerate(texts)]
    away = replace(letters[3].recipient, department_code="75", constituency_code="75-07")
    letters[3] = replace(letters[3], recipient=away)

    report = check_letters(letters, campaign)

    found = [item for item in report.findings if item.rule == "identical"]
    assert [item.recipient for item in found] == ["01-04 Élodie N0", "75-07 Élodie N3"]
    assert "the letter to Élodie N3" in found[0].message
    assert report.hits["twins"] == 0


def test_similarity_is_the_share_of_common_shingles(tmp_path: Path) -> None:
    """The fast comparison equals the plain definition on sets of five words."""
    letter, _ = written(tmp_path)
    texts = ["a b c d e f g h", "a b c d e f x y", "q r s t u v w", "a b c d e", "a"]
    letters = [with_body(letter, n, text) for n, text in enumerate(texts)]

    def shingles(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[at : at + 5]) for at in range(max(1, len(words) - 4))}

    for pair in nearest_letters(letters):
        mine = texts[letters.index(pair.letter)]
        best = max(
            len(shingles(mine) & shingles(other)) / len(shingles(mine) | shingles(other))
            for at, other in enumerate(texts)
            if at != letters.index(pair.letter)
        )
        assert pair.share == pytest.approx(best)


def test_side_by_side(tmp_path: Path) -> None:
    """An assistant's view: what two letters share is marked "=", what is their own < and >."""
    letter, _ = written(tmp_path)
    first = with_body(letter, 1, "Le même paragraphe.\n\nLe mien.")
    second = with_body(letter, 2, "Le même paragraphe.\n\nLe tien.")
    (pair, _) = nearest_letters([first, second])

    lines = side_by_side(pair).splitlines()

    assert lines[1:] == ["= Le même paragraphe.", "< Le mien.", "> Le tien."]


def test_digits_after_an_abbreviation_begin_no_sentence(tmp_path: Path) -> None:
    """ "art. 12", "p. 3", a numbered list and a figure inside a sentence are left alone."""
    body = f"{GOOD}\nVoir l’art. 12 et la p. 3. Les 340 places restent.\n\n1. premier\n2. second\n"

    assert "figure-first" not in hits(*written(tmp_path, body))


def test_a_number_in_words_is_no_way_round_the_certainty(tmp_path: Path) -> None:
    """ "votre circonscription" beside the département's sum is found in words as in digits."""
    body = (
        GOOD + "\nNous suivons {{ figures.establishments.in_words }} dans votre circonscription.\n"
    )

    letter, campaign = written(tmp_path, body, level="department", count=3, certainty="department")

    assert "trois établissements" in letter.text
    assert hits(letter, campaign) == {"certainty": 1}


@pytest.mark.parametrize("level", ["department", "country"])
@pytest.mark.parametrize(
    "said",
    ["Un établissement de votre circonscription peut vous recevoir.",
     "Votre circonscription compte {{ figures.establishments.counted }} de notre réseau.",
     "DANS VOTRE CIRCONSCRIPTION, {{ figures.places.said }} sont ouvertes.",
     "Nous suivons, dans la 4e circonscription de l’Ain, {{ figures.establishments.in_words }}.",
     "Dans votre circonscription, près de {{ figures.places.about }} manquent de personnel.",
     "Les équipes de votre circonscription vous accueilleront.",
     "Dans votre circonscription, des bénévoles vous attendent.",
     "Faute de temps, nous ne parlons que d’un foyer de votre circonscription."],
)  # fmt: skip
def test_the_constituency_claims_nothing_of_a_larger_area(
    tmp_path: Path, level: str, said: str
) -> None:
    """Establishments, teams and sums of a larger area are never said of the constituency."""
    body = f"{GOOD}\n\n{said}\n"

    letter, campaign = written(tmp_path, body, level=level, count=3)

    assert hits(letter, campaign) == {"certainty": 1}


@pytest.mark.parametrize(
    "said",
    ["Faute d’établissement que notre liste situe avec certitude dans la {{ recipient.constituency }},"
     " nous vous parlons ici de {{ figures.establishments.counted }} de votre département.",
     "Notre liste ne compte pas encore d’établissement dans la {{ recipient.constituency }} ; nous"
     " vous proposerons l’établissement le plus proche.",
     "Votre circonscription compte {{ constituency.population.counted }} : chacun peut, un jour,"
     " avoir besoin des équipes de notre secteur.",
     "Vos électeurs de votre circonscription le savent : un proche, en France, a une équipe.",
     "Dans votre circonscription, le taux de pauvreté est de {{ constituency.rate.counted }}."],
)  # fmt: skip
def test_the_constituency_may_be_named_honestly(tmp_path: Path, said: str) -> None:
    """To have nothing there, or to quote what is published of it, claims no more than is known."""
    published = {
        "population": figure("population", 128_896, "habitant"),
        "rate": figure("rate", 3, "%"),
    }
    area: dict[str, Any] = {"level": "department", "count": 3, "constituency": published}

    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n", **area)) == {}


@pytest.mark.parametrize(
    "said",
    ["Signerez-vous aussi notre pétition ?", "Recevrez-vous notre délégation ?",
     "Nous vous demandons enfin de déposer un amendement.", "Pourriez-vous en parler au ministre ?",
     "Nous vous prions de transmettre cette lettre.", "Je vous invite à signer notre appel.",
     "Est-ce que vous poserez une question au Gouvernement ?", "Signez notre pétition !",
     "Merci de bien vouloir relayer notre appel.", "Merci de nous envoyer votre réponse.",
     "Nous vous serions reconnaissants de saisir la ministre.", "Veuillez saisir la ministre."],
)  # fmt: skip
def test_a_second_request_outside_the_block(tmp_path: Path, said: str) -> None:
    """An office answers one question: what else a letter asks is named, as a warning."""
    letter, campaign = written(tmp_path, f"{GOOD}\n\n{said}\n")

    assert hits(letter, campaign) == {"second-request": 1}
    assert check_letters([letter], campaign).errors == 0


@pytest.mark.parametrize(
    "said",
    ["Qui, demain, choisira ce métier ?", "Souhaitez-vous visiter un établissement ?",
     "Comment, à ce prix, convaincre un jeune de s’engager ?", "Savez-vous ce que gagne une aide ?",
     "Nous vous invitons à rencontrer une équipe.", "Merci de nous avoir lus jusqu’ici.",
     "Merci de votre réponse.", "Voici ce que nous vous demandions.", "Connaissez-vous ce foyer ?",
     "Nous vous prions de nous excuser de ce rappel."],
)  # fmt: skip
def test_what_asks_for_nothing(tmp_path: Path, said: str) -> None:
    """To wonder, to offer a visit and to thank are no second request."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")) == {}


@pytest.mark.parametrize(
    "said",
    ["C’est pourquoi, Monsieur le Député, vous êtes bien placée.", "Monsieur, vous le savez.",
     "Vous le savez, Madame la Sénatrice.", "Monsieur le Député vous le savez.",
     "Nous comptons sur vous, madame la présidente, et sur les vôtres."],
)  # fmt: skip
def test_another_title_in_the_body(tmp_path: Path, said: str) -> None:
    """A letter to Madame la Députée calls her nothing else, in the body as in the opening."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")) == {"name-title": 1}


@pytest.mark.parametrize(
    "said",
    ["C’est pourquoi, {{ title }}, vous êtes bien placée.", "Vous le savez, Madame, mieux que nous.",
     "Avec votre collègue, Monsieur le Député Exemple, vous avez voté ce texte.",
     "« Monsieur, vous ne savez pas ce que c’est », nous disait une aide à domicile.",
     "Nous en avons parlé avec Monsieur le Préfet et avec Madame la Ministre."],
)  # fmt: skip
def test_titles_of_others_and_the_right_one(tmp_path: Path, said: str) -> None:
    """The right title, and those of other people, may stand in the body."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")) == {}


def test_the_neutral_title_in_the_body(tmp_path: Path) -> None:
    """ "Madame, Monsieur" is one title, and "Monsieur" alone is another."""
    campaign = campaign_in(tmp_path, f"{GOOD}\n\nVous le savez, {{{{ title }}}}, c’est ainsi.\n")
    (letter,) = compose(campaign, [(person(gender=""), local())], today=TODAY)
    alone = replace(letter, body=(*letter.body, *parse("Vous le savez, Monsieur.")))

    assert hits(letter, campaign) == {}
    assert hits(alone, campaign) == {"name-title": 1}


@pytest.mark.parametrize(
    "said",
    ["Nous accompagnons deux millions de personnes.", "Nous comptons quinze mille bénévoles.",
     "Un tiers de nos salariés partira.", "La moitié des postes est vide.", "3 millions d’aidants.",
     "Des centaines de familles attendent.", "Vingt pour cent des postes sont vides.",
     "Les trois quarts des équipes sont à bout.", "Un professionnel sur trois s’en va.",
     "Deux cents places ferment.", "Il y faut un milliard d’euros."],
)  # fmt: skip
def test_amounts_in_words_need_a_source(tmp_path: Path, said: str) -> None:
    """Large numbers, shares and percentages are claims in words as in digits."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")).get("unsourced") == 1


@pytest.mark.parametrize(
    "said",
    ["Une équipe, deux questions, trois villes et un budget.", "Il y faut un quart d’heure.",
     "Mille mercis.", "Le foyer « Les Mille Pattes ».", "Un service à moitié vide.",
     "Nous comptons sur deux choses.", "Un tiers de confiance veille."],
)  # fmt: skip
def test_small_numbers_in_words_need_none(tmp_path: Path, said: str) -> None:
    """What a reader can count, idioms and names are no figures."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")) == {}


def test_amounts_in_words_of_a_figure_of_the_campaign(tmp_path: Path) -> None:
    """The words that campaign.toml gives a figure are sourced where the letter quotes it."""
    national = (
        '[[national_figures]]\nkey = "people"\nvalue = 1_000_000\nunit = "personne"\n'
        'text = "plus d’un million de personnes"\nsource = "Enquête"\ndate = "2023"\n'
    )
    body = f"{GOOD}\n\nSoit {{{{ national.people.text }}}} ; TWICE.\n"
    said = {"a": "un million, c’est beaucoup", "b": "deux millions, ce serait trop"}
    found = {}
    for name, words in said.items():
        campaign = campaign_in(
            tmp_path / name, body.replace("TWICE", words), settings=CAMPAIGN + national
        )
        (letter,) = compose(campaign, [(person(), local())], today=TODAY)
        found[name] = hits(letter, campaign)

    assert found == {"a": {}, "b": {"unsourced": 1}}


def test_a_number_in_the_subject_needs_a_source(tmp_path: Path) -> None:
    """The subject is read like the rest."""
    letter, campaign = written(tmp_path)

    assert hits(replace(letter, subject="450 postes vides"), campaign) == {"unsourced": 1}


@pytest.mark.parametrize(
    "said",
    ["Nous suivons des places (à compléter).", "Chère [nom], voici.", "Le taux est à vérifier.",
     "Soit xx places.", "Soit XX places.", "Places : N/A", "TODO", "Lorem ipsum dolor.",
     "Voir (à confirmer).", "Le [date], vous étiez là."],
)  # fmt: skip
def test_notes_to_oneself_are_left_over(tmp_path: Path, said: str) -> None:
    """What somebody meant to fill in before sending is found."""
    assert "leftover" in hits(*written(tmp_path, f"{GOOD}\n\n{said}\n"))


@pytest.mark.parametrize(
    "said",
    ["Il reste un dispositif à compléter par la loi.", "« Je pars […] sans regret. »",
     "« [Les équipes] sont à bout. »", "Au XXe siècle, sous Louis XX.", "Un budget à confirmer."],
)  # fmt: skip
def test_words_that_only_look_left_over(tmp_path: Path, said: str) -> None:
    """Cuts and insertions in a quotation, Roman numbers and plain verbs are left alone."""
    assert hits(*written(tmp_path, f"{GOOD}\n\n{said}\n")) == {}


def test_the_same_words_twice_in_a_letter(tmp_path: Path) -> None:
    """A run of five words that stands twice is told once, as long as it is; four words are not."""
    twice = "Derrière ce chiffre, il y a des vies.\n\nDerrière ces chiffres, il y a des métiers."
    letter, campaign = written(tmp_path / "a", f"{GOOD}\n\n{twice}\n")

    (found,) = check_letters([letter], campaign).findings

    assert (found.rule, found.severity) == ("repeated", "warning")
    assert "“Derrière ces chiffres il y a des”" in found.message
    four = "Derrière ces deux chiffres, des vies. Derrière ces deux chiffres, un métier."
    assert hits(*written(tmp_path / "b", f"{GOOD}\n\n{four}\n")) == {}


def test_names_may_stand_twice(tmp_path: Path) -> None:
    """A seat, a law, a quotation, a coverage and rows of a table have no second wording."""
    lines = [
        "Rien dans la {{ recipient.constituency }} ici.", "Le projet de loi de financement de la"
        " sécurité sociale passe.", "Voici « Le foyer de la rue des deux ponts ».",
    ]  # fmt: skip
    area = {"count": 6, "places": 206, "known": 4, "by_field": FIELDS}
    body = "\n\n".join([GOOD, *lines, *lines, TABLE.replace("FIELD", "said")])

    assert "repeated" not in hits(*written(tmp_path, body, **area))


def test_functions_of_an_older_list_are_to_be_confirmed(tmp_path: Path) -> None:
    """A warning for each whose title a function would change, until titles.csv settles it."""
    header = "who;feminine;masculine;line_feminine;line_masculine;source;date\n"
    rule = "Présidente de la commission;Madame la Présidente;Monsieur le Président;;;usage;2017\n"
    own = "PA1;Madame la Députée;;;;bureau de la commission;2026-11-20\n"
    once: dict[str, Any] = {
        "last_known_functions": ("Présidente de la commission des lois",),
        "last_known_on": TODAY,
    }
    found = {}
    for name, rows in {"unsettled": rule, "settled": rule + own}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "titles.csv").write_text(header + rows, encoding="utf-8")
        campaign = campaign_in(tmp_path / name, GOOD, settings='titles = "titles.csv"\n' + CAMPAIGN)
        member = person(**once)
        (letter,) = compose(campaign, [(member, local())], today=TODAY)
        found[name] = check_letters([letter], campaign).findings

    (warning,) = found["unsettled"]
    assert (warning.rule, warning.severity, warning.recipient) == (
        "function",
        "warning",
        "01-04 Élodie D'Exemple",
    )
    assert warning.message.startswith("Présidente de la commission des lois, in the list of ")
    assert "a row in titles.csv for PA1 settles it" in warning.message
    assert found["settled"] == ()
