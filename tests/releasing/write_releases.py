"""Write the releases that `make test-release` hands to other people's tools: python -m tests.releasing.write_releases FOLDER."""

import sys
from pathlib import Path

from tests.releasing.small_release import CTA, TONE, choices, write


def main(to: Path) -> None:
    to.mkdir(parents=True)
    write(to / "whole", before={("d01", TONE): 1, ("gone", CTA): 2}, chosen=[*choices()])
    write(to / "first", answers={"licence": "CC-BY-4.0", "creators": "Invented Team", "address": "https://example.org/x"})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
