//! An account with the posts it holds today, and how each stands to a unit.

use super::policy::{Action, Relation, Role, allows};
use super::{AccountId, UnitId};
use crate::platform::Result;
use crate::platform::error::FORBIDDEN;
use crate::platform::web::RequestFacts;

/// Where a unit lies: its id and its path of ids from the top, `/1/4/9/`, itself included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub unit_id: UnitId,
    pub path: String,
}

impl Site {
    /// Whether this unit lies strictly above `other`.
    pub fn is_above(&self, other: &Site) -> bool {
        self.path.len() < other.path.len() && other.path.starts_with(&self.path)
    }

    /// The units strictly above this one, from the top down.
    fn above(&self) -> impl Iterator<Item = UnitId> + '_ {
        let ids = self.path.split('/').filter_map(|id| id.parse().ok().map(UnitId));
        ids.filter(|id| *id != self.unit_id)
    }
}

/// An appointment in force.
#[derive(Debug, Clone)]
pub struct Post {
    pub role: Role,
    /// The unit of the appointment; administrators and auditors have none.
    pub seat: Option<Site>,
    /// For the role `department`: the unit it serves (the parent of a unit of kind department, else the seat).
    pub serves: Option<Site>,
}

impl Post {
    /// How this post stands to the unit at `site`.
    pub fn relation(&self, site: &Site) -> Relation {
        let Some(seat) = &self.seat else { return Relation::Elsewhere };
        let scope = self.serves.as_ref().unwrap_or(seat);
        if seat.unit_id == site.unit_id && self.serves.as_ref().is_none_or(|served| served.unit_id != site.unit_id) {
            Relation::Own
        } else if scope.unit_id == site.unit_id {
            Relation::Served
        } else if scope.is_above(site) {
            Relation::Below
        } else if site.is_above(scope) {
            Relation::Above
        } else {
            Relation::Elsewhere
        }
    }

    /// Whether this post allows `action` at the unit at `site`.
    pub fn may(&self, action: Action, site: &Site) -> bool {
        allows(self.role, action, self.relation(site))
    }
}

/// Who acts, with what the request said beside its body.
#[derive(Debug, Clone)]
pub struct Actor {
    /// `None` for the operator at the command line.
    pub account_id: Option<AccountId>,
    pub posts: Vec<Post>,
    pub request: RequestFacts,
}

impl Actor {
    /// The operator of the machine, at the command line.
    pub fn operator() -> Actor {
        Actor { account_id: None, posts: vec![], request: RequestFacts::default() }
    }

    /// Whether any post allows `action` at the unit at `site`.
    pub fn may(&self, action: Action, site: &Site) -> bool {
        self.posts.iter().any(|post| post.may(action, site))
    }

    /// 403 unless a post allows `action` at the unit at `site`.
    pub fn must(&self, action: Action, site: &Site) -> Result<()> {
        if self.may(action, site) { Ok(()) } else { Err(FORBIDDEN.err()) }
    }

    /// 403 unless a post allows `action` without looking at a unit.
    pub fn must_anywhere(&self, action: Action) -> Result<()> {
        let operator = self.account_id.is_none();
        let allowed = operator || self.posts.iter().any(|post| allows(post.role, action, Relation::Elsewhere));
        if allowed { Ok(()) } else { Err(FORBIDDEN.err()) }
    }

    /// Whether one of these actions is allowed at any unit at all.
    pub fn may_somewhere(&self, actions: &[Action]) -> bool {
        let at_all = |role, action| Relation::ALL.iter().any(|relation| allows(role, action, *relation));
        self.posts.iter().any(|post| actions.iter().any(|action| at_all(post.role, *action)))
    }

    /// The paths (with everything below them, or the one unit alone) at which `action` is allowed: the ground of
    /// every list. Found by asking the table, so that lists and single items can't disagree.
    pub fn reach(&self, action: Action) -> Reach {
        let mut reach = Reach::default();
        for post in &self.posts {
            let Some(seat) = &post.seat else { continue };
            let scope = post.serves.as_ref().unwrap_or(seat);
            if allows(post.role, action, Relation::Below) {
                reach.subtrees.push(scope.path.clone());
            }
            for site in [seat, scope] {
                if post.may(action, site) {
                    reach.units.push(site.unit_id);
                }
            }
            if allows(post.role, action, Relation::Above) {
                reach.units.extend(scope.above());
            }
        }
        // A subtree holds its top as well: what is listed (plans, nodes) is read at the top wherever it is read below.
        reach
    }

    /// Where any of several actions is allowed.
    pub fn reach_any(&self, actions: &[Action]) -> Reach {
        let mut all = Reach::default();
        for reach in actions.iter().map(|action| self.reach(*action)) {
            all.subtrees.extend(reach.subtrees);
            all.units.extend(reach.units);
        }
        all
    }

    /// The acting account; the operator has none and can't do what needs one.
    pub fn account(&self) -> Result<AccountId> {
        self.account_id.ok_or_else(|| FORBIDDEN.err())
    }
}

