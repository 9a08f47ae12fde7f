"""Rubric files: the shipped ones, one of another team, and every way one can be wrong, with line and words.

A broken file is GOOD with one line changed, so its line number can be counted here.
"""

import hashlib
import json
import re
from pathlib import Path

import jsonschema
import pydantic
import pytest
import yaml
from typer.testing import CliRunner

import manage
from touchstone.rubric import codebook
from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.schema import schema
from touchstone.rubric.scoring_model import (
    Check,
    ExampleTask,
    Fact,
    KindOfNumber,
    NumberExample,
    Numbers,
    Parts,
    Penalty,
    Quoted,
    ScoringLine,
    Signature,
    Unless,
)
from touchstone.scorer.loading import load_rubric

SHIPPED = Path(__file__).resolve().parents[2] / "rubric_versions"
README = SHIPPED / "README.md"

GOOD = """\
rubric: replies
version: 1
title: Support replies
fields:
  - key: question
    title: Question
    empty: no question
dimensions:
  - key: resolved
    title: Resolved
    question: Does it settle the question?
    scale: nominal
    weight: 0.4
    aliases: [solved]
    levels:
      - value: pass
        title: Resolved
        anchor: The customer can go on.
      - value: fail
        title: Open
        anchor: The customer has to ask again.
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
    checks: []
  - key: clarity
    title: Clarity
    question: How easily is it read?
    scale: ordinal
    weight: 0.6
    aliases: [clear]
    levels:
      - {value: 1, title: Unclear, anchor: Nothing is clear.}
      - {value: 2, title: Poor, anchor: Little is clear.}
      - {value: 3, title: Fair, anchor: Half is clear.}
      - {value: 4, title: Good, anchor: Most is clear.}
      - {value: 5, title: Clear, anchor: All is clear.}
    agreement:
      statistic: alpha
      weights: quadratic
      threshold: 0.7
"""


def read(text: str, file_name: str = "replies-v1.yml") -> Rubric:
    rubric, problems = load_rubric(text.encode(), file_name)
    assert problems == []
    assert rubric is not None
    return rubric


def refused(source: str | bytes, file_name: str = "replies-v1.yml") -> list[str]:
    """The problems as "line N: reason"; none of them in pydantic's words."""
    rubric, problems = load_rubric(source.encode() if isinstance(source, str) else source, file_name)
    assert rubric is None
    assert problems
    said = [str(problem) for problem in problems]
    assert not [sentence for sentence in said if re.search(r"pydantic|https?:|Input should|type=", sentence)]
    return said


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_weights_go_by_position_unless_the_rubric_says_by_value():
    assert {dimension.agreement.by for dimension in read(GOOD).dimensions} == {"position"}
    rubric = read(changed("weights: quadratic", "weights: quadratic\n      by: value"))
    assert rubric.dimension("clarity").agreement.by == "value"
    assert "alpha, quadratic, by value" in codebook.html(rubric)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.y*ml")), ids=lambda path: path.name)
def test_every_shipped_rubric_reads_and_fits_its_screen(path):
    source = path.read_bytes()
    rubric, problems = load_rubric(source, path.name)
    assert problems == []
    assert rubric.name == path.stem
    assert rubric.digest == hashlib.sha256(source).hexdigest()
    assert rubric.about
    for dimension in rubric.dimensions:
        assert rubric.dimension(dimension.key) is dimension
        for level in dimension.levels:
            assert dimension.parse(str(level.value)) == level.value
            assert len(level.title) <= 20
            assert len(level.anchor) <= 110


def test_the_first_rubric_says_what_the_seed_says():
    rubric, _ = load_rubric((SHIPPED / "tenacious-v1.yml").read_bytes(), "tenacious-v1.yml")
    assert (rubric.name, rubric.version) == ("tenacious-v1", 1)
    assert {dimension.key: dimension.weight for dimension in rubric.dimensions} == {
        "signal_grounding": 0.30,
        "tone_compliance": 0.25,
        "cta_quality": 0.20,
        "bench_fit_alignment": 0.15,
        "personalization_depth": 0.10,
    }
    assert [dimension.title for dimension in rubric.dimensions] == [
        "Signal grounding",
        "Tone",
        "Call to action",
        "Capacity",
        "Personalization",
    ]
    for dimension in rubric.dimensions:
        assert dimension.values == (0, 1, 2, 3)
        assert dimension.scale == "ordinal"
        agreement = dimension.agreement
        assert (agreement.statistic, agreement.weights, agreement.threshold) == ("kappa", "unweighted", 0.80)
    assert rubric.dimension("tone_alignment").key == "tone_compliance"
    assert rubric.dimension("bench_fit_accuracy").key == "bench_fit_alignment"
    assert rubric.dimension("personalization").key == "personalization_depth"
    assert [level.anchor for level in rubric.dimension("personalization").levels] == [
        "Generic.",
        "Company name.",
        "At least one signal detail.",
        "Several signals brought together.",
    ]
    assert [(field.key, field.title, field.empty) for field in rubric.fields] == [
        ("company_signal", "Company signal", "none"),
        ("bench_summary", "Capacity", "none"),
        ("prior_thread", "Thread", "none: this is a cold draft"),
    ]
    banned = rubric.dimension("tone_compliance").guidance.split("\n")[0].removeprefix("Banned phrases: ")
    assert len(banned.rstrip(".").split("; ")) == 27


