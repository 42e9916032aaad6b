//! Meetings of the committee as the tests need them.

use serde_json::json;

use super::{Scene, id};

impl Scene {
    /// The department calls some units to a meeting of the committee.
    pub async fn call_meeting(&self, units: &[i64]) -> i64 {
        let body = json!({"unit_id": self.committee, "kind": "promotion_meeting", "title": "党建工作推进会",
            "called_for": "2020-03-24"});
        let meeting = id(&self.department.post("/meetings", body).await.created());
        if !units.is_empty() {
            self.department.post(&format!("/meetings/{meeting}/call"), json!({"unit_ids": units})).await.ok();
        }
        meeting
    }

    /// It is held; so many were expected, so many of them came, and one observer beside.
    pub async fn hold(&self, meeting: i64, expected: usize, present: usize) {
        self.put_attendance(meeting, expected, present).await.ok();
        self.department.post(&format!("/meetings/{meeting}/hold"), json!({})).await.ok();
    }

    /// Puts its attendance list.
    pub async fn put_attendance(&self, meeting: i64, expected: usize, present: usize) -> super::Answer {
        let member = |n: usize| {
            let status = if n < present { "present" } else { "absent" };
            json!({"person": format!("委员{n}"), "status": status})
        };
        let mut items: Vec<_> = (0..expected).map(member).collect();
        items.push(json!({"person": "列席人员", "status": "observer"}));
        self.department.put(&format!("/meetings/{meeting}/attendances"), json!({"items": items})).await
    }

    /// The committee meets today and decides something; the id of the decision.
    pub async fn decided(&self) -> i64 {
        let today = self.app.app.db.clock().today();
        let body =
            json!({"unit_id": self.committee, "kind": "committee_meeting", "title": "党委会", "called_for": today});
        let meeting = id(&self.department.post("/meetings", body).await.created());
        self.hold(meeting, 3, 3).await;
        let body = json!({"kind": "resolution", "text": "认定", "votes": {"for": 3, "against": 0, "abstain": 0, "present": 3}});
        id(&self.department.post(&format!("/meetings/{meeting}/decisions"), body).await.created())
    }

    /// Its minutes are signed, and it is closed.
    pub async fn close_meeting(&self, meeting: i64) {
        let path = format!("/meetings/{meeting}");
        self.department.put(&format!("{path}/minutes"), json!({"text": "会议纪要"})).await.ok();
        self.leader.post(&format!("{path}/minutes/signature"), json!({})).await.ok();
        self.department.post(&format!("{path}/close"), json!({})).await.ok();
    }
}
