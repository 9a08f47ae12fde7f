"""README.md of a release: the card that dataset hubs read. Its head says which file is which configuration and split."""

import yaml

from touchstone.english import many
from touchstone.papers import markdown
from touchstone.releasing.manifest import FILE, Manifest
from touchstone.releasing.pages.questions import open_questions
from touchstone.releasing.pages.words import choices_in_words, people_in_words, rounds_in_words, shapes_of, table, title, totals
from touchstone.releasing.spot_check import error_rate
from touchstone.releasing.table_files import parquet_name
from touchstone.releasing.tables import SHAPES
from touchstone.rubric.model import Rubric

LOOKED_UP = {
    "agreement.json": "how far annotators agree, with intervals, from the labels before adjudication",
    "report.md": "the same to read",
    "rubric.yml": "the rubric version that the labels were given under, its bytes as they are",
    "DATASHEET.md": "what is known of how this was made, and what nobody has answered yet",
    "CITATION.cff": "how to cite it",
    "croissant.json": "metadata for machine learning tools (Croissant, with responsible AI keys)",
    "datapackage.json": "metadata for table tools (Frictionless Data)",
    FILE: "terms and digests of all of it",
}


def card(manifest: Manifest, rubric: Rubric) -> bytes:
    """The page as bytes."""
    terms = manifest.terms
    head = {
        "pretty_name": title(terms),
        **({"license": terms.answers["licence"].strip().lower()} if terms.answers.get("licence", "").strip() else {}),
        "configs": [
            {
                "config_name": name,
                **({"default": True} if name == "gold" else {}),
                "data_files": [{"split": split, "path": parquet_name(name, split)} for split in each.splits],
            }
            for name, each in manifest.in_order
        ],
    }
    lines = ["---", yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000).rstrip("\n"), "---", ""]
    lines += [f"# {markdown(title(terms))}", ""]
    if terms.sample:
        lines += ["**Invented sample data: no evidence for anything.**", ""]
    gold, drafts, left_out = totals(manifest)
    lines += [
        f"{many(gold, 'settled cell')} of {many(drafts, 'draft')}, labelled by people under the rubric "
        f"{markdown(terms.rubric.name)}, in {markdown(rounds_in_words(terms))}. {many(left_out, 'cell')} left out. "
        f"Made on {terms.made_on} with {markdown(terms.program)}.",
        "",
        terms.policy.policy.in_words(),
        "",
        people_in_words(terms),
        "",
        *_sealed(manifest),
        *_supersedes(manifest),
        *_dimensions(manifest, rubric),
        *_preferences(manifest),
        *_files(manifest),
        *_columns(manifest),
        *_loading(manifest),
        *_checking(manifest),
    ]
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _sealed(manifest: Manifest) -> list[str]:
    number = manifest.terms.sealed_drafts
    are, them = ("is", "it") if number == 1 else ("are", "them")
    return [f"{many(number, 'draft')} of the rounds {are} sealed: nothing of {them} is in it.", ""] if number else []


def _supersedes(manifest: Manifest) -> list[str]:
    before = manifest.terms.supersedes
    if before is None:
        return []
    rows = manifest.tables["changes"].rows if "changes" in manifest.tables else 0
    told = f"{many(rows, 'cell')} {'has' if rows == 1 else 'have'} other gold" + (", listed in `changes.csv`" if rows else "")
    name = markdown(f"{before.name}, release {before.number}")
    return [f"It takes the place of {name} (`{before.digest}`): {told}.", ""]


def _dimensions(manifest: Manifest, rubric: Rubric) -> list[str]:
    rows = []
    for key, each in manifest.counts.items():
        dimension = rubric.dimension(key)
        settled = ", ".join(f"{source} {number:,}" for source, number in each.by_source.items()) or "none"
        left = ", ".join(f"{because} {number:,}" for because, number in each.left_out.items()) or "none"
        levels = ", ".join(
            f"{dimension.in_words(value) if dimension else value}: {each.by_level.get(str(value), 0):,}"
            for value in (dimension.values if dimension else ())
        )
        mark = " (flagged)" if key in manifest.terms.flagged else ""
        rows.append((f"{key}{mark}", dimension.title if dimension else key, settled, levels, left))
    note = [
        f"`{key}` is outdated: {markdown(by)} words it otherwise, so no cell of it is in the gold."
        for key, by in manifest.terms.outdated.items()
    ]
    head = ("Dimension", "title", "settled", "by level", "left out")
    return ["## Gold", "", *table(head, rows), "", *([*note, ""] if note else []), *_spot_checks(manifest)]


def _preferences(manifest: Manifest) -> list[str]:
    if not manifest.terms.comparisons:
        return []
    rows = []
    for each in manifest.terms.comparisons:
        early = f"closed early: {each.closed_early}" if each.closed_early else ""
        counts = manifest.preferences[each.name]
        rows += [
            (each.name, asked.title, asked.question, choices_in_words(counts[asked.key]), early) for asked in each.dimensions
        ]
    told = "Which of two drafts of a task is better, chosen without seeing who wrote them or what others chose. Drafts compared "
    told += "need not have been labelled: `preferences` has their texts."
    return ["## Preferences", "", told, "", *table(("Comparison round", "dimension", "question", "holds", ""), rows), ""]


def _spot_checks(manifest: Manifest) -> list[str]:
    return [
        line
        for each in manifest.terms.spot_checks
        for line in (f"Spot check: {error_rate(each.cells, each.checked, each.wrong).in_words()}.", "")
    ]


def _files(manifest: Manifest) -> list[str]:
    rows = [(f"{name}.csv, .jsonl, Parquet a partition", SHAPES[name].a_row, each.rows) for name, each in manifest.in_order]
    told = [(name, about, "") for name, about in LOOKED_UP.items()]
    return ["## Files", "", *table(("File", "holds, a row each", "rows"), [*rows, *told]), ""]


def _columns(manifest: Manifest) -> list[str]:
    lines = ["## Columns", ""]
    for shape in shapes_of(manifest):
        rows = [(each.name, each.kind, each.about) for each in shape.columns]
        lines += [f"**{shape.name}**", "", *table(("Column", "kind", "is"), rows), ""]
    return lines


def _loading(manifest: Manifest) -> list[str]:
    split = next(iter(manifest.tables["gold"].splits))
    return [
        "## Loading it",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'gold = load_dataset("FOLDER", "gold", split="{split}")',
        "```",
        "",
        "The splits are the partitions of the tasks, by names that `datasets` takes. In CSV, a text that a spreadsheet would run "
        "has one apostrophe before it; in Parquet and JSON lines texts are as they are.",
        "",
    ]


def _checking(manifest: Manifest) -> list[str]:
    number = len(open_questions(manifest.terms.answers))
    opened = f" {many(number, 'question')} of the datasheet {'is' if number == 1 else 'are'} open." if number else ""
    return [
        "## Checking it",
        "",
        "`touchstone verify FOLDER` needs the folder alone: it checks every digest, makes the gold again from the labels and the "
        "adjudications, and computes every figure again. It cannot know a release that was made up as a whole: keep the SHA-256 "
        f"of `{FILE}` elsewhere and name it then, or have the signature checked.{opened}",
    ]
