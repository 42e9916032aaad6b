//! Assessments that wait: to be submitted by one's own branch, to be checked, to be ruled on.

use chrono::NaiveDate;

use super::actions::item;
use super::model::{InboxItem, InboxKind, InboxSubject};
use super::store;
use crate::access::{Action, Actor};
use crate::assessments::check::require_may_check;
use crate::assessments::model::AssessmentState;
use crate::assessments::open::is_of_unit;
use crate::assessments::recognise::require_may_rule;
use crate::platform::{Conn, Result};

/// What waits of each assessment for the actor, by the rules of the steps that it leads to. Of the checked ones only
/// the newest of a branch: nobody rules on those before it any more.
pub(super) fn waiting(conn: &mut Conn, actor: &Actor) -> Result<Vec<InboxItem>> {
    let reach = actor.reach_any(&[Action::SelfAssess, Action::CheckAssessments, Action::Recognise]);
    let mut items = Vec::new();
    for (assessment, title, site) in store::waiting_assessments(conn, &reach)? {
        let own = actor.may(Action::SelfAssess, &site) && is_of_unit(actor, &site);
        let (kind, since) = match assessment.state {
            AssessmentState::Draft if own => (InboxKind::ToSelfAssess, Some(assessment.recorded_on)),
            AssessmentState::SelfAssessed if require_may_check(actor, &assessment, &site).is_ok() => {
                (InboxKind::ToCheck, assessment.self_assessed_on)
            }
            AssessmentState::Checked if require_may_rule(actor, &site).is_ok() => {
                (InboxKind::ToRecognise, assessment.check_recorded_on)
            }
            _ => continue,
        };
        let named = (InboxSubject::Assessment, assessment.id.0, assessment.unit_id, title);
        items.push(item(kind, named, (None, NaiveDate::MAX), None, since));
    }
    Ok(items)
}
