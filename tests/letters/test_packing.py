"""Packs: what leaves in them, and what never gets out of them."""

import contextlib
import hashlib
import random
import stat
import tomllib
import zipfile
from pathlib import Path

import pytest
import tomlkit
from click.testing import CliRunner

from outreach.bundle import letters_path
from outreach.campaign import load_campaign
from outreach.cli import outreach
from outreach.errors import InputError
from outreach.letters.packing import read_pack, unpack, write_pack

EXAMPLE = letters_path("solidarite-en-danger")


def zipped(path: Path, files: dict[str, bytes], *, manifest: bool = True) -> Path:
    """Write a pack by hand, with a manifest that fits unless told otherwise."""
    if manifest:
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        files = {**files, "manifest.toml": tomlkit.dumps({"files": sums}).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_there_and_back(tmp_path: Path) -> None:
    """A campaign made from a pack has the words of the first and an identifier of its own."""
    names = write_pack(EXAMPLE, tmp_path / "pack.zip")
    uid = unpack(tmp_path / "pack.zip", tmp_path / "ours", EXAMPLE)

    ours, theirs = load_campaign(tmp_path / "ours"), load_campaign(EXAMPLE)
    assert ours.uid == uid != theirs.uid
    assert ours.demands == theirs.demands
    assert ours.national_figures == theirs.national_figures
    assert {"deputy.md", "blocks/hook/figures.md", "titles.csv"} <= set(names)
    assert (tmp_path / "ours" / "deputy.md").read_bytes() == (EXAMPLE / "deputy.md").read_bytes()


def test_the_same_campaign_gives_the_same_bytes(tmp_path: Path) -> None:
    """Packing twice changes nothing."""
    write_pack(EXAMPLE, tmp_path / "a.zip")
    write_pack(EXAMPLE, tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_private_things_stay_at_home(tmp_path: Path) -> None:
    """Sender, mailbox and member list of a campaign are not in its pack."""
    folder = tmp_path / "mine"
    CliRunner().invoke(outreach, ["new", str(folder)])
    file = folder / "campaign.toml"
    text = file.read_text(encoding="utf-8").replace("contact@example.org", "secret@example.org")
    (folder / "members.csv").write_text("nom;adresse\n", encoding="utf-8")
    file.write_text(
        text + '\n[establishments]\nfile = "members.csv"\nsource = "s"\nas_of = "2026"\n',
        encoding="utf-8",
    )

    result = CliRunner().invoke(
        outreach, ["letters", "pack", str(tmp_path / "p.zip"), "--campaign", str(folder)]
    )

    assert result.exit_code == 0, result.output
    files = read_pack(tmp_path / "p.zip")
    assert "members.csv" not in files
    assert not any(b"secret@" in content for content in files.values())


def test_a_pack_cannot_set_a_mailbox_or_a_path(tmp_path: Path) -> None:
    """[sending] could name a command to run, [establishments] any file: both are left out."""
    settings = {
        "uid": "theirs-not-ours",
        "name": "Piège",
        "outbox": "/tmp/x",
        "sending": {"password_from": "command", "password_name": "touch /tmp/owned"},
        "establishments": {"file": "/etc/passwd"},
        "sender": {"email": "evil@example.org"},
    }
    pack = zipped(tmp_path / "p.zip", {"campaign.toml": tomlkit.dumps(settings).encode()})

    unpack(pack, tmp_path / "ours", EXAMPLE)

    made = tomllib.loads((tmp_path / "ours" / "campaign.toml").read_text(encoding="utf-8"))
    assert set(made) == {"uid", "name", "sender", "signature"}
    assert made["uid"] != "theirs-not-ours"
    assert made["sender"]["email"] == "contact@example.org"


ODD = [
    "../evil.md", "/etc/evil.md", "a\\b.md", "C:evil.md", "evil.py", "blocks/../x.md", "x.md/y.md",
    "blocks/hook/deep/x.md", "sub/x.md", ".hidden.md", "x.MD", "con?.md", "",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_refused(tmp_path: Path, name: str) -> None:
    """Nothing is written outside the folder, nor under a name that is no template's."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name or "x\x00.exe"), b"x")

    with pytest.raises(InputError):
        unpack(path, tmp_path / "ours", EXAMPLE)

    assert not (tmp_path / "ours").exists()


def test_links_are_refused(tmp_path: Path) -> None:
    """A symbolic link in a pack would show any file."""
    path = tmp_path / "p.zip"
    entry = zipfile.ZipInfo("letter.md")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")

    with pytest.raises(InputError, match="not a safe pack") as refused:
        read_pack(path)

    assert refused.value.problems == ("letter.md: is a link, a device or encrypted",)


def test_bombs_are_refused_before_they_are_read(tmp_path: Path) -> None:
    """A small file that unpacks to megabytes, or thousands of files, is refused by its list."""
    large = zipped(tmp_path / "a.zip", {"letter.md": b"0" * 50_000_000}, manifest=False)
    many = zipped(tmp_path / "b.zip", {f"a{n}.md": b"" for n in range(400)}, manifest=False)

    for path in (large, many):
        with pytest.raises(InputError, match="not a safe pack"):
            read_pack(path)


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    """What the manifest does not name, or names with another checksum, is told by name."""
    sums = {"campaign.toml": "0" * 64, "gone.md": "1" * 64}
    files = {
        "campaign.toml": b'name = "x"',
        "more.md": b"x",
        "manifest.toml": tomlkit.dumps({"files": sums}).encode(),
    }

    with pytest.raises(InputError, match="was changed") as refused:
        read_pack(zipped(tmp_path / "p.zip", files, manifest=False))

    assert [line.split(":")[0] for line in refused.value.problems] == [
        "campaign.toml", "gone.md", "more.md"
    ]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"\x00" * 100])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    """Another file is refused in one sentence."""
    path = tmp_path / "p.zip"
    path.write_bytes(content)

    with pytest.raises(InputError, match="could not be read as a pack"):
        read_pack(path)


def test_a_damaged_pack_is_refused(tmp_path: Path) -> None:
    """Any changed byte of a real pack, wherever it is, gives a refusal or changes nothing."""
    path = tmp_path / "p.zip"
    write_pack(EXAMPLE, path)
    whole = path.read_bytes()
    files = read_pack(path)
    chance = random.Random(20261123)

    for place in chance.sample(range(len(whole)), 200):
        spoilt = bytearray(whole)
        spoilt[place] ^= chance.randrange(1, 256)
        path.write_bytes(spoilt)
        with contextlib.suppress(InputError):
            assert read_pack(path) == files


@pytest.mark.parametrize(("place", "value"), [(8, 99), (30, 255)])
def test_a_pack_packed_in_an_unknown_way_is_refused(tmp_path: Path, place: int, value: int) -> None:
    """A method of packing that nobody knows, or a stream cut in its bytes, is told with the remedy."""
    path = zipped(tmp_path / "p.zip", {"campaign.toml": b"name = 'x'\n" * 50})
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    if place == 8:
        content[place] = content[central + 10] = value
    else:
        start = place + content[26] + content[28]
        content[start : start + 4] = bytes([value]) * 4
    path.write_bytes(content)

    with pytest.raises(InputError, match=r"could not be read as a pack: .*; ask for it again"):
        read_pack(path)


def test_names_that_differ_by_case_only(tmp_path: Path) -> None:
    """Two names that some systems take for one are refused as odd or doubled."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.md", b"a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("letter.md", b"b")

    with pytest.raises(InputError, match="not a safe pack") as refused:
        read_pack(path)

    assert refused.value.problems == ("letter.md: stands there twice",)
