//! The policy, as a table. Pure: a role, an action and a relation in, yes or no out.

use crate::word_enum;

word_enum! {
    /// What an appointment makes of an account at a unit (domain, 1.3).
    Role {
        Secretary = "secretary",
        DeputySecretary = "deputy_secretary",
        Cadre = "cadre",
        Department = "department",
        Leader = "leader",
        Inspector = "inspector",
        Auditor = "auditor",
        Administrator = "administrator",
    }
}

word_enum! {
    /// How a post stands to the unit something is about.
    Relation {
        /// The unit of the post itself. For a post at a department: the department.
        Own = "own",
        /// For the role `department`: the unit it serves.
        Served = "served",
        /// A unit below the one of the post (or below the one served).
        Below = "below",
        /// A unit above it.
        Above = "above",
        /// Any other unit, or a post without a unit.
        Elsewhere = "elsewhere",
    }
}

word_enum! {
    /// What can be done. Every operation of the contract names the action that guards it.
    Action {
        /// Read units: names, kinds, the tree.
        ReadUnits = "read_units",
        /// Make, change, move and dissolve units.
        ManageUnits = "manage_units",
        /// Make accounts and appointments, reset and unlock.
        ManageAccounts = "manage_accounts",
        /// Read a plan of the unit. (A unit that an issued plan names reads it in any case.)
        ReadPlan = "read_plan",
        /// Write a plan of the unit with its lists, and issue it.
        WritePlan = "write_plan",
        /// Read the unit's time nodes, reports, evidence and findings.
        ReadNodes = "read_nodes",
        /// Report progress on a node of the unit, and upload evidence for it.
        ReportProgress = "report_progress",
        /// Sign that a node of the unit is complete.
        SignCompletion = "sign_completion",
        /// The same by a cadre of the unit, where the settings don't leave it to the secretary.
        SignAsCadre = "sign_as_cadre",
        /// Date a report or an issue earlier than the day it is recorded.
        BackDate = "back_date",
        /// Rule on a completion of a branch and the like.
        Review = "review",
        /// Rule on a completion of a department or mass organisation.
        ReviewStaff = "review_staff",
        /// Rule on a completion of a committee.
        ReviewCommittee = "review_committee",
        /// Confirm that the bytes of evidence be destroyed, as somebody else asked.
        DestroyEvidence = "destroy_evidence",
        /// Read the unit's meetings. (A unit that a meeting calls or names reads it in any case.)
        ReadMeetings = "read_meetings",
        /// Call the unit's meetings, enter who came and what was said, hold and close them.
        WriteMeeting = "write_meeting",
        /// Sign the minutes of the unit's meetings.
        SignMinutes = "sign_minutes",
        /// Say something to a meeting in the name of the unit.
        GiveOpinion = "give_opinion",
        /// Say what becomes of what was said to a meeting of the unit.
        DisposeOpinion = "dispose_opinion",
        /// Raise a finding against the unit, change what it says, look back at it after its close-out.
        RaiseFinding = "raise_finding",
        /// Take measures against a finding of the unit, and apply for its close-out.
        RectifyFinding = "rectify_finding",
        /// Rule on what the unit applied for, and close the finding out.
        CheckFinding = "check_finding",
        /// Dismiss a finding: an inspector only one of their own.
        DismissFinding = "dismiss_finding",
        /// Urge the unit to do what it owes.
        Urge = "urge",
        /// Ask for an extension, a waiver or a cancellation.
        Request = "request",
        /// Grant a first extension of at most the days in the settings.
        GrantShort = "grant_short",
        /// Grant a longer or further extension, a waiver, a cancellation.
        Grant = "grant",
        /// The same for a node of a committee, department or mass organisation.
        GrantStaff = "grant_staff",
        /// Write a bulletin of the unit, and release it once approved.
        WriteBulletin = "write_bulletin",
        /// Approve a bulletin of the unit, and correct it after its release.
        ApproveBulletin = "approve_bulletin",
        /// Read released bulletins of the unit.
        ReadBulletins = "read_bulletins",
        /// Sign that the unit has received a plan that names it.
        SignReceipt = "sign_receipt",
        /// Comment on what one reads.
        Comment = "comment",
        /// Comment as an instruction 批示.
        Instruct = "instruct",
        /// Read published standards.
        ReadStandards = "read_standards",
        /// Write and publish standards of the unit, and link their clauses to tasks.
        WriteStandards = "write_standards",
        /// Open an assessment of the unit and assess it for itself.
        SelfAssess = "self_assess",
        /// Check an assessment of the unit.
        CheckAssessments = "check_assessments",
        /// Approve that a clause is not applicable to the unit, recognise the unit, withdraw the recognition.
        Recognise = "recognise",
        /// Be told of units that owe and have nobody who could sign.
        WatchPosts = "watch_posts",
        /// Be told of terms that end.
        WatchTerms = "watch_terms",
        /// Read compliance counts.
        ReadCounts = "read_counts",
        /// Read what the department and the leaders ought to look at: shared evidence, completions dated back.
        ReadFlags = "read_flags",
        /// Use the layouts of tables.
        ReadLayouts = "read_layouts",
        /// Make and change layouts of the unit.
        WriteLayouts = "write_layouts",
        /// Read the audit log.
        ReadAudit = "read_audit",
        /// Read the settings and the calendars.
        ReadSettings = "read_settings",
        /// Change the settings.
        ManageSettings = "manage_settings",
        /// Import calendars.
        ManageCalendars = "manage_calendars",
    }
}