/// Units at which something is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Paths whose unit and everything below it are included.
    pub subtrees: Vec<String>,
    /// Single units.
    pub units: Vec<UnitId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(id: i64, path: &str) -> Site {
        Site { unit_id: UnitId(id), path: path.into() }
    }

    #[test]
    fn a_post_at_a_department_serves_the_unit_above_it() {
        let post = Post { role: Role::Department, seat: Some(site(2, "/1/2/")), serves: Some(site(1, "/1/")) };
        let cases = [
            (site(2, "/1/2/"), Relation::Own),
            (site(1, "/1/"), Relation::Served),
            (site(3, "/1/3/"), Relation::Below),
            (site(31, "/1/3/31/"), Relation::Below),
            (site(9, "/9/"), Relation::Elsewhere),
        ];
        for (unit, relation) in cases {
            assert_eq!(post.relation(&unit), relation, "{unit:?}");
        }
        assert!(!post.may(Action::Review, &site(2, "/1/2/")), "its own nodes it does not review");
        assert!(!post.may(Action::ReviewCommittee, &site(1, "/1/")));
        assert!(post.may(Action::Review, &site(3, "/1/3/")));
    }

    #[test]
    fn a_path_is_above_another_only_at_a_whole_id() {
        assert!(site(1, "/1/").is_above(&site(12, "/1/12/")));
        assert!(!site(1, "/1/").is_above(&site(12, "/12/")));
        assert!(!site(1, "/1/").is_above(&site(1, "/1/")));
    }

    #[test]
    fn a_branch_secretary_stands_below_the_committee() {
        let post = Post { role: Role::Secretary, seat: Some(site(3, "/1/3/")), serves: None };
        assert_eq!(post.relation(&site(3, "/1/3/")), Relation::Own);
        assert_eq!(post.relation(&site(1, "/1/")), Relation::Above);
        assert_eq!(post.relation(&site(4, "/1/4/")), Relation::Elsewhere);
    }

    #[test]
    fn relations_of_a_branch_and_of_a_leader() {
        let secretary = Post { role: Role::Secretary, seat: Some(site(3, "/1/3/")), serves: None };
        let leader = Post { role: Role::Leader, seat: Some(site(1, "/1/")), serves: None };
        let admin = Post { role: Role::Administrator, seat: None, serves: None };
        assert_eq!(secretary.relation(&site(31, "/1/3/31/")), Relation::Below);
        assert_eq!(leader.relation(&site(1, "/1/")), Relation::Own);
        assert_eq!(leader.relation(&site(31, "/1/3/31/")), Relation::Below);
        assert_eq!(admin.relation(&site(1, "/1/")), Relation::Elsewhere);
    }

    #[test]
    fn one_post_that_allows_it_is_enough() {
        let secretary = Post { role: Role::Secretary, seat: Some(site(3, "/1/3/")), serves: None };
        let auditor = Post { role: Role::Auditor, seat: None, serves: None };
        let (own, other) = (site(3, "/1/3/"), site(4, "/1/4/"));
        let of = |posts: Vec<Post>| Actor { account_id: Some(AccountId(7)), posts, ..Actor::operator() };
        let both = of(vec![secretary.clone(), auditor]);
        for (actor, own_report, other_report, audit) in
            [(both, true, false, true), (of(vec![secretary]), true, false, false), (of(vec![]), false, false, false)]
        {
            assert_eq!(actor.may(Action::ReportProgress, &own), own_report);
            assert_eq!(actor.must(Action::ReportProgress, &own).is_ok(), own_report);
            assert_eq!(actor.may(Action::ReportProgress, &other), other_report);
            assert_eq!(actor.must(Action::ReportProgress, &other).is_ok(), other_report);
            assert_eq!(actor.must_anywhere(Action::ReadAudit).is_ok(), audit);
            assert_eq!(actor.account().ok(), Some(AccountId(7)));
        }
        let operator = Actor::operator();
        assert!(operator.must_anywhere(Action::ReadAudit).is_ok(), "the operator may what needs no unit");
        assert!(!operator.may(Action::ReportProgress, &own));
        assert!(operator.account().is_err(), "and has no account");
    }

    #[test]
    fn a_reach_is_where_the_table_allows_it() {
        let department = Post { role: Role::Department, seat: Some(site(2, "/1/2/")), serves: Some(site(1, "/1/")) };
        let secretary = Post { role: Role::Secretary, seat: Some(site(93, "/9/93/")), serves: None };
        let auditor = Post { role: Role::Auditor, seat: None, serves: None };
        let actor = Actor { posts: vec![department, secretary, auditor], ..Actor::operator() };
        let reach = |subtrees: &[&str], units: &[i64]| Reach {
            subtrees: subtrees.iter().map(|path| (*path).to_owned()).collect(),
            units: units.iter().map(|id| UnitId(*id)).collect(),
        };
        assert_eq!(actor.reach(Action::Review), reach(&["/1/", "/9/93/"], &[]));
        assert_eq!(actor.reach(Action::ReportProgress), reach(&["/1/"], &[2, 1, 93, 93]));
        assert_eq!(actor.reach(Action::ReadNodes), reach(&["/1/", "/9/93/"], &[2, 1, 93, 93]));
        let any = actor.reach_any(&[Action::Review, Action::ReportProgress]);
        assert_eq!(any, reach(&["/1/", "/9/93/", "/1/"], &[2, 1, 93, 93]));
        assert_eq!(actor.reach_any(&[]), Reach::default());
    }

    #[test]
    fn a_reach_holds_the_units_above_where_the_table_allows_it_there() {
        let post = Post { role: Role::Secretary, seat: Some(site(31, "/1/3/31/")), serves: None };
        let actor = Actor { posts: vec![post], ..Actor::operator() };
        assert_eq!(actor.reach(Action::ReadBulletins).units, [UnitId(31), UnitId(31), UnitId(1), UnitId(3)]);
        assert!(!actor.reach(Action::ReadNodes).units.contains(&UnitId(3)));
    }
}
