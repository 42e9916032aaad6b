//! Assessments and their results as they are shown, and the inputs that make and change them.

use crate::word_enum;

word_enum! {
    /// Where an assessment stands.
    AssessmentState {
        Draft = "draft",
        SelfAssessed = "self_assessed",
        Checked = "checked",
        Recognised = "recognised",
        NotRecognised = "not_recognised",
        Withdrawn = "withdrawn",
    }
}

word_enum! {
    /// What an assessment says of a clause.
    ClauseResult {
        Met = "met",
        Partly = "partly",
        NotMet = "not_met",
        /// Left out of the count; needs a leader's approval.
        NotApplicable = "not_applicable",
        /// Nothing is said of it.
        NotAssessed = "not_assessed",
    }
}
