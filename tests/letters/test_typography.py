"""French typography, on real sentences."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.typography import FINE, NBSP, mail_text, raised, typeset

# "_" stands for U+00A0 and "," under it for U+202F would be hard to read: ~ is U+202F, _ is U+00A0.
SENTENCES = [
    ("Soutiendrez-vous ce vote ?", "Soutiendrez-vous ce vote~?"),
    ("Nos demandes : des moyens ; du temps !", "Nos demandes_: des moyens~; du temps~!"),
    ("Le « Ségur » pour tous.", "Le «_Ségur_» pour tous."),
    ("L'association et l'État", "L’association et l’État"),
    ("Aujourd'hui, qu'« oubliés »", "Aujourd’hui, qu’«_oubliés_»"),
    ("Plus de 330 000 professionnels", "Plus de 330~000 professionnels"),
    ("10 000 000 de personnes", "10~000~000 de personnes"),
    ("Environ 25 % de moins et 5 € de plus", "Environ 25_% de moins et 5_€ de plus"),
    ("10 millions de personnes", "10_millions de personnes"),
    ("le 24 octobre 2023", "le 24_octobre 2023"),
    ("le 1er novembre 2026", "le 1er_novembre 2026"),
    ("loi n° 2002-2 et art. 12", "loi n°_2002-2 et art._12"),
    ("M. Dupont et Mme Durand", "M._Dupont et Mme_Durand"),
    ("la 1ère fois, la 2ème, le 3ième", "la 1re fois, la 2e, le 3e"),
    ("En 2023 100 personnes", "En 2023 100 personnes"),
    ("75355 PARIS 07 SP", "75355 PARIS 07 SP"),
    ("01 40 63 60 00", "01 40 63 60 00"),
    ("à 14 h 30", "à 14_h 30"),
    ("de 14:30 à 15:00", "de 14:30 à 15:00"),
    ("1,5 fois, 12,5 points", "1,5 fois, 12,5 points"),
    ("Voir https://exemple.fr/a?b=1;c'est ; oui", "Voir https://exemple.fr/a?b=1;c'est~; oui"),
    ("Écrire à l'adresse o'neil@example.org !", "Écrire à l’adresse o'neil@example.org~!"),
    ("sur www.exemple.fr/l'acces : ici", "sur www.exemple.fr/l'acces_: ici"),
    ("Sans espace: rien n'est inséré!", "Sans espace: rien n’est inséré!"),
    ("35 heures, 200 000 départs", "35 heures, 200~000 départs"),
    ("Quoi ?! Vraiment !", "Quoi~?! Vraiment~!"),
    ("3 mois et 20 ans, 12 ETP", "3_mois et 20_ans, 12_ETP"),
    ("de 1 200 à 1 300 €", "de 1~200 à 1~300_€"),
    ("Le RER A ; la ligne 14", "Le RER A~; la ligne 14"),
    ("rock 'n' roll", "rock 'n' roll"),
]


def shown(text: str) -> str:
    """Make the no-break spaces visible: ~ for U+202F, _ for U+00A0."""
    return text.replace(FINE, "~").replace(NBSP, "_")


@pytest.mark.parametrize(("typed", "printed"), SENTENCES)
def test_real_sentences(typed: str, printed: str) -> None:
    """Spaces, apostrophes and ordinals of a sentence come out as French prints them."""
    assert shown(typeset(typed)) == printed


@given(st.text(alphabet="ab é'«»;:!?%€0123456789 .,-/@\u00a0\u202fMn°er", max_size=60))
def test_typesetting_twice_changes_nothing(text: str) -> None:
    """What is typeset stays as it is."""
    once = typeset(text)

    assert typeset(once) == once


@given(st.text(alphabet="abcé';:!?%€0123456789 \u00a0\u202f«»", max_size=60))
def test_only_spaces_and_apostrophes_change(text: str) -> None:
    """No letter or digit is lost or added: only spaces and apostrophes are replaced."""

    def kept(said: str) -> str:
        return re.sub(r"[ \u00a0\u202f]+", " ", said).replace("’", "'")

    assert kept(typeset(text)) == kept(text)


@given(
    st.text(alphabet="abcdefé", min_size=1, max_size=10),
    st.text(alphabet="abc;:!?'=&1", max_size=20),
)
def test_urls_are_left_alone(host: str, path: str) -> None:
    """Nothing changes inside a web address."""
    url = f"https://{host}.fr/{path}"

    assert url in typeset(f"Voir {url} ; merci")


@pytest.mark.parametrize(
    ("text", "up"),
    [("la 1re circonscription", ["re"]), ("le 1er et la 2e", ["er", "e"]), ("XVIIe législature", ["e"]),
     ("Ve République", ["e"]), ("Le vote, De Gaulle, Vers", []), ("les 1res", ["res"]),
     ("2e3 et 12ex", []), ("https://x.fr/1er", []), ("a@1er.fr", []), ("n° 12e", ["e"]),
     ("Xe siècle", ["e"]), ("1,2e", [])],
)  # fmt: skip
def test_ordinals_are_raised(text: str, up: list[str]) -> None:
    """The letters of ordinals are set apart, in texts only, and nothing is lost."""
    pieces = raised(text)

    assert [piece for piece, is_up in pieces if is_up] == up
    assert "".join(piece for piece, _ in pieces) == text


def test_mail_takes_plain_no_break_spaces() -> None:
    """Subjects and text parts carry U+00A0 only, which every mail program shows."""
    assert mail_text("non\u202f!") == "non\u00a0!"
