//! Standard sets 标准: what every branch must reach, clause 标准条款 by clause, with points, procedure documents and the
//! tasks that do what is asked. A set is freely edited as a draft and published once; from then its text, its clauses
//! and their documents are frozen by every route, and what changes is a new set that names the one before. Links to
//! tasks are no part of the text: they are dated, and stay changeable.

pub mod clauses;
pub mod http;
pub mod links;
pub mod model;
pub mod points;
pub mod rules;
pub mod sets;
pub mod store;

pub use points::Points;

use crate::{codes, id_type};

id_type! {
    /// A set of work standards.
    SetId
}
id_type! {
    /// A clause of a set.
    ClauseId
}
id_type! {
    /// A link from a clause to a task.
    ClauseTaskId
}

codes! {
    SET_PUBLISHED: 409 "set_published" "该标准已发布，其文字、条款和作业程序文件已冻结；请以它为底另立一套。"
        "The set is published: its text, clauses and procedure documents are frozen; make a new set from it.";
    SET_ALREADY_PUBLISHED: 409 "set_already_published" "该标准已发布过。" "The set has been published already.";
    SET_EMPTY: 409 "set_empty" "该标准没有条款，不能发布；请先添加条款。" "The set has no clauses; add some before publishing it.";
    SET_EXISTS: 409 "set_exists" "该组织已有同名同版的标准；请换一个版本号 `edition`。"
        "The unit has a set of this title and edition already; take another edition.";
    SET_UNIT_KIND: 422 "set_unit_kind" "标准由党委、党总支或上级组织制定；请改用这样的组织。"
        "Standards are set by a committee, a general branch or a superior unit; name one of these.";
    FROM_SET_UNKNOWN: 422 "from_set_unknown" "没有编号为 {id} 的已发布标准可供复制。" "There is no published set with the id {id} to copy from.";
    CLAUSE_EXISTS: 409 "clause_exists" "该标准已有编号为 {code} 的条款。" "The set has a clause with the code {code} already.";
    CLAUSE_POSITION_TAKEN: 409 "clause_position_taken" "序号 {position} 已被使用。" "The position {position} is taken.";
    CLAUSE_TASK_EXISTS: 409 "clause_task_exists" "该条款已关联这项任务。" "The clause is linked to this task already.";
    CLAUSE_TASK_ENDED: 409 "clause_task_ended" "该关联已解除。" "The link has ended already.";
    TASK_UNKNOWN: 422 "task_unknown" "没有您可读的编号为 {id} 的任务。" "There is no task {id} that you may read.";
    TASK_NOT_ISSUED: 409 "task_not_issued" "该任务所在的计划尚未下达；请在下达后关联。"
        "The plan of this task is not issued; link the task once it is.";
}