def test_a_pass_fail_dimension_and_a_one_to_five_dimension_read():
    rubric = read(GOOD)
    resolved, clarity = rubric.dimensions
    assert rubric.keys == ("resolved", "clarity")
    assert resolved.values == ("pass", "fail")
    assert resolved.level("fail").title == "Open"
    assert clarity.values == (1, 2, 3, 4, 5)
    assert clarity.agreement.statistic == "alpha"
    assert resolved.guidance == "" and clarity.checks == ()


def test_the_example_of_the_readme_reads_and_every_key_is_on_the_page():
    text = README.read_text(encoding="utf-8")
    example, numbers = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    rubric = read(f"{example}{numbers}")
    assert [kind.key for kind in rubric.numbers.kinds] == ["price", "ours"] and rubric.numbers.examples
    assert rubric.dimension("solved").values == ("pass", "fail")
    for model in (type(rubric.fields[0]), Dimension, type(rubric.dimensions[0].levels[0])):
        for key in model.model_fields:
            assert f"{key}: " in example or f"{key}:\n" in example or re.search(rf"{key}: +#", example), key


def test_every_key_of_the_scorer_is_on_the_page_of_the_format():
    text = README.read_text(encoding="utf-8")
    for model in (
        *(Check, ScoringLine, Fact, Parts, Quoted, Signature, Penalty, ExampleTask, Unless),
        *(Numbers, KindOfNumber, NumberExample),
    ):
        for name, field in model.model_fields.items():
            assert re.search(rf"`(?:{field.alias or name})\b", text) or f"{field.alias or name}: " in text, (model, name)


def test_the_schema_can_be_written_over_an_earlier_one(tmp_path):
    to = tmp_path / "schema.json"
    for _ in range(2):
        ran = CliRunner().invoke(manage.app, ["rubric-schema", "--to", str(to)])
        assert (ran.exit_code, ran.stderr) == (0, ""), ran.stderr
    assert json.loads(to.read_text("utf-8")) == json.loads(json.dumps(schema()))


def test_the_schema_in_the_folder_is_the_one_the_program_writes_and_takes_the_shipped_files():
    written = json.loads((SHIPPED / "schema.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(schema())), "renew it: python manage.py rubric-schema"
    for path in SHIPPED.glob("*.yml"):
        jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), written)
    broken = yaml.safe_load(GOOD) | {"dimensions": [{"key": "Resolved"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, written)


def test_a_level_no_example_reaches_is_named():
    text = GOOD.replace("checks: []", "scoring: [{level: pass, because: it is so}]\n    examples: [{level: pass, draft: Hello.}]")
    assert refused(text) == ["line 23: no example of resolved gets fail; add one for each level"]


def test_an_example_with_another_level_says_which_line_gave_it():
    lines = "scoring: [{level: pass, because: it is so}]\n    examples: [{level: pass, draft: Hi.}, {level: fail, draft: Hello.}]"
    said = refused(GOOD.replace("checks: []", lines))
    assert "line 24: an example of resolved gets pass (it is so), not fail: 'Hello.'" in said


def test_levels_keep_the_declared_order_even_when_it_falls():
    text = GOOD
    for low, high in ((1, 5), (2, 4)):
        text = text.replace(f"value: {low},", "value: X,").replace(f"value: {high},", f"value: {low},")
        text = text.replace("value: X,", f"value: {high},")
    assert read(text).dimension("clarity").values == (5, 4, 3, 2, 1)


def test_a_value_is_parsed_from_its_exact_text_only():
    resolved, clarity = read(GOOD).dimensions
    assert [clarity.parse(text) for text in ("3", "3.0", " 3", "03", "6", "")] == [3] + [None] * 5
    assert [resolved.parse(text) for text in ("pass", "Pass", "p")] == ["pass", None, None]
    with pytest.raises(KeyError, match="clarity has no level 6"):
        clarity.level(6)


def test_a_name_that_is_no_key_and_no_alias_has_no_dimension():
    assert read(GOOD).dimension("Clarity") is None


def test_a_rubric_cannot_be_changed():
    with pytest.raises(pydantic.ValidationError):
        read(GOOD).title = "Other"


def test_quoted_words_of_yaml_are_words():
    text = changed("value: fail", 'value: "no"', changed("value: pass", 'value: "yes"'))
    assert read(text).dimension("resolved").values == ("yes", "no")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted_and_digested():
    source = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    rubric, problems = load_rubric(source, "replies-v1.yml")
    assert problems == []
    assert rubric.digest == hashlib.sha256(source).hexdigest()
    assert rubric.dimensions == read(GOOD).dimensions


def test_a_folder_before_the_file_name_does_not_matter():
    assert read(GOOD, "rubric_versions/replies-v1.yml").name == "replies-v1"


def test_weights_may_miss_one_by_rounding_only():
    assert read(changed("weight: 0.6", "weight: 0.6000001"))
    assert refused(changed("weight: 0.6", "weight: 0.60001")) == [
        "line 8: the weights sum to 1.00001 (0.4 + 0.60001); change them so that they sum to 1"
    ]
