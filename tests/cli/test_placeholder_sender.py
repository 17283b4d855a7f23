"""Nobody writes to parliamentarians in the name of the example."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from outreach.cli import outreach

pytestmark = pytest.mark.slow

SENDING = (
    '\n[sending]\nhost = "smtp.association.fr"\nsecurity = "ssl"\nlogin = "a@association.fr"\n'
)


def test_the_example_cannot_send(tmp_path: Path) -> None:
    """
    A campaign that still bears the example's sender is refused before any connection is opened.
    """
    folder = tmp_path / "campaign"
    CliRunner().invoke(outreach, ["new", str(folder)])
    file = folder / "campaign.toml"
    file.write_text(file.read_text(encoding="utf-8") + SENDING, encoding="utf-8")
    CliRunner().invoke(outreach, ["plan", "--campaign", str(folder)])

    result = CliRunner().invoke(outreach, ["send", "--campaign", str(folder)])

    assert result.exit_code == 1
    assert "sender.email" in str(result.exception)
    assert "contact@example.org" in str(result.exception)
