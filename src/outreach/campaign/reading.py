"""Read campaign.toml and list all its faults, each with its key and a remedy."""

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from outreach.campaign.campaign import FILE_NAME, Campaign
from outreach.errors import InputError

_LARGEST_BYTES = 1_000_000
# What the lists of limited length hold.
_THINGS = {
    "address": "lines",
    "enclosures": "titles",
    "introduction": "paragraphs",
    "english_introduction": "paragraphs",
}


def load_campaign(path: Path) -> Campaign:
    """Read and check a campaign.

    Args:
        path: the campaign's folder, or its campaign.toml.

    Raises:
        InputError: the file is missing or faulty; every fault is listed with its dotted key and
            a remedy, an unknown field with the nearest known one.
    """
    file = path / FILE_NAME if path.is_dir() else path
    content = _read_toml(file)
    try:
        return Campaign.model_validate(content, context={"folder": file.parent})
    except ValidationError as error:
        problems = [
            f"{file}, {line}" for fault in error.errors() for line in _fault_lines(dict(fault))
        ]
        count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
        raise InputError(f"{file} has {count}:", problems) from None


def _read_toml(file: Path) -> dict[str, Any]:
    if file.is_file() and file.suffix != ".toml":
        raise InputError(f"{file} is no campaign; name the campaign's folder.")
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        # A folder that does not exist stands here as it was asked for.
        folder = file.parent if file.name == FILE_NAME else file
        if folder.is_dir() and any(folder.iterdir()):
            raise InputError(
                f"{file} does not exist: this folder is no campaign. Name the campaign's with "
                "--campaign FOLDER; `outreach new FOLDER` makes one in a new folder."
            ) from None
        raise InputError(
            f"{file} does not exist; `outreach new {folder}` makes a campaign."
        ) from None
    except OSError as error:
        raise InputError(f"{file} could not be read: {error.strerror or error}.") from error
    if len(data) > _LARGEST_BYTES:
        raise InputError(f"{file} is larger than 1 MB; this is not a campaign file.")
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{file} is not UTF-8 (byte {error.start}); save it again with the encoding UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{file} is not valid TOML: {error}. Texts stand between double quotes."
        ) from error
    except RecursionError as error:
        raise InputError(f"{file} is nested too deeply; this is not a campaign file.") from error


def _fault_lines(fault: dict[str, Any]) -> list[str]:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    kind, given = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        known = _fields_at(fault["loc"][:-1])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
        meant = f' did you mean "{near[0]}"?' if near else ""
        return [f"{where}: unknown field;{meant} Known here: {', '.join(known)}."]
    if kind == "missing":
        return [f"{where}: is missing; add it ({_description(fault['loc'])})."]
    if kind in ("too_long", "too_short") and isinstance(given, list | tuple):
        return [f"{where}: {_length_said(fault)}."]
    if kind == "string_too_short" and given:
        return [f'{where}: "{given}" is shorter than {fault["ctx"]["min_length"]} characters.']
    if kind in ("too_short", "string_too_short") and not given:
        return [f"{where}: is empty; write it ({_description(fault['loc'])})."]
    said = str(fault.get("ctx", {}).get("error") or fault["msg"]).removesuffix(".")
    if not where:  # from _agree, whose lines carry their own keys
        return said.splitlines()
    shown = f' "{given}"' if isinstance(given, str | int | float) else ""
    return [f"{where}:{shown} {said[0].lower()}{said[1:]}."]


def _length_said(fault: dict[str, Any]) -> str:
    """Say "has 9 lines; at most 4 are taken" of a list that is too long, or too short."""
    context = fault["ctx"]
    things = _THINGS.get(str(fault["loc"][-1]), "entries")
    if fault["type"] == "too_short":
        return f"has no {things}; add at least {context['min_length']}"
    return f"has {context['actual_length']} {things}; there is room for at most {context['max_length']}"


def _fields_at(location: tuple[int | str, ...]) -> list[str]:
    model = _model_at(location)
    return [name for name in model.model_fields if name != "folder"]


def _description(location: tuple[int | str, ...]) -> str:
    while isinstance(location[-1], int):  # the third of a list: what the list is
        location = location[:-1]
    field = _model_at(location[:-1]).model_fields[str(location[-1])]
    return field.description or f"a table [{location[-1]}]"


def _model_at(location: tuple[int | str, ...]) -> type[BaseModel]:
    model: type[BaseModel] = Campaign
    for part in location:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            model = next(
                kind
                for kind in (annotation, *getattr(annotation, "__args__", ()))
                if isinstance(kind, type) and issubclass(kind, BaseModel)
            )
    return model
