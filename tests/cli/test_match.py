"""Tests of `outreach establishments`, `outreach match` and `outreach figures`, as commands."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import outreach
from outreach.cli.establishments import establishments
from outreach.cli.figures import figures
from outreach.cli.match import match

pytestmark = pytest.mark.slow

# Whatever started the tests may ignore Ctrl-C, and its children with it.
STOPPABLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from outreach.cli import main; main()"
)
LIST = (
    "Nom;Adresse;CP;Ville;Places\n"
    "Foyer A;1 rue X;01500;Ambérieu en Bugey;40\n"
    "Foyer B;2 rue Y;06000;Nice;12\n"
    "Foyer C;3 rue Z;13009;Nantes;\n"
    "Foyer D;4 rue W;01500;Ambérieu;douze\n"
)


@pytest.fixture
def member_list(tmp_path: Path) -> Path:
    """A small list with a split commune, a contradiction and a broken row."""
    path = tmp_path / "adhérents.csv"
    path.write_text(LIST, "cp1252")
    return path


def test_read_shows_what_was_understood_and_goes_on(member_list: Path, tmp_path: Path) -> None:
    """Columns, totals and refused rows are printed; the good rows are written; exit code 3."""
    result = CliRunner().invoke(
        establishments, ["read", str(member_list), "-o", str(tmp_path / "out.csv")]
    )

    assert result.exit_code == 3
    assert "commune_name ← Ville" in result.output
    assert "4 rows received = 3 taken + 1 refused" in result.output
    assert 'row 5, Places: "douze" is not a whole number' in result.output
    assert len((tmp_path / "out.csv").read_text("utf-8").splitlines()) == 4
    assert "douze" in (tmp_path / "out-refused.csv").read_text("utf-8-sig")


def test_all_that_was_read_otherwise_can_be_seen(tmp_path: Path) -> None:
    """Five values are shown, --all shows each, and a file beside the output holds them; so says --report."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Nom;CP;Ville\n" + "".join(f"Foyer {n};1500;Ambérieu-en-Bugey\n" for n in range(8)), "utf-8"
    )

    short = CliRunner().invoke(establishments, ["read", str(path), "-o", str(tmp_path / "out.csv")])
    whole = CliRunner().invoke(
        establishments, ["read", str(path), "--all", "--report", str(tmp_path / "values.csv")]
    )

    assert "… and 3 more; `outreach establishments read --all` shows each" in short.output
    assert short.output.count('"1500" → "01500"') == 5
    assert whole.output.count('"1500" → "01500"') == 8
    written = (tmp_path / "out-read-otherwise.csv").read_text("utf-8-sig").splitlines()
    assert written[:2] == [
        "row;column;value;became;reason", "2;CP;1500;01500;the leading zero was lost",
    ]  # fmt: skip
    assert len(written) == 9
    assert (tmp_path / "values.csv").read_text("utf-8-sig").splitlines() == written


