"""The national geocoder (Base Adresse Nationale): street addresses of split communes → points.

Off unless asked for. What leaves is three fields a row: address, postcode and city; no name, no
number. Answers are kept on disk, so that no address is asked twice. outreach.sources fetches the
publishers' files; this is the one other place that opens a URL, and only towards the geocoder.
"""

import csv
import io
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import platformdirs

from outreach.errors import FetchError, OutreachError

BAN = "https://data.geopf.fr/geocodage"
_BATCH = 500
_TRIES = 5
_FIRST_WAIT_S = 1.0
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_LARGEST_ANSWER = 20_000_000
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_BATCH = frozenset({404, 405, 413, 501})
_NOT_UNDERSTOOD = 400
# The public service admits 50 requests a second, then answers 429 for 5 s.
_GAP_S = 0.025
_SHORTEST_QUESTION, _LONGEST_QUESTION = 3, 200
_NO_BEGINNING = re.compile(r"^[\W_]+")
# What the CSV form says of a row that it did not try, or failed on; "ok" and "not-found" are answers.
_FAILED = frozenset({"error", "skipped"})
# The service answers "ok" to anything and gives its best guess: only the score and the type tell.
# A street may cross a boundary, so only a house number decides.
_LEAST_SCORE = 0.75
_GOOD_TYPES = frozenset({"housenumber"})

Address = tuple[str, str, str]  # address, postcode, city


@dataclass(frozen=True, slots=True)
class Answer:
    """What the geocoder says of one address; score 0 and type "" when it found nothing."""

    longitude: float
    latitude: float
    score: float
    type: str
    citycode: str
    label: str

    @property
    def good(self) -> bool:
        """Whether the point may decide a constituency."""
        return self.score >= _LEAST_SCORE and self.type in _GOOD_TYPES


NOTHING = Answer(0.0, 0.0, 0.0, "", "", "")


