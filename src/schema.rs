//! The tables as both databases have them. Each belongs to the slice of its name; only that slice writes it.

diesel::table! {
    /// The recorded business day: one row that only moves forward.
    business_day (id) {
        id -> BigInt,
        day -> Date,
    }
}

diesel::table! {
    /// Answers of POSTs, kept a day, so that a repeat has no second effect.
    idempotency_keys (account_id, key) {
        account_id -> BigInt,
        key -> Text,
        operation -> Text,
        digest -> Text,
        answer -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// What was done, written in the transaction that did it. Never changed.
    audit_entries (id) {
        id -> BigInt,
        at -> Timestamp,
        day -> Date,
        account_id -> Nullable<BigInt>,
        action -> Text,
        subject -> Text,
        subject_id -> Nullable<BigInt>,
        details -> Text,
        request_id -> Text,
        content_hash -> Text,
    }
}

diesel::table! {
    /// Position and chain hash that the sealer gave to committed entries.
    audit_seals (position) {
        position -> BigInt,
        entry_id -> BigInt,
        chain_hash -> Text,
        sealed_at -> Timestamp,
    }
}

diesel::table! {
    /// Identity of a unit; what is said of it stands in unit_facts.
    units (id) {
        id -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What was recorded of a unit, from one day to another. path is /ancestor/…/unit/.
    unit_facts (id) {
        id -> BigInt,
        unit_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        path -> Text,
        name -> Text,
        kind -> Text,
        code -> Nullable<Text>,
        short_names -> Text,
        established_on -> Nullable<Date>,
        dissolved_on -> Nullable<Date>,
        successor_id -> Nullable<BigInt>,
        dissolution_reason -> Nullable<Text>,
        term_ends_on -> Nullable<Date>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Who signs in.
    accounts (id) {
        id -> BigInt,
        username -> Text,
        display_name -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        disabled -> Bool,
        last_used_at -> Timestamp,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// An account's post at a unit, from one day to another, both included; administrators and auditors without a unit.
    appointments (id) {
        id -> BigInt,
        account_id -> BigInt,
        unit_id -> Nullable<BigInt>,
        role -> Text,
        from_on -> Date,
        until_on -> Nullable<Date>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// A sign-in: the family of its refresh tokens.
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        created_at -> Timestamp,
        last_used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        cookie_digest -> Nullable<Text>,
    }
}

diesel::table! {
    /// Digests of the refresh tokens of a session; all but the newest are replaced.
    refresh_tokens (id) {
        id -> BigInt,
        session_id -> BigInt,
        digest -> Text,
        issued_at -> Timestamp,
        replaced_at -> Nullable<Timestamp>,
        grace_used -> Bool,
    }
}

diesel::table! {
    /// Failed sign-ins in a row by name, whether or not such an account exists.
    sign_in_failures (username) {
        username -> Text,
        failures -> BigInt,
        locked_until -> Nullable<Timestamp>,
        failed_at -> Timestamp,
    }
}

diesel::table! {
    /// Keys of the access tokens, the private half sealed.
    signing_keys (kid) {
        kid -> Text,
        sealed -> Text,
        public_x -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// Identity of a plan: one a year and issuing unit.
    plans (id) {
        id -> BigInt,
        unit_id -> BigInt,
        year -> BigInt,
        revision -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
        from_plan_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What was recorded of a plan, from one day to another.
    plan_facts (id) {
        id -> BigInt,
        plan_id -> BigInt,
        title -> Text,
        target_percent -> BigInt,
        target_on -> Date,
        closes_on -> Date,
        document_no -> Nullable<Text>,
        status -> Text,
        issued_on -> Nullable<Date>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
        consulted_on -> Nullable<Date>,
        approved_by -> Nullable<Text>,
        approved_by_decision_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// Identity of a key point.
    key_points (id) {
        id -> BigInt,
        plan_id -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What was recorded of a key point, from one day to another.
    key_point_facts (id) {
        id -> BigInt,
        key_point_id -> BigInt,
        title -> Text,
        position -> BigInt,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Identity of a task.
    tasks (id) {
        id -> BigInt,
        key_point_id -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
        origin_task_id -> Nullable<BigInt>,
        origin_kind -> Nullable<Text>,
        origin_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What was recorded of a task, from one day to another.
    task_facts (id) {
        id -> BigInt,
        task_id -> BigInt,
        position -> BigInt,
        title -> Text,
        requirement -> Nullable<Text>,
        deliverable -> Nullable<Text>,
        evidence_required -> Bool,
        tags -> Text,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Which unit has which part in a task, from one recorded day to another.
    responsibilities (id) {
        id -> BigInt,
        task_id -> BigInt,
        unit_id -> BigInt,
        part -> Text,
        person -> Nullable<Text>,
        version -> BigInt,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// When a task is due, from one recorded day to another.
    schedule_entries (id) {
        id -> BigInt,
        task_id -> BigInt,
        position -> BigInt,
        title -> Nullable<Text>,
        due_on -> Nullable<Date>,
        grace_days -> BigInt,
        times -> BigInt,
        unscheduled -> Bool,
        words -> Nullable<Text>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
        rrule -> Nullable<Text>,
        nodes -> Nullable<Text>,
        ended_on -> Nullable<Date>,
    }
}

diesel::table! {
    /// A change of an issued plan or of its lists, with its reason and what it did to time nodes.
    plan_revisions (id) {
        id -> BigInt,
        plan_id -> BigInt,
        number -> BigInt,
        reason -> Text,
        made_by -> BigInt,
        made_on -> Date,
        effects -> Text,
    }
}

diesel::table! {
    /// What a revision added, changed or removed: the item before and after.
    plan_changes (id) {
        id -> BigInt,
        revision_id -> BigInt,
        kind -> Text,
        item_id -> BigInt,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
    }
}

diesel::table! {
    /// A time node as it was born: one an entry, owing unit and period.
    time_nodes (id) {
        id -> BigInt,
        plan_id -> BigInt,
        task_id -> BigInt,
        entry_id -> BigInt,
        unit_id -> BigInt,
        period -> Text,
        title -> Text,
        due_on -> Date,
        late_after -> Date,
        times -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
        period_from -> Nullable<Date>,
    }
}

diesel::table! {
    /// How a time node stood, from one recorded day to another: the ground of every verdict.
    time_node_states (id) {
        id -> BigInt,
        node_id -> BigInt,
        due_on -> Date,
        late_after -> Date,
        phase -> Text,
        excluded -> Nullable<Text>,
        approved_by -> Nullable<BigInt>,
        met_on -> Nullable<Date>,
        reported_on -> Nullable<Date>,
        pending_from -> Nullable<Date>,
        first_report_on -> Nullable<Date>,
        has_report -> Bool,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Requests for a later due day.
    extensions (id) {
        id -> BigInt,
        node_id -> BigInt,
        from_due_on -> Date,
        due_on -> Date,
        reason -> Text,
        state -> Text,
        granted_late -> Bool,
        requested_by -> BigInt,
        requested_on -> Date,
        decided_by -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_reason -> Nullable<Text>,
        withdrawn_by -> Nullable<BigInt>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    /// Requests that a node be waived or found not applicable.
    waivers (id) {
        id -> BigInt,
        node_id -> BigInt,
        kind -> Text,
        reason -> Text,
        state -> Text,
        requested_by -> BigInt,
        requested_on -> Date,
        decided_by -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_reason -> Nullable<Text>,
        withdrawn_by -> Nullable<BigInt>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    /// Requests that a node be cancelled.
    cancellations (id) {
        id -> BigInt,
        node_id -> BigInt,
        reason -> Text,
        state -> Text,
        requested_by -> BigInt,
        requested_on -> Date,
        decided_by -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_reason -> Nullable<Text>,
        withdrawn_by -> Nullable<BigInt>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_reason -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    /// Stored evidence files, by digest.
    attachments (id) {
        id -> BigInt,
        sha256 -> Text,
        bytes -> BigInt,
        media_type -> Text,
        file_name -> Text,
        uploaded_by -> BigInt,
        recorded_on -> Date,
        destroyed_on -> Nullable<Date>,
    }
}

diesel::table! {
    /// Requests that the bytes of a file be destroyed: one person asks, another decides.
    attachment_destructions (id) {
        id -> BigInt,
        attachment_id -> BigInt,
        reason -> Text,
        state -> Text,
        requested_by -> BigInt,
        requested_on -> Date,
        decided_by -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// What was reported of a node. Append-only: a withdrawal is marked, nothing is rewritten.
    progress_reports (id) {
        id -> BigInt,
        node_id -> BigInt,
        kind -> Text,
        text -> Text,
        percent -> Nullable<BigInt>,
        held_on -> Nullable<Date>,
        on_paper -> Text,
        addition_to -> Nullable<BigInt>,
        reported_on -> Date,
        reported_by -> BigInt,
        on_behalf -> Bool,
        content_hash -> Text,
        withdrawn_on -> Nullable<Date>,
        withdrawn_by -> Nullable<BigInt>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// Which stored files a report names, in order.
    report_attachments (report_id, attachment_id) {
        report_id -> BigInt,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// The ruling on a completion: one a report; a revocation is marked on it.
    reviews (id) {
        id -> BigInt,
        report_id -> BigInt,
        verdict -> Text,
        return_kind -> Nullable<Text>,
        comment -> Nullable<Text>,
        on_paper_seen -> Bool,
        content_hash -> Text,
        reviewed_by -> BigInt,
        recorded_on -> Date,
        revoked_on -> Nullable<Date>,
        revoked_by -> Nullable<BigInt>,
        revocation_reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// Years whose calendar of working days was imported, from one day to another.
    calendar_years (id) {
        id -> BigInt,
        year -> BigInt,
        source -> Text,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Days of those years that are not what their weekday says, and festivals.
    calendar_days (id) {
        id -> BigInt,
        year -> BigInt,
        day -> Date,
        kind -> Text,
        name -> Nullable<Text>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// What was said of a task, a time node, a report or a meeting. A withdrawal is marked.
    comments (id) {
        id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
        kind -> Text,
        text -> Text,
        account_id -> BigInt,
        recorded_on -> Date,
        withdrawn_on -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    /// How a unit's department lays tables out.
    layouts (id) {
        id -> BigInt,
        unit_id -> BigInt,
        name -> Text,
        definition -> Text,
        made_by -> Nullable<BigInt>,
        recorded_on -> Date,
        version -> BigInt,
    }
}

diesel::table! {
    /// Settings of the installation, from one day to another.
    settings (id) {
        id -> BigInt,
        set_no -> BigInt,
        near_days -> BigInt,
        recurrence_grace_days -> BigInt,
        short_extension_days -> BigInt,
        backfill_days -> BigInt,
        review_working_days -> BigInt,
        term_alert_months -> BigInt,
        secretary_signs -> Bool,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
        back_dated_days -> BigInt,
        public_bulletins -> Bool,
    }
}

diesel::table! {
    /// Who was urged to do what, and when: at most once a node and day.
    urges (id) {
        id -> BigInt,
        node_id -> BigInt,
        note -> Nullable<Text>,
        urged_by -> BigInt,
        urged_on -> Date,
    }
}

diesel::table! {
    /// A report being written: freely edited, no report until it is signed, gone once it is.
    report_drafts (id) {
        id -> BigInt,
        node_id -> BigInt,
        kind -> Text,
        text -> Text,
        percent -> Nullable<BigInt>,
        held_on -> Nullable<Date>,
        on_paper -> Text,
        reported_on -> Nullable<Date>,
        drafted_by -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// Who of a unit signed for an issued plan or one of its revisions.
    plan_receipts (id) {
        id -> BigInt,
        plan_id -> BigInt,
        revision -> BigInt,
        unit_id -> BigInt,
        account_id -> BigInt,
        signed_on -> Date,
    }
}

diesel::table! {
    /// The report of a plan's year as it read when the plan was closed.
    pinned_reports (plan_id) {
        plan_id -> BigInt,
        as_of -> Date,
        body -> Text,
    }
}

diesel::table! {
    /// Which stored files a draft names, in order.
    draft_attachments (draft_id, attachment_id) {
        draft_id -> BigInt,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// What was open and past due when a plan was closed: carried over, or left with a reason.
    carry_overs (node_id) {
        node_id -> BigInt,
        plan_id -> BigInt,
        to_plan_id -> Nullable<BigInt>,
        to_task_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// What is published: bulletins, circulars, monthly reports.
    bulletins (id) {
        id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        title -> Text,
        text -> Text,
        submitter -> Nullable<Text>,
        meeting_id -> Nullable<BigInt>,
        period -> Nullable<Text>,
        figures -> Nullable<Text>,
        public -> Bool,
        state -> Text,
        written_by -> BigInt,
        approved_by -> Nullable<BigInt>,
        approved_on -> Nullable<Date>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// The release of a bulletin, with its number among those of its unit, kind and year.
    bulletin_releases (bulletin_id) {
        bulletin_id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        year -> BigInt,
        number -> BigInt,
        released_by -> BigInt,
        released_on -> Date,
        released_at -> Timestamp,
    }
}

diesel::table! {
    /// Corrections of a released text, numbered.
    bulletin_errata (id) {
        id -> BigInt,
        bulletin_id -> BigInt,
        number -> BigInt,
        text -> Text,
        made_by -> BigInt,
        made_on -> Date,
    }
}

diesel::table! {
    /// Who has read a released text: once a reader.
    bulletin_views (bulletin_id, account_id) {
        bulletin_id -> BigInt,
        account_id -> BigInt,
        viewed_on -> Date,
    }
}

diesel::table! {
    /// Who of a unit signed for a circular: once a unit.
    bulletin_receipts (id) {
        id -> BigInt,
        bulletin_id -> BigInt,
        unit_id -> BigInt,
        account_id -> BigInt,
        signed_on -> Date,
    }
}

diesel::table! {
    /// Meetings and other activities of a unit.
    meetings (id) {
        id -> BigInt,
        unit_id -> BigInt,
        kind -> Text,
        title -> Text,
        called_for -> Date,
        starts_at -> Nullable<Text>,
        place -> Nullable<Text>,
        chair -> Nullable<Text>,
        recorder -> Nullable<Text>,
        status -> Text,
        held_on -> Nullable<Date>,
        held_recorded_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        cancellation_reason -> Nullable<Text>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What is kept of a meeting beside its minutes.
    meeting_records (meeting_id) {
        meeting_id -> BigInt,
        text -> Nullable<Text>,
        on_paper -> Text,
    }
}

diesel::table! {
    /// Which stored files a meeting names, in order.
    meeting_attachments (meeting_id, attachment_id) {
        meeting_id -> BigInt,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// What a meeting deals with.
    agenda_items (id) {
        id -> BigInt,
        meeting_id -> BigInt,
        position -> BigInt,
        title -> Text,
        presenter -> Nullable<Text>,
        link_kind -> Nullable<Text>,
        link_id -> Nullable<BigInt>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// Who was expected at a meeting and who came, from one recorded day to another.
    attendances (id) {
        id -> BigInt,
        meeting_id -> BigInt,
        position -> BigInt,
        person -> Text,
        unit_id -> Nullable<BigInt>,
        account_id -> Nullable<BigInt>,
        status -> Text,
        reason -> Nullable<Text>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// The minutes of a meeting: drafted, signed, distributed.
    meeting_minutes (meeting_id) {
        meeting_id -> BigInt,
        status -> Text,
        text -> Text,
        drafted_by -> BigInt,
        signed_by -> Nullable<BigInt>,
        signed_on -> Nullable<Date>,
        distributed_by -> Nullable<BigInt>,
        distributed_on -> Nullable<Date>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// Which units were called to a meeting or sent its minutes, and who of each signed for it.
    meeting_receipts (id) {
        id -> BigInt,
        meeting_id -> BigInt,
        kind -> Text,
        edition -> BigInt,
        unit_id -> BigInt,
        sent_on -> Date,
        account_id -> Nullable<BigInt>,
        signed_on -> Nullable<Date>,
    }
}

diesel::table! {
    /// Completion reports that were made of one activity: once a report.
    meeting_time_nodes (report_id) {
        report_id -> BigInt,
        meeting_id -> BigInt,
        node_id -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What a unit said to a meeting, and what became of it.
    opinions (id) {
        id -> BigInt,
        meeting_id -> BigInt,
        unit_id -> BigInt,
        text -> Text,
        given_by -> BigInt,
        on_behalf -> Bool,
        given_on -> Date,
        withdrawn_on -> Nullable<Date>,
        disposition -> Nullable<Text>,
        reply -> Nullable<Text>,
        disposed_by -> Nullable<BigInt>,
        disposed_on -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::table! {
    /// What a meeting decided.
    decisions (id) {
        id -> BigInt,
        meeting_id -> BigInt,
        number -> BigInt,
        kind -> Text,
        title -> Nullable<Text>,
        text -> Text,
        votes_for -> Nullable<BigInt>,
        votes_against -> Nullable<BigInt>,
        abstained -> Nullable<BigInt>,
        present -> Nullable<BigInt>,
        entitled -> Nullable<BigInt>,
        due_on -> Nullable<Date>,
        recorded_by -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// Which opinions a decision takes up.
    decision_opinions (decision_id, opinion_id) {
        decision_id -> BigInt,
        opinion_id -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// A problem that was found: what never changes of it.
    findings (id) {
        id -> BigInt,
        year -> BigInt,
        source_body -> Text,
        source_on -> Date,
        source_document -> Nullable<Text>,
        relapse_of -> Nullable<BigInt>,
        raised_by -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What was recorded of a finding, from one day to another.
    finding_facts (id) {
        id -> BigInt,
        finding_id -> BigInt,
        title -> Text,
        problem -> Nullable<Text>,
        root_cause -> Nullable<Text>,
        kind -> Text,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Which units must put a finding right, from one day to another.
    finding_units (id) {
        id -> BigInt,
        finding_id -> BigInt,
        unit_id -> BigInt,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Where a finding stands, from one day to another: the ground of the rectification rate.
    finding_states (id) {
        id -> BigInt,
        finding_id -> BigInt,
        state -> Text,
        account_id -> BigInt,
        reason -> Nullable<Text>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Identity of a measure against a finding.
    measures (id) {
        id -> BigInt,
        finding_id -> BigInt,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What was recorded of a measure, from one day to another.
    measure_facts (id) {
        id -> BigInt,
        measure_id -> BigInt,
        unit_id -> BigInt,
        text -> Text,
        leader -> Nullable<Text>,
        person -> Nullable<Text>,
        due_on -> Nullable<Date>,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// Which tasks of plans carry a measure out.
    measure_tasks (measure_id, task_id) {
        measure_id -> BigInt,
        task_id -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What units say of a finding when they ask for its close-out.
    finding_applications (id) {
        id -> BigInt,
        finding_id -> BigInt,
        text -> Text,
        on_paper -> Text,
        applied_by -> BigInt,
        applied_on -> Date,
    }
}

diesel::table! {
    /// Which stored files an application names, in order.
    finding_application_attachments (application_id, attachment_id) {
        application_id -> BigInt,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// The ruling on an application: one each.
    finding_checks (id) {
        id -> BigInt,
        finding_id -> BigInt,
        application_id -> BigInt,
        verdict -> Text,
        reason -> Nullable<Text>,
        checked_by -> BigInt,
        checked_on -> Date,
    }
}

diesel::table! {
    /// A look back at a closed finding; a failed one names the finding that it made.
    finding_rechecks (id) {
        id -> BigInt,
        finding_id -> BigInt,
        verdict -> Text,
        note -> Nullable<Text>,
        relapse_id -> Nullable<BigInt>,
        rechecked_by -> BigInt,
        rechecked_on -> Date,
    }
}

diesel::table! {
    /// A set of work standards of a unit: freely edited as a draft, frozen once published.
    standard_sets (id) {
        id -> BigInt,
        unit_id -> BigInt,
        title -> Text,
        edition -> Text,
        from_set_id -> Nullable<BigInt>,
        status -> Text,
        published_on -> Nullable<Date>,
        published_by -> Nullable<BigInt>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// What a set asks, point by point.
    clauses (id) {
        id -> BigInt,
        set_id -> BigInt,
        position -> BigInt,
        code -> Text,
        category -> Text,
        title -> Text,
        requirement -> Nullable<Text>,
        points_tenths -> BigInt,
        mandatory -> Bool,
        curable -> Bool,
        evidence_months -> Nullable<BigInt>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// The procedure documents of a clause, in order.
    clause_documents (clause_id, attachment_id) {
        clause_id -> BigInt,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// Which tasks do what a clause asks, from one recorded day to another. No part of the text of the set.
    clause_tasks (id) {
        id -> BigInt,
        clause_id -> BigInt,
        task_id -> BigInt,
        version -> BigInt,
        recorded_from -> Date,
        recorded_to -> Nullable<Date>,
    }
}

diesel::table! {
    /// An assessment of a branch against a published set. Each step keeps the day it was recorded.
    assessments (id) {
        id -> BigInt,
        unit_id -> BigInt,
        set_id -> BigInt,
        state -> Text,
        opened_by -> BigInt,
        self_assessed_by -> Nullable<BigInt>,
        self_assessed_on -> Nullable<Date>,
        on_behalf -> Bool,
        checked_by -> Nullable<BigInt>,
        checked_on -> Nullable<Date>,
        check_recorded_on -> Nullable<Date>,
        version -> BigInt,
        recorded_on -> Date,
    }
}

diesel::table! {
    /// The ruling on a checked assessment: once, by a decision; a withdrawal of the recognition is marked on it.
    recognitions (assessment_id) {
        assessment_id -> BigInt,
        verdict -> Text,
        reason -> Nullable<Text>,
        ruled_by -> BigInt,
        recorded_on -> Date,
        withdrawn_by -> Nullable<BigInt>,
        withdrawn_on -> Nullable<Date>,
        withdrawal_reason -> Nullable<Text>,
        decision_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What an assessment says of each clause of its set: by the unit itself beside, by the checker.
    assessment_results (assessment_id, clause_id) {
        assessment_id -> BigInt,
        clause_id -> BigInt,
        self_result -> Nullable<Text>,
        self_points_tenths -> Nullable<BigInt>,
        self_note -> Nullable<Text>,
        self_on_paper -> Text,
        result -> Nullable<Text>,
        points_tenths -> Nullable<BigInt>,
        deduction_reason -> Nullable<Text>,
        proposal -> Nullable<Text>,
        overrule_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        evidence_on -> Nullable<Date>,
        on_paper -> Text,
        approved_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// The stored evidence of a result, in order: of the unit itself or of the checker.
    assessment_attachments (assessment_id, clause_id, side, attachment_id) {
        assessment_id -> BigInt,
        clause_id -> BigInt,
        side -> Text,
        attachment_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    /// Files that were handed in to be imported.
    imports (id) {
        id -> BigInt,
        list -> Text,
        plan_id -> Nullable<BigInt>,
        set_id -> Nullable<BigInt>,
        year -> Nullable<BigInt>,
        sheet -> Nullable<Text>,
        file_name -> Text,
        sha256 -> Text,
        state -> Text,
        counted -> Text,
        content_hash -> Text,
        made_by -> Nullable<BigInt>,
        made_on -> Date,
        committed_on -> Nullable<Date>,
        version -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    business_day,
    idempotency_keys,
    audit_entries,
    audit_seals,
    units,
    unit_facts,
    accounts,
    appointments,
    sessions,
    refresh_tokens,
    sign_in_failures,
    signing_keys,
    plans,
    plan_facts,
    key_points,
    key_point_facts,
    tasks,
    task_facts,
    responsibilities,
    schedule_entries,
    plan_revisions,
    plan_changes,
    time_nodes,
    time_node_states,
    extensions,
    waivers,
    cancellations,
    attachment_destructions,
    attachments,
    progress_reports,
    report_attachments,
    reviews,
    calendar_years,
    calendar_days,
    settings,
    urges,
    comments,
    plan_receipts,
    report_drafts,
    draft_attachments,
    pinned_reports,
    carry_overs,
    bulletins,
    bulletin_releases,
    bulletin_errata,
    bulletin_views,
    bulletin_receipts,
    meetings,
    meeting_records,
    meeting_attachments,
    agenda_items,
    attendances,
    meeting_minutes,
    meeting_receipts,
    meeting_time_nodes,
    opinions,
    decisions,
    decision_opinions,
    findings,
    finding_facts,
    finding_units,
    finding_states,
    measures,
    measure_facts,
    measure_tasks,
    finding_applications,
    finding_application_attachments,
    finding_checks,
    finding_rechecks,
    standard_sets,
    clauses,
    clause_documents,
    clause_tasks,
    assessments,
    recognitions,
    assessment_results,
    assessment_attachments,
    imports,
    layouts,
);
