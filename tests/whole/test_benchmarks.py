"""Simulations in benchmarks/ still come to an end, whatever they print; and `make bench` runs every program."""

import subprocess
import sys

import pytest

from benchmarks import __main__ as bench
from tests.support.modules import PROJECT


@pytest.mark.whole_run("what they simulate is tested on its own")
@pytest.mark.parametrize(
    "arguments",
    [
        "coverage_of_many.py 1 --quick",
        "coverage_of_many.py 1 --least",
        "coverage_by_clusters.py 2 --quick",
        "looking_again.py 2 --quick",
        "difference_coverage.py 1",
    ],
)
def test_a_simulation_comes_to_its_end(arguments):
    name, *rest = arguments.split()
    ran = subprocess.run(
        [sys.executable, PROJECT / "benchmarks" / name, *rest],
        cwd=PROJECT,
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Warning" not in ran.stderr


def test_every_program_is_of_the_short_run_or_of_a_million_drafts():
    named = {file.stem for file in (PROJECT / "benchmarks").glob("*.py") if "def main() -> " in file.read_text("utf-8")}
    short, long = bench.programs(is_long=False), bench.programs(is_long=True)
    apart = {name for name, lengths in bench.LENGTHS.items() if lengths.short is None}
    assert named - {"__main__"} <= {*short, *apart, "million", "million_compared", "million_files", "million_pages"}
    assert set(long) == bench.LENGTHS.keys() and len(apart) == 2 and set(short).isdisjoint(apart)
    assert all(bench.arguments(name, is_long=True) != bench.arguments(name, is_long=False) for name in long)


def test_a_program_that_fails_is_told_and_the_others_run(tmp_path, monkeypatch, capfd):
    for name, does in (("good", "print(sum(range(3)))"), ("wrong", "raise SystemExit(3)"), ("million", "1 / 0")):
        (tmp_path / f"{name}.py").write_text(f'if __name__ == "__main__":\n    {does}\n', "utf-8")
    (tmp_path / "helper.py").write_text("1 / 0", "utf-8")
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    assert bench.main() == 1
    said = capfd.readouterr().out
    assert "good.py\n3\n== " in said and "wrong.py\n" in said and "million" not in said and "helper" not in said
    last = said.splitlines()[-4:]
    assert last[0].startswith("seconds:") and {line.split()[0] for line in last[1:3]} == {"good", "wrong"}
    assert [line.endswith("FAILED") for line in sorted(last[1:3])] == [False, True]
    assert last[3].startswith("  all 2: ") and last[3].endswith("MISSED"), "what failed in no time did not meet an aim"
    monkeypatch.setattr(sys, "argv", ["benchmarks", "good"])
    assert bench.main() == 0
