"""What each verb takes of who does it, in team mode: the one table (docs/decisions/0022). In local mode all may do everything.

Seats, not roles, decide who labels: a verb that needs an own seat asks for no role, and finds out by itself whose desk it is.
What blindness keeps back it keeps back from leads and admins, too.
"""

ANYBODY = "nobody in particular"  # before anybody is signed in
SIGNED_IN = "somebody signed in"  # who is shown what is their own: projects, rounds, what to do
OWN_SEAT = "a seat of one's own"
ANNOTATOR = "a role in the project in hand"
LEAD = "lead of the project in hand"
ADMIN = "admin"
SHELL = "the server's own command line"

ORDER = (ANYBODY, SIGNED_IN, OWN_SEAT, ANNOTATOR, LEAD, ADMIN, SHELL)  # each takes as much as those before it, or more

_OF_MODULE = {
    "agreement.clusters": {LEAD: "by_clusters"},
    "agreement.counts_behind": {LEAD: "counts_behind"},
    "agreement.disagreements": {LEAD: "disagreements_on widest_apart draft_of"},
    "agreement.reports": {LEAD: "agreement_of_rounds agreement_of_set pair_of_report"},
    "bench.adversarial": {LEAD: "tasks_to_attack task_shown try_draft propose_adversarial to_confirm own_attempts confirm"},
    "bench.candidates": {LEAD: "candidates_of sign_off turn_down"},
    "bench.from_drafts": {LEAD: "propose_from_drafts"},
    "bench.synthesis": {LEAD: "planned synthesise"},
    "bench.space_view": {LEAD: "space_names see_space"},
    "bench.leaks": {LEAD: "leaks_between lists_to_sign sign_list"},
    "bench.sealing": {LEAD: "partitions_of seals_of seal_partition open_partition"},
    "bench.sealed_among": {LEAD: "sealed_among"},
    "bench.splits": {LEAD: "tasks_to_split split_tasks_of use_split"},
    "bench.spaces": {LEAD: "make_tasks covered_in_store counted_methods"},
    "claims.checking": {LEAD: "labels_behind check_published"},
    "comparison.against_third": {LEAD: "compare_against labels_to_read"},
    "comparison.two_rounds": {LEAD: "compare_rounds labels_to_count"},
    "comparison.two_sources": {LEAD: "compare_sources labels_to_count sources_of all_sources"},
    "data.fields": {LEAD: "fields_to_draw_by"},
    "data.sample": {ADMIN: "sample_project", SHELL: "is_new load_sample"},
    "data.table_import": {LEAD: "offered_roles import_table"},
    "data.import_by_parts": {LEAD: "import_by_parts"},
    "data.task_import": {LEAD: "import_tasks import_drafts import_file store_whole whats_there imports_so_far"},
    "data.undoing": {LEAD: "what_undoing_removes undo_import"},
    "events.listing": {ADMIN: "events_of every_event events_as_csv events_as_lines"},
    "events.verifying": {SHELL: "verify_events"},
    "exporting.task_export": {LEAD: "export_tasks"},
    "exporting.label_export": {LEAD: "export_labels labels_workbook labels_archive held_back"},
    "gate.asking": {ANYBODY: "ask_gate ask_score standing_tokens"},
    "gate.figures": {LEAD: "gate_figures"},
    "gate.overrides": {LEAD: "override drafts_to_label open_round_of_overrides"},
    "gate.policies": {LEAD: "publish_policy switch_gate gate_of_project last_switch"},
    "gate.tokens": {LEAD: "make_token end_token tokens_of"},
    "gold.adjudication": {LEAD: "open_disagreements case adjudicate decide_from_rows round_drafts"},
    "gold.export": {LEAD: "files_of export_gold gold_archive"},
    "gold.gold": {LEAD: "gold_of_round gold_counted tally_of_round last_decision"},
    "importing.label_preview": {LEAD: "preview_labels"},
    "importing.label_sets": {LEAD: "import_labels names_of_sets all_label_sets suspicions_told"},
    "importing.label_tables": {LEAD: "offered_columns"},
    "judging.against": {LEAD: "judge_against judges_and_people"},
    "judging.two_judges": {LEAD: "compare_judges"},
    "judging.llm.judges": {LEAD: "used_judges judge_called check_judge"},
    "judging.llm.planning": {LEAD: "planned_run prepared"},
    "judging.llm.running": {LEAD: "run_judge"},
    "judging.training.judging": {LEAD: "is_trained judge_drafts"},
    "judging.training.trained_judges": {LEAD: "trained_judges switch_trained_judge"},
    "judging.training.training": {LEAD: "train_judge"},
    "judging.simpo.levels": {LEAD: "adapter_levels"},
    "labelling.feedback": {OWN_SEAT: "feedback_on feedback_in"},
    "labelling.labelling": {OWN_SEAT: "choose keep_note save_labels skip query"},
    "labelling.next_draft": {OWN_SEAT: "next_assignment"},
    "labelling.own_versions": {OWN_SEAT: "own_versions"},
    "labelling.own_labels": {OWN_SEAT: "my_labels own_labels_of label_from_rows own_drafts assignment_of left"},
    "maintenance.store_backup": {SHELL: "backup restore"},
    "maintenance.store_check": {SHELL: "check_store"},
    "people.home": {SIGNED_IN: "to_do"},
    "people.accounts.identities": {ANYBODY: "begin_attempt take_attempt sign_in_with_identity"},
    "people.accounts.invitations": {ANYBODY: "opened redeem", ADMIN: "invite reset_link accounts_of", SHELL: "create_admin"},
    "people.people": {
        ANYBODY: "sign_in signed_in sign_in_behind saw sign_out",
        LEAD: "person_named everyone",
        ADMIN: "add_person",
        SHELL: "command_line",
    },
    "people.roles": {ANYBODY: "role_of", ADMIN: "people_here set_role make_admin take_admin deactivate reactivate"},
    "people.accounts.signing_in": {ANYBODY: "sign_in_with_password"},
    "planning.plan": {LEAD: "plan_of_pilot usual_threshold"},
    "preferences.choices_made": {LEAD: "choices_in pair_drafts choices_as_csv"},
    "preferences.comparing": {OWN_SEAT: "own_comparisons next_pair last_pair choose_draft"},
    "preferences.comparisons": {LEAD: "close_comparison comparisons"},
    "preferences.opening": {LEAD: "open_comparison"},
    "preferences.pairs_export": {LEAD: "export_pairs"},
    "preferences.report": {LEAD: "preferences_in"},
    "projects.projects": {
        SIGNED_IN: "in_short named choose to_begin_with waiting_elsewhere",
        LEAD: "all_projects archive_project",
        ADMIN: "new_project delete_project changes_so_far",
    },
    "projects.renaming": {LEAD: "rename_project rename_round", ADMIN: "rename_person"},
    "releasing.choices": {LEAD: "choices_to_leave"},
    "releasing.releases": {LEAD: "release_gold release_archive terms_of all_releases answers answer"},
    "releasing.spot_checks": {LEAD: "draw_spot_check next_to_check check_cell spot_checks_of"},
    "rounds.calibration": {LEAD: "open_calibration"},
    "rounds.closing": {LEAD: "close_round reopen_round reopenings_of", SHELL: "keep_for_earlier"},
    "rounds.draft_list": {LEAD: "drafts_of_round"},
    "rounds.in_hand": {SIGNED_IN: "in_short elsewhere called_now"},
    "rounds.one_draft": {LEAD: "draft_of_round"},
    "rounds.opening": {LEAD: "open_round"},
    "rounds.retest": {LEAD: "open_retest"},
    "rounds.rounds": {
        SIGNED_IN: "held_back_from",
        OWN_SEAT: "own_rounds waiting_for",
        LEAD: "all_rounds seen_from closed_names version_in_use chain_of poolable_with queries_of",
    },
    "rounds.team.pace": {LEAD: "pace_of_round"},
    "rounds.team.reassigning": {LEAD: "reassign add_annotator add_drafts changes_in"},
    "rubric.check_entries": {LEAD: "keep_check_entry keep_check_kind add_fact keep_fact_entry keep_example_task"},
    "rubric.example_texts": {LEAD: "differing add_text add_example"},
    "rubric.meetings": {LEAD: "dimensions_of_meeting meeting decide mark_discussed take_mark_back keep_note"},
    "rubric.new_dimensions": {
        LEAD: "add_dimension duplicate_dimension move_dimension remove_dimension keep_title keep_rule keep_weight set_scale "
        "add_level remove_level move_level"
    },
    "rubric.new_rubric": {
        LEAD: "begin_from_template begin_from_rubric begin_from_text begin_empty names_begun write_from_template"
    },
    "rubric.next_round": {LEAD: "next_round open_next_round rounds_before"},
    "rubric.next_version": {
        LEAD: "change keep_file keep_words keep_rest keep_check add_check remove_check start_over take_back discard save"
    },
    "rubric.outdated_labels": {LEAD: "outdated_in"},
    "rubric.rubrics": {LEAD: "refuse_changed rubric_files file_of_version rubric_named"},
    "rubric.unfinished_version": {LEAD: "begun_after unfinished"},
    "rubric.versions": {
        LEAD: "compare_versions version_named publish publication successors export names_of_rubrics titles_of_round"
    },
    "scorer.against_people": {LEAD: "scorer_against cuts_of_round"},
    "scorer.comparable_versions": {LEAD: "rounds_with_gold versions_to_compare version_called"},
    "scorer.drafts_to_score": {LEAD: "state_of"},
    "scorer.effect": {LEAD: "what_it_would_change"},
    "scorer.scoring": {
        LEAD: "versions_to_score_by rubric_to_score_by findings_of scorer_says drafts_with_findings drafts_of_store "
        "facts_without_values"
    },
    "subgroups.annotators": {LEAD: "annotators"},
    "subgroups.size": {LEAD: "last_move"},
    "subgroups.slices": {LEAD: "slices fields_to_slice_by"},
}
NEEDS = {
    f"{module}.{name}": need
    for module, by_need in _OF_MODULE.items()
    for need, names in by_need.items()
    for name in names.split()
}

# What a verb of a folder is for, as a refusal says it: "ben may not … in Support".
DOES = {
    "agreement": "read agreement",
    "bench": "make or check tasks of a benchmark",
    "claims": "hold claims against labels",
    "comparison": "compare labels",
    "data": "import tasks and drafts",
    "events": "read the events",
    "exporting": "export labels or tasks",
    "gate": "lead a gate",
    "gold": "adjudicate or export gold",
    "importing": "use label sets",
    "judging": "hold judges against people",
    "labelling": "label",
    "maintenance": "copy or check the store",
    "people": "change who is here",
    "planning": "plan a round",
    "preferences": "compare drafts or export pairs of them",
    "projects": "change projects",
    "releasing": "release gold",
    "rounds": "lead rounds",
    "rubric": "write or publish rubrics",
    "scorer": "use the scorer",
    "subgroups": "read slices",
}
