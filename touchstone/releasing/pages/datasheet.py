"""DATASHEET.md and CITATION.cff of a release: what the store knows filled in, what only people know asked for and marked open."""

from collections.abc import Mapping

import yaml

from touchstone.english import listed, many
from touchstone.papers import markdown
from touchstone.releasing.manifest import Manifest
from touchstone.releasing.pages.questions import (
    COLLECTION,
    COMPOSITION,
    DISTRIBUTION,
    MAINTENANCE,
    MOTIVATION,
    QUESTIONS,
    SECTIONS,
    USES,
    creators,
    open_questions,
)
from touchstone.releasing.pages.words import UNNAMED, asked_in_words, people_in_words, rounds_in_words, shapes_of, title, totals
from touchstone.rubric.model import Rubric


def datasheet(manifest: Manifest, rubric: Rubric) -> bytes:
    """The page as bytes."""
    answers, known = manifest.terms.answers, _known(manifest, rubric)
    number = len(open_questions(answers))
    lines = [
        f"# Datasheet of {markdown(title(manifest.terms))}",
        "",
        "After Gebru et al. 2021, Datasheets for Datasets. What stands under a question in italics was answered by people; what "
        "stands without one is known from the store.",
        "",
        f"{many(number, 'question')} {'is' if number == 1 else 'are'} open." if number else "No question is open.",
        "",
    ]
    for section in SECTIONS:
        lines += [f"## {section}", "", *(line for told in known[section] for line in (told, ""))]
        for each in QUESTIONS:
            if each.section == section:
                paragraphs: list[str] = [markdown(line) for line in answers.get(each.key, "").splitlines() if line.strip()]
                lines += [f"*{each.text}*", "", *(line for told in paragraphs or ["**Open.**"] for line in (told, ""))]
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _known(manifest: Manifest, rubric: Rubric) -> Mapping[str, list[str]]:
    terms, (gold, drafts, left_out) = manifest.terms, totals(manifest)
    labels = manifest.tables["labels"].rows if "labels" in manifest.tables else 0
    decided = manifest.tables["adjudications"].rows if "adjudications" in manifest.tables else 0
    splits = [f"{name} ({each.rows:,})" for name, each in manifest.tables["drafts"].splits.items()]
    early = [
        f"{markdown(each.name)} was closed early: {markdown(each.closed_early)}" for each in terms.rounds if each.closed_early
    ]
    titles = [markdown(dimension.title) for key in manifest.counts if (dimension := rubric.dimension(key))]
    return {
        MOTIVATION: [],
        COMPOSITION: [
            f"{many(drafts, 'draft')} of {many(manifest.tables['tasks'].rows, 'task')}, with {many(labels, 'label')} and "
            f"{many(decided, 'adjudication')}; {many(gold, 'cell')} settled, "
            + (f"{many(left_out, 'cell')} left out, each with the reason in `left_out.csv`." if left_out else "none left out."),
            f"Drafts by split: {', '.join(splits)}.",
            people_in_words(terms),
            *(["This is invented sample data."] if terms.sample else []),
        ],
        COLLECTION: [
            f"Labelled by {many(len(terms.annotators), 'annotator')}, each without seeing anybody else's labels, in "
            f"{markdown(rounds_in_words(terms))}, under the rubric {markdown(terms.rubric.name)} (`rubric.yml`) on "
            f"{listed(titles)}. How far they agree is in `report.md`.",
            terms.policy.policy.in_words(),
            *_compared(manifest),
            *(f"{told}." for told in early),
        ],
        USES: ["`rubric.yml` says what each level means; a level says nothing that is not in its anchor."],
        DISTRIBUTION: [f"Tables: {', '.join(each.name for each in shapes_of(manifest))}; each as CSV, JSON lines and Parquet."],
        MAINTENANCE: [
            "A release never changes. A later one takes its place and lists what changed; "
            + (
                f"this one takes the place of {markdown(terms.supersedes.name)}, release {terms.supersedes.number}."
                if terms.supersedes
                else "this is the first of its name."
            )
        ],
    }


def _compared(manifest: Manifest) -> list[str]:
    return [
        f"Compared two by two by {many(len(each.annotators), 'annotator')} in {markdown(each.name)}, without seeing authors or "
        f"others' choices. {asked_in_words(manifest, each)}."
        + (f" It was closed early: {markdown(each.closed_early)}." if each.closed_early else "")
        for each in manifest.terms.comparisons
    ]


def citation(manifest: Manifest) -> bytes:
    """CITATION.cff as bytes (Citation File Format 1.2.0)."""
    terms = manifest.terms
    named = creators(terms.answers) or [UNNAMED.format(name=terms.name)]
    address = terms.answers.get("address", "").strip()
    licence = terms.answers.get("licence", "").strip()
    content = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it.",
        "type": "dataset",
        "title": title(terms),
        "version": str(terms.number),
        "date-released": terms.made_on,
        "authors": [{"name": each} for each in named],
        **({"license": licence} if licence else {}),
        **({"url": address} if address.startswith(("http://", "https://")) else {}),
    }
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)
    return text.encode()
