"""Template packs: a campaign's words as one ZIP that associations exchange.

A pack holds templates, variants, titles, acts, and the part of campaign.toml that is words: never a
sender, a mailbox, a member list. It comes from elsewhere: its names, sizes and checksums are looked
at before a byte is written, and what its campaign.toml may set is a closed list (a [sending] table
could name a command to run).
"""

import hashlib
import io
import re
import stat
import tomllib
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import tomlkit

from outreach.campaign import FILE_NAME
from outreach.errors import InputError
from outreach.files import DAMAGED_ZIP, unwritable, whole_folder, write_file
from outreach.letters.copying import check_free

MANIFEST: Final = "manifest.toml"
MOST_FILES = 300
MOST_BYTES = 2_000_000
MOST_RATIO = 200
_NAME = re.compile(r"(?:blocks/[a-z][a-z0-9_]{0,39}/)?[a-z][a-z0-9_-]{0,39}\.(?:md|csv|toml)")
# What a pack may say in campaign.toml. Everything else is the receiver's own.
WORDS: Final[tuple[str, ...]] = (
    "name", "chambers", "style", "choices", "demands", "national_figures", "templates", "reminder",
    "titles", "acts",
)  # fmt: skip
_OWN: Final[tuple[str, ...]] = ("sender", "signature")
# A fixed date, so that the same campaign gives the same bytes.
_DATE = (2026, 1, 1, 0, 0, 0)


def write_pack(campaign: Path, pack: Path) -> list[str]:
    """Write a campaign's words into a ZIP with a manifest of sha256.

    Args:
        campaign: the campaign's folder.
        pack: the file to write.

    Returns:
        The names of the files in it.

    Raises:
        InputError: the folder holds no campaign.
        OutreachError: the pack cannot be written.
    """
    settings = _settings((campaign / FILE_NAME).read_bytes(), str(campaign / FILE_NAME))
    words = {key: settings[key] for key in WORDS if key in settings}
    files = {FILE_NAME: tomlkit.dumps(words).encode()}
    for path in sorted(
        [*campaign.glob("*.md"), *campaign.glob("*.csv"), *campaign.glob("blocks/*/*.md")]
    ):
        name = path.relative_to(campaign).as_posix()
        listed = path.suffix == ".md" or name in (words.get("titles"), words.get("acts"))
        if listed and _NAME.fullmatch(name) and not path.is_symlink():
            files[name] = path.read_bytes()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[MANIFEST] = tomlkit.dumps({"files": sums}).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)
    write_file(pack, buffer.getvalue())
    return sorted(sums)


def unpack(pack: Path, folder: Path, example: Path) -> str:
    """Make a campaign of one's own from a pack: its words, the example's sender, a new uid.

    Args:
        pack: the ZIP.
        folder: where to; it does not exist yet, or is empty.
        example: the campaign whose [sender] and [signature] stand in until they are replaced.

    Returns:
        The new uid.

    Raises:
        InputError: the folder holds something, or the pack breaks a rule; all are listed.
        OutreachError: the folder cannot be written.
    """
    check_free(folder)
    files = read_pack(pack)
    words = _settings(files.pop(FILE_NAME), f"{pack}, {FILE_NAME}")
    own = _settings((example / FILE_NAME).read_bytes(), str(example / FILE_NAME))
    uid = uuid.uuid4().hex
    kept = {key: words[key] for key in WORDS if key in words}
    settings = {"uid": uid, **kept, **{key: own[key] for key in _OWN}}
    with whole_folder(folder) as beside:
        try:
            for name, content in files.items():
                target = beside / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            (beside / FILE_NAME).write_text(tomlkit.dumps(settings), encoding="utf-8")
        except OSError as error:
            raise unwritable(folder, error) from error
    (folder / ".outreach").unlink(missing_ok=True)
    return uid


def read_pack(pack: Path) -> dict[str, bytes]:
    """Read a pack into memory, its manifest checked and left out.

    Raises:
        InputError: it is no ZIP, too large, names something odd, or a checksum differs.
    """
    if not pack.exists():
        raise InputError(f"{pack} does not exist; check the name.")
    if pack.is_dir():
        raise InputError(
            f"{pack} is a folder; a pack is one file, made by `outreach letters pack`."
        )
    try:
        with zipfile.ZipFile(pack) as archive:
            problems = _odd_entries(archive.infolist())
            if problems:
                raise InputError(f"{pack} is not a safe pack:", problems)
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except DAMAGED_ZIP as error:
        raise InputError(
            f"{pack} could not be read as a pack: {error}; ask for it again."
        ) from error
    manifest = _settings(files.pop(MANIFEST, b""), f"{pack}, {MANIFEST}").get("files")
    if not isinstance(manifest, Mapping) or FILE_NAME not in files:
        raise InputError(f"{pack} has no {MANIFEST} or no {FILE_NAME}; ask for it again.")
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    problems = [
        f"{name}: is not what {MANIFEST} says; ask for the pack again"
        for name in sorted({*found, *map(str, manifest)})
        if found.get(name) != manifest.get(name)
    ]
    if problems:
        raise InputError(f"{pack} was changed after it was made:", problems)
    return files


def _odd_entries(entries: list[zipfile.ZipInfo]) -> list[str]:
    problems = []
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_FILES:
        problems.append(f"{len(entries)} files; a pack has at most {MOST_FILES}")
    if total > MOST_BYTES or total > MOST_RATIO * max(packed, 1):
        problems.append(f"{total} bytes unpacked from {packed}; a pack has at most {MOST_BYTES}")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not _NAME.fullmatch(name):
            problems.append(f"{name!r}: is no name of a template, table or variant")
        elif kind not in {0, stat.S_IFREG} or entry.flag_bits & 1:
            problems.append(f"{name}: is a link, a device or encrypted")
        elif name.casefold() in seen:
            problems.append(f"{name}: stands there twice")
        seen.add(name.casefold())
    return problems


def _settings(content: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{where} is not valid TOML: {error}.") from error
