"""What several test modules share: the Hypothesis profile and the command line run in this process."""

import io
import os
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from eventcode.cli.main import run

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT.parent / "shared" / "reference"

# The same examples in every run, so that a failure is never bad luck; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("pinned", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", parent=settings.get_profile("pinned"), derandomize=False, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "pinned"))


class Ran(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


@pytest.fixture
def eventcode(monkeypatch, capsys):
    """Run the `eventcode` command in this process, in a folder and with bytes on standard input."""

    def call(*args: str, folder: Path | None = None, stdin: bytes = b"") -> Ran:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["eventcode", *args])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            if folder is not None:
                patch.chdir(folder)
            with pytest.raises(SystemExit) as ended:
                run()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else int(code is not None), *capsys.readouterr())

    return call


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the facts that the codelists were made from; it lies beside a checkout of the maintainers only."""
    if not REFERENCE.is_dir():
        pytest.skip("../shared/reference does not lie beside this checkout")
    return REFERENCE
