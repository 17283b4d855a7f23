"""campaign.toml is read whole, and every fault is told with its remedy."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.bundle import letters_path
from outreach.campaign import Campaign, load_campaign
from outreach.errors import InputError

GOOD = """
uid = "test-campaign"
name = "Solidarité en danger !"
chambers = ["assemblee"]

[sender]
organisation = "Fédération Exemple"
address = ["1 rue de l'Exemple", "75000 Paris"]
email = "contact@example.org"

[signature]
name = "Camille Exemple"
function = "Présidente"
place = "Paris"

[templates]
assemblee = "deputy.md"
"""


def write(folder: Path, text: str = GOOD) -> Path:
    """Write a campaign folder with an empty template."""
    (folder / "deputy.md").write_text("", encoding="utf-8")
    file = folder / "campaign.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(folder: Path, text: str) -> list[str]:
    """Load a faulty campaign and give its faults without the file's path."""
    file = write(folder, text)
    with pytest.raises(InputError) as refused:
        load_campaign(folder)
    return [line.removeprefix(f"{file}, ") for line in refused.value.problems]


def test_the_bundled_campaign_loads() -> None:
    """The bundled campaign is complete, with a source and a date for every national figure."""
    campaign = load_campaign(letters_path("solidarite-en-danger"))

    assert campaign.name == "Solidarité en danger"
    assert campaign.sender.email.endswith("@example.org")
    assert all(figure.source and figure.date for figure in campaign.national_figures)
    assert campaign.template("senat").name == "senator.md"


def test_folder_or_file(tmp_path: Path) -> None:
    """The folder and its campaign.toml name the same campaign."""
    file = write(tmp_path)

    assert load_campaign(tmp_path) == load_campaign(file)


def test_a_fault_ends_with_one_full_stop(tmp_path: Path) -> None:
    """What a library says with its own full stop gets no second one."""
    file = write(tmp_path)
    file.write_text(
        re.sub(r'email = "[^"]*"', 'email = "us@mail.test"', file.read_text("utf-8")), "utf-8"
    )

    with pytest.raises(InputError, match=r"special-use .*[^.]\.$"):
        load_campaign(file)


def test_defaults_lead_nowhere(tmp_path: Path) -> None:
    """What is left out is filled with what sends nothing and stays in the folder."""
    write(tmp_path)

    campaign = load_campaign(tmp_path)

    assert campaign.sending is None
    assert campaign.slug == "solidarite-en-danger"
    assert campaign.outbox == tmp_path / "outbox.sqlite"
    assert campaign.establishments.review is None
    assert campaign.matches == campaign.folder / "matches"
    assert campaign.wave == 1


