"""Builds that are killed: a script that runs each build in a process of its own, and kills it at a step or after a time.

Called with a JSON list of builds, each with `out`, `contributions`, `version`, and `step` (kill it at that step of writing, from 1) or `after` (seconds). Prints a
JSON list of the signal that ended each build, or 0, and the steps that it took.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import handmade
import pyarrow.parquet as pq

from eventcode.publish import release


class Steps:
    """The steps of a build that change what is on disk; at one of them the process kills itself."""

    def __init__(self, last: int, log: Path) -> None:
        self.last, self.log, self.number = last, log.open("w", encoding="utf-8"), 0

    def due(self, name: str) -> bool:
        """Count a step; True where it is the last."""
        self.number += 1
        self.log.write(f"{name}\n")
        self.log.flush()
        return self.number == self.last

    def before(self, module: object, name: str) -> None:
        """Kill before a function of a module does anything."""
        real: Callable[..., object] = getattr(module, name)

        def counted(*args: object, **options: object) -> object:
            if self.due(name):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)

        setattr(module, name, counted)

    def halfway(self, module: object, name: str, at: int) -> None:
        """Kill when a function has written one half of the file that is its argument `at`."""
        real: Callable[..., object] = getattr(module, name)

        def counted(*args: object, **options: object) -> object:
            path = Path(str(args[at]))
            due = self.due(f"{name} {path.name}")
            done = real(*args, **options)
            if due:
                os.truncate(path, path.stat().st_size // 2)
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        setattr(module, name, counted)


def build(job: dict, log: Path) -> None:
    """Build in this process, which has the steps counted."""
    steps = Steps(job.get("step") or 0, log)
    for name in ("fsync", "rename", "replace", "mkdir", "unlink", "rmdir", "chmod"):
        steps.before(os, name)
    steps.halfway(Path, "write_text", 0)
    steps.halfway(pq, "write_table", 1)
    out, given = Path(job["out"]), Path(job["contributions"])
    release.build(job["version"], day=handmade.DAY, contributions=given, articles=handmade.SEEDS, out=out, about=handmade.ABOUT)


def run(job: dict, log: Path) -> dict:
    """One build in a process of its own."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            build(job, log)
        except Exception:  # noqa: BLE001 - the child ends here, whatever it was
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    if "after" in job:
        time.sleep(job["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    ended = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return {
        "ended": ended,
        "seconds": time.monotonic() - began,
        "steps": log.read_text(encoding="utf-8").splitlines() if log.exists() else [],
    }


if __name__ == "__main__":
    jobs = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps([run(job, Path(job["out"]).with_suffix(".log")) for job in jobs]))
