"""What `import touchstone` costs in processor time, medians of fresh processes in one run. Aim: under 50 ms."""

import statistics
import subprocess
import sys

from benchmarks.machine import aim, machine

RUNS = 15
MEASURE = "import time; before = time.process_time(); {}; print(time.process_time() - before)"


def milliseconds(statement: str) -> float:
    """The median processor time of a statement over fresh processes."""
    command = [sys.executable, "-c", MEASURE.format(statement)]
    runs = [float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) for _ in range(RUNS)]
    return 1000 * statistics.median(runs)


def main() -> None:
    print(machine())
    alone = milliseconds("import touchstone")
    print(aim(f"import touchstone: {alone:.1f} ms, median of {RUNS}", "under 50 ms", alone < 50))
    used = milliseconds("import touchstone; touchstone.agreement")
    print(
        f"  with touchstone.agreement asked for: {used:.1f} ms; import json, for comparison: {milliseconds('import json'):.1f} ms"
    )


if __name__ == "__main__":
    main()