def test_unknown_field_names_the_nearest(tmp_path: Path) -> None:
    """A mistyped field is refused with the field that was probably meant."""
    lines = problems(tmp_path, GOOD.replace("email =", "emial ="))

    assert any(
        line.startswith('sender.emial: unknown field; did you mean "email"?') for line in lines
    )
    assert any(line.startswith("sender.email: is missing; add it") for line in lines)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault is listed in one go, each with its dotted key."""
    text = GOOD.replace('"contact@example.org"', '"contact.example.org"')
    text = text.replace('["assemblee"]', '["assembly"]').replace("deputy.md", "deputee.md")
    text = 'end = "tomorrow"\n' + text + '[[demands]]\nkey = "A"\ntitle = "t"\ntext = "x"\n'

    lines = problems(tmp_path, text)

    assert {line.split(":")[0] for line in lines} == {
        "end", "chambers.1", "sender.email", "demands.1.key", "templates.assemblee"
    }  # fmt: skip


def test_an_enclosure_is_named_by_a_title_that_fits_the_page(tmp_path: Path) -> None:
    """A title that would run off the page is refused."""
    text = GOOD + f'[post]\nenclosures = ["Note de deux pages", "{"x" * 81}"]\n'

    [line] = problems(tmp_path, text)

    assert line.startswith("post.enclosures.2: ")
    assert line.endswith("has 81 characters; a title has at most 80.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("[\"1 rue de l'Exemple\", \"75000 Paris\"]", str(["x"] * 9)),
         "sender.address: has 9 lines; there is room for at most 4."),
        (GOOD + f"[post]\nenclosures = {['x'] * 9}\n",
         "post.enclosures: has 9 titles; there is room for at most 8."),
        (GOOD + "[post]\nwindow = [1, 2, 3, 4, 5]\n",
         "post.window: has 5 entries; there is room for at most 4."),
        (GOOD + "[post]\nwindow = [1, 2, 3]\n",
         "post.window.4: is missing; add it (address block: x, y, width, height in mm on A4)."),
        (GOOD + '[post]\nenclosures = [""]\n',
         "post.enclosures.1: is empty; write it (titles of the documents enclosed, listed under "
         "the signature)."),
        (GOOD + f"[page]\nintroduction = {['x'] * 6}\n",
         "page.introduction: has 6 paragraphs; there is room for at most 5."),
    ],
)  # fmt: skip
def test_a_list_of_the_wrong_length_says_how_many(tmp_path: Path, text: str, said: str) -> None:
    """A length fault says how many there are and how many there is room for, in plain words."""
    [line] = problems(tmp_path, text)

    assert line == said


def test_a_missing_template_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """A template that is not there is named with its whole path."""
    lines = problems(tmp_path, GOOD.replace("deputy.md", "deputee.md"))

    assert (
        lines
        == [
            f'templates.assemblee: "deputee.md" there is no file {tmp_path / "deputee.md"}; '
            "correct the name or put the file there."
        ]
        or str(tmp_path / "deputee.md") in lines[0]
    )


def test_a_chamber_without_template_is_refused(tmp_path: Path) -> None:
    """A campaign that writes to the Senate needs a letter for it."""
    lines = problems(tmp_path, GOOD.replace('["assemblee"]', '["assemblee", "senat"]'))

    assert lines == [
        'templates.senat: is missing, and chambers names "senat"; add a template or take the '
        "chamber out"
    ]


def test_a_reminder_needs_its_own_template(tmp_path: Path) -> None:
    """The second wave reads [reminder], never the first letter again."""
    lines = problems(tmp_path, "wave = 2\n" + GOOD)

    assert lines[0].startswith("reminder.assemblee: is missing")


def test_end_before_date(tmp_path: Path) -> None:
    """A campaign cannot end before its letters are dated."""
    lines = problems(tmp_path, "date = 2026-11-12\nend = 2026-11-11\n" + GOOD)

    assert lines == ["end: 2026-11-11 is before the date 2026-11-12; correct one of them"]


def test_dates_are_dates(tmp_path: Path) -> None:
    """TOML dates arrive as dates."""
    write(tmp_path, "date = 2026-11-12\n" + GOOD)

    assert load_campaign(tmp_path).date == dt.date(2026, 11, 12)


def test_keys_are_used_once(tmp_path: Path) -> None:
    """Two demands with one key would hide each other."""
    demand = '[[demands]]\nkey = "funding"\ntitle = "t"\ntext = "x"\n'

    lines = problems(tmp_path, GOOD + demand + demand)

    assert lines == ['demands: the key "funding" is used twice; each key is used once']


@pytest.mark.parametrize(
    "name", ["Exemple\u202e", "Exem\u200bple", "Bcc:\tx", "a\u2028b", "a\u0000b"]
)
def test_invisible_characters_are_refused(tmp_path: Path, name: str) -> None:
    """A sender's name with control or bidi characters never reaches a header."""
    escaped = name.encode("unicode-escape").decode().replace("\\x", "\\u00").replace("\\t", "\\t")

    lines = problems(tmp_path, GOOD.replace("Fédération Exemple", escaped))

    assert "invisible control character" in lines[0]


@pytest.mark.parametrize("web", ["javascript:alert(1)", "example.org", 'https://x"onclick'])
def test_urls_are_checked(tmp_path: Path, web: str) -> None:
    """Only whole web addresses without quotes or brackets are taken."""
    lines = problems(tmp_path, GOOD.replace("[signature]", f"web = '{web}'\n[signature]"))

    assert lines[0].startswith("sender.web:")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'uid = "a\nname', "is not valid TOML"),
        ('name = "é"'.encode("latin-1"), "is not UTF-8 (byte 8)"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"#" * 1_000_001, "larger than 1 MB"),
    ],
    ids=["syntax", "encoding", "nesting", "size"],
)
def test_unreadable_files(tmp_path: Path, content: bytes, said: str) -> None:
    """A file that is no TOML is refused in one sentence."""
    file = tmp_path / "campaign.toml"
    file.write_bytes(content)

    with pytest.raises(InputError, match=r"campaign\.toml") as refused:
        load_campaign(file)

    assert said in refused.value.message


def test_a_missing_campaign_names_the_command_that_makes_one(tmp_path: Path) -> None:
    """Who has no campaign yet is told how to get one."""
    with pytest.raises(InputError, match="outreach new"):
        load_campaign(tmp_path / "campaign.toml")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*Campaign.model_fields, "x"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_no_content_gets_past_as_another_exception(tmp_path: Path, content: object) -> None:
    """Whatever a TOML file holds, it loads or is refused in words."""
    import tomlkit

    def clean(value: object) -> object:
        if isinstance(value, dict):
            return {key: clean(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [clean(inner) for inner in value if inner is not None]
        return value

    table = content if isinstance(content, dict) else {"name": content}
    text = tomlkit.dumps(clean(table))  # type: ignore[arg-type] # always a dict here

    file = tmp_path / "campaign.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as refused:
        load_campaign(file)

    assert str(refused.value)
