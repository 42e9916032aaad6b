//! Comments 点评 and instructions 批示 on tasks, time nodes, progress reports and meetings. Who reads a thing and works with it may
//! comment on it; an instruction is a leader's. What was said stays said: nobody changes it, and a withdrawal by its
//! author leaves the row and hides the text.

pub mod actions;
pub mod http;
pub mod model;
pub mod store;

use crate::{codes, id_type};

id_type! {
    /// A comment.
    CommentId
}

codes! {
    NOT_THE_AUTHOR: 403 "not_the_author" "只能撤回自己的点评；请由本人撤回。" "Only the account that wrote a comment may withdraw it.";
    COMMENT_WITHDRAWN: 409 "comment_withdrawn" "该点评已撤回。" "The comment is withdrawn already.";
}
