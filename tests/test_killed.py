"""Builds that are killed at any moment leave the old state or the whole new release, never half, and the next build makes all good."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import handmade
import pytest

from eventcode import resources
from eventcode.publish import index, release

DRIVER = Path(__file__).with_name("killed_build.py")
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([str(handmade.ROOT), str(DRIVER.parent)])}
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def run(jobs):
    """Builds, one after the other, each in a process of its own."""
    done = subprocess.run([sys.executable, str(DRIVER), json.dumps(jobs)], env=ENV, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def files(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class World:
    """A folder with one release, the contributions of the next two, and what they are where nothing disturbs them."""

    def __init__(self, root):
        self.root = root
        rows = handmade.rows()
        offered = {"0.1.0": rows[:2], "0.2.0": rows[:3], "0.3.0": rows[:3]}
        self.given = {version: str(handmade.contribute(root / version, some)) for version, some in offered.items()}
        first, second, third = run([self.job("calm", version) for version in self.given])
        assert [each["ended"] for each in (first, second, third)] == [0, 0, 0]
        self.steps, self.seconds = second["steps"], second["seconds"]
        self.calm = files(root / "calm")
        self.start = shutil.copytree(root / "calm", root / "start")
        for version in ("0.2.0", "0.3.0"):
            shutil.rmtree(self.start / version)
        index.write(self.start)
        self.before = files(self.start)

    def job(self, name, version="0.2.0", **more):
        return {"out": str(self.root / name), "contributions": self.given[version], "version": version, **more}

    def fresh(self, name):
        return shutil.copytree(self.start, self.root / name)

    def stands(self, name):
        """Check that a folder holds the old state or the whole new release; returns the versions that are there."""
        folder = self.root / name
        found = files(folder)
        versions = resources.releases(folder)
        assert versions in (["0.1.0"], ["0.1.0", "0.2.0"])
        for version in versions:
            assert release.verify(folder / version) == []
        for version in ("0.1.0", "0.2.0"):
            mine = {path: raw for path, raw in found.items() if path.startswith(f"{version}/")}
            assert mine == ({path: raw for path, raw in self.calm.items() if path.startswith(f"{version}/")} if version in versions else {})
        listed = [each["version"] for each in json.loads(found["index.json"])["releases"]]
        assert listed in (["0.1.0"], versions)
        return versions

    def check(self, names):
        """Check what stands, and that the next build makes it what it would have been."""
        there = {name: self.stands(name) for name in names}
        ended = run([self.job(name, "0.3.0" if len(there[name]) == 2 else "0.2.0") for name in names])
        assert {each["ended"] for each in ended} == {0}
        for name in names:
            version = "0.3.0" if len(there[name]) == 2 else "0.2.0"
            found = files(self.root / name)
            assert {path: raw for path, raw in found.items() if path[:5] <= version} == {
                path: raw for path, raw in self.calm.items() if path[:5] <= version
            }
            assert sorted({path.split("/")[0] for path in found}) == sorted([*resources.releases(self.root / name), *index_files(found)])
            assert index.read(self.root / name / "index.json").versions() == ["0.1.0", "0.2.0", "0.3.0"][: len(there[name]) + 1]
        return there


def index_files(found):
    """Files beside the releases: the index, its checksum, and what a killed build left of them."""
    beside = {path for path in found if "/" not in path}
    assert {"index.json", "index.json.sha256"} <= beside
    assert all(path.startswith(("index.json", ".index.json")) for path in beside)
    return beside


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("killed"))


def killed(world, steps, prefix="step"):
    names = [f"{prefix}-{step}" for step in steps]
    for name in names:
        world.fresh(name)
    ended = run([world.job(name, step=step) for name, step in zip(names, steps, strict=True)])
    assert [each["ended"] for each in ended] == [-signal.SIGKILL] * len(steps)
    assert [each["steps"] for each in ended] == [world.steps[:step] for step in steps]
    return names


def number(world, name, last=False):
    """Number of the first step of that name, or of the last."""
    found = [n for n, step in enumerate(world.steps, start=1) if step.startswith(name)]
    return found[-1 if last else 0]


def test_a_build_writes_flushes_and_only_then_gives_the_release_its_name(world):
    steps = [step.split()[0] for step in world.steps]
    named = steps.index("rename")
    assert steps.count("rename") == 1
    assert steps[:named].count("write_table") == 8
    assert steps[:named].count("fsync") >= steps[:named].count("write_table") + steps[:named].count("write_text")
    last = max(n for n, step in enumerate(steps[:named]) if step in {"write_table", "write_text"})
    assert "fsync" not in steps[:last]
    assert set(steps[named + 1 :]) <= {"fsync", "replace", "chmod", "unlink"}
    assert steps[named + 1 :].count("replace") == 2


def test_a_build_killed_at_a_step_leaves_all_or_nothing(world):
    named = number(world, "rename")
    steps = {
        number(world, "write_table reports"),
        number(world, "write_text", last=True),
        named,
        named + 1,
        number(world, "replace", last=True),
    }
    there = world.check(killed(world, sorted(steps)))
    assert {name: len(versions) - 1 for name, versions in there.items()} == {f"step-{step}": int(step > named) for step in steps}


def test_a_build_that_waits_for_one_that_is_killed_goes_on(world):
    folder = world.fresh("waits")
    stopped = subprocess.Popen(
        [sys.executable, str(DRIVER), json.dumps([world.job("waits")])], env=ENV, stdout=subprocess.PIPE, start_new_session=True
    )
    until = time.monotonic() + 60
    while not list(folder.glob(".0.2.0-*")):
        assert time.monotonic() < until
        time.sleep(0.005)
    os.killpg(stopped.pid, signal.SIGSTOP)
    waiting = subprocess.Popen([sys.executable, str(DRIVER), json.dumps([world.job("waits")])], env=ENV, stdout=subprocess.PIPE, text=True)
    time.sleep(2)
    assert waiting.poll() is None
    assert len(list(folder.glob(".0.2.0-*"))) + len(list(folder.glob("0.2.0"))) == 1
    os.killpg(stopped.pid, signal.SIGKILL)
    stopped.communicate()
    out, _ = waiting.communicate(timeout=120)
    assert json.loads(out)[0]["ended"] in {0, 1}  # 1 where the other was published already when it was stopped
    assert world.stands("waits") == ["0.1.0", "0.2.0"]
    assert list(folder.glob(".0*")) == []


@pytest.mark.slow
def test_a_build_killed_at_every_step_leaves_all_or_nothing(world):
    named = number(world, "rename")
    steps = range(1, len(world.steps) + 1)
    there = world.check(killed(world, steps, "every"))
    assert [len(versions) - 1 for versions in there.values()] == [int(step > named) for step in steps]


@pytest.mark.slow
def test_a_build_killed_at_a_random_moment_leaves_all_or_nothing(world):
    chance = random.Random(20201110)
    names = [f"moment-{number}" for number in range(50)]
    for name in names:
        world.fresh(name)
    run([world.job(name, after=chance.uniform(0, 1.1 * world.seconds)) for name in names])
    assert len({len(versions) for versions in world.check(names).values()}) >= 1


@pytest.mark.slow
def test_builds_of_two_versions_at_once_do_not_mix(world):
    for number_ in range(5):
        name = f"both-{number_}"
        world.fresh(name)
        jobs = [world.job(name, version) for version in ("0.2.0", "0.3.0")]
        running = [
            subprocess.Popen([sys.executable, str(DRIVER), json.dumps([job])], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for job in jobs
        ]
        said = [process.communicate(timeout=120)[1] for process in running]
        versions = resources.releases(world.root / name)
        assert versions in (["0.1.0", "0.2.0", "0.3.0"], ["0.1.0", "0.3.0"]), said
        assert all(release.verify(world.root / name / version) == [] for version in versions)
        assert index.read(world.root / name / "index.json").versions() == versions
