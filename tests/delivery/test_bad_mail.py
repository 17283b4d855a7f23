"""Input that no letter may be made of: each refused by `outreach plan`, before an outbox exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.delivery.mailroom import outreach

from outreach.tracking.incoming import parse

if TYPE_CHECKING:
    from tests.delivery.mailroom import Run

pytestmark = pytest.mark.slow

NAME = 'name = "Solidarité en danger"'
ORGANISATION = 'organisation = "Fédération Exemple"'
EMAIL = 'email = "contact@example.org"'
ATTACH = 'attachments = ["dossier.pdf", "absent.pdf"]\n\n[sender]'
BAD = {
    "a line break in the campaign's name": (
        NAME, 'name = "Solidarité\\nBcc: x@example.org"', "holds a line break",
    ),
    "a line break in the sender's name": (
        ORGANISATION, 'organisation = "Féd\\r\\nBcc: x@example.org"', "sender.organisation",
    ),
    "an encoded word in the sender's name": (
        ORGANISATION, 'organisation = "=?utf-8?q?F=0D=0ABcc:_x=40example.org?="', "835 letters, the first to",
    ),
    "an accent in the sender's address": (EMAIL, 'email = "élodie@example.org"', "ASCII form"),
    "an empty sender's address": (EMAIL, 'email = ""', "sender.email"),
    "two attachments, one of which is missing": ("\n[sender]", ATTACH, "absent.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_may_not_stand_in_a_message_is_refused(run: Run, tmp_path: Path, case: str) -> None:
    """Exit code 1, the place by name, and neither an outbox nor a half of one."""
    before, after, said = BAD[case]
    folder = tmp_path / "campagne"
    run("new", folder)
    (folder / "dossier.pdf").write_bytes(b"%PDF-1.7")
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    assert before in text
    toml.write_text(text.replace(before, after, 1), encoding="utf-8")

    shown = run("plan", "--campaign", folder)

    assert shown.code == 1
    assert said in shown.err
    assert not (folder / "outbox.sqlite").exists()


@pytest.mark.parametrize("sizes", [[30_000_000], [8_000_000, 9_000_000]])
def test_attachments_too_heavy_for_mail_are_refused_at_once(
    run: Run, tmp_path: Path, sizes: list[int]
) -> None:
    """One of 30 MB, or two that are too heavy together: named, before a single letter is built."""
    folder = tmp_path / "campagne"
    run("new", folder)
    names = [f"dossier{number}.pdf" for number in range(len(sizes))]
    for name, size in zip(names, sizes, strict=True):
        (folder / name).write_bytes(bytes(size))
    toml = folder / "campaign.toml"
    listed = ", ".join(f'"{name}"' for name in names)
    text = toml.read_text(encoding="utf-8")
    text = text.replace("\n[sender]", f"attachments = [{listed}]\n\n[sender]", 1)
    toml.write_text(text, encoding="utf-8")

    planned = run("plan", "--campaign", folder)
    exported = run("export", "eml", "--campaign", folder, "-o", tmp_path / "mails")

    for shown in (planned, exported):
        assert shown.code == 1
        assert all(name in shown.err for name in names)
        assert "put it on a web page" in shown.err
    assert not (folder / "outbox.sqlite").exists()
    assert not (tmp_path / "mails").exists()


def test_a_subject_cannot_add_a_header(run: Run, tmp_path: Path) -> None:
    """Whatever a template writes there, the subject is one line, and there is no hidden copy."""
    folder = tmp_path / "campagne"
    run("new", folder)
    toml = folder / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('["assemblee", "senat"]', '["senat"]'), encoding="utf-8")
    template = folder / "senator.md"
    start, _, rest = template.read_text(encoding="utf-8").partition("subject = '''")
    end = rest.partition("'''")[2]
    template.write_text(
        f"{start}subject = '''\nUne question\r\nBcc: x@example.org\n'''{end}", encoding="utf-8"
    )

    planned = run("plan", "--campaign", folder)
    told = json.loads(run("status", "--json", "--campaign", folder).out)
    row = next(one for one in told["letters"] if one["state"] == "waiting")
    shown = outreach("outbox", "show", row["recipient_id"], "--campaign", folder)

    assert planned.code == 0
    message = parse(shown.stdout.encode())
    assert message["Bcc"] is None
    assert message["Subject"] == "Une question Bcc: x@example.org"
