//! Units: a dated tree. What is said of a unit (name, place, life) is an interval row with the days it was recorded
//! from and to, so the tree of any past day can be read back. Nothing that anything refers to is deleted: a unit is
//! dissolved, with a successor or a reason for what it still owes. All periods include both end days.

pub mod actions;
pub mod http;
pub mod model;
pub mod rules;
pub mod store;

pub use crate::access::UnitId;
pub use model::{Unit, UnitKind};
pub use store::{Tree, UnitFacts};

use crate::codes;

codes! {
    UNIT_CYCLE: 409 "unit_cycle" "上级不能是本组织自身或其下级。" "A unit can't lie below itself or below a unit under it.";
    UNIT_UNKNOWN: 422 "unit_unknown" "没有编号为 {id} 的组织。" "There is no unit with the id {id}.";
    UNIT_DISSOLVED: 409 "unit_dissolved" "该组织已于 {on} 撤销，不能再更改。" "The unit was dissolved on {on} and can't be changed any more.";
    UNIT_HAS_UNITS: 409 "unit_has_units" "该组织下仍有未撤销的组织；请先移走或撤销。" "Units still stand below it; move or dissolve them first.";
    DISSOLUTION_UNEXPLAINED: 422 "dissolution_unexplained" "请给出承接组织 `successor_id` 或原因 `reason`：已到期未完成的仍算所欠。"
        "Name a successor `successor_id` or a reason `reason`: what is past due stays owed.";
    LIFE_REVERSED: 422 "life_reversed" "撤销日期不能早于成立日期。" "A unit can't be dissolved before it was established.";
    PARENT_REQUIRED: 422 "parent_required" "{kind} 必须有上级组织。" "A {kind} needs a parent unit.";
}
