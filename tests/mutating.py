"""Plants mistakes in a copy of the tracked files, one at a time, and looks whether tests notice each."""

import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Mutation(NamedTuple):
    name: str
    file: str  # within the folder that is mutated
    before: str  # stands there exactly once
    after: str
    tests: tuple[str, ...]  # every one of these must fail

    def apply(self, text: str) -> str:
        if text.count(self.before) != 1:
            sys.exit(f"{self.name}: this must be in {self.file} exactly once: {self.before}")
        return text.replace(self.before, self.after)


class Checkout(NamedTuple):
    folder: pathlib.Path  # a copy of the tracked files
    mutated: str  # where in it mutations are planted
    build: Callable[[], None]
    passes: Callable[[str], bool]  # whether a test does


def copy_tracked_files(folder: pathlib.Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    for name in listed.split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)


def blind_tests(checkout: Checkout, mutation: Mutation) -> list[str]:
    """The tests that pass all the same."""
    path = checkout.folder / checkout.mutated / mutation.file
    original = path.read_text("utf-8")
    path.write_text(mutation.apply(original), "utf-8")
    checkout.build()
    passed = [test for test in mutation.tests if checkout.passes(test)]
    path.write_text(original, "utf-8")
    return passed


def try_all(checkout: Checkout, mutations: Sequence[Mutation]) -> int:
    """How often a test was blind."""
    for mutation in mutations:  # says what is outdated before anything is built
        mutation.apply((checkout.folder / checkout.mutated / mutation.file).read_text("utf-8"))
    checkout.build()
    tests = dict.fromkeys(test for mutation in mutations for test in mutation.tests)
    failing = [test for test in tests if not checkout.passes(test)]
    if failing:
        sys.exit(f"without any mutation these fail: {', '.join(failing)}")
    print("no mutation: the tests pass", flush=True)
    survivals = 0
    for mutation in mutations:
        passed = blind_tests(checkout, mutation)
        print(f"{mutation.name}: {'SURVIVED ' + ', '.join(passed) if passed else 'killed'}", flush=True)
        survivals += len(passed)
    return survivals
