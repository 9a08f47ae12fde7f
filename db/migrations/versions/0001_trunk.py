"""The trunk: people, tasks, drafts, rubric versions, rounds, labels, adjudications, label sets, counts.

Revision: 0001, the first
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'program')", name=op.f("ck_people_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("folded", name=op.f("uq_people_folded")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tasks_added", sa.Integer(), nullable=False),
        sa.Column("drafts_added", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_imports_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "rubric_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_rubric_versions_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_versions")),
        sa.UniqueConstraint("name", "digest", name=op.f("uq_rubric_versions_name_digest")),
    )
    op.create_index(
        "uq_rubric_versions_published",
        "rubric_versions",
        ["name"],
        unique=True,
        sqlite_where=sa.text("published_at IS NOT NULL"),
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_sign_ins_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_ins_token_digest")),
    )
    op.create_table(
        "label_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("annotators", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "made_by IN ('person-blind', 'person-not-blind', 'program', 'model', 'copy')", name=op.f("ck_label_sets_made_by")
        ),
        sa.ForeignKeyConstraint(["imported_by"], ["people.id"], name=op.f("fk_label_sets_imported_by")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_label_sets_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sets")),
        sa.UniqueConstraint("folded", name=op.f("uq_label_sets_folded")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("per_draft", sa.Integer(), nullable=True),
        sa.Column("overlap", sa.Float(), nullable=True),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("early_reason", sa.Text(), nullable=True),
        sa.Column("of_round", sa.Integer(), nullable=True),
        sa.Column("continues_round", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('double', 'retest', 'calibration')", name=op.f("ck_rounds_kind")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_rounds_closed_by")),
        sa.ForeignKeyConstraint(["continues_round"], ["rounds.id"], name=op.f("fk_rounds_continues_round")),
        sa.ForeignKeyConstraint(["of_round"], ["rounds.id"], name=op.f("fk_rounds_of_round")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_rounds_opened_by")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_rounds_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("folded", name=op.f("uq_rounds_folded")),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("partition", sa.Text(), nullable=True),
        sa.Column("dimension", sa.Text(), nullable=True),
        sa.Column("source_mode", sa.Text(), nullable=True),
        sa.Column("difficulty", sa.Text(), nullable=True),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("input", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name=op.f("fk_tasks_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("task_id", name=op.f("uq_tasks_task_id")),
    )
    op.create_table(
        "counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=True),
        sa.Column("label_set", sa.Integer(), nullable=True),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("clusters", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(round IS NULL) <> (label_set IS NULL)", name=op.f("ck_counts_one_owner")),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_counts_label_set")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_counts_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts")),
        sa.UniqueConstraint("label_set", "dimension", name=op.f("uq_counts_label_set_dimension")),
        sa.UniqueConstraint("round", "dimension", name=op.f("uq_counts_round_dimension")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name=op.f("fk_drafts_import")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_drafts_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_drafts_draft_id")),
    )
    op.create_index(op.f("ix_drafts_task"), "drafts", ["task"], unique=False)
    op.create_table(
        "round_annotators",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_round_annotators_person")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_annotators_round")),
        sa.PrimaryKeyConstraint("round", "person", name=op.f("pk_round_annotators")),
    )
    op.create_table(
        "round_dimensions",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_dimensions_round")),
        sa.PrimaryKeyConstraint("round", "dimension", name=op.f("pk_round_dimensions")),
    )
    op.create_table(
        "set_labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("annotator", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_set_labels_label_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_labels")),
        sa.UniqueConstraint(
            "label_set", "dimension", "unit", "annotator", name=op.f("uq_set_labels_label_set_dimension_unit_annotator")
        ),
    )
    op.create_table(
        "adjudications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("also_labelled", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('rubric unclear', 'slip', 'missing context', 'true ambiguity')", name=op.f("ck_adjudications_cause")
        ),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_adjudications_draft")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_adjudications_person")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_adjudications_round")),
        sa.ForeignKeyConstraint(["supersedes"], ["adjudications.id"], name=op.f("fk_adjudications_supersedes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudications")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_adjudications_supersedes")),
    )
    op.create_index(
        op.f("ix_adjudications_round_draft_dimension"), "adjudications", ["round", "draft", "dimension"], unique=False
    )
    op.create_index(
        "uq_adjudications_first",
        "adjudications",
        ["round", "draft", "dimension"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("skip_reason", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'saved', 'skipped')", name=op.f("ck_assignments_state")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_assignments_draft")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_assignments_person")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_assignments_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("round", "draft", "person", name=op.f("uq_assignments_round_draft_person")),
        sa.UniqueConstraint("round", "person", "position", name=op.f("uq_assignments_round_person_position")),
    )
    op.create_index(op.f("ix_assignments_draft"), "assignments", ["draft"], unique=False)
    op.create_index(op.f("ix_assignments_person_round"), "assignments", ["person", "round"], unique=False)
    op.create_index(
        op.f("ix_assignments_round_person_state_position"), "assignments", ["round", "person", "state", "position"], unique=False
    )
    op.create_table(
        "pattern_counts",
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counted"], ["counts.id"], name=op.f("fk_pattern_counts_counted")),
        sa.PrimaryKeyConstraint("counted", "pattern", name=op.f("pk_pattern_counts")),
    )
    op.create_table(
        "round_drafts",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_round_drafts_draft")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_drafts_round")),
        sa.PrimaryKeyConstraint("round", "draft", name=op.f("pk_round_drafts")),
    )
    op.create_index(op.f("ix_round_drafts_draft"), "round_drafts", ["draft"], unique=False)
    op.create_table(
        "pending_choices",
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_pending_choices_assignment")),
        sa.PrimaryKeyConstraint("assignment", "dimension", name=op.f("pk_pending_choices")),
    )
    op.create_table(
        "pending_notes",
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_pending_notes_assignment")),
        sa.PrimaryKeyConstraint("assignment", name=op.f("pk_pending_notes")),
    )
    op.create_table(
        "queries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_queries_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queries")),
    )
    op.create_index(op.f("ix_queries_assignment"), "queries", ["assignment"], unique=False)
    op.create_table(
        "saves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_saves_assignment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saves")),
        sa.UniqueConstraint("assignment", "revision", name=op.f("uq_saves_assignment_revision")),
        sa.UniqueConstraint("token", name=op.f("uq_saves_token")),
    )
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("save", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignment"], ["assignments.id"], name=op.f("fk_labels_assignment")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_labels_person")),
        sa.ForeignKeyConstraint(["save"], ["saves.id"], name=op.f("fk_labels_save")),
        sa.ForeignKeyConstraint(["supersedes"], ["labels.id"], name=op.f("fk_labels_supersedes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_labels_supersedes")),
    )
    op.create_index(op.f("ix_labels_assignment_dimension"), "labels", ["assignment", "dimension"], unique=False)
    op.create_index(
        "uq_labels_first",
        "labels",
        ["assignment", "dimension"],
        unique=True,
        sqlite_where=sa.text("supersedes IS NULL"),
        postgresql_where=sa.text("supersedes IS NULL"),
    )
    op.create_table(
        "adjudicated_labels",
        sa.Column("adjudication", sa.Integer(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["adjudication"], ["adjudications.id"], name=op.f("fk_adjudicated_labels_adjudication")),
        sa.ForeignKeyConstraint(["label"], ["labels.id"], name=op.f("fk_adjudicated_labels_label")),
        sa.PrimaryKeyConstraint("adjudication", "label", name=op.f("pk_adjudicated_labels")),
    )
