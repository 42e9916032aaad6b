//! Which year a node belongs to: that of its plan.

use std::collections::HashMap;

use crate::plans::{self, PlanId};
use crate::platform::{Conn, Result};
use crate::time_nodes::TimeNode;

/// The years of plans that were looked up.
#[derive(Default)]
pub struct Years(HashMap<PlanId, i64>);

impl Years {
    pub fn of(&mut self, conn: &mut Conn, node: &TimeNode) -> Result<i64> {
        if let Some(year) = self.0.get(&node.plan_id) {
            return Ok(*year);
        }
        let year = plans::store::get_plan(conn, node.plan_id)?.year;
        self.0.insert(node.plan_id, year);
        Ok(year)
    }
}
