//! Findings 问题: what an inspection found wrong, the measures against it, and how it is put right: `open → rectifying →
//! applied → checked → closed` 销号. Where a finding stands, what is said of it, its units and its measures are interval
//! rows, so that any day can be read as it stood. A closed finding stays closed: a re-check 回头看 that fails makes a new
//! one, with `relapse_of`, and a chain of relapses counts once, by its last life.

pub mod model;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// A finding.
    FindingId
}
id_type! {
    /// A measure against a finding.
    MeasureId
}
id_type! {
    /// An application for the close-out of a finding.
    ApplicationId
}
id_type! {
    /// The ruling on an application.
    CheckId
}
id_type! {
    /// A look back at a closed finding.
    RecheckId
}

codes! {
    FINDING_UNKNOWN: 422 "finding_unknown" "没有编号为 {id} 的问题；请核对编号。" "There is no finding with the id {id}; check the number.";
}
