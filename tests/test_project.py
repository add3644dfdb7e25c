"""The project itself: licences, versions, layers, light imports, and what may not be in a tracked file."""

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from eventcode import __version__, resources

ROOT = Path(__file__).resolve().parents[1]
CLEAN = ROOT.parent / "shared" / "checks" / "clean.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# As the Apache Software Foundation and Creative Commons publish them.
APACHE = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
CC_BY = "9ba9550ad48438d0836ddab3da480b3b69ffa0aac7b7878b5a0039e7ab429411"
HEAVY = ("pandas", "polars", "pandera", "pyarrow", "spacy", "typer", "pydantic", "trafilatura", "pooch", "requests", "openpyxl")


def tracked():
    """Files that git tracks, or would."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_one_version():
    assert PROJECT["project"]["version"] == resources.VERSION == __version__
    assert f"## [{resources.VERSION}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_of_the_code_is_the_apache_licence_word_for_word():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE


def test_the_licence_of_the_data_is_cc_by_word_for_word():
    notice, _, text = (ROOT / "dataset" / "LICENSE").read_text(encoding="utf-8").partition("Attribution 4.0 International\n\n")
    assert hashlib.sha256(f"Attribution 4.0 International\n\n{text}\n".encode()).hexdigest() == CC_BY
    assert "dataset/ and seeds/" in notice


def test_the_licences_are_those_that_the_project_declares():
    assert PROJECT["project"]["license"] == "Apache-2.0 AND CC-BY-4.0"
    assert all((ROOT / name).is_file() for name in PROJECT["project"]["license-files"])
    about = tomllib.loads((ROOT / "dataset" / "about.toml").read_text(encoding="utf-8"))
    assert about["licence"] == "CC-BY-4.0"


def test_imports_run_one_way(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--cache-dir", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(PROJECT['tool']['importlinter']['contracts'])} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("names", [(), ("resources",), ("errors",)])
def test_importing_eventcode_is_light(names, tmp_path):
    imports = "; ".join(["import sys, eventcode", *(f"import eventcode.{name}" for name in names)])
    printed = subprocess.run(
        [sys.executable, "-c", f"{imports}; print(*sys.modules)"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "eventcode.resources" in printed
    assert [name for name in HEAVY if name in printed] == []


def test_what_is_offered_at_the_top_is_there():
    import eventcode

    assert all(getattr(eventcode, name) for name in eventcode.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'lode'"):
        _ = eventcode.lode


def test_no_tracked_file_names_a_path_of_a_machine():
    folders = "|".join(["ho" + "me", "Us" + "ers", "ro" + "ot", "wo" + "rk", "fa" + "rm", "mn" + "t"])
    path = re.compile(rf"(?<![\w.:/-])/(?:{folders})/\w")
    found = []
    for file in tracked():
        raw = file.read_bytes()
        if b"\0" not in raw[:4096]:
            lines = raw.decode("utf-8", "replace").splitlines()
            found += [f"{file.relative_to(ROOT)}:{number}" for number, line in enumerate(lines, start=1) if path.search(line)]
    assert found == []


def test_requirements_are_pinned_and_hashed_and_name_no_host():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        packages = [line for line in text.splitlines() if line and line[0] not in "# "]
        assert packages
        assert [line for line in packages if "==" not in line] == []
        assert text.count("--hash=sha256:") >= len(packages)
        assert "://" not in text


def test_nothing_is_tracked_that_may_not_be():
    if not CLEAN.is_file():
        pytest.skip("../shared/checks/clean.py does not lie beside this checkout")
    tracked()
    done = subprocess.run([sys.executable, str(CLEAN)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
