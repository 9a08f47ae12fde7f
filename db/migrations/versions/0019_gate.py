"""The gate of a project: policies, which is in use, tokens, decisions and what people said against them.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "gate_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_gate_policies_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_gate_policies_person")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_gate_policies_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_policies")),
        sa.UniqueConstraint("project", "name", "version", name=op.f("uq_gate_policies_project_name_version")),
    )
    op.create_table(
        "gate_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("switched_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_gate_switches_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_gate_switches_person")),
        sa.ForeignKeyConstraint(["policy"], ["gate_policies.id"], name=op.f("fk_gate_switches_policy")),
        sa.CheckConstraint("mode IN ('off', 'shadow', 'enforce')", name=op.f("ck_gate_switches_mode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_switches")),
    )
    op.create_index(op.f("ix_gate_switches_project_id"), "gate_switches", ["project", "id"])
    op.create_table(
        "gate_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_gate_tokens_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_gate_tokens_person")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_gate_tokens_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_tokens")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_gate_tokens_token_digest")),
    )
    op.create_index(op.f("ix_gate_tokens_project"), "gate_tokens", ["project"])
    op.create_table(
        "gate_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("policy", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("enforced", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.Text(), nullable=True),
        sa.Column("decided_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_gate_decisions_project")),
        sa.ForeignKeyConstraint(["policy"], ["gate_policies.id"], name=op.f("fk_gate_decisions_policy")),
        sa.CheckConstraint("decision IN ('pass', 'review', 'block')", name=op.f("ck_gate_decisions_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decisions")),
    )
    op.create_index(op.f("ix_gate_decisions_policy_decided_at"), "gate_decisions", ["policy", "decided_at"])
    op.create_index(op.f("ix_gate_decisions_project_text_digest"), "gate_decisions", ["project", "text_digest"])
    op.create_table(
        "gate_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["gate_decisions.id"], name=op.f("fk_gate_overrides_decision")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_gate_overrides_person")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_gate_overrides_draft")),
        sa.CheckConstraint("given IN ('pass', 'review', 'block')", name=op.f("ck_gate_overrides_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_overrides")),
    )
    op.create_index(op.f("ix_gate_overrides_decision"), "gate_overrides", ["decision"])
    op.create_index(op.f("ix_gate_overrides_draft"), "gate_overrides", ["draft"])
