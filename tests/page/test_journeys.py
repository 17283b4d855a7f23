"""Citizens from everywhere find who represents them, complete a letter and see it leave."""

import re
import urllib.parse
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from outreach.page.build import SiteSource

pytestmark = pytest.mark.slow
Open = Callable[..., Page]


def find(page: Page, address: str, typed: str) -> None:
    """Type a place and press Enter."""
    page.goto(address)
    page.fill("#typed", typed)
    page.press("#typed", "Enter")


def names(page: Page) -> list[str]:
    """The people shown, vacant seats included."""
    page.wait_for_selector("#people:not([hidden])")
    return page.locator("#people .card-name").all_inner_texts()


def holders(source: SiteSource, *seats: str) -> list[str]:
    """The people of some constituencies and départements, in the page's order."""
    found = []
    for roster in source.rosters:
        members = sorted(roster.members, key=lambda one: (one.last_name, one.official_id))
        found += [
            one.full_name
            for one in members
            if (one.constituency_code or one.department_code) in seats
        ]
    return found


def test_paris_11_asks_and_takes_the_list(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """Paris 11e is shared: the list of its constituencies gives the one deputy chosen."""
    page = open_page()
    find(page, address, "Paris 11e")

    expect(page.locator("#question-title")).to_contain_text("Paris 11e arrondissement : 2")
    page.get_by_role("button", name=re.compile("^7e circonscription de Paris")).click()

    assert names(page) == holders(source, "75-07", "75")


def test_lyon_asks_and_takes_the_map(address: str, open_page: Open, source: SiteSource) -> None:
    """In Lyon 3e a click on the small map gives the deputy of the place."""
    page = open_page()
    find(page, address, "69003 Lyon")

    page.locator(".split-map .split-shape").nth(1).click()

    assert names(page) == holders(source, "69-04", "69")


def test_ajaccio_not_known_speaks_of_the_department(address: str, open_page: Open) -> None:
    """Who does not know their constituency sees both deputies, and a letter that claims none."""
    page = open_page()
    find(page, address, "Ajaccio")
    page.get_by_role("button", name=re.compile("Je ne sais pas")).click()

    shown = names(page)
    page.locator("#people .card .primary").first.click()
    letter = page.input_value("#before")

    assert len(shown) == 2 + 1
    assert "otre circonscription" not in letter
    expect(page.locator("#people .note")).to_contain_text("jamais de « votre circonscription »")


@pytest.mark.parametrize(
    ("typed", "seats"),
    [
        ("Nouméa", ("988-01", "988")),
        ("Dzaoudzi", ("976-01", "976")),
        ("97150", ("977-01", "978")),
        ("97133", ("977-01", "977")),
        ("Berlin", ("ZZ-07", "ZZ")),
        ("94390", ("91-07", "91")),
        ("Nantua", ("01-05", "01")),
        ("Ciel", ("71-03", "71")),
    ],
)
def test_each_place_leads_to_its_people(
    address: str, open_page: Open, source: SiteSource, typed: str, seats: tuple[str, ...]
) -> None:
    """Overseas, abroad, an airport's postcode, a merged village, a slip: the right people."""
    page = open_page()
    find(page, address, typed)

    assert names(page) == holders(source, *seats)


def test_a_departement_gives_all_its_people(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """Who types "Mayotte" is not told that no commune is called so; "Ain" is one of the choices."""
    page = open_page()
    find(page, address, "Mayotte")
    mayotte = names(page)
    expect(page.locator("#people .lead")).to_have_text("Votre département : Mayotte.")
    find(page, address, "ain")
    page.get_by_role("button", name="Ain le département entier").click()
    ain = names(page)
    find(page, address, "Lozère")

    assert sorted(mayotte) == sorted(holders(source, "976-01", "976-02", "976"))
    assert set(holders(source, "01-01", "01-05", "01")) <= set(ain)
    assert names(page) == holders(source, "48-01", "48")


def test_a_postcode_without_its_zero_is_found(address: str, open_page: Open) -> None:
    """ "1500" is 01500, as a spreadsheet writes it."""
    page = open_page()
    find(page, address, "1500")

    expect(page.locator("#question")).to_contain_text("Ambérieu-en-Bugey")


def test_a_typing_slip_is_asked_about(address: str, open_page: Open) -> None:
    """A slip is never taken for granted: the page asks what was meant, then goes on."""
    page = open_page()
    find(page, address, "Bourg en Brese")

    expect(page.locator("#question-title")).to_have_text("Vouliez-vous dire…")
    page.locator("#question .choice").first.click()
    expect(page.locator("#question-title")).to_contain_text("Bourg-en-Bresse : 2")


def test_mamoudzou_is_found_overseas(address: str, open_page: Open, source: SiteSource) -> None:
    """Mamoudzou is shared between two constituencies of Mayotte: one is asked for."""
    page = open_page()
    find(page, address, "Mamoudzou")

    page.locator("#question .choices .choice").first.click()

    assert names(page) == holders(source, "976-01", "976")


def test_a_merged_village_is_named_with_its_commune(address: str, open_page: Open) -> None:
    """A village merged in 2025 is found under its old name, and the page says what it is now."""
    page = open_page()
    find(page, address, "Saint-Gervais-en-Belin")

    expect(page.locator("#people .lead")).to_contain_text("aujourd’hui dans la commune")


def test_homonyms_are_asked_about(address: str, open_page: Open, source: SiteSource) -> None:
    """Five places are called Saint-Martin: the citizen chooses, the island's people appear."""
    page = open_page()
    find(page, address, "Saint-Martin")

    page.locator("#question .choice", has_text="(978)").click()

    assert names(page) == holders(source, "977-01", "978")


def test_a_vacant_seat_is_said(address: str, open_page: Open) -> None:
    """A seat that nobody holds is shown as vacant with its reason, and offers no letter."""
    page = open_page()
    page.goto(f"{address}?constituency=69-06")

    shown = page.locator("#people .card.vacant")
    expect(shown).to_contain_text("Siège vacant")
    expect(shown).to_contain_text("élection au Sénat")
    expect(shown.locator("button")).to_have_count(0)


def test_suggestions_work_with_the_keyboard_alone(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """Tab, letters, arrows, Enter and Tab again: from the first key to a finished letter."""
    page = open_page()
    page.goto(address)

    page.keyboard.press("Tab")  # skip link
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "typed":
            break
    page.keyboard.type("nantu")
    page.wait_for_selector("#suggestions li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert names(page) == holders(source, "01-05", "01")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "primary":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#letter:not([hidden])")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "personal":
            break
    page.keyboard.type("Mon père vit dans un foyer et ses aides changent chaque mois.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Camille Exemple")

    assert page.locator("#remarks li").count() == 0
    assert page.input_value("#signature") == "Camille Exemple"


def test_the_small_map_works_with_the_keyboard(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """A constituency of the small map takes focus and answers to Enter."""
    page = open_page()
    find(page, address, "69003")
    page.wait_for_selector(".split-shape")

    page.locator(".split-shape").first.focus()
    page.keyboard.press("Enter")

    assert names(page) == holders(source, "69-03", "69")


def write_letter(page: Page, address: str) -> None:
    """Open the letter to the first person of Nantua and complete it."""
    find(page, address, "Nantua")
    page.locator("#people .card .primary").first.click()
    page.fill(
        "#personal", "Ma sœur travaille à l’hôpital d’Oyonnax & n’en peut plus : 100 % épuisée."
    )
    page.fill("#signature", "Camille Exemple")


def test_mail_links_carry_the_letter(address: str, open_page: Open) -> None:
    """Gmail and Outlook get the whole text; a mail program gets it when it is short enough."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    write_letter(page, address)

    for way in ("gmail", "outlook", "mailto"):
        page.locator(f"#way-{way}").hover()
    gmail = urllib.parse.parse_qs(
        urllib.parse.urlsplit(page.locator("#way-gmail").get_attribute("href") or "").query
    )
    mailto = page.locator("#way-mailto").get_attribute("href") or ""

    assert gmail["to"] == ["marc.chavent@assemblee-nationale.fr"]
    assert (
        "Ma sœur travaille à l’hôpital d’Oyonnax & n’en peut plus : 100 % épuisée."
        in gmail["body"][0]
    )
    assert "\r\n\r\nCamille Exemple" in gmail["body"][0]
    assert mailto.startswith("mailto:marc.chavent@assemblee-nationale.fr?subject=")
    assert len(mailto) <= 1900
    assert "Collez%20ici" in mailto


def test_copying_gives_the_text_as_it_stands(address: str, open_page: Open) -> None:
    """The clipboard holds what the citizen sees, their changes included."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    write_letter(page, address)
    page.fill("#after", "Voterez-vous ces crédits ?")

    page.click("#way-copy")
    expect(page.locator("#send-status")).to_contain_text("copiée")
    copied = page.evaluate("navigator.clipboard.readText()")

    assert "Ma sœur travaille" in copied
    assert (
        copied.index("Ma sœur")
        < copied.index("Voterez-vous ces crédits ?")
        < copied.index("Camille Exemple")
    )


def test_without_a_published_address_the_letter_goes_by_post(address: str, open_page: Open) -> None:
    """No mail button is offered, no address is made up: copy and print remain."""
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    find(page, address, "Nantua")
    card = page.locator("#people .card", has_text="aucune adresse publiée").first
    card.locator(".primary").click()
    page.click("#way-copy")

    expect(page.locator("#send-status")).to_have_text(
        "La lettre est copiée\u00a0: collez-la où vous voulez."
    )
    expect(page.locator("#send a")).to_have_count(0)
    expect(page.locator("#way-print")).to_be_visible()


def test_written_is_remembered_here_and_forgotten_on_request(address: str, open_page: Open) -> None:
    """After "C'est envoyé" the card says so, also after a reload, until the button forgets it."""
    page = open_page()
    write_letter(page, address)
    page.click("#sent")
    expect(page.locator("#done-title")).to_have_text("Merci !")

    find(page, address, "Nantua")
    expect(page.locator(".written").first).to_contain_text("Écrit le")
    kept = page.evaluate("JSON.stringify(localStorage)")
    page.click("#forget")

    expect(page.locator(".written").first).to_be_empty()
    assert "Ma sœur" not in kept
    assert page.evaluate("localStorage.length") == 0


def test_another_wording_keeps_the_citizen_s_words(address: str, open_page: Open) -> None:
    """The button changes the campaign's words, asks before it drops corrections, keeps the passage."""
    page = open_page()
    write_letter(page, address)
    first = page.input_value("#before") + page.input_value("#after")

    page.click("#reword")
    second = page.input_value("#before") + page.input_value("#after")
    page.fill("#before", "Corrigé.")
    page.click("#reword")
    asked = page.input_value("#before")
    page.click("#reword")

    assert first != second
    assert asked == "Corrigé."
    assert page.input_value("#before") != "Corrigé."
    assert page.input_value("#personal").startswith("Ma sœur")


def test_gentle_remarks_follow_what_is_missing(address: str, open_page: Open) -> None:
    """An empty passage, a prompt left as it is and no name are said, and nothing is blocked."""
    page = open_page()
    find(page, address, "Nantua")
    page.locator("#people .card .primary").first.click()

    page.locator(".prompt").first.click()

    said = " ".join(page.locator("#remarks li").all_inner_texts())
    assert "points de suspension" in said
    assert "Signez" in said
    expect(page.locator("#way-copy")).to_be_enabled()


def test_an_establishment_link_opens_its_letter(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """A director's link gives the constituency, the sentence and the address of the establishment."""
    page = open_page()
    page.goto(f"{address}?establishment=010004059")
    assert names(page) == holders(source, "01-03", "01")

    page.locator("#people .card .primary").first.click()

    assert "à Ornex, qui compte 70\u00a0places" in page.input_value("#personal")
    assert page.input_value("#own-address").startswith("EHPAD LE CLOS CHEVALIER ORNEX")
    assert page.input_value("#own-address").endswith("01210 Ornex")


def test_an_unknown_establishment_is_said(address: str, open_page: Open) -> None:
    """A number that is not in the list gives a sentence, and the page works on."""
    page = open_page()

    page.goto(f"{address}?establishment=999999999")

    expect(page.locator("#find-status")).to_contain_text("n’est pas dans la liste")


def test_the_location_stays_here_and_finds_the_deputy(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """A point in the 7th arrondissement of Lyon gives its deputy without asking anything else."""
    page = open_page(
        permissions=["geolocation"],
        geolocation={"latitude": 46.1536, "longitude": 5.6069, "accuracy": 20},
    )
    page.goto(address)
    page.click("#position")

    assert names(page) == holders(source, "01-05", "01")


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ({"latitude": 52.52, "longitude": 13.4, "accuracy": 20}, "dans aucune circonscription"),
        ({"latitude": 46.1536, "longitude": 5.6069, "accuracy": 40_000}, "près de la limite"),
    ],
)
def test_a_location_that_decides_nothing_is_said(
    address: str, open_page: Open, point: dict[str, float], said: str
) -> None:
    """Abroad, or located within 40 km only: a sentence, and no deputy."""
    page = open_page(permissions=["geolocation"], geolocation=point)
    page.goto(address)

    page.click("#position")

    expect(page.locator("#find-status")).to_contain_text(said)
    expect(page.locator("#people")).to_be_hidden()


def test_a_location_that_is_refused_is_said(address: str, open_page: Open) -> None:
    """Without consent the page goes on by name."""
    page = open_page()
    page.goto(address)

    page.click("#position")

    expect(page.locator("#find-status")).to_contain_text("Tapez votre commune")


def test_an_establishment_whose_constituency_is_not_sure_claims_none(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """The link of an unsure establishment shows the possible deputies and speaks of the département."""
    unsure = source.matched[
        (source.matched["constituency_code"] == "") & (source.matched["candidates"] != "")
    ].iloc[0]
    page = open_page()
    page.goto(f"{address}?establishment={unsure['establishment_id']}")
    shown = names(page)

    page.locator("#people .card .primary").first.click()

    assert shown[: len(unsure["candidates"].split())] != []
    expect(page.locator("#people .note")).to_contain_text("pas certaine")
    assert "otre circonscription" not in page.input_value("#before")


def test_english_interface_keeps_the_letter_french(address: str, open_page: Open) -> None:
    """The English page has English buttons and a French letter."""
    page = open_page()
    page.goto(address)
    page.get_by_role("link", name="English").click()
    page.fill("#typed", "Nantua")
    page.press("#typed", "Enter")
    page.get_by_role("button", name=re.compile("^Write to Marc Chavent")).click()

    expect(page.locator("#letter-title")).to_have_text("Your letter to Marc Chavent")
    assert page.input_value("#before").startswith("Monsieur le Député,")


def test_without_scripts_the_page_says_who_to_write_to(
    address: str, open_page: Open, source: SiteSource
) -> None:
    """Without JavaScript a link leads to the parliamentarians of each département."""
    page = open_page(java_script_enabled=False)
    page.goto(address)
    page.get_by_role("link", name="les parlementaires, département par département").click()
    page.get_by_role("link", name=re.compile("^Ain ")).click()

    shown = page.locator(".card-name").all_inner_texts()
    assert set(shown) == set(holders(source, *(f"01-0{n}" for n in range(1, 6)), "01"))
    expect(page.locator(".model")).to_contain_text("l’expression de ma haute considération")


@pytest.mark.parametrize("width", [360, 320])
def test_a_phone_never_scrolls_sideways(address: str, open_page: Open, width: int) -> None:
    """At 360 pixels, and at the 320 of WCAG's reflow, nothing is wider than the screen."""
    page = open_page(viewport={"width": width, "height": 740})
    wide = []
    find(page, address, "69003")
    page.wait_for_selector(".split-map")
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    write_letter(page, address)
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    for document in ("carte.html", "departements/01.html"):
        page.goto(address + document)
        wide.append(page.evaluate("document.documentElement.scrollWidth"))

    for document in ("carte.html", "departements/978.html", "departements/index.html"):
        page.goto(address + document)
        wide.append(page.evaluate("document.documentElement.scrollWidth"))
    page.goto(address)
    page.locator("details summary").click()
    wide.append(page.evaluate("document.documentElement.scrollWidth"))
    assert wide == [width] * 8


def test_opened_from_a_disk_the_page_works(site: Path, open_page: Open, source: SiteSource) -> None:
    """A double click on index.html on a USB stick: no host, the same answers."""
    page = open_page()
    find(page, (site / "index.html").as_uri(), "Nantua")

    assert names(page) == holders(source, "01-05", "01")


def test_the_map_leads_to_a_constituency_with_the_keyboard(address: str, open_page: Open) -> None:
    """The map of France is one Tab stop; the arrows walk, Enter opens the page of the place."""
    page = open_page()
    page.goto(f"{address}carte.html")
    page.locator(".france a[tabindex='0']").focus()
    first = page.locator("#map-name").inner_text()

    page.keyboard.press("ArrowDown")
    second = page.locator("#map-name").inner_text()
    page.keyboard.press("Enter")

    expect(page.locator("#people-title")).to_be_visible()
    assert first != second
    assert second.split(" : ")[0] in page.locator("#people .lead").inner_text()
