"""Nothing leaves the device unasked, nothing written becomes a script, nothing fails in silence."""

import http.server
import json
import re
import shutil
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Page, expect

from outreach.page.build import SiteSource, build_site
from outreach.page.serving import open_server

pytestmark = pytest.mark.slow
Open = Callable[..., Page]
_TODAY = date(2026, 11, 23)
_SCRIPT = '"><img src=x onerror="window.attacked=1"><script>window.attacked=1</script>{{ 7*7 }}'


class _Geocoder(http.server.BaseHTTPRequestHandler):
    """Answers like the national address service: one point, and keeps what was asked."""

    asked: ClassVar[list[str]] = []
    feature: ClassVar[dict[str, Any]] = {}

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = json.dumps({"type": "FeatureCollection", "features": [self.feature]}).encode()
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


def with_page(source: SiteSource, **changes: Any) -> SiteSource:
    """The same source with other [page] settings."""
    page = source.campaign.page.model_copy(update=changes)
    return SiteSource(
        source.campaign.model_copy(update={"page": page}),
        source.geography, source.rosters, source.matched, source.local,
    )  # fmt: skip


@pytest.fixture(scope="module")
def asking_site(small: SiteSource, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served site whose geocoder is on loopback; what it answers stands in _Geocoder.feature."""
    geocoder = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Geocoder)
    folder = tmp_path_factory.mktemp("asking") / "site"
    asked = f"http://127.0.0.1:{geocoder.server_address[1]}/search"
    build_site(with_page(small, geocoder=asked), folder, today=_TODAY)
    site = open_server(folder, 0)
    for server in (geocoder, site):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_address[1]}/"
    for server in (geocoder, site):
        server.shutdown()
        server.server_close()


def find(page: Page, address: str, typed: str) -> None:
    """Type a place and press Enter."""
    page.goto(address)
    page.fill("#typed", typed)
    page.press("#typed", "Enter")


def test_a_whole_visit_asks_no_other_origin(address: str, open_page: Open) -> None:
    """From the first screen to a written letter, and on the map, every request is to the site."""
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    find(page, address, "12 rue de la République, 69003 Lyon")
    page.wait_for_selector(".split-shape")
    page.locator("#question .choices .choice").first.click()
    page.locator("#people .card .primary").first.click()
    page.fill("#personal", "Deux phrases à moi.")
    page.click("#sent")
    page.goto(f"{address}carte.html")

    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(address)] == []
    assert [url for url in asked if "phrases" in url or "publique" in url] == []


def test_the_address_goes_out_only_by_its_button(asking_site: str, open_page: Open) -> None:
    """The geocoder hears nothing until the button, then the address alone; the point is found here."""
    _Geocoder.asked.clear()
    _Geocoder.feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [5.2256, 46.2052]},
        "properties": {"type": "housenumber", "score": 0.93, "citycode": "01053"},
    }
    page = open_page()
    find(page, asking_site, "4 rue Bourgmayer, 01000 Bourg-en-Bresse")
    page.wait_for_selector("#street")
    before = list(_Geocoder.asked)

    page.get_by_role("button", name="Envoyer cette adresse").click()
    page.wait_for_selector("#people:not([hidden])")

    sent = urllib.parse.parse_qs(urllib.parse.urlsplit(_Geocoder.asked[0]).query)
    assert before == []
    assert len(_Geocoder.asked) == 1
    assert set(sent) == {"q", "limit"}
    assert "Bourgmayer" in sent["q"][0]
    expect(page.locator("#people .lead")).to_contain_text("circonscription de l’Ain")


@pytest.mark.parametrize(
    "feature",
    [
        {},
        {"geometry": {"coordinates": ["a", None]}, "properties": {"type": "street", "score": 1}},
        {"geometry": {"coordinates": [5.2, 46.2]}, "properties": {"type": "municipality", "score": 1}},
        {"geometry": {"coordinates": [2.35, 48.85]}, "properties": {"type": "street", "score": 0.9, "citycode": "75104"}},
    ],
)  # fmt: skip
def test_an_odd_answer_of_the_geocoder_is_no_answer(
    asking_site: str, open_page: Open, feature: dict[str, Any]
) -> None:
    """Nothing, broken numbers, a mere town, another city: the page says so and keeps asking."""
    _Geocoder.feature = feature
    page = open_page()
    find(page, asking_site, "01000 Bourg-en-Bresse")

    page.fill("#street", "4 rue Bourgmayer")
    page.get_by_role("button", name="Envoyer cette adresse").click()

    expect(page.locator("#question [role=status]")).to_contain_text("n’a pas été trouvée")
    expect(page.locator("#people")).to_be_hidden()


def test_a_street_alone_is_looked_up_by_the_button(asking_site: str, open_page: Open) -> None:
    """A street without a town: only the geocoder can know, and it is asked by the button."""
    _Geocoder.asked.clear()
    _Geocoder.feature = {
        "geometry": {"type": "Point", "coordinates": [5.6069, 46.1536]},
        "properties": {"type": "street", "score": 0.8, "citycode": "01269"},
    }
    page = open_page()
    find(page, asking_site, "4 rue du Docteur Mercier")
    expect(page.locator("#question-title")).to_have_text("Retrouver cette adresse")
    assert _Geocoder.asked == []

    page.get_by_role("button", name="Envoyer cette adresse").click()

    expect(page.locator("#people .lead")).to_contain_text("Nantua\u00a0: 5e circonscription")


def test_an_address_on_a_boundary_is_asked_about(asking_site: str, open_page: Open) -> None:
    """A point within 50 metres of a boundary decides nothing: the page keeps asking."""
    page = open_page()
    page.goto(asking_site)
    # A vertex of the boundary itself, taken from the page's own outlines.
    point = page.evaluate(
        """(async () => {
          const [one, two] = await Shapes.outlines(["01-01", "01-04"]);
          const other = new Set(two.rings.flat().map(String));
          return one.rings.flat().find((vertex) => other.has(String(vertex)));
        })()"""
    )
    _Geocoder.feature = {
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {"type": "housenumber", "score": 0.9, "citycode": "01053"},
    }
    find(page, asking_site, "01000 Bourg-en-Bresse")
    page.fill("#street", "1 rue de la Limite")

    page.get_by_role("button", name="Envoyer cette adresse").click()

    expect(page.locator("#question [role=status]")).to_contain_text("à la limite de deux")
    expect(page.locator("#people")).to_be_hidden()


@pytest.fixture(scope="module")
def hostile_site(small: SiteSource, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every text from the campaign and its list is an attack; without geocoder."""
    hostile = with_page(
        small, title=_SCRIPT, introduction=(_SCRIPT,), english_title=_SCRIPT, prompts=(_SCRIPT,),
        geocoder="",
    )  # fmt: skip
    sender = hostile.campaign.sender.model_copy(update={"organisation": _SCRIPT})
    demands = tuple(one.model_copy(update={"title": _SCRIPT}) for one in hostile.campaign.demands)
    campaign = hostile.campaign.model_copy(update={"sender": sender, "demands": demands})
    matched = hostile.matched.copy()
    matched["name"] = _SCRIPT
    hostile = SiteSource(campaign, hostile.geography, hostile.rosters, matched, hostile.local)
    folder = tmp_path_factory.mktemp("hostile") / "site"
    build_site(hostile, folder, today=_TODAY)
    return folder


def test_without_geocoder_nothing_offers_it(
    hostile_site: Path, serve: Callable[[Path], str], open_page: Open
) -> None:
    """Turned off in campaign.toml, the button is gone and the policy forbids every other origin."""
    page = open_page()

    find(page, serve(hostile_site), "01000 Bourg-en-Bresse")
    page.wait_for_selector(".split-shape")

    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    expect(page.locator("#street")).to_have_count(0)
    assert "connect-src 'self';" in policy


def test_what_a_campaign_writes_is_never_a_script(
    hostile_site: Path, serve: Callable[[Path], str], open_page: Open
) -> None:
    """A script in the title, introduction, prompts, demands or a name shows as typed, everywhere."""
    address = serve(hostile_site)
    page = open_page()
    found = []

    for place in ("", "en.html", "carte.html", "departements/index.html", "departements/01.html"):
        page.goto(address + place)
        found.append(page.evaluate("window.attacked"))
    page.goto(f"{address}?establishment=010004059")
    page.locator("#people .card .primary").first.click()
    page.locator(".prompt").first.click()
    found.append(page.evaluate("window.attacked"))

    assert found == [None] * 6
    assert _SCRIPT[:20] in page.input_value("#personal")
    page.goto(address)
    expect(page.locator("h1")).to_have_text(_SCRIPT)


@pytest.mark.parametrize("name", ["establishment", "constituency", "postcode"])
def test_a_script_in_the_address_does_nothing(address: str, open_page: Open, name: str) -> None:
    """Hostile query strings are read as unknown values: no script runs, no other file is loaded."""
    page = open_page()

    for value in (_SCRIPT, "../../index", "01-04/../../x", "__proto__", "constructor", "0" * 5000):
        page.goto(f"{address}?{name}={urllib.parse.quote(value)}")
        expect(page.locator("#find")).to_be_visible()

    assert page.evaluate("window.attacked") is None
    expect(page.locator("#people")).to_be_hidden()


@pytest.mark.parametrize(
    "typed", [_SCRIPT, "__proto__", "\u202e\u0000;,\t", "x" * 200, "99999", "0"]
)
def test_hostile_typing_gives_a_plain_answer(address: str, open_page: Open, typed: str) -> None:
    """Anything typed ends in a sentence, never in a script or an error."""
    page = open_page()

    find(page, address, typed)

    expect(page.locator("#find-status.problem, #question:not([hidden])").first).to_be_visible()
    assert page.evaluate("window.attacked") is None


def test_no_document_holds_an_inline_script(site: Path) -> None:
    """The policy needs none: no inline script, style or handler in any document."""
    documents = sorted(site.rglob("*.html"))
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|\son[a-z]+=|\sstyle=|javascript:", re.I)

    found = [path.name for path in documents if inline.search(path.read_text(encoding="utf-8"))]

    assert found == []
    assert len(documents) > 100
    assert all(
        "default-src &#39;none&#39;" in path.read_text(encoding="utf-8") for path in documents
    )


@pytest.mark.parametrize(
    "broken", ["places/01", "names/n", "people/01", "letters/01", "letters/common"]
)
def test_a_truncated_data_file_is_said(
    site: Path, tmp_path: Path, serve: Callable[[Path], str], open_page: Open, broken: str
) -> None:
    """A data file cut in half ends in a sentence that says what to do."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    file = copy / "data" / f"{broken}.js"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    page = open_page(strict=False)
    find(page, serve(copy), "Nantua")
    if broken.startswith("letters"):
        page.locator("#people .card .primary").first.click()

    expect(page.locator("#find-status")).to_contain_text("incomplet")


def test_a_truncated_first_file_is_said(
    site: Path, tmp_path: Path, serve: Callable[[Path], str], open_page: Open
) -> None:
    """Without its first data file the page says so and leads to the lists by département."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    file = copy / "data" / "start.js"
    file.write_bytes(file.read_bytes()[:1000])
    page = open_page(strict=False)

    page.goto(serve(copy))

    expect(page.locator("#broken")).to_be_visible()
    expect(page.locator("#broken a")).to_have_attribute("href", "departements/index.html")


def test_no_network_is_said_and_heals(address: str, open_page: Open) -> None:
    """Without network the search says so; once it is back the same search works."""
    page = open_page(strict=False, service_workers="block")
    page.goto(address)
    page.context.set_offline(True)
    page.fill("#typed", "Nantua")
    page.press("#typed", "Enter")
    expect(page.locator("#find-status")).to_contain_text("Pas de réseau")

    page.context.set_offline(False)
    page.press("#typed", "Enter")

    expect(page.locator("#people-title")).to_be_visible()


def test_the_second_visit_works_offline(address: str, open_page: Open) -> None:
    """What was looked up once is there without network: the place, its people and the letter."""
    page = open_page(strict=False)
    find(page, address, "Nantua")
    page.locator("#people .card .primary").first.click()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    find(page, address, "Nantua")
    page.locator("#people .card .primary").first.click()
    page.wait_for_timeout(500)

    page.context.set_offline(True)
    find(page, address, "Nantua")
    page.locator("#people .card .primary").first.click()

    expect(page.locator("#letter-title")).to_contain_text("Marc Chavent")
    assert page.input_value("#before").startswith("Monsieur le Député,")


def test_the_page_works_inside_a_frame(
    address: str, tmp_path: Path, serve: Callable[[Path], str], open_page: Open
) -> None:
    """Embedded by the documented snippet in another site, it works and tells its height alone."""
    snippet = (Path(__file__).parents[2] / "docs" / "page.md").read_text(encoding="utf-8")
    [html] = re.findall(r"```html\n(.*?)```", snippet, flags=re.S)
    html = html.replace("https://exemple.org/ecrire/", address)
    host = tmp_path / "host"
    host.mkdir()
    (host / "index.html").write_text(
        f"<!doctype html><title>Hôte</title><link rel=icon href=data:,>{html}", encoding="utf-8"
    )
    page = open_page()
    page.goto(serve(host))
    frame = page.frame_locator("iframe")

    frame.locator("#typed").fill("Nantua")
    frame.locator("#typed").press("Enter")
    expect(frame.locator("#people-title")).to_be_visible()

    page.wait_for_function("document.querySelector('iframe').offsetHeight > 1200")
