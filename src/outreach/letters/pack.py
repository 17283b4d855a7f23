"""A campaign's template pack: its files read once, whole, with what their front matter says.

A template is Markdown with Jinja2 fields; between two lines of ``+++`` at its top stands TOML.
Variants of a block are files of blocks/<block>/. Only these files are read, never through a
link, so that a pack cannot reach anything else on the machine.
"""

import difflib
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from outreach.campaign import Campaign, Chamber
from outreach.errors import TemplateError
from outreach.letters.sandbox import MOST_SOURCE
from outreach.letters.syntax import Fault

MOST_VARIANTS = 200
_FENCE = "+++"
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NAMED = re.compile(r"\bblocks\.([a-z][a-z0-9_]*)")
_REQUEST = re.compile(r"^:::\s*request\b.*?^:::", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FieldPath = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z0-9_]+)*$")]


class _Front(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LetterFront(_Front):
    """Front matter of a letter."""

    subject: str = Field(min_length=1, description="the subject, with fields")
    closing: str = Field(
        "", description="the last sentence, with {{ title }}; the usual one if absent"
    )


class When(_Front):
    """Who a variant is for; every condition that is given must hold."""

    chamber: tuple[Literal["assemblee", "senat"], ...] = ()
    group: tuple[str, ...] = Field((), description="short labels of political groups")
    commission: tuple[str, ...] = Field((), description="words of the commission's name")
    level: tuple[Literal["constituency", "department", "country"], ...] = Field(
        (), description="how local the figures are"
    )
    stance: tuple[Literal["thank", "ask", "remind"], ...] = Field(
        (), description="what the file of acts calls for"
    )
    needs: tuple[FieldPath, ...] = Field(
        (), description="fields that must be known: figures.places"
    )
    above: tuple[FieldPath, ...] = Field(
        (),
        description="figures that must be known, and higher than the country's own: "
        "constituency.poverty_rate",
    )


class VariantFront(_Front):
    """Front matter of a variant."""

    when: When = When()
    priority: int = Field(0, ge=0, le=9, description="variants that fit with the highest one win")


_Kind = TypeVar("_Kind", bound=_Front)


@dataclass(frozen=True, slots=True)
class Letterform:
    """A letter template: its file name, front matter, and text with the front matter blanked."""

    file: str
    front: LetterFront
    text: str
    front_lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a block; ``file`` is also its name in the sandbox."""

    file: str
    block: str
    name: str
    front: VariantFront
    text: str


@dataclass(slots=True)
class Pack:
    """All the templates of a campaign.

    Attributes:
        letters: chamber → template.
        blocks: block → variants, by name.
        drawn: chamber → blocks in the order in which their variants are drawn: first those that
            must be the same in every wave (the request's, and what letter and reminder both
            name), then the others.
        digest: sha256 over every file's name and bytes.
    """

    letters: dict[str, Letterform] = field(default_factory=dict)
    blocks: dict[str, list[Variant]] = field(default_factory=dict)
    drawn: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    digest: str = ""


def load_pack(campaign: Campaign) -> Pack:
    """Read the templates that a campaign uses in its present wave.

    Raises:
        TemplateError: a file is missing, a link, too large, not UTF-8, or its front matter is
            faulty; all are listed.
    """
    pack = Pack()
    faults: list[Fault] = []
    hashed = hashlib.sha256()
    for chamber in campaign.chambers:
        path = campaign.template(chamber)
        text = _read(path, campaign.folder, faults, hashed)
        front = _front(path, text, LetterFront, campaign.folder, faults)
        if front is not None:
            file = _shown(path, campaign.folder)
            pack.letters[chamber] = Letterform(file, front, _blanked(text), _front_lines(text))
    for path in _variant_files(campaign.blocks, campaign.folder, faults):
        text = _read(path, campaign.folder, faults, hashed)
        fitted = _front(path, text, VariantFront, campaign.folder, faults)
        if fitted is not None:
            file = _shown(path, campaign.folder)
            variant = Variant(file, path.parent.name, path.stem, fitted, _blanked(text))
            pack.blocks.setdefault(variant.block, []).append(variant)
    if faults:
        raise TemplateError("The templates cannot be used:", [str(fault) for fault in faults])
    pack.digest = hashed.hexdigest()
    for chamber in campaign.chambers:
        pack.drawn[chamber] = _drawn(campaign, chamber, pack)
    return pack


def named_blocks(text: str) -> list[str]:
    """Give the blocks that a template names, once each, in the order of its text."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def _drawn(
    campaign: Campaign, chamber: Chamber, pack: Pack
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    own = pack.letters[chamber].text
    table = campaign.reminder if campaign.wave == 1 else campaign.templates
    path: Path | None = getattr(table, chamber)
    # The other wave's letter is checked when it is its turn; here only its blocks' names count.
    other = ""
    if path is not None and path.is_file() and path.stat().st_size <= MOST_SOURCE:
        other = path.read_text(encoding="utf-8", errors="replace")
    asked = [
        name
        for text in (own, other)
        for part in _REQUEST.findall(text)
        for name in named_blocks(part)
    ]
    both = sorted(set(named_blocks(own)) & set(named_blocks(other)))
    known = [*sorted(set(asked)), *both, *named_blocks(own), *pack.blocks]
    order = [name for name in dict.fromkeys(known) if name in pack.blocks]
    lasting = {*asked, *both}
    return (
        tuple(name for name in order if name in lasting),
        tuple(name for name in order if name not in lasting),
    )


def _variant_files(blocks: Path | None, folder: Path, faults: list[Fault]) -> list[Path]:
    if blocks is None or not blocks.is_dir():
        return []
    found = []
    for path in sorted(blocks.glob("*/*.md")):
        if not (_NAME.fullmatch(path.stem) and _NAME.fullmatch(path.parent.name)):
            faults.append(
                Fault(
                    _shown(path, folder),
                    1,
                    "the names of a block and its variants are small letters, digits and _",
                )
            )
        else:
            found.append(path)
    if len(found) > MOST_VARIANTS:
        faults.append(Fault(_shown(blocks, folder), 1, f"more than {MOST_VARIANTS} variants"))
        return []
    return found


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _read(path: Path, folder: Path, faults: list[Fault], hashed: "hashlib._Hash") -> str:
    shown = _shown(path, folder)
    # A link in a pack from elsewhere could show any file of this machine in a letter.
    inside = path.parent.resolve().is_relative_to(folder.resolve())
    if path.is_symlink() or not inside or not path.is_file():
        faults.append(Fault(shown, 1, "must be a plain file inside the campaign's folder, no link"))
        return ""
    data = path.read_bytes()
    hashed.update(f"{shown}\0{len(data)}\0".encode() + data)
    if len(data) > MOST_SOURCE:
        faults.append(Fault(shown, 1, f"is larger than {MOST_SOURCE // 1000} kB"))
        return ""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.append(Fault(shown, line, "is not UTF-8; save it again with that encoding"))
        return ""
    if hidden := _HIDDEN.search(text):
        # Such a mark shows a reviewer other words than those that are printed.
        line = text.count("\n", 0, hidden.start()) + 1
        mark = f"U+{ord(hidden.group()):04X}"
        faults.append(Fault(shown, line, f"holds the invisible mark {mark}; type the line again"))
    return text


def _split(text: str) -> tuple[str, str]:
    """Part the front matter from the text; without any, the first is empty."""
    lines = text.split("\n")
    if lines[0].strip() == _FENCE:
        for number, line in enumerate(lines[1:], start=1):
            if line.strip() == _FENCE:
                return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return "", text


def _blanked(text: str) -> str:
    """Give the text alone, after as many empty lines as its front matter took: lines count."""
    front, body = _split(text)
    return "\n" * (front.count("\n") + 3) + body if front or text.startswith(_FENCE) else body


def _front_lines(text: str) -> dict[str, int]:
    front, _ = _split(text)
    found = re.finditer(r"^\s*(\w+)\s*=", front, flags=re.M)
    return {match[1]: front[: match.start(1)].count("\n") + 2 for match in found}


def _front(
    path: Path, text: str, kind: type[_Kind], folder: Path, faults: list[Fault]
) -> _Kind | None:
    shown = _shown(path, folder)
    front, _ = _split(text)
    try:
        return kind.model_validate(tomllib.loads(front))
    except tomllib.TOMLDecodeError as error:
        faults.append(
            Fault(shown, 1, f"between the lines of {_FENCE} stands no valid TOML: {error}")
        )
    except RecursionError:
        faults.append(Fault(shown, 1, "the front matter is nested too deeply"))
    except ValidationError as error:
        lines = _front_lines(text)
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"])
            line = lines.get(str(fault["loc"][-1]), lines.get(str(fault["loc"][0]), 1))
            faults.append(Fault(shown, line, f"{where}: {_words(fault['type'], fault, kind)}"))
    return None


def _words(kind_of_fault: str, fault: Any, model: type[_Front]) -> str:
    if kind_of_fault == "extra_forbidden":
        known = [*model.model_fields, *(When.model_fields if model is VariantFront else ())]
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
        meant = f', did you mean "{near[0]}"' if near else ""
        return f"unknown in a front matter{meant}; there are: {', '.join(known)}"
    if kind_of_fault == "missing":
        return "is missing; add it between two lines of +++ at the top"
    said = str(fault["msg"])
    return said[0].lower() + said[1:]
