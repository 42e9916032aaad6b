//! Decisions 决定 of a held meeting, numbered within it: a resolution 决议 with its votes, a deployment 部署, an information
//! 通报. Closing the meeting freezes their wording. A deployment becomes tasks of a plan, also after the close; how far
//! it is delivered is read from the time nodes of those tasks and stored nowhere. From a task one walks to its decision,
//! the meeting and the opinions that it takes up, and back.

pub mod actions;
pub mod chain;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// A decision.
    DecisionId
}

codes! {
    VOTES_REQUIRED: 422 "votes_required" "决议须写明表决结果 `votes`。" "A resolution needs its votes.";
    VOTES_IMPLAUSIBLE: 422 "votes_implausible" "票数不合：{detail}；赞成、反对、弃权之和不超过实到，实到不超过应到。"
        "The votes don't add up ({detail}): for, against and abstain are at most those present, and those at most the entitled.";
    VOTES_OUTNUMBER: 409 "votes_outnumber" "第 {number} 项决定的表决人数多于到会名单所列；请先更正票数 `votes`。"
        "By this list fewer came than voted on decision {number}; correct its votes first.";
    DECISION_UNKNOWN: 422 "decision_unknown" "没有编号为 {id} 的决定。" "There is no decision with the id {id}.";
    DECISION_ELSEWHERE: 422 "decision_elsewhere" "决定 {id} 是另一组织的会议作出的。"
        "The decision {id} is of a meeting of another unit.";
    DECISION_IN_USE: 409 "decision_in_use" "该决定已有任务、意见答复、计划、认定或议程引用，不能删除。"
        "A task, an answer to an opinion, a plan, a recognition or an agenda names this decision, so it can't be deleted.";
    DECISION_RELIED_ON: 409 "decision_relied_on" "已有任务、意见答复、计划、认定或议程以该决定为依据，不能改为未获通过；情况有变的，请另作决定。"
        "A task, an answer, a plan, a recognition or an agenda rests on this decision, so it can't be voted down now; decide anew.";
    NOT_A_DEPLOYMENT: 409 "not_a_deployment" "只有部署可以转为工作任务；需要落实的，请另记一项部署。"
        "Only a deployment becomes a task; enter what is to be carried out as one.";
    DECISION_NOT_PASSED: 409 "decision_not_passed" "该决定未获通过，不能作为依据。"
        "The decision was not passed, so nothing can rest on it.";
}
