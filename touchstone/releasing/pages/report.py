"""report.md of a release: its agreement to read, made from agreement.json."""

from collections.abc import Iterator, Mapping
from typing import Any

from touchstone.english import many
from touchstone.papers import markdown
from touchstone.releasing.manifest import ComparedTerms, Manifest
from touchstone.releasing.pages.words import choices_in_words, table, title
from touchstone.rubric.model import Rubric

NO_ORDER = "nominal scale"  # why a figure that weighs distances is undefined: there it is not listed


def report(manifest: Manifest, rubric: Rubric, agreement: Mapping[str, Any]) -> bytes:
    """The page as bytes. `agreement`: what agreement.json says."""
    lines = [f"# Agreement behind {markdown(title(manifest.terms))}", ""]
    lines += [
        "Computed from the labels as they were given, before adjudication. Figures with their 95 % intervals.",
        "",
        *table(
            ("Dimension", "drafts with two labels", "judged by", "figure", "threshold", "verdict", "agreement"),
            [_row(rubric, key, each) for key, each in agreement["dimensions"].items()],
        ),
        "",
    ]
    for key, each in agreement["dimensions"].items():
        lines += list(_of_dimension(key, each))
    for terms in manifest.terms.comparisons:
        for asked in terms.dimensions:
            lines += list(_of_comparison(manifest, terms.name, asked, agreement["preferences"][terms.name][asked.key]))
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _of_comparison(manifest: Manifest, name: str, asked: ComparedTerms, each: Mapping[str, Any]) -> Iterator[str]:
    yield from (
        f"## Choices in {markdown(name)}: {markdown(asked.title)}",
        "",
        f"{choices_in_words(manifest.preferences[name][asked.key])}: {markdown(asked.question)}",
        "",
    )
    yield from _figures(each, "pair")


def _row(rubric: Rubric, key: str, each: Mapping[str, Any]) -> tuple[object, ...]:
    dimension = rubric.dimension(key)
    threshold = "none" if each["threshold"] is None else f"{each['threshold']:.2f}"
    verdict = (each["verdict"] or "none") + (", flagged" if each["flagged"] else "")
    judged_by = " ".join(word for word in (each["weights"] or "", each["statistic"] or "none") if word)
    return (
        dimension.title if dimension else key,
        each["units_with_two"],
        judged_by,
        _judged(each),
        threshold,
        verdict,
        _figure(each["overall"]["percent"]),
    )


def _judged(each: Mapping[str, Any]) -> str:
    """The figure that the threshold is about, found where the document has it."""
    if each["statistic"] == "kappa" and len(each["pairs"]) == 1:
        return _figure(each["pairs"][0]["kappa"][each["weights"]])
    metric = {"unweighted": "nominal", "linear": "ordinal", "quadratic": "interval"}.get(each["weights"] or "", "nominal")
    alpha = each["overall"]["alpha"]
    found = alpha[metric]
    return _figure(alpha["ordinal"] if metric == "interval" and found["value"] is None else found)


def _of_dimension(key: str, each: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"## {markdown(key)}", "")
    yield from _figures(each, "draft")


def _figures(each: Mapping[str, Any], unit: str) -> Iterator[str]:
    overall = each["overall"]
    rows = [("percent agreement", overall["percent"])]
    rows += [(f"Krippendorff's alpha, {name}", figure) for name, figure in overall["alpha"].items()]
    rows += [(name.upper() if name != "bp" else "Brennan-Prediger", overall[name]) for name in ("ac1", "ac2", "bp")]
    for pair in each["pairs"]:
        told = f"{pair['a']} and {pair['b']}, {many(pair['n'], unit)}"
        rows += [(f"kappa, {weights}: {told}", figure) for weights, figure in pair["kappa"].items()]
    there = [(name, _figure(figure)) for name, figure in rows if figure["reason"] != NO_ORDER]
    yield from (*table(("Figure", "is"), there), "")
    for warning in each["warnings"]:
        yield f"- {markdown(warning)}"
    if each["warnings"]:
        yield ""


def _figure(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return f"undefined: {figure['reason']}"
    ends = "" if figure["low"] is None else f" [{figure['low']:.2f}, {figure['high']:.2f}]"
    return f"{figure['value']:.2f}{ends}"
