"""Tests of outreach.matching.geocoder against a server on loopback that speaks as the BAN does."""

import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.matching.conftest import make_table

from outreach.errors import FetchError, InputError, OutreachError
from outreach.geography.places import Geography
from outreach.matching.found_points import add_kept_points, add_points, found_points, points_text
from outreach.matching.geocoder import Geocoder
from outreach.matching.matches import match_establishments

NICE = (7.2716, 43.6961)


class Service(ThreadingHTTPServer):
    """A geocoder: knows "rue Connue" in Nice, refuses as told, and keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[str] = []
        self.refusals: list[int] = []
        self.offers_csv = True

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}/geocodage"


def place(address: str) -> dict[str, str]:
    """What the service says of an address."""
    found = {
        "longitude": str(NICE[0]), "latitude": str(NICE[1]), "result_score": "", "result_score_next": "",
        "result_label": "", "result_type": "", "result_id": "06088_1", "result_housenumber": "1",
        "result_name": "1 Rue Connue", "result_street": "Rue Connue", "result_postcode": "06000",
        "result_city": "Nice", "result_context": "06, Alpes-Maritimes", "result_citycode": "06088",
        "result_oldcitycode": "", "result_oldcity": "", "result_district": "", "result_status": "ok",
    }  # fmt: skip
    if "Fautive" in address or "Introuvable" in address:
        status = "error" if "Fautive" in address else "not-found"
        return dict.fromkeys(found, "") | {"result_status": status}
    if "Connue" in address:
        return found | {
            "result_score": "0.96",
            "result_type": "housenumber",
            "result_label": address,
        }
    if "Ailleurs" in address:
        return found | {
            "result_score": "0.9", "result_type": "housenumber", "result_citycode": "75111",
            "result_label": "1 rue d'Ailleurs 75011 Paris",
        }  # fmt: skip
    return found | {"result_score": "0.4", "result_type": "street", "result_label": "?"}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Service

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_POST(self) -> None:
        """The CSV form."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.sent.append(body)
        if self._refused() or not self.server.offers_csv:
            if not self.server.offers_csv:
                self._answer(405, "")
            return
        match = re.search(r'filename="addresses.csv"\r\n.*?\r\n\r\n(.*?)\r\n--', body, re.DOTALL)
        assert match
        rows = list(csv.DictReader(io.StringIO(match[1])))
        text = io.StringIO()
        writer = csv.DictWriter(text, [*rows[0], *place("")], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **place(row["address"])} for row in rows)
        self._answer(200, text.getvalue())

    def do_GET(self) -> None:
        """The JSON form."""
        query = parse_qs(urlsplit(self.path).query)
        self.server.sent.append(query["q"][0])
        if self._refused():
            return
        if not re.match(r"[^\W_].{2,199}$", query["q"][0]) or "Incomprise" in query["q"][0]:
            self._answer(400, '{"code": 400, "message": "q: must start with a number or a letter"}')
            return
        said = place(query["q"][0])
        feature = {
            "geometry": {"type": "Point", "coordinates": NICE},
            "properties": {
                "score": float(said["result_score"]), "type": said["result_type"],
                "citycode": said["result_citycode"], "label": said["result_label"],
            },
        }  # fmt: skip
        self._answer(200, json.dumps({"type": "FeatureCollection", "features": [feature]}))

    def _refused(self) -> bool:
        if not self.server.refusals:
            return False
        self._answer(self.server.refusals.pop(0), "busy")
        return True

    def _answer(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def service() -> Iterator[Service]:
    """A running geocoder."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def geocoder(service: Service, tmp_path: Path) -> Geocoder:
    """A client with its own cache that does not wait long."""
    return Geocoder(service.address, tmp_path / "cache.jsonl", first_wait_s=0.01)


ADDRESSES = [("1 rue Connue", "06000", "Nice"), ("2 rue Obscure", "06000", "Nice")]


@pytest.mark.parametrize("offers_csv", [True, False])
def test_both_forms_of_the_service_are_understood(
    service: Service, tmp_path: Path, offers_csv: bool
) -> None:
    """The batch form and, where it is missing, one request an address give the same answers."""
    service.offers_csv = offers_csv

    with geocoder(service, tmp_path) as client:
        answers = client.ask(ADDRESSES)

    assert [answers[address].good for address in ADDRESSES] == [True, False]
    assert answers[ADDRESSES[0]].longitude == NICE[0]


def test_no_address_is_asked_twice(service: Service, tmp_path: Path) -> None:
    """Answers outlive the process; a cache cut in a line is read up to it."""
    with geocoder(service, tmp_path) as client:
        client.ask(ADDRESSES)
    with (tmp_path / "cache.jsonl").open("a") as file:
        file.write('["cut')
    asked = len(service.sent)

    with geocoder(service, tmp_path) as client:
        again = client.ask(ADDRESSES)

    assert len(service.sent) == asked
    assert again[ADDRESSES[0]].good


def test_a_row_that_the_service_fails_on_is_asked_again(service: Service, tmp_path: Path) -> None:
    """An address not found is an answer and is kept; one that failed is asked by the next run."""
    addresses = [("1 rue Fautive", "06000", "Nice"), ("1 rue Introuvable", "06000", "Nice")]
    with geocoder(service, tmp_path) as client:
        first = client.ask(addresses)
    with geocoder(service, tmp_path) as client:
        client.ask(addresses)

    assert [answer.good for answer in first.values()] == [False, False]
    assert "Introuvable" not in service.sent[1]
    assert "Fautive" in service.sent[1]


def test_what_the_service_cannot_read_stops_nothing(service: Service, tmp_path: Path) -> None:
    """In the single form, an address of signs only or one answered 400 is nowhere; the others are found."""
    service.offers_csv = False
    addresses = [
        ("--", "06000", ""), ("« Le Clos », 1 rue Connue", "06000", "Nice"), ("2 rue Incomprise", "06000", "Nice"),
    ]  # fmt: skip

    with geocoder(service, tmp_path) as client:
        answers = client.ask(addresses)

    assert [answers[address].good for address in addresses] == [False, True, False]


def test_a_busy_service_is_asked_again(service: Service, tmp_path: Path) -> None:
    """429 and 503 are waited for; the answer comes in the end."""
    service.refusals = [429, 503, 500]

    with geocoder(service, tmp_path) as client:
        answers = client.ask(ADDRESSES)

    assert answers[ADDRESSES[0]].good


@pytest.mark.parametrize(
    ("refusals", "said"), [([503] * 9, "did not answer"), ([400], "answered 400")]
)
def test_a_service_that_refuses_is_one_clear_error(
    service: Service, tmp_path: Path, refusals: list[int], said: str
) -> None:
    """After five tries, or at once when the request is not understood."""
    service.refusals = refusals

    with geocoder(service, tmp_path) as client, pytest.raises(FetchError, match=said):
        client.ask(ADDRESSES)


def test_an_unreachable_service_is_one_clear_error(tmp_path: Path) -> None:
    """Nobody listens: the address is named."""
    client = Geocoder("http://127.0.0.1:9/geocodage", tmp_path / "c", first_wait_s=0.0)

    with client, pytest.raises(FetchError, match="did not answer after 5 tries"):
        client.ask(ADDRESSES)


def test_addresses_are_not_sent_in_clear(tmp_path: Path) -> None:
    """Only https, or this machine."""
    with pytest.raises(OutreachError, match="no https address"):
        Geocoder("http://example.org", tmp_path / "c")


def test_only_rows_that_miss_a_point_are_asked_and_only_their_address_leaves(
    service: Service, tmp_path: Path, geography: Geography
) -> None:
    """Of five rows one is located; names and numbers stay here; another commune is not believed."""
    table = make_table(
        {
            "name": "SECRET",
            "finess": "060000001",
            "commune_code": "06088",
            "address": "1 rue Connue",
        },
        {"name": "SECRET", "commune_code": "06088", "address": "1 rue d'Ailleurs"},
        {"name": "SECRET", "commune_code": "06088", "address": "9 rue Obscure"},
        {"name": "SECRET", "commune_code": "06088"},
        {"name": "SECRET", "commune_code": "01004", "address": "5 rue Sûre"},
    )
    matched = match_establishments(table, geography, [])

    with geocoder(service, tmp_path) as client:
        located, answer = add_points(table, matched, client)

    again = match_establishments(located, geography, [])
    assert (answer.asked, answer.located, len(answer.problems)) == (3, 1, 1)
    assert again["certainty"].tolist() == ["address", "unsure", "unsure", "unsure", "commune"]
    found = found_points(table, located)
    assert len(found) == 1
    (tmp_path / "points.csv").write_text(points_text(found), "utf-8")
    assert add_kept_points(table, tmp_path / "points.csv").equals(located)
    sent = "".join(service.sent)
    assert "SECRET" not in sent
    assert "060000001" not in sent
    assert "Sûre" not in sent


def test_no_name_beside_a_point_starts_a_formula() -> None:
    """What a list calls an establishment or its town is data in a spreadsheet."""
    text = points_text([("N1", -1.5, 47.2, '=HYPERLINK("x")', "@Nantes")])

    [_, row] = csv.reader(text.splitlines())
    assert row == ["N1", "-1.5", "47.2", '\'=HYPERLINK("x")', "'@Nantes"]


def test_a_spoilt_file_of_points_is_refused(tmp_path: Path) -> None:
    """A points.csv that was edited into something else is named; a missing one is no points."""
    table = make_table({"name": "A", "commune_code": "06088"})
    path = tmp_path / "points.csv"
    assert add_kept_points(table, path) is table
    path.write_text("key;longitude\nA;7,2\n", "utf-8")

    with pytest.raises(InputError, match=r"points\.csv"):
        add_kept_points(table, path)
