"""The pages for people: their code blocks run, their links lead somewhere, and what they say of notations holds."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import handmade
import pytest

from eventcode import resources
from eventcode.coder import lexicon
from eventcode.coder.articles import read
from eventcode.publish import metadata, release

ROOT = handmade.ROOT
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
# `make demo` runs in the copy with this environment; other targets would check the checkout from within its own tests, and are only read.
MAKE = """make() { case "$1" in demo) command make -o .venv/run "$@";; *) command make -n -o .venv/run -o .venv/dev "$@" >/dev/null;; esac; }
"""


class Block(NamedTuple):
    """A code block of a page."""

    page: str
    language: str
    code: str

    def __str__(self):
        return f"{self.page}: {self.code.splitlines()[0]}"


def blocks(page):
    return [Block(page, *match) for match in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


ALL = [block for page in PAGES for block in blocks(page)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the checkout, with release 0.1.0 built where it is not published yet."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy2(ROOT / name, folder / name)
    for name in ("eventcode", "schema", "dataset", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".venv").symlink_to(sys.prefix)
    if "0.1.0" not in resources.releases():
        given = handmade.contribute(folder.parent / f"{folder.name}-given", handmade.rows())
        about = metadata.About.read(resources.DATASET)
        release.build("0.1.0", day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=folder / "dataset", about=about)
    return folder


@pytest.fixture
def run(copy):
    """Run a command in the copy, with the package of the copy and the commands of this environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}

    def call(*command: str) -> str:
        done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


def is_run(block):
    return block.language in {"bash", "python"} and not block.code.startswith("# not run")


@pytest.mark.parametrize("block", [block for block in ALL if is_run(block)], ids=str)
def test_code_blocks_run(block, run):
    if block.language == "python":
        assert run(sys.executable, "-c", block.code)
    else:
        if "make " in block.code and shutil.which("make") is None:
            pytest.skip("make is not installed")
        run("bash", "-euo", "pipefail", "-c", MAKE + block.code)


def test_every_block_says_what_it_is():
    assert {block.language for block in ALL} <= {"bash", "python", "r", "csv"}


def test_the_copy_is_what_runs(run, copy):
    assert run(sys.executable, "-c", "import eventcode; print(eventcode.__file__)").strip() == str(copy / "eventcode" / "__init__.py")


def test_the_readme_begins_with_what_it_is_and_the_demonstration():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [block.code for block in blocks("README.md")[:2]] == ["make demo\n", "make test\n"]
    before = text[: text.index("```")].strip().split("\n\n")
    assert before[0] == "# eventcode"
    assert len(before) == 2, "one paragraph stands before the first block"


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in LINK.findall(BLOCK.sub("", text)):
        if re.match(r"https?://", target):
            continue
        name, _, anchor = target.partition("#")
        file = (ROOT / page).parent / name if name else ROOT / page
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, target


def test_the_readme_says_of_each_article_that_it_is_retold():
    assert all(article.details["text_basis"] == "retold" for article in read([handmade.SEEDS]))
    assert "retold in our own words" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lexicon_page_names_every_segment():
    text = (ROOT / "docs" / "lexicon.md").read_text(encoding="utf-8")
    segments = re.findall(r"[a-z]+(?=[|:])|(?<=\|)[a-z]+", lexicon.SEGMENT.pattern)
    assert {"subj", "obj", "aux", "prep"} <= set(segments)
    assert [s for s in segments if f"| `{s}` |" not in text and f"| `{s}:" not in text] == []


def test_the_rows_of_the_lexicon_page_are_rows_of_the_lexicon():
    (table,) = (block for block in blocks("docs/lexicon.md") if block.language == "csv")
    sets = {row["set"]: frozenset({row["word"]}) for row in resources.rows("lexicon/sets")}
    rows = list(csv.DictReader(io.StringIO(table.code)))
    assert len(rows) > 4
    for row in rows:
        assert lexicon.patterns(row, sets)
        assert row["code"] in resources.codes("actions")


def test_the_coding_page_names_every_status():
    from eventcode.model.tables import STATUS

    text = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")
    assert [status for status in STATUS if f"| `{status}` |" not in text] == []
