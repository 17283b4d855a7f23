"""The Assembly's tree of JSON files as it is unpacked: actors and the bodies they sit in.

Whatever is private is set aside here, before anything else looks at an actor.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from outreach.errors import InputError
from outreach.files import DAMAGED_ZIP

Json = Mapping[str, Any]

BODY_TYPES: Final = frozenset({"GP", "COMPER", "BUREAU"})
"""The bodies that are read: political groups, permanent commissions, the Bureau."""

_BODY_READ: Final = frozenset({"uid", "codeType", "libelle", "libelleEdition", "libelleAbrev"})
# Far above the 7 744 files and 13 MB of the real one, far below what fills a laptop.
_MOST_FILES, _MOST_BYTES = 100_000, 500_000_000


def is_tree(path: Path) -> bool:
    """Tell whether the path is a zip or a folder of actors."""
    if path.is_dir():
        return any(path.glob("**/acteur/PA*.json"))
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(_kind(name) == "acteur" for name in archive.namelist())


def load_tree(path: Path) -> tuple[dict[str, Json], dict[str, Json]]:
    """Load the actors and the bodies of BODY_TYPES.

    Args:
        path: the zip as published, or a folder that holds acteur/ and organe/.

    Returns:
        Actors by the name of their file, without birth data and staff; bodies by their uid,
        only the keys that are read. Empty values ({"@xsi:nil": "true"}) are None.

    Raises:
        InputError: the tree is cut short, not JSON, far too large, or holds no actor.
    """
    actors: dict[str, Json] = {}
    bodies: dict[str, Json] = {}
    name = ""
    try:
        for name, data in _files(path):
            kind = _kind(name)
            value = json.loads(data)
            if not isinstance(value, dict):
                raise InputError(f"{path}, {name}: is not an object; fetch the file again.")
            value = _without_nil(value.get(kind, value))
            if kind == "acteur":
                actors[name.rpartition("/")[2]] = _without_private(value)
            elif value.get("codeType") in BODY_TYPES:
                if gone := _BODY_READ - value.keys():
                    raise InputError(f"{path}, {name}: keys {sorted(gone)} are gone.")
                bodies[as_text(value["uid"])] = {key: value[key] for key in _BODY_READ}
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}, {name}: is built otherwise than it was ({error}); nothing was read."
        ) from error
    except DAMAGED_ZIP as error:  # JSON that is cut short is a ValueError
        raise InputError(f"{path}: is not whole ({error}); fetch the file again.") from error
    if not actors:
        raise InputError(f"{path}: holds no file acteur/PA….json; name the zip or its folder.")
    return actors, bodies


def as_list(value: Any) -> list[Any]:
    """Give a list: of nothing for null, of one for what stands alone."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def as_text(value: Any) -> str:
    """Give a text, "" for null; the text of an XML element with attributes."""
    if isinstance(value, Mapping):
        value = value.get("#text")
    return value.strip() if isinstance(value, str) else ""


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.glob("**/*.json")):
            if _kind(file.as_posix()):
                yield file.as_posix(), file.read_bytes()
        return
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_FILES or sum(e.file_size for e in entries) > _MOST_BYTES:
            raise InputError(f"{path}: unpacks to far more than the Assembly publishes.")
        for entry in sorted(entries, key=lambda entry: entry.filename):
            if _kind(entry.filename):
                yield entry.filename, archive.read(entry)


def _kind(name: str) -> str:
    folder = name.split("/")[-2:-1]
    return folder[0] if name.endswith(".json") and folder in (["acteur"], ["organe"]) else ""


def _without_private(actor: Json) -> Json:
    """Set birth data and names of staff aside before anything else looks at the actor."""
    mandates = [
        {key: value for key, value in mandate.items() if key != "collaborateurs"}
        for mandate in as_list(actor["mandats"]["mandat"])
    ]
    civil = {key: value for key, value in actor["etatCivil"].items() if key != "infoNaissance"}
    return {**actor, "etatCivil": civil, "mandats": {"mandat": mandates}}


def _without_nil(value: Any) -> Any:
    """Put None for {"@xsi:nil": "true"}, so that an empty value is a leaf like the others."""
    if isinstance(value, dict):
        if value.get("@xsi:nil") == "true":
            return None
        return {key: _without_nil(below) for key, below in value.items()}
    return [_without_nil(item) for item in value] if isinstance(value, list) else value