class Geocoder:
    """A connection to the geocoder and its cache on disk.

    Args:
        address: of the service, without "/search"; another for a private copy.
        cache: a file of answers, one JSON a line; the user's cache folder by default.
        first_wait_s: before the second try; doubled at each one.
    """

    def __init__(
        self, address: str = BAN, cache: Path | None = None, *, first_wait_s: float = _FIRST_WAIT_S
    ) -> None:
        if not address.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise OutreachError(f"{address} is no https address; addresses are not sent in clear.")
        self._address = address.rstrip("/")
        self._cache = cache or Path(platformdirs.user_cache_dir("outreach")) / "geocoder.jsonl"
        self._wait = first_wait_s
        self._known = _read_cache(self._cache, self._address)
        self._client = httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self._batch = True

    def __enter__(self) -> Self:
        """Use as a context, to close the connection."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._client.close()

    def knows(self, address: Address) -> bool:
        """Tell whether an address was asked before."""
        return address in self._known

    def ask(
        self, addresses: Sequence[Address], progress: Callable[[int, int], None] | None = None
    ) -> dict[Address, Answer]:
        """Give the answer to each address, from the cache or from the service.

        What is answered is kept at once: an interruption loses at most one batch.

        Raises:
            FetchError: the service does not answer, or answers something else.
        """
        wanted = list(dict.fromkeys(addresses))
        missing = [address for address in wanted if address not in self._known]
        tell = progress or (lambda done, total: None)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            tell(start, len(missing))
            answers = self._ask_batch(batch) if self._batch else self._ask_each(batch)
            self._keep(answers)
            tell(start + len(batch), len(missing))
        return {address: self._known.get(address, NOTHING) for address in wanted}

    def _ask_batch(self, batch: Sequence[Address]) -> dict[Address, Answer]:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["row", "address", "postcode", "city"])
        writer.writerows([at, *address] for at, address in enumerate(batch))
        response = self._send(
            "POST",
            f"{self._address}/search/csv",
            files={"data": ("addresses.csv", text.getvalue().encode(), "text/csv")},
            data={"columns": ["address", "city"], "postcode": "postcode"},
        )
        if response.status_code in _NO_BATCH:
            # A private copy may offer the single form only.
            self._batch = False
            return self._ask_each(batch)
        answers = dict.fromkeys(batch, NOTHING)
        rows = list(csv.DictReader(io.StringIO(response.text)))
        if len(rows) != len(batch) or not rows or "result_score" not in rows[0]:
            raise FetchError(
                f"{self._address} answered {len(rows)} rows to {len(batch)} addresses, or no scores; "
                "try again later."
            )
        for row in rows:
            if row.get("result_status") in _FAILED:
                # The service's fault, not the address's: it is asked again by the next run.
                del answers[batch[int(row["row"])]]
                continue
            answers[batch[int(row["row"])]] = _answer(
                row["longitude"], row["latitude"], row["result_score"], row.get("result_type"),
                row.get("result_citycode"), row.get("result_label"),
            )  # fmt: skip
        return answers

    def _ask_each(self, batch: Sequence[Address]) -> dict[Address, Answer]:
        answers: dict[Address, Answer] = {}
        for address, postcode, city in batch:
            # The service refuses what is shorter than 3 signs, longer, or begins with another sign.
            text = _NO_BEGINNING.sub("", f"{address} {city}")[:_LONGEST_QUESTION]
            if len(text) < _SHORTEST_QUESTION:
                answers[(address, postcode, city)] = NOTHING
                continue
            query = {"q": text, "limit": "1"} | ({"postcode": postcode} if postcode else {})
            time.sleep(_GAP_S)
            response = self._send("GET", f"{self._address}/search", params=query)
            if response.status_code == _NOT_UNDERSTOOD:
                answers[(address, postcode, city)] = NOTHING
                continue
            try:
                features = response.json()["features"]
                answers[(address, postcode, city)] = (
                    _from_feature(features[0]) if features else NOTHING
                )
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise FetchError(
                    f"{self._address} answered something else than places; try again later."
                ) from error
        return answers

    def _send(self, method: str, url: str, **content: Any) -> httpx.Response:
        """Send a request, again when the service is busy: 1, 2, 4, 8 s apart, or as it asks."""
        reason = ""
        for attempt in range(_TRIES):
            if attempt:
                time.sleep(self._pause(attempt, reason))
            try:
                response = self._client.request(method, url, **content)
            except httpx.TransportError as error:
                reason = f"{type(error).__name__}: {error}"
                continue
            if response.status_code in _RETRIED:
                reason = f"{response.status_code} {response.headers.get('retry-after', '')}".strip()
                continue
            if response.status_code in (_NO_BATCH if method == "POST" else {_NOT_UNDERSTOOD}):
                return response
            if response.status_code != 200 or len(response.content) > _LARGEST_ANSWER:
                raise FetchError(
                    f"{url} answered {response.status_code}; check the geocoder's address."
                )
            return response
        raise FetchError(
            f"{url} did not answer after {_TRIES} tries ({reason}); what was answered before is kept, "
            "run the command again later."
        )

    def _pause(self, attempt: int, reason: str) -> float:
        asked = reason.split()[-1] if reason.startswith("429") else ""
        wait: float = self._wait * 2 ** (attempt - 1)
        return max(wait, min(float(asked), 60.0)) if asked.isdigit() and asked != "429" else wait

    def _keep(self, answers: Mapping[Address, Answer]) -> None:
        self._known.update(answers)
        self._cache.parent.mkdir(parents=True, exist_ok=True)
        with self._cache.open("a", encoding="utf-8") as file:
            for address, answer in answers.items():
                values = [getattr(answer, name) for name in Answer.__slots__]
                file.write(
                    json.dumps([self._address, *address, *values], ensure_ascii=False) + "\n"
                )


def _from_feature(feature: Mapping[str, Any]) -> Answer:
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    said = feature["properties"]
    return _answer(
        longitude, latitude, said.get("score") or said.get("_score"), said.get("type"),
        said.get("citycode"), said.get("label"),
    )  # fmt: skip


def _answer(
    longitude: Any,
    latitude: Any,
    score: Any,
    kind: str | None,
    citycode: str | None,
    label: str | None,
) -> Answer:
    try:
        x, y, value = float(longitude), float(latitude), float(score)
    except (TypeError, ValueError):
        return NOTHING
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        return NOTHING
    return Answer(x, y, value, kind or "", citycode or "", label or "")


def _read_cache(path: Path, service: str) -> dict[Address, Answer]:
    known: dict[Address, Answer] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return known
    for line in lines:
        try:
            of_service, address, postcode, city, *values = json.loads(line)
            answer = Answer(*values)
        except (ValueError, TypeError):
            continue  # a line cut by an interruption: its addresses are asked again
        if of_service == service:
            known[(address, postcode, city)] = answer
    return known
