//! Who is in the demo: posts, and no names of persons.

use chrono::NaiveDate;

use super::text;
use crate::access::policy::Role;
use crate::access::{Actor, UnitId};
use crate::accounts::actions::AccountToMake;
use crate::accounts::model::{HandOver, NewAppointment};
use crate::accounts::{self, AccountId, AppointmentId};
use crate::platform::web::RequestFacts;
use crate::platform::{Conn, Error, Result};
use crate::units;
use crate::units::model::{NewUnit, UnitKind};

/// The password of every account of the demo.
pub const PASSWORD: &str = "Sanmo-2020";
const BRANCHES: [&str; 7] =
    ["第一党支部", "第二党支部", "第三党支部", "第四党支部", "第五党支部", "第六党支部", "第七党支部"];
/// The branch, from 0, whose secretary hands over on 1 July 2020.
const HANDED_OVER: usize = 3;

/// The ids that the year is told with.
#[derive(Debug, Clone)]
pub struct Cast {
    pub committee: UnitId,
    pub office: UnitId,
    pub branches: Vec<UnitId>,
    pub department: AccountId,
    pub leader: AccountId,
    pub inspector: AccountId,
    /// Of today: the fourth took over on 1 July.
    pub secretaries: Vec<AccountId>,
    /// Who was the fourth branch's secretary before, and that appointment.
    former: (AccountId, AppointmentId),
}

impl Cast {
    /// The branch, from 0, that a unit is.
    pub fn branch(&self, unit: UnitId) -> Option<usize> {
        self.branches.iter().position(|branch| *branch == unit)
    }

    /// Who is a branch's secretary on a day.
    pub fn secretary_on(&self, branch: usize, day: NaiveDate) -> Option<AccountId> {
        let handed_over = NaiveDate::from_ymd_opt(2020, 7, 1);
        if branch == HANDED_OVER && handed_over.is_some_and(|from| day < from) {
            return Some(self.former.0);
        }
        self.secretaries.get(branch).copied()
    }
}

/// The actor behind an account, with its posts of the day.
pub fn actor(conn: &mut Conn, account: AccountId) -> Result<Actor> {
    let today = crate::platform::db::today(conn)?;
    let posts = accounts::store::posts(conn, account, today)?;
    Ok(Actor { account_id: Some(account), posts, request: RequestFacts::default() })
}

/// The fourth branch gets a new secretary.
pub fn hand_over(conn: &mut Conn, cast: &Cast, on: NaiveDate) -> Result<()> {
    let successor = cast.secretaries.get(HANDED_OVER).copied();
    let account_id = successor.ok_or_else(|| Error::internal("the demo has seven branches"))?;
    let input = HandOver { account_id, on };
    accounts::actions::hand_over(conn, &Actor::operator(), cast.former.1, &input).map(|_| ())
}

pub fn people(conn: &mut Conn, hash: &str) -> Result<Cast> {
    let committee = unit(conn, "郑州三磨所党委", UnitKind::Committee, None)?;
    let office = unit(conn, "党群工作部", UnitKind::Department, Some(committee))?;
    let mut branches = Vec::new();
    for name in BRANCHES {
        branches.push(unit(conn, name, UnitKind::Branch, Some(committee))?);
    }
    person(conn, hash, "admin", "系统管理员", Some((Role::Administrator, None)))?;
    person(conn, hash, "auditor", "审计", Some((Role::Auditor, None)))?;
    let (department, _) = person(conn, hash, "department", "党群工作部", Some((Role::Department, Some(office))))?;
    let (leader, _) = person(conn, hash, "leader", "党委副书记", Some((Role::Leader, Some(committee))))?;
    let inspects = Some((Role::Inspector, Some(committee)));
    let (inspector, _) = person(conn, hash, "inspector", "轴研科技检查考核组", inspects)?;
    let mut secretaries = Vec::new();
    let mut former = None;
    for (index, (name, unit)) in BRANCHES.iter().zip(&branches).enumerate() {
        let post = Some((Role::Secretary, Some(*unit)));
        let (username, shown) = (format!("secretary-{}", index + 1), format!("{name}书记"));
        if index == HANDED_OVER {
            let (account, appointment) = person(conn, hash, "former-secretary-4", &format!("{name}原书记"), post)?;
            former = appointment.map(|appointment| (account, appointment));
            secretaries.push(person(conn, hash, &username, &shown, None)?.0);
        } else {
            secretaries.push(person(conn, hash, &username, &shown, post)?.0);
        }
    }
    let former = former.ok_or_else(|| Error::internal("the demo has no hand-over"))?;
    Ok(Cast { committee, office, branches, department, leader, inspector, secretaries, former })
}

fn unit(conn: &mut Conn, name: &str, kind: UnitKind, parent_id: Option<UnitId>) -> Result<UnitId> {
    let short = name.strip_prefix('第').map(|rest| rest.replace("党", ""));
    let new = NewUnit {
        name: text(name)?,
        kind,
        parent_id,
        code: None,
        short_names: short.map(|short| text(&short)).transpose()?.into_iter().collect(),
        established_on: None,
        term_ends_on: None,
    };
    Ok(units::actions::create(conn, &Actor::operator(), new)?.id)
}

/// An account, and its appointment where it has a post.
fn person(
    conn: &mut Conn,
    hash: &str,
    username: &str,
    shown: &str,
    post: Option<(Role, Option<UnitId>)>,
) -> Result<(AccountId, Option<AppointmentId>)> {
    let new = AccountToMake { username, display_name: shown, password_hash: hash, must_change_password: false };
    // Sign-in runs on the real clock, whatever the business date of the demo.
    let now = crate::platform::Clock::new(chrono_tz::UTC, None).stamp();
    let operator = Actor::operator();
    let account = accounts::actions::create(conn, &operator, &new, now)?.id;
    let Some((role, unit_id)) = post else { return Ok((account, None)) };
    let from = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap_or_default();
    let appointment = NewAppointment { account_id: account, unit_id, role, from, until: None };
    Ok((account, Some(accounts::actions::appoint(conn, &operator, &appointment)?.id)))
}
