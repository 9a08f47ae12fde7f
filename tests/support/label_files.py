"""One small set of labels, and the files in tests/importing/label_files/ that hold it in every format. All of it is invented."""

from pathlib import Path

from touchstone.data.label import LabelRow
from touchstone.errors import with_options
from touchstone.importing.formats import read
from touchstone.importing.vocabulary import Answers, ResolvedLabels, names_of, resolve
from touchstone.rubric.model import Agreement, Dimension, Level, Rubric

FILES = Path(__file__).resolve().parents[1] / "importing" / "label_files"
RULE = Agreement(statistic="kappa", weights="unweighted", threshold=0.8)


def dimension(key: str, values, aliases=(), scale: str = "ordinal", titles=()) -> Dimension:
    return Dimension(
        key=key,
        title=key.title(),
        question="How?",
        scale=scale,
        weight=0.5,
        agreement=RULE,
        aliases=aliases,
        levels=tuple(
            Level(value=each, title=titles[place] if titles else f"Level {each}", anchor="y") for place, each in enumerate(values)
        ),
    )


HOUSE = Rubric(
    name="house-v1",
    version=1,
    title="House",
    about="",
    fields=(),
    digest="0" * 64,
    dimensions=(
        dimension("warmth", (0, 1, 2), ("friendliness",)),
        dimension("verdict", ("pass", "fail"), scale="nominal", titles=("Resolved", "Open")),
    ),
)
WARMTH = {"ana": (0, 1, 2, 2, 1, 0), "ben": (0, 1, 2, 1, 1, 0)}
VERDICT = {"ana": ("pass", "fail", "pass", "pass", "fail", "pass"), "ben": ("pass", "fail", "fail", "pass", "fail", "pass")}
EXPECTED = {
    LabelRow(f"u{place + 1}", who, key, level)
    for key, by_who in (("warmth", WARMTH), ("verdict", VERDICT))
    for who, levels in by_who.items()
    for place, level in enumerate(levels)
}
UUIDS = {"00000000-0000-0000-0000-00000000000a": "ana", "00000000-0000-0000-0000-00000000000b": "ben"}
EMAILS = {"ana@example.org": "ana", "ben@example.org": "ben"}
STEMS = {f"{stem}_{who}": who for stem in ("wide", "doccano", "labels", "scores") for who in ("ana", "ben")}


def settled(name: str, source: bytes | None = None, said: Answers | None = None, format: str = "auto") -> ResolvedLabels:
    said = said or Answers()
    source = (FILES / name).read_bytes() if source is None else source
    return resolve(read(source, names_of(HOUSE, said), format), HOUSE, Path(name).stem, said)


def text(source: str, **said) -> ResolvedLabels:
    """A file of that text, by annotator r1; `said` as in Answers."""
    return settled("r1", source.encode(), Answers(**said))


def reasons(found: ResolvedLabels) -> list[str]:
    """As a command prints them, each with the options that are its way out."""
    return [with_options(str(each), each.way) for each in found.all_problems]
