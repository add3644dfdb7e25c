"""The wheel: what is in it, and that it works where there is no checkout."""

import email
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import handmade
import pytest

from eventcode import resources

ROOT = handmade.ROOT
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "hatch_build.py", ".gitignore", "eventcode", "schema", "dataset")


def build_wheel(source: Path, into: Path, *kinds: str) -> Path:
    """Build a wheel of a checkout in this environment, with no other one set up."""
    command = [sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", str(into), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = into.glob("*.whl")
    return wheel


LATER = date(2099, 1, 31)
"""After every release that is published."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what a wheel is built from, with a release that its number makes the newest, and a build that broke off."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, copy / name)
    handmade.build(copy / "dataset", "99.9.0", day=LATER)
    handmade.build(copy / "dataset", "99.10.0", day=LATER)
    broken = copy / "dataset" / ".99.11.0-abcd"
    broken.mkdir()
    (broken / "datapackage.json").write_text("{}", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    return build_wheel(checkout, tmp_path_factory.mktemp("dist"), "--wheel")


@pytest.fixture(scope="module")
def names(wheel):
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_package_and_its_schema_are_inside(names):
    tracked = {p.relative_to(ROOT).as_posix() for p in (ROOT / "eventcode").rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    assert tracked <= names
    schema = {f"eventcode/_data/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "schema").rglob("*") if p.is_file()}
    assert schema <= names
    assert "eventcode/py.typed" in names


def test_the_newest_release_is_inside_and_no_other(names, checkout):
    inside = {name for name in names if name.startswith("eventcode/_data/dataset/")}
    newest = {f"eventcode/_data/dataset/99.10.0/{p.name}" for p in (checkout / "dataset" / "99.10.0").iterdir()}
    assert inside == newest | {"eventcode/_data/dataset/about.toml"}


def test_nothing_else_is_inside(names):
    assert {name.split("/")[0] for name in names} == {"eventcode", f"eventcode-{resources.VERSION}.dist-info"}
    assert not [name for name in names if name.endswith(".pyc") or "/tests/" in name or "/seeds/" in name]


def test_its_metadata_names_version_licences_and_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        info = f"eventcode-{resources.VERSION}.dist-info"
        metadata = email.message_from_bytes(archive.read(f"{info}/METADATA"))
        assert metadata["Version"] == resources.VERSION
        assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-4.0"
        assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
        assert archive.read(f"{info}/licenses/dataset/LICENSE") == (ROOT / "dataset" / "LICENSE").read_bytes()
        assert b"eventcode = eventcode.cli.main:run" in archive.read(f"{info}/entry_points.txt")


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Folder that the wheel is installed into, without its dependencies: those are this environment's."""
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def python(installed, tmp_path):
    """Run Python on the installed package, from an empty folder outside the checkout; gives what it printed."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    env = {**os.environ, "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*args: str) -> str:
        done = handmade.python("-P", *args, cwd=empty, env=env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


ENTRY = "from eventcode.cli.main import run; run()"


def test_what_is_imported_is_what_was_installed(python, installed):
    assert Path(python("-c", "import eventcode; print(eventcode.__file__)").strip()) == installed / "eventcode" / "__init__.py"


def test_load_works_without_a_checkout(python):
    printed = python("-c", "import eventcode; print(eventcode.load().dtypes.to_string()); print(eventcode.load().attrs)")
    assert "action" in printed
    assert "'version': '99.10.0'" in printed


def test_the_command_works_without_a_checkout(python, installed):
    assert python("-c", ENTRY, "--version") == f"eventcode {resources.VERSION}\n"
    assert python(str(installed / "bin" / "eventcode"), "release", "list") == "99.10.0\n"
    assert "(Version 99.10.0)" in python("-c", ENTRY, "cite")
    assert "Use conventional military force" in python("-c", ENTRY, "codes", "190")


@pytest.mark.slow
def test_the_whole_way_works_without_a_checkout(python, tmp_path):
    printed = python("-c", ENTRY, "demo", str(handmade.SEEDS), "--into", str(tmp_path / "demo"))
    assert "4. verify    whole" in printed


@pytest.mark.slow
def test_the_source_distribution_gives_the_same_wheel(checkout, wheel, tmp_path):
    again = build_wheel(checkout, tmp_path)  # without a kind: a source distribution, and the wheel from that
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())
