"""The app with a round for each test of the label page in the browser, and drafts that are hostile, long or short."""

import itertools
import json
from contextlib import contextmanager
from pathlib import Path

from db.engine import open_engine
from tests.support.app_server import AppServer
from tests.support.browsing import bring_cookie, copied_project, ready
from tests.support.sample_store import copied_sample
from tests.support.small_stores import inside
from workflow.data.task_import import import_file
from workflow.people.people import add_person
from workflow.projects.projects import new_project
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

DIMENSIONS = ("signal_grounding", "tone_compliance", "cta_quality", "bench_fit_alignment", "personalization_depth")
SAMPLES = tuple(f"sample-{number}-1" for number in range(16, 22))
HOSTILE = (
    "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">\n"
    "**bold** _it_ `code` [link](javascript:alert(1)) :smile: $x^2$ &amp; &lt;b&gt; <b>not bold</b>\n"
    "    indented by four,   three   spaces\n\n\n# no heading\n- no list\u202e turned \u200b<details><summary>x</summary>"
)
LONG = "\n\n".join(f"Paragraph {number}. " + "A long mail goes on and on about nothing much. " * 6 for number in range(60))
WORDS = """
rubric: replies
version: 1
title: Support replies
dimensions:
  - key: resolved
    title: Resolved
    question: Does the reply settle what the customer asked?
    scale: nominal
    weight: 0.5
    levels:
      - {value: pass, title: Resolved, anchor: The customer can go on without asking again.}
      - {value: fail, title: Open, anchor: The customer has to ask again.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
  - key: tone
    title: Tone
    question: Would the customer write again?
    scale: nominal
    weight: 0.5
    levels:
      - {value: kind, title: Kind, anchor: A person answers a person.}
      - {value: cold, title: Cold, anchor: A form answers a number.}
      - {value: rude, title: Rude, anchor: Somebody is blamed.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
"""
numbers = itertools.count(1)


@contextmanager
def label_app(folder: Path):
    """One app for all tests of the page, over the sample, with a rubric of words; each test labels a round of its own."""
    root = copied_project(folder / "project")
    (root / "rubric_versions" / "replies-v1.yml").write_text(WORDS)
    engine = open_engine(copied_sample(folder))
    lead = add_person(None, engine, "Lea")
    for project, texts in (
        ("Mails", {"hostile": HOSTILE, "long": LONG}),
        ("Replies", {"short": "Thanks, done.", "empty line": "One\n\nTwo"}),
    ):
        new_project(lead, engine, project)
        lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
        import_file(lead, inside(engine, project), "\n".join(lines).encode(), "texts.jsonl")
    started = AppServer(root, engine.url.render_as_string(hide_password=False), folder / "app.log")
    started.start()
    started.engine, started.lead = engine, lead
    yield started
    started.stop()
    engine.dispose()


def at_the_desk(app, page, project="Sample", **asked):
    """Somebody new with a round of their own, before its first draft."""
    person = on_the_way(app, page, project=project, **asked)
    ready(page)
    return person


def on_the_way(app, page, project="Sample", **asked):
    """The same, while the page with the first draft is still being drawn."""
    number = next(numbers)
    person = add_person(None, app.engine, f"Ana {number}")
    other = add_person(None, app.engine, f"Ben {number}")
    wanted = {"rubric": "tenacious-v1", "draft_ids": SAMPLES, **asked}
    open_round(
        app.lead, inside(app.engine, project), RoundDesign(f"{number}. pilot", annotators=[person.name, other.name], **wanted)
    )
    bring_cookie(page, app, app.engine, person).goto(f"{app.url}/label")
    return person
