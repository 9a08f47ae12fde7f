"""One round from its opening to gold, through the pages: a lead and two annotators, each in a browser of their own."""

import csv
import hashlib
import json
import os
import re

import pytest
from playwright.sync_api import expect

from tests.support.browsing import (
    copied_project,
    draft_text,
    expect_place,
    label,
    open_box,
    open_fold,
    press,
    ready,
    settled,
    sign_in,
    stored_labels,
)
from tests.support.sample_store import with_sample
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.agreement.figure import in_words
from workflow.agreement import reports
from workflow.gold import adjudication, export
from workflow.people.people import person_named

ROUND = "march-pilot"
DIMENSIONS = ("signal_grounding", "tone_compliance", "cta_quality", "bench_fit_alignment", "personalization_depth")
# By place among the four drafts, in the order of their ids: what each person presses for the five dimensions.
ANAS = ("32213", "11120", "22231", "30102")
BENS = ("32213", "12120", None, "30101")  # the third is skipped
CORRECTED = "31102"  # Ana's fourth, under My labels: one more cell to settle
REASON = "the draft was cut off, <b>nothing</b> to judge"
NOTE = "“Hi” & **bold**: is that a greeting?"
QUERY = "Who wrote this, and to whom?"


@pytest.fixture
def app(sqlite_engine, server, tmp_path):
    with_sample(sqlite_engine)
    return server(sqlite_engine, root=copied_project(tmp_path / "project"))


def look(page, app, address, heading):
    page.goto(app.url + address)
    # The first analysis page imports its libraries.
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible(timeout=30_000)
    settled(page)


def shot(page, name):
    """For somebody who wants to look: TOUCHSTONE_LOOK names a folder for pictures of the states passed through."""
    if folder := os.environ.get("TOUCHSTONE_LOOK"):
        page.screenshot(path=f"{folder}/life-{name}.png", full_page=True)


def refused_while_open(page, app):
    """No page of results shows an open round."""
    for address in ("agreement", "adjudicate", "gold"):
        page.goto(f"{app.url}/{address}?round={ROUND}")
        expect(page.locator(".ts-heading")).to_contain_text(f"{ROUND} is open: its labels stay hidden")
        assert page.get_by_role("heading", name=ROUND).count() == 0, address
        shot(page, f"refused-{address}")


