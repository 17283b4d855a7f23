"""Starting the command line stays light."""

import subprocess
import sys


def test_help_loads_no_heavy_library() -> None:
    """
    `outreach --help` loads neither pandas nor any other library that only a command needs.
    """
    code = (
        "import sys, click\n"
        "from outreach.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas','numpy','shapely','typst','sqlalchemy','rich','httpx','pydantic',"
        "'yagmail','jinja2','babel','rapidfuzz'} & set(sys.modules)))"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines()[-1] == "[]"
    assert "Write to the deputies and senators of France." in shown.stdout


def test_an_unknown_command_is_a_bad_command_line() -> None:
    """
    A command that does not exist exits 2 and names itself.
    """
    shown = subprocess.run(
        [sys.executable, "-m", "outreach", "sned"], capture_output=True, text=True, check=False
    )

    assert shown.returncode == 2
    assert "No such command 'sned'" in shown.stderr