/// Whether a post of `role` that stands in `relation` to a unit allows `action` there.
pub fn allows(role: Role, action: Action, relation: Relation) -> bool {
    use Action as A;
    use Relation::{Below, Own, Served};
    use Role as R;
    let signs_for = matches!(role, R::Secretary | R::DeputySecretary);
    let upwards = matches!(relation, Own | Served | Below);
    match action {
        A::ReadUnits | A::ReadCounts | A::ReadSettings | A::ReadStandards | A::ReadLayouts => true,
        A::ManageUnits | A::ManageAccounts | A::ManageSettings | A::ManageCalendars => role == R::Administrator,
        A::ReadAudit => role == R::Auditor,
        A::ReadPlan | A::ReadNodes | A::ReadMeetings => match role {
            R::Cadre => relation == Own,
            R::Auditor | R::Administrator => false,
            _ => upwards,
        },
        A::WritePlan | A::WriteMeeting => match role {
            R::Department => upwards,
            _ => signs_for && relation == Own,
        },
        A::ReportProgress => match role {
            R::Department => upwards,
            _ => (signs_for || role == R::Cadre) && relation == Own,
        },
        A::SignCompletion | A::Request => match role {
            R::Department => upwards,
            _ => signs_for && relation == Own,
        },
        // Who chairs or who leads, never the department that drafted them.
        A::SignMinutes => match role {
            R::Leader => matches!(relation, Own | Below),
            _ => signs_for && relation == Own,
        },
        A::WriteBulletin => match role {
            R::Department => upwards,
            _ => signs_for && relation == Own,
        },
        A::ApproveBulletin => role == R::Leader && matches!(relation, Own | Below),
        // What a unit above publishes is for everybody below it.
        A::ReadBulletins => !matches!(role, R::Auditor | R::Administrator) && relation != Relation::Elsewhere,
        A::GiveOpinion => match role {
            R::Department => upwards,
            _ => (signs_for || role == R::Cadre || role == R::Leader) && relation == Own,
        },
        A::DisposeOpinion => match role {
            R::Department => upwards,
            R::Leader => matches!(relation, Own | Below),
            _ => signs_for && relation == Own,
        },
        A::SignAsCadre => role == R::Cadre && relation == Own,
        A::RaiseFinding => match role {
            // What a body outside the tree found with the committee, its department enters.
            R::Department | R::Inspector => upwards,
            _ => role == R::Leader && matches!(relation, Own | Below),
        },
        A::RectifyFinding => match role {
            R::Department => upwards,
            _ => signs_for && relation == Own,
        },
        A::CheckFinding => matches!(role, R::Department | R::Leader) && relation == Below,
        A::DismissFinding => match role {
            R::Inspector => upwards,
            _ => role == R::Leader && relation == Below,
        },
        A::BackDate | A::WriteLayouts => role == R::Department && upwards,
        A::Review | A::Urge => (signs_for || role == R::Leader || role == R::Department) && relation == Below,
        A::ReviewStaff => role == R::Leader && relation == Below,
        A::ReviewCommittee => match role {
            R::Leader => matches!(relation, Own | Below),
            _ => signs_for && relation == Below,
        },
        // Whoever writes plans for a unit writes standards for it, and assesses it for itself.
        A::WriteStandards | A::SelfAssess => match role {
            R::Department => upwards,
            _ => signs_for && relation == Own,
        },
        A::CheckAssessments => (role == R::Department || role == R::Leader) && relation == Below,
        A::Recognise => role == R::Leader && relation == Below,
        A::GrantShort => (role == R::Department || role == R::Leader) && relation == Below,
        A::Grant => role == R::Leader && relation == Below,
        // What a department owes, its own posts receive.
        A::SignReceipt => (signs_for || role == R::Cadre || role == R::Department) && relation == Own,
        // Inspectors speak through findings.
        A::Comment => match role {
            R::Cadre => relation == Own,
            _ => (signs_for || role == R::Department || role == R::Leader) && upwards,
        },
        // A plan, its tasks and its nodes may be those of the leader's own committee.
        A::Instruct => role == R::Leader && matches!(relation, Own | Below),
        A::WatchPosts => match role {
            R::Administrator => true,
            _ => (role == R::Department || role == R::Leader) && upwards,
        },
        A::WatchTerms => match role {
            R::Department | R::Leader => upwards,
            _ => signs_for && relation == Own,
        },
        A::ReadFlags | A::DestroyEvidence => (role == R::Department || role == R::Leader) && upwards,
        A::GrantStaff => role == R::Leader && matches!(relation, Own | Below),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole policy, one line a role and action: the relations in which it is allowed.
    #[test]
    fn the_whole_policy_is_as_recorded() {
        let mut table = String::new();
        for role in Role::ALL {
            for action in Action::ALL {
                let relations: Vec<_> =
                    Relation::ALL.iter().filter(|r| allows(*role, *action, **r)).map(|r| r.word()).collect();
                let relations = if relations.is_empty() { "-".into() } else { relations.join(" ") };
                table.push_str(&format!("{:<16} {:<18} {relations}\n", role.word(), action.word()));
            }
        }
        insta::assert_snapshot!(table);
    }
}