def drafts_of(engine):
    """The round's draft ids in order, by text."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT d.draft_id, d.text FROM round_drafts r JOIN drafts d ON d.id = r.draft JOIN rounds o ON o.id = r.round "
            f"WHERE o.name = '{ROUND}' ORDER BY d.draft_id"
        ).all()
    return {row.text: row.draft_id for row in rows}


def test_the_whole_life_of_a_label(app, sqlite_engine, new_page):
    engine = sqlite_engine
    lea, ana, ben = new_page(), new_page(), new_page()

    # The lead comes in, adds the two, opens a round of four drafts.
    lea.goto(f"{app.url}/people")
    lea.get_by_label("Not on the list?").fill("Lea")
    lea.get_by_role("button", name="Add me and sign in").click()
    for name in ("Ana Ng", "Ben <Öz>"):
        lea.get_by_label("Name", exact=True).fill(name)
        lea.get_by_label("Name", exact=True).press("Enter")
        expect(lea.get_by_role("status").filter(has_text=name)).to_be_visible()
    look(lea, app, "/rounds", "Rounds")
    open_fold(lea, "Open a round")
    lea.get_by_role("button", name="Open the round").click()
    expect(lea.get_by_role("alert")).to_contain_text("A round needs a name")
    lea.get_by_label("Name", exact=True).fill(ROUND)
    lea.get_by_label("Name", exact=True).press("Enter")
    settled(lea)
    for name in ("Ana Ng", "Ben <Öz>"):
        open_box(lea, "Annotators", name).click()
        settled(lea)
    lea.keyboard.press("Escape")
    lea.get_by_label(re.compile("How many")).fill("4")
    lea.get_by_label(re.compile("How many")).press("Enter")
    settled(lea)
    lea.get_by_role("button", name="Open the round").click()
    expect(lea.get_by_role("status").filter(has_text="march-pilot is open: 4 drafts for Ana Ng, Ben <Öz>.")).to_be_visible()
    ids = drafts_of(engine)
    places = {draft: place for place, draft in enumerate(ids.values())}
    assert len(ids) == 4

    shot(lea, "opened")

    # Ana labels her four drafts by keys, finding the round on her home page.
    sign_in(ana, app, "Ana Ng")
    ana.get_by_role("link", name="Label", exact=True).last.click()
    for _ in range(4):
        ready(ana)
        label(ana, ANAS[places[ids[draft_text(ana)]]])
    refused_while_open(ana, app)

    # Ben queries one, writes a note on another, skips the third.
    sign_in(ben, app, "Ben <Öz>", f"/label?round={ROUND}")
    for number in range(4):
        ready(ben)
        draft = ids[draft_text(ben)]
        if places[draft] == 0:
            ben.get_by_role("button", name="Query", exact=True).click()
            ben.get_by_label("What should someone look at?").fill(QUERY)
            ben.get_by_role("button", name="Send the query").click()
            expect(ben.locator(".ts-live")).to_contain_text("Query saved")
            ben.locator(".ts-question").first.click()
        if places[draft] == 1:
            press(ben, "n")
            ben.keyboard.insert_text(NOTE)
            ben.keyboard.press("Escape")
        if places[draft] == 2:
            ben.get_by_role("button", name="Skip", exact=True).click()
            ben.get_by_label("Why can’t this draft be labelled?").fill(REASON)
            ben.get_by_role("button", name="Skip this draft").click()
            if number < 3:
                expect_place(ben, number + 2)
            else:
                expect(ben.locator(".ts-empty")).to_be_visible()
        else:
            label(ben, BENS[places[draft]])
    refused_while_open(lea, app)

    # Ana finds a slip under My labels and corrects it; the label before is kept.
    look(ana, app, f"/my-labels?round={ROUND}", "My labels")
    expect(ana.locator(".ts-table tbody tr")).to_have_count(4)
    shot(ana, "my-labels")
    ana.locator(".ts-table tbody tr").filter(has_text="3 0 1 0 2").get_by_role("link").click()
    ready(ana)
    assert ids[draft_text(ana)] == list(ids.values())[3]
    press(ana, ["ArrowDown", "1"])
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".ts-draft")).to_have_count(0)
    shot(ana, "after-correction")
    rows = stored_labels(engine, person_named(engine, "Ana Ng"))
    assert len(rows) == 21 and [row.value for row in rows if row.supersedes] == ["1"]

    # The lead sees the query, closes the round.
    look(lea, app, f"/rounds?round={ROUND}", "Rounds")
    expect(lea.get_by_text(QUERY)).to_be_visible()
    lea.get_by_role("button", name="Close the round").click()
    lea.get_by_role("dialog").get_by_role("button", name="Close it").click()
    expect(lea.get_by_role("status").filter(has_text=f"{ROUND} is closed")).to_be_visible()
    lead = person_named(engine, "Lea")
    ana.goto(f"{app.url}/label?round={ROUND}")
    expect(ana.get_by_text(re.compile("is closed"))).to_be_visible()
    shot(ana, "label-closed")

    # What the agreement page says is what the report says.
    look(lea, app, f"/agreement?round={ROUND}", ROUND)
    report = reports.agreement_of_rounds(lead, engine, [ROUND])
    expect(lea.locator(".ts-heading p")).to_have_text(report.sentence)
    on_page = {
        row[0]: row
        for row in map(
            lambda row: row.locator("th, td").all_inner_texts(), lea.locator(".ts-table").first.locator("tbody tr").all()
        )
    }
    assert len(on_page) == 5
    for key, each in report.dimensions.items():
        row = on_page[report.rubric.dimension(key).title]
        (pair,) = each.pairs
        assert row[1:3] == [str(each.units_with_two), in_words(each.overall[PERCENT])]
        assert row[3:5] == ["kappa, unweighted", in_words(pair.figures[KAPPA], each.only_level)]
        assert row[6].startswith("flagged") == each.flagged
        assert in_words(pair.figures[QUADRATIC_KAPPA], each.only_level) in row[7]
        assert not re.search(r"\bnan\b|None", " ".join(row))
    assert [each.units_with_two for each in report.dimensions.values()] == [3] * 5
    expect(lea.locator(".ts-notes").first).to_contain_text(REASON)
    lea.get_by_role("radio", name="Tone").click()
    expect(lea.get_by_role("heading", name="Disagreements: 2")).to_be_visible()
    drawn = lea.locator(".js-plotly-plot").last.locator(".annotation-text").all_text_contents()
    (pair,) = report.dimensions["tone_compliance"].pairs
    assert drawn[: len(pair.levels) ** 2] == [str(number) for row in pair.table for number in row]
    shot(lea, "agreement")
    second = list(ids.values())[1]
    lea.get_by_text(f"{second}", exact=True).click()
    expect(lea.get_by_text(NOTE)).to_be_visible()
    assert lea.get_by_label("The draft").filter(visible=True).inner_text().strip() in [text.strip() for text in ids]
    assert lea.locator(".ts-given b b, .ts-given strong, .ts-notes b").count() == 0

    shot(lea, "opened-cell")
    # Every cell that waits is adjudicated, one after the other; gold is refused before.
    look(lea, app, f"/gold?round={ROUND}", f"Gold of {ROUND}")
    expect(lea.get_by_role("button", name="Export gold")).to_be_disabled()
    waiting = adjudication.open_disagreements(lead, engine, ROUND).waiting
    assert len(waiting) == 5 + 3
    shot(lea, "gold-waits")
    look(lea, app, f"/adjudicate?round={ROUND}", f"Adjudicate {ROUND}")
    assert lea.locator(".ts-given").inner_text().count("Ana") == 0  # labels stand under letters
    lea.get_by_role("button", name="Decide and next").click()
    expect(lea.get_by_role("alert")).to_be_visible()
    shot(lea, "adjudicate-refused")
    for number, cell in enumerate(waiting):
        title = report.rubric.dimension(cell.dimension).title
        expect(lea.locator(".ts-static strong")).to_have_text(f"{title}.")
        lea.get_by_role("radiogroup", name="Decision").get_by_role("radio").nth(number % 4).click()
        lea.get_by_role("radiogroup", name="Cause").get_by_role("radio", name="slip" if number else "rubric unclear").click()
        settled(lea)
        lea.get_by_label("Reason", exact=True).fill(f"because, {number}")
        lea.keyboard.press("Control+Enter")
        said = f"{cell.draft_id} / {title} was decided as {number % 4} "
        expect(lea.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(lea.locator(".ts-heading p")).to_have_text("Nothing left to adjudicate: 8 cells decided. The gold is ready to export.")

    shot(lea, "adjudicated")
    # Gold leaves, and the files hold what was decided with its history.
    look(lea, app, f"/gold?round={ROUND}", f"Gold of {ROUND}")
    lea.get_by_role("button", name="Export gold").click()
    expect(lea.get_by_role("status").filter(has_text=f"Written to exports/{ROUND}")).to_be_visible()
    folder = app.root / "exports" / ROUND
    expected = export.files_of(lead, engine, ROUND)
    written = {each.name: each.read_bytes() for each in folder.iterdir()}
    manifest = json.loads(written.pop("manifest.json"))
    assert manifest.pop("record")["head"] and manifest == json.loads(expected["manifest.json"])
    assert written == {name: content for name, content in expected.items() if name != "manifest.json"}
    shot(lea, "exported")
    with lea.expect_download() as download:
        lea.get_by_role("button", name="Download gold.csv").click()
    assert download.value.path().read_bytes() == expected["gold.csv"]
    look_at_the_files(folder, list(ids.values()), waiting)


def look_at_the_files(folder, ids, waiting):
    rows = {(row["draft_id"], row["dimension"]): row for row in csv.DictReader((folder / "gold.csv").open(encoding="utf-8"))}
    lines = {
        (line["draft_id"], line["dimension"]): line
        for line in map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())
    }
    assert len(rows) == len(lines) == 4 * 5
    decided = {(cell.draft_id, cell.dimension): str(number % 4) for number, cell in enumerate(waiting)}
    for place, draft in enumerate(ids):
        for column, dimension in enumerate(DIMENSIONS):
            row, line = rows[draft, dimension], lines[draft, dimension]
            adjudicated = (draft, dimension) in decided
            assert row["source"] == line["source"] == ("adjudicated" if adjudicated else "agreed")
            anas = (CORRECTED if place == 3 else ANAS[place])[column]
            assert row["value"] == (decided[draft, dimension] if adjudicated else anas)
            assert str(line["value"]) == row["value"] and row["round"] == ROUND and row["rubric"] == "tenacious-v1"
            history = {(label["annotator"], str(label["value"])) for label in line["labels"]}
            assert ("Ana Ng", anas) in history
            assert ("Ben <Öz>", (BENS[place] or "-----")[column]) in history or place == 2
            assert (line["adjudication"] is None) != adjudicated
    corrected = lines[ids[3], "tone_compliance"]
    old, new = sorted((each for each in corrected["labels"] if each["annotator"] == "Ana Ng"), key=lambda each: each["label_id"])
    assert (old["value"], old["supersedes"], new["value"], new["supersedes"]) == (0, None, 1, old["label_id"])
    assert old["label_id"] not in corrected["label_ids"] and new["label_id"] in corrected["label_ids"]
    first = lines[waiting[0].draft_id, waiting[0].dimension]["adjudication"]
    assert (first["reason"], first["cause"], first["adjudicator"], first["also_labelled"]) == (
        "because, 0",
        "rubric unclear",
        "Lea",
        False,
    )
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["rows"] == 20 and manifest["drafts"] == 4 and not manifest["partial"] and not manifest["left_out"]
    assert manifest["sample"] is True and manifest["annotators"] == ["Ana Ng", "Ben <Öz>"]
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
