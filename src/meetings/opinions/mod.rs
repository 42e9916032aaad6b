//! Opinions and suggestions 意见建议 that units give to a meeting, before it or at it. Each is answered once, also after the
//! meeting is closed: what became of it, and a reply, which whoever gave it reads. Until then its giver may take it back,
//! while the meeting is open; its wording is never changed.

pub mod actions;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// An opinion.
    OpinionId
}

codes! {
    UNIT_NOT_CALLED: 422 "unit_not_called" "该组织既不是会议所属组织，也未列入到会名单或会议通知：{unit}。"
        "The meeting is neither this unit's own nor does it list or call it: {unit}.";
    NOT_THE_GIVER: 403 "not_the_giver" "只能撤回自己提出的意见；请由提出人撤回。" "Only the account that gave an opinion may withdraw it.";
    OWN_OPINION: 403 "own_opinion" "不能答复自己提出的意见；请由他人答复。" "Nobody answers their own opinion; somebody else must.";
    OPINION_WITHDRAWN: 409 "opinion_withdrawn" "该意见已撤回。" "The opinion is withdrawn.";
    OPINION_ANSWERED: 409 "opinion_answered" "该意见已有答复，不能再次答复或撤回。"
        "The opinion has its answer; it can be neither answered again nor withdrawn.";
    OPINION_UNKNOWN: 422 "opinion_unknown" "没有编号为 {id} 的意见。" "There is no opinion with the id {id}.";
    OPINION_ELSEWHERE: 422 "opinion_elsewhere" "意见 {id} 是向另一组织的会议提出的。"
        "The opinion {id} was given to a meeting of another unit.";
}
