//! Bulletins 简报, circulars 通报 and monthly reports 月报: written by a unit or its department, approved by a leader who
//! did not write them, released with a number. Their figures are the report of one day, pinned when the draft is made.
//! Once released nothing of one changes; what was wrong in it is put right by a numbered erratum. Views are counted once
//! a reader, receipts are signed by the units a circular goes to, and neither becomes a rate.

pub mod actions;
pub mod draft;
pub mod http;
pub mod model;
pub mod receipts;
pub mod rules;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// A bulletin of any kind.
    BulletinId
}
id_type! {
    /// A correction of a released bulletin.
    ErratumId
}

codes! {
    OWN_BULLETIN: 403 "own_bulletin" "不能审批自己起草的简报；请由另一位领导审批。"
        "Nobody approves what they wrote themselves; ask another leader.";
    BULLETIN_RELEASED: 409 "bulletin_released" "已发布，内容不能再改；如有错误，请发勘误。"
        "It is released and can't be changed; put right what is wrong by an erratum.";
    BULLETIN_APPROVED: 409 "bulletin_approved" "已经审批；可直接发布，修改后须重新审批。"
        "It is approved already; release it, or change it and have it approved again.";
    BULLETIN_NOT_APPROVED: 409 "bulletin_not_approved" "尚未经领导审批，不能发布。" "A leader has to approve it before it is released.";
    BULLETIN_NOT_RELEASED: 409 "bulletin_not_released" "尚未发布；草稿请直接修改。"
        "It is not released yet; change the draft instead.";
    ONLY_CIRCULARS: 409 "only_circulars" "只有通报需要签收。" "Only circulars are signed for.";
    BULLETIN_RECEIPT_EXISTS: 409 "bulletin_receipt_exists" "本组织已经签收。" "The unit has signed for it already.";
    PERIOD_UNREADABLE: 422 "period_unreadable" "期间应写作 2020-09 或 2020-Q3；月报只能按月。"
        "Write the period as 2020-09 or 2020-Q3; a monthly report is of a month.";
    PERIOD_AHEAD: 422 "period_ahead" "该期间尚未开始。" "That period has not begun.";
    TEXT_WANTED: 422 "text_wanted" "请写出标题和正文，或给出期间由系统起草。"
        "Give a title and a text, or a period from which they are drafted.";
    NOT_ADDRESSED: 422 "not_addressed" "该通报不是发给这个组织的。" "The circular does not go to that unit.";
    WHICH_UNIT: 422 "which_unit" "您在几个组织任职；请指明为哪个组织签收 `unit_id`。"
        "You hold posts at several of its units; say for which one you sign `unit_id`.";
}
