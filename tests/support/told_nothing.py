"""Verbs by why they tell nothing of what drafts were given, or nothing that could be held back (reader_views.py)."""

TOLD_NOTHING = {
    "texts, tasks and imports, of which a draft's text and input are shown to who labels it": """
        agreement.disagreements.draft_of data.fields.fields_to_draw_by data.sample.is_new data.sample.load_sample
        data.sample.sample_project data.table_import.offered_roles data.table_import.import_table data.task_import.import_tasks
        data.task_import.import_drafts data.task_import.import_file data.task_import.store_whole data.task_import.whats_there
        exporting.task_export.export_tasks
        data.task_import.imports_so_far data.undoing.what_undoing_removes data.undoing.undo_import
        data.import_by_parts.import_by_parts""",
    "tasks as they were made, which a draft's labels say nothing of": """
        bench.spaces.make_tasks bench.spaces.covered_in_store bench.spaces.counted_methods
        bench.space_view.space_names bench.synthesis.planned bench.synthesis.synthesise
        bench.adversarial.tasks_to_attack bench.adversarial.task_shown bench.adversarial.try_draft
        bench.adversarial.propose_adversarial bench.adversarial.to_confirm bench.adversarial.own_attempts
        bench.adversarial.confirm bench.candidates.sign_off bench.candidates.turn_down
        bench.leaks.leaks_between bench.leaks.lists_to_sign bench.leaks.sign_list
        bench.splits.tasks_to_split bench.splits.split_tasks_of bench.splits.use_split
        subgroups.size.last_move
        bench.sealed_among.sealed_among
        bench.sealing.partitions_of bench.sealing.seals_of bench.sealing.seal_partition bench.sealing.open_partition""",
    "a gate's own decisions on texts that programs bring, and drafts of it by their ids": """
        gate.asking.ask_gate gate.asking.ask_score gate.figures.gate_figures gate.overrides.override
        gate.overrides.drafts_to_label gate.overrides.open_round_of_overrides gate.policies.publish_policy
        gate.policies.switch_gate gate.policies.gate_of_project gate.policies.last_switch gate.tokens.make_token
        gate.tokens.end_token gate.tokens.tokens_of gate.asking.standing_tokens""",
    "names and places: what rounds, sets, projects and people are called": """
        comparison.two_sources.all_sources importing.label_sets.names_of_sets importing.label_sets.all_label_sets
        judging.against.judges_and_people judging.llm.judges.used_judges
        judging.training.judging.is_trained
        judging.llm.judges.judge_called judging.llm.judges.check_judge preferences.comparisons.comparisons
        labelling.own_labels.assignment_of projects.projects.new_project projects.projects.all_projects projects.projects.in_short
        projects.projects.named projects.projects.archive_project projects.projects.changes_so_far projects.projects.choose
        projects.projects.to_begin_with projects.renaming.rename_project projects.renaming.rename_person
        projects.renaming.rename_round projects.settling.settled rounds.in_hand.elsewhere rounds.in_hand.called_now
        rounds.rounds.seen_from rounds.rounds.closed_names rounds.rounds.version_in_use rounds.rounds.chain_of
        releasing.releases.answers releasing.releases.answer
        rounds.rounds.poolable_with rounds.rounds.waiting_for rounds.closing.reopenings_of rubric.next_round.rounds_before
        scorer.comparable_versions.rounds_with_gold people.people.add_person people.people.command_line
        people.people.person_named people.people.everyone people.people.sign_in people.people.signed_in people.people.sign_out
        people.people.saw people.people.sign_in_behind people.roles.people_here people.roles.role_of people.roles.set_role
        people.roles.make_admin
        people.roles.take_admin people.roles.deactivate people.roles.reactivate people.standing.standing_of people.standing.forget
        people.verbs.refuse people.verbs.standing people.verbs.own_projects people.verbs.may_act_in people.verbs.why_not
        people.accounts.identities.begin_attempt people.accounts.identities.take_attempt
        people.accounts.identities.sign_in_with_identity people.accounts.invitations.opened people.accounts.invitations.redeem
        people.accounts.invitations.invite people.accounts.invitations.reset_link people.accounts.invitations.accounts_of
        people.accounts.invitations.create_admin people.accounts.signing_in.sign_in_with_password""",
    "the reader's own file, as they bring it": """
        importing.label_preview.preview_labels importing.label_sets.import_labels importing.label_tables.offered_columns""",
    "own labels in an open round": """
        preferences.comparing.own_comparisons preferences.comparing.next_pair preferences.comparing.last_pair
        preferences.comparing.choose_draft
        labelling.labelling.choose labelling.labelling.keep_note labelling.labelling.save_labels labelling.labelling.skip
        labelling.labelling.query labelling.own_labels.label_from_rows""",
    "what it writes, or that it is refused as every reader is": """
        preferences.opening.open_comparison preferences.comparisons.close_comparison
        projects.projects.delete_project rounds.closing.close_round rounds.closing.reopen_round rounds.opening.open_round
        rubric.meetings.keep_note rubric.versions.publish rounds.team.reassigning.reassign rounds.team.reassigning.add_annotator
        rounds.team.reassigning.add_drafts judging.llm.planning.planned_run judging.llm.planning.prepared
        judging.llm.running.run_judge judging.training.training.train_judge judging.training.judging.judge_drafts
        judging.training.trained_judges.switch_trained_judge""",
    "rubric versions, which everybody reads who labels by them": """
        labelling.own_versions.own_versions
        rubric.check_entries.keep_check_entry rubric.check_entries.keep_check_kind rubric.check_entries.add_fact
        rubric.check_entries.keep_fact_entry rubric.check_entries.keep_example_task rubric.new_dimensions.add_dimension
        rubric.new_dimensions.duplicate_dimension rubric.new_dimensions.move_dimension rubric.new_dimensions.remove_dimension
        rubric.new_dimensions.keep_title rubric.new_dimensions.keep_rule rubric.new_dimensions.keep_weight
        rubric.new_dimensions.set_scale rubric.new_dimensions.add_level rubric.new_dimensions.remove_level
        rubric.new_dimensions.move_level rubric.new_rubric.begin_from_template rubric.new_rubric.begin_from_rubric
        rubric.new_rubric.begin_from_text rubric.new_rubric.begin_empty rubric.new_rubric.names_begun
        rubric.new_rubric.write_from_template rubric.next_version.change rubric.next_version.keep_file
        rubric.next_version.keep_words rubric.next_version.keep_rest rubric.next_version.keep_check rubric.next_version.add_check
        rubric.next_version.remove_check rubric.next_version.start_over rubric.next_version.take_back
        rubric.next_version.discard rubric.next_version.save
        rubric.outdated_labels.outdated_in rubric.rubrics.refuse_changed rubric.rubrics.rubric_files
        rubric.versions.names_of_rubrics rubric.rubrics.file_of_version rubric.versions.export
        rubric.versions.titles_of_round rubric.rubrics.rubric_named rubric.unfinished_version.begun_after
        rubric.unfinished_version.unfinished rubric.versions.compare_versions rubric.versions.version_named
        rubric.versions.successors scorer.comparable_versions.versions_to_compare scorer.comparable_versions.version_called
        scorer.scoring.versions_to_score_by scorer.scoring.rubric_to_score_by""",
    "what the scorer makes of texts; of drafts in an open round it tells nobody anything": """
        scorer.against_people.cuts_of_round scorer.drafts_to_score.state_of scorer.scoring.scorer_says
        scorer.scoring.drafts_with_findings scorer.scoring.drafts_of_store scorer.scoring.facts_without_values""",
    "the store as a whole, for who has the machine": """
        maintenance.store_backup.backup maintenance.store_backup.restore maintenance.store_check.check_store
        rounds.closing.keep_for_earlier
        events.verifying.verify_events events.recording.recorded events.recording.note_event""",
}
