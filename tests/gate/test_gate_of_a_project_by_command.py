"""The commands of a project's gate: a policy, the switch, a token, figures, an override, the round of it."""

from tests.gate.conftest import gated as gated
from tests.gate.policies import policy_source
from tests.support.commands import check_estimate, document, done, refused, sentence
from tests.support.small_stores import people, rows
from workflow.gate import asking
from workflow.people.people import person_named


def test_a_gate_is_led_from_the_command_line(engine, gated, tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    people(engine, "ana", "ben")
    file = tmp_path / "replies.yml"
    file.write_bytes(policy_source("shadow").replace(b"version: 1", b"version: 2"))
    assert "replies-v2 is published, for replies-v1: digest " in done("gate-policy", file)
    file.write_bytes(policy_source("shadow"))
    assert "give this one version: 2 or later" in sentence("gate-policy", file)
    file.write_bytes(policy_source().replace(b"below: 1", b"below: 9"))
    assert refused("gate-policy", file).splitlines()[1] == "  line 5: tone has no level 9; it has 0, 1, 2"

    token = done("gate-token", "crm").strip()
    number = asking.ask_gate(engine, token, "Rubbish.", None, {"stars": 1}).number
    draft = tmp_path / "draft.txt"
    draft.write_text("Rubbish.")
    said = done("gate-override", str(number), "--text", draft, "--given", "pass", "--why", "they said it", "--as", "ana")
    assert said.startswith(f"decision {number} is overridden: pass; its draft is gate-")
    assert rows(engine, "SELECT person FROM gate_overrides") == [(person_named(engine, "ana").id,)]

    found = document("gate-figures", "--json")
    assert (found["policy"], found["decided"], found["overridden"], found["moved"]) == ("replies-v1", 1, 1, None)
    assert {each["key"] for each in found["reasons"]} == {"tone below 1", "tone below 2"}
    check_estimate(found["override_rate"])
    assert "replies-v1: 1 decision, 1 overridden: 1.00 [.21, 1.00]" in done("gate-figures")

    assert "after is open: 1 draft under replies-v1" in done("gate-round", "after", "--annotators", "ana,ben")
    assert "replies-v2 is off: every draft passes, and none is scored." in done(
        "gate-switch", "off", "--why", "it is enough", "--policy", "replies-v2"
    )
    assert asking.ask_gate(engine, token, "Rubbish.", None, None).decision.mode == "off"
    assert "the token crm has ended" in done("gate-token", "crm", "--end")
    assert "no token named “crm” stands" in sentence("gate-token", "crm", "--end")
