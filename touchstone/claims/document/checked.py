"""What was found of a published file, as values: each figure where it stands, and the file as a whole."""

from dataclasses import dataclass

from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, UNDECIDED, CheckedFigure
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS
from touchstone.english import listed, many

ORDER = (CANNOT, DOES_NOT, NO_LABELS, UNDECIDED, UNCHECKED, FOLLOWS, CAN)
BAD = (CANNOT, DOES_NOT)
IN_TABLE, TOGETHER, IN_LIST, THE_LIST, IN_TEXT, COUNTED = "table", "together", "listed", "list", "text", "counts"


@dataclass(frozen=True)
class FigureInFile:
    """One figure of the file and what was found of it. `part`: where it stands. `row`: the line of the row or of the claim that
    it belongs to; 0 for one that stands alone."""

    line: int
    about: str
    part: str
    finding: CheckedFigure
    row: int = 0

    @property
    def words(self) -> str:
        """The figure as a line names it."""
        return {TOGETHER: "together", IN_TEXT: f"line {self.line}: “{self.finding.printed}”"}.get(
            self.part, f"{self.finding.figure} {self.finding.printed}"
        )

    def as_json(self) -> dict[str, object]:
        return {"line": self.line, "about": self.about, "part": self.part, **self.finding.as_json()}


@dataclass(frozen=True)
class CheckedFile:
    """`read`: how each column of each checked table was read (table, header, words); `left_out`: tables and cells that were not
    taken, in words; `notes`: what was assumed."""

    name: str
    entries: tuple[FigureInFile, ...]
    read: tuple[tuple[str, str, str], ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    labels: str = ""
    made_by: str = ""

    def having(self, *status: str) -> list[FigureInFile]:
        """The single figures of that status; rows as a whole and lists as a whole are not counted among them."""
        return [each for each in self.entries if each.finding.status in status and each.part not in (TOGETHER, THE_LIST)]

    def grouped(self) -> list[tuple[str, list[FigureInFile]]]:
        """The entries under the row, list or passage they stand in, each with its title."""
        groups: dict[str, list[FigureInFile]] = {}
        for each in self.entries:
            title = {
                IN_TEXT: "in the text",
                COUNTED: f"counts (line {each.line})",
                IN_LIST: f"listed disagreements, {each.about}",
                THE_LIST: f"listed disagreements, {each.about}",
            }.get(each.part, f"{each.about or 'figures'} (line {each.row or each.line})")
            groups.setdefault(title, []).append(each)
        return list(groups.items())

    @property
    def can_occur(self) -> bool:
        return not any(each.finding.status in BAD for each in self.entries)

    @property
    def single(self) -> int:
        return len(self.having(*ORDER))

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        return self._against_labels if self.labels else self._alone

    @property
    def _against_labels(self) -> str:
        counted = [
            f"{len(figures)} {words if len(figures) != 1 else one}"
            for status, words, one in (
                ((FOLLOWS,), "follow", "follows"),
                ((DOES_NOT,), "do not follow", "does not follow"),
                ((CANNOT,), "are impossible", "is impossible"),
                ((NO_LABELS,), "have no labels behind them", "has no labels behind it"),
                ((UNCHECKED, UNDECIDED, CAN), "were not compared with them", "was not compared with them"),
            )
            if (figures := self.having(*status))
        ]
        return f"Of {many(self.single, 'figure')} compared with {self.labels} (labels made by {self.made_by}), {listed(counted)}."

    @property
    def _alone(self) -> str:
        together = [entry for entry in self.entries if entry.part == TOGETHER and entry.finding.status == CANNOT]
        impossible, total = self.having(CANNOT), many(self.single, "figure")
        off = self.having(DOES_NOT)
        rows = {(entry.row, entry.about) for entry in together} - {(entry.row, entry.about) for entry in impossible}
        if impossible:
            first = [entry.finding.printed for entry in impossible[:4]]
            rest = [f"{len(impossible) - 4} more"] if len(impossible) > 4 else []
            more = f"; in {many(len(rows), 'more row')} the figures are impossible together" if rows else ""
            return f"{len(impossible)} of {total} impossible: {listed([*first, *rest])}{more}{self._off_counts(off)}."
        if off:
            first = [entry.finding.printed for entry in off[:4]]
            verb = "do" if len(off) > 1 else "does"
            return f"{len(off)} of {total} {verb} not follow from the counts in the file: {listed(first)}."
        if rows:
            return f"Each of {total} is possible by itself; in {many(len(rows), 'row')} they are impossible together."
        undecided = sum(entry.finding.status in (UNDECIDED, UNCHECKED) for entry in self.entries)
        return (
            f"Of {total} none is impossible; {undecided} could not be decided." if undecided else f"Each of {total} is possible."
        )

    @staticmethod
    def _off_counts(off: list[FigureInFile]) -> str:
        return f"; {len(off)} {'do' if len(off) > 1 else 'does'} not follow from the counts in the file" if off else ""

    def as_json(self) -> dict[str, object]:
        counted = {status: len(self.having(status)) for status in ORDER}
        return {
            "file": self.name,
            "labels": self.labels or None,
            "made_by": self.made_by or None,
            "can_occur": self.can_occur,
            "sentence": self.sentence,
            "counted": counted,
            "read": [dict(zip(("table", "column", "as"), each, strict=True)) for each in self.read],
            "left_out": list(self.left_out),
            "notes": list(self.notes),
            "figures": [{**each.as_json(), "made_by": self.made_by or None} for each in self.entries],
        }
