"""Simulations in benchmarks/ still run: what they print is not tested, only that they come to an end."""

import subprocess
import sys

import pytest

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
