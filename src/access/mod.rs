//! Who may do what. The whole policy is one pure table ([`policy::allows`]) over a role, an action and the relation
//! of a post to a unit. Nobody acts without a post: an [`Actor`] is an account with the posts it holds today,
//! built by `accounts`; a [`Caller`] is a request that has proved to come from one.

pub mod actor;
pub mod caller;
pub mod policy;

pub use actor::{Actor, Post, Site};
pub use caller::{Caller, Identity, Layouts, SignIn};
pub use policy::{Action, Relation, Role, allows};

use crate::{codes, id_type};

id_type! {
    /// An account.
    AccountId
}
id_type! {
    /// A unit of the organisation.
    UnitId
}
id_type! {
    /// A sign-in of an account.
    SessionId
}

codes! {
    PASSWORD_CHANGE_REQUIRED: 403 "password_change_required"
        "密码由他人设置，请先用 POST /auth/password 修改，再重新登录。"
        "Somebody else set your password; change it with POST /auth/password, then sign in again.";
}
