//! Layouts 报表格式: how a table is shown, so that the superior's own form comes out ready: which columns in which order
//! and wording, title lines, a signature line. The department of a unit makes them; everybody may use them, on any list
//! or report that is answered as a table. A layout says nothing of who may read what: it is applied to the rows that
//! whoever asks would get without it.

pub mod actions;
pub mod http;
pub mod model;
pub mod store;

pub use actions::SavedLayouts;

use crate::{codes, id_type};

id_type! {
    /// A layout of tables.
    LayoutId
}

codes! {
    LAYOUT_EXISTS: 409 "layout_exists" "该组织已有名为“{name}”的报表格式；请换一个名称。"
        "The unit has a layout named “{name}” already; take another name.";
    LAYOUT_UNKNOWN: 422 "layout_unknown" "没有编号为 {id} 的报表格式。" "There is no layout with the id {id}.";
}