def test_a_header_in_the_middle_of_a_list_is_counted(tmp_path: Path) -> None:
    """The header printed again on each page is no establishment, and is said to be skipped."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Nom;CP;Ville\nA;01500;Ambérieu-en-Bugey\nNom;CP;Ville\nB;26000;Valence\n", "utf-8"
    )

    result = CliRunner().invoke(establishments, ["read", str(path)])

    assert "1 row is the header again, not counted below: 3" in result.output
    assert "2 rows received = 2 taken + 0 refused" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-o", "table.xlsx"], "table.xlsx would hold a CSV"),
        (["-o", "a.csv", "--refused", "b.xlsx"], "b.xlsx would hold a CSV"),
        (["-o", "a.csv", "--report", "a.csv"], "a.csv is named for two files"),
    ],
)
def test_a_csv_is_not_named_otherwise(
    member_list: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    """What `establishments read` writes is CSV; another ending, or one name twice, is refused before the work."""
    monkeypatch.chdir(member_list.parent)

    result = CliRunner().invoke(establishments, ["read", str(member_list), *arguments])

    assert result.exit_code == 2
    assert said in result.output
    assert list(Path().iterdir()) == [Path(member_list.name)]


def test_the_written_table_is_read_again(member_list: Path, tmp_path: Path) -> None:
    """What `read -o` writes is a list like another: read again, it is the same."""
    CliRunner().invoke(establishments, ["read", str(member_list), "-o", str(tmp_path / "1.csv")])

    result = CliRunner().invoke(
        establishments, ["read", str(tmp_path / "1.csv"), "-o", str(tmp_path / "2.csv")]
    )

    assert result.exit_code == 0
    one, two = ((tmp_path / name).read_text("utf-8").splitlines() for name in ("1.csv", "2.csv"))
    assert [line.split(",")[2:] for line in one] == [line.split(",")[2:] for line in two]


def test_bad_input_is_one_clear_refusal(tmp_path: Path) -> None:
    """A missing file ends with exit code 1 and one message, through the real program."""
    done = subprocess.run(
        [sys.executable, "-m", "outreach", "establishments", "read", str(tmp_path / "none.csv")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "does not exist; check the name" in done.stderr
    assert "Traceback" not in done.stderr


def test_match_says_what_to_look_at(member_list: Path, tmp_path: Path) -> None:
    """The summary adds up, and every file is written."""
    result = CliRunner().invoke(match, [str(member_list), "-o", str(tmp_path / "m")])

    assert result.exit_code == 3, result.output
    assert "4 received = 1 certain + 2 to check + 1 refused" in result.output
    assert "postcode and city contradict each other" in result.output
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "decisions.csv", "duplicates.csv", "matches.csv", "points.csv", "refused.csv", "review.csv", "review.xlsx",
    ]  # fmt: skip


def test_a_decision_is_read_and_kept(member_list: Path, tmp_path: Path) -> None:
    """A decision typed in review.csv decides the next run, and every later one."""
    folder = tmp_path / "m"
    CliRunner().invoke(match, [str(member_list), "-o", str(folder)])
    review = folder / "review.csv"
    review.write_text(
        review.read_text("utf-8-sig").replace("06-01 06-03 06-05;;", "06-01 06-03 06-05;06-05;"),
        "utf-8",
    )

    second = CliRunner().invoke(match, [str(member_list), "-o", str(folder)])
    third = CliRunner().invoke(match, [str(member_list), "-o", str(folder)])

    for result in (second, third):
        assert "2 certain + 1 to check" in result.output
    assert "06-05" in (folder / "decisions.csv").read_text("utf-8")


def test_review_walks_through_the_doubts(member_list: Path, tmp_path: Path) -> None:
    """A number or a code decides, nonsense is asked again, Enter leaves for later."""
    result = CliRunner().invoke(
        match, [str(member_list), "-o", str(tmp_path / "m"), "--review"], input="01-99\n44-02\n\n"
    )

    assert "2 rows to decide" in result.output
    assert "not one of the 577" in result.output
    assert "2 certain + 1 to check" in result.output


def test_ask_lets_a_person_change_the_columns(tmp_path: Path) -> None:
    """The wizard shows what it understood, takes a number, and saves the answer in campaign.toml."""
    path = tmp_path / "list.csv"
    path.write_text("Libellé;Zone;CP\nFoyer A;Ambérieu en Bugey;01500\n", "utf-8")
    campaign = tmp_path / "campaign.toml"
    campaign.write_text('name = "Essai" # gardé\n', "utf-8")

    result = CliRunner().invoke(
        establishments,
        ["read", str(path), "--ask", "--campaign", str(campaign)],
        input="commune_name = 9\nville = 2\ncommune_name = 2\n\n",
    )

    assert result.exit_code == 0, result.output
    assert '"9" is no column' in result.output
    assert '"ville" is none of ours' in result.output
    assert "commune_name     ← Zone" in result.output
    text = campaign.read_text("utf-8")
    assert "# gardé" in text
    assert 'commune_name = "Zone"' in text


def test_ask_lets_a_person_choose_the_sheet(tmp_path: Path) -> None:
    """A workbook of two lists: the person takes the second, and campaign.toml remembers it."""
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    first.title = "2024"
    for row in (["nom", "code postal", "ville"], ["Foyer A", "01500", "Ambérieu-en-Bugey"]):
        first.append(row)
    second = book.create_sheet("2025")
    for row in (["nom", "code postal", "ville"], ["Foyer B", "01000", "Bourg-en-Bresse"]):
        second.append(row)
    path, out = tmp_path / "list.xlsx", tmp_path / "out.csv"
    book.save(path)
    campaign = tmp_path / "campaign.toml"
    campaign.write_text('name = "Essai"\n', "utf-8")

    result = CliRunner().invoke(
        establishments,
        ["read", str(path), "--ask", "--campaign", str(campaign), "-o", str(out)],
        input="2\n\n",
    )

    assert result.exit_code == 0, result.output
    assert "Foyer B" in out.read_text("utf-8-sig")
    assert "Foyer A" not in out.read_text("utf-8-sig")
    assert 'sheet = "2025"' in campaign.read_text("utf-8")


def test_figures_of_an_area_are_shown() -> None:
    """A constituency, a fall-back to the département, and the country."""
    shown = [CliRunner().invoke(figures, ["show", area]) for area in ("01-04", "69-02", "01", "FR")]

    assert [result.exit_code for result in shown] == [0, 0, 0, 0]
    assert "Establishments, constituency 01-04" in shown[0].output
    assert "No establishment in 69-02: figures of 69" in shown[1].output
    # The local figure and the national one on one line, with source and date.
    said = [re.sub(r"\s", " ", result.output) for result in shown]
    assert (
        "10 518 bénéficiaires; France 1 318 168 bénéficiaires (Drees, enquête Aide sociale 2020"
        in said[2]
    )
    assert "8,1 %; France 14,5 % (Insee" in said[0]
    assert "602 établissements" in said[3]
    assert "67 852 556 habitants" in said[3]


def test_figures_of_a_campaign_are_those_of_its_letters(tmp_path: Path) -> None:
    """With --campaign the list, its source and its date are the campaign's."""
    campaign = tmp_path / "campaign"
    campaign.mkdir()
    CliRunner().invoke(outreach, ["new", str(campaign)])
    (campaign / "liste.csv").write_text("Nom;CP;Ville\nA;01500;Ambérieu\n", "utf-8")
    toml = campaign / "campaign.toml"
    text = toml.read_text("utf-8")
    section = '[establishments]\nfile = "liste.csv"\nsource = "notre liste"\nas_of = "2026-01-01"\n'
    toml.write_text(
        re.sub(r"(?m)^\[establishments\]\n(?:[^\[].*\n|\n)*", section, text)
        if "[establishments]" in text
        else text + section,
        "utf-8",
    )

    result = CliRunner().invoke(figures, ["show", "01-05", "--campaign", str(campaign)])

    assert result.exit_code == 0, result.output
    assert "(notre liste, 2026-01-01)" in result.output
    assert re.search(r"establishments: +1\sétablissement,", result.output)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_an_output_that_cannot_be_written_is_one_sentence() -> None:
    """A full disk behind the output ends with one sentence, a closed pipe with none."""
    command = [sys.executable, "-m", "outreach", "find", "69002"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as piped:
        assert piped.stdout is not None
        piped.stdout.close()
        assert piped.stderr is not None
        errors = piped.stderr.read()

    assert done.returncode == 1
    assert "could not be written: No space left" in done.stderr
    assert "Traceback" not in done.stderr + errors


def test_an_unknown_area_is_refused() -> None:
    """A constituency that is not there is named."""
    result = CliRunner().invoke(figures, ["show", "01-99"])

    assert result.exit_code == 1
    assert "not one of the 577" in str(result.exception)


def test_the_same_list_gives_the_same_files_in_every_process(tmp_path: Path) -> None:
    """Nothing depends on the order in which Python happens to keep names in this run."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Nom;CP;Ville\nA;61100;Athis-Val de\nB;57000;Metz Borny\nC;59000;Lile\n", "utf-8"
    )
    written = []
    for seed in ("1", "2", "3"):
        subprocess.run(
            [sys.executable, "-m", "outreach", "match", str(path), "-o", str(tmp_path / seed)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        written.append((tmp_path / seed / "matches.csv").read_text("utf-8"))

    assert written[0] == written[1] == written[2]
    assert "Athis-Val de being short for Athis-Val de Rouvre;" in written[0]


def test_ctrl_c_in_a_review_keeps_what_was_decided(member_list: Path, tmp_path: Path) -> None:
    """A person who stops half-way keeps the decisions typed so far."""
    result = CliRunner().invoke(
        match, [str(member_list), "-o", str(tmp_path / "m"), "--review"], input="44-02\n"
    )

    assert "2 certain + 1 to check" in result.output
    assert "44-02" in (tmp_path / "m" / "decisions.csv").read_text("utf-8")


def test_an_interrupted_run_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    """Ctrl-C while a long list is matched leaves no file, and the files of the run before."""
    path, folder = tmp_path / "list.csv", tmp_path / "m"
    path.write_text("Nom;CP;Ville\nA;01500;Ambérieu\n", "utf-8")
    CliRunner().invoke(match, [str(path), "-o", str(folder)])
    before = {item.name: item.read_bytes() for item in folder.iterdir()}
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"B{n};69100;Villeurbanne\n" for n in range(400_000))

    with subprocess.Popen(
        [sys.executable, "-c", STOPPABLE, "match", str(path), "-o", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        time.sleep(4)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode != 0
    assert {item.name: item.read_bytes() for item in folder.iterdir()} == before


def test_the_list_itself_is_never_written_over(member_list: Path) -> None:
    """An output that is the input is refused, and the list stays."""
    before = member_list.read_bytes()

    result = CliRunner().invoke(establishments, ["read", str(member_list), "-o", str(member_list)])

    assert result.exit_code == 2
    assert "is the list itself" in result.output
    assert member_list.read_bytes() == before


def test_a_decision_beside_the_candidates_is_confirmed(member_list: Path, tmp_path: Path) -> None:
    """In the terminal a constituency that is no candidate is asked about; no goes back to the row."""
    result = CliRunner().invoke(
        match,
        [str(member_list), "-o", str(tmp_path / "m"), "--review"],
        input="33-01\nn\n44-02\nq\n",
    )

    assert "33-01 is none of the candidates" in result.output
    assert "1 certain: decided by a person" in result.output
    assert "33-01" not in (tmp_path / "m" / "decisions.csv").read_text("utf-8")
