//! Who calls: every role at the own unit, beside it, above it and in another tree, and those who have no right at all.

use duban::access::{Relation, Role};
use serde_json::json;

use crate::support::{Persona, TestApp, id};

/// A post as the policy looks at it, told here and not read from the program.
pub struct Post {
    pub role: Role,
    /// The unit of the appointment.
    pub seat: Option<i64>,
    /// Path of that unit.
    path: String,
    /// Path of the unit a department post serves.
    serves: Option<String>,
}

impl Post {
    /// How the post stands to a unit, by the paths alone (domain, 1.3).
    pub fn relation(&self, unit: &str) -> Relation {
        let scope = self.serves.as_ref().unwrap_or(&self.path);
        match () {
            () if self.seat.is_none() => Relation::Elsewhere,
            () if self.path == unit && self.serves.as_deref() != Some(unit) => Relation::Own,
            () if scope == unit => Relation::Served,
            () if unit.starts_with(scope.as_str()) => Relation::Below,
            () if scope.starts_with(unit) => Relation::Above,
            () => Relation::Elsewhere,
        }
    }

    /// How it stands to the unit it is held at.
    pub fn at_home(&self) -> Relation {
        self.relation(&self.path)
    }
}

pub struct Someone {
    pub name: &'static str,
    pub persona: Persona,
    pub signed_in: bool,
    pub posts: Vec<Post>,
}

pub type Cast = Vec<Someone>;

/// Everybody. The demo's tree is `/1/` with the department `/1/2/` and the branches from `/1/3/` on.
pub async fn cast(app: &TestApp) -> Cast {
    // Who signed in a quarter of an hour ago.
    let expired = app.person("expired", Role::Leader, Some(1)).await;
    app.app.db.clock().let_pass(15 * 60 + 1);
    let mut cast = vec![
        Someone { name: "anonymous", persona: app.anonymous(), signed_in: false, posts: vec![] },
        Someone { name: "expired", persona: expired, signed_in: false, posts: vec![] },
    ];
    let admin = app.person("second administrator", Role::Administrator, None).await;
    let unit = async |body| id(&admin.post("/units", body).await.created());
    let other = unit(json!({"name": "另一党委", "kind": "committee"})).await;
    let office = unit(json!({"name": "另一党群部", "kind": "department", "parent_id": other})).await;
    let branch = unit(json!({"name": "另一支部", "kind": "branch", "parent_id": other})).await;
    let group = unit(json!({"name": "第一党小组", "kind": "party_group", "parent_id": 3})).await;

    /// A post, its role, the unit it is held at, and the paths of that unit and of the one it serves.
    type Seat = (&'static str, Role, Option<i64>, (String, Option<String>));
    let at = |path: String, serves: Option<String>| (path, serves);
    let seats: [Seat; 19] = [
        ("administrator", Role::Administrator, None, at(String::new(), None)),
        ("auditor of all", Role::Auditor, None, at(String::new(), None)),
        ("department post", Role::Department, Some(2), at("/1/2/".into(), Some("/1/".into()))),
        ("department post at the committee", Role::Department, Some(1), at("/1/".into(), Some("/1/".into()))),
        ("leader of the committee", Role::Leader, Some(1), at("/1/".into(), None)),
        ("inspector of the committee", Role::Inspector, Some(1), at("/1/".into(), None)),
        ("secretary of the committee", Role::Secretary, Some(1), at("/1/".into(), None)),
        ("secretary of the first branch", Role::Secretary, Some(3), at("/1/3/".into(), None)),
        ("deputy of the first branch", Role::DeputySecretary, Some(3), at("/1/3/".into(), None)),
        ("cadre of the first branch", Role::Cadre, Some(3), at("/1/3/".into(), None)),
        ("leader of the first branch", Role::Leader, Some(3), at("/1/3/".into(), None)),
        ("secretary of a group below", Role::Secretary, Some(group), at(format!("/1/3/{group}/"), None)),
        ("secretary of the second branch", Role::Secretary, Some(4), at("/1/4/".into(), None)),
        ("cadre of the second branch", Role::Cadre, Some(4), at("/1/4/".into(), None)),
        ("leader elsewhere", Role::Leader, Some(other), at(format!("/{other}/"), None)),
        (
            "department elsewhere",
            Role::Department,
            Some(office),
            at(format!("/{other}/{office}/"), Some(format!("/{other}/"))),
        ),
        ("inspector elsewhere", Role::Inspector, Some(other), at(format!("/{other}/"), None)),
        ("secretary elsewhere", Role::Secretary, Some(branch), at(format!("/{other}/{branch}/"), None)),
        ("cadre elsewhere", Role::Cadre, Some(branch), at(format!("/{other}/{branch}/"), None)),
    ];
    for (name, role, seat, (path, serves)) in seats {
        let persona = app.person(name, role, seat).await;
        cast.push(Someone { name, persona, signed_in: true, posts: vec![Post { role, seat, path, serves }] });
    }
    // The year of the demo has no layout.
    let office = &cast.iter().find(|someone| someone.name == "department post").unwrap().persona;
    let layout = json!({"unit_id": 1, "name": "表", "columns": [{"field": "id", "head": "编号"}]});
    office.post("/layouts", layout).await.created();
    let account = app.account("without a post").await;
    let persona = app.sign_in("without a post", account).await;
    cast.push(Someone { name: "without a post", persona, signed_in: true, posts: vec![] });
    cast
}
