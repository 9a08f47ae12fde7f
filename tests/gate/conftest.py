"""A project whose gate goes by the small rubric of tests/gate/policies.py."""

import pytest

from tests.gate.policies import SOURCE, policy_source
from tests.support.small_stores import people
from workflow.gate.policies import publish_policy
from workflow.gate.tokens import make_token
from workflow.projects.projects import new_project


@pytest.fixture
def gated(engine, rubric_folder):
    """The lead, and the token of a project whose gate is enforced."""
    (rubric_folder / "replies-v1.yml").write_text(SOURCE)
    (lead,) = people(engine, "lead")
    new_project(lead, engine, "Mails")
    publish_policy(lead, engine, policy_source())
    return lead, make_token(lead, engine, "mailer")
