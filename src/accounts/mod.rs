//! Accounts, their appointments, and how one signs in. A password is kept as an argon2id hash; an access token names
//! the account only, so a new or ended appointment counts from the next request. Sign-in runs on the real clock,
//! appointments on the business date; a period includes both its end days.

pub mod actions;
pub mod cookies;
pub mod http;
pub mod identity;
pub mod model;
pub mod passwords;
pub mod sign_in;
pub mod store;
pub mod tokens;

pub use crate::access::{AccountId, Role, SessionId};
pub use identity::{Accounts, hashing};
pub use model::{Account, Appointment};

use crate::{codes, id_type};

id_type! {
    /// An appointment.
    AppointmentId
}

codes! {
    WRONG_CREDENTIALS: 401 "wrong_credentials" "用户名或密码不对；请重试，或请管理员重置密码。"
        "The user name or the password is wrong; try again, or ask an administrator to reset the password.";
    TOKEN_INVALID: 401 "token_invalid" "令牌无效或已过期；请刷新或重新登录。" "The token is invalid or has expired; refresh it or sign in again.";
    SESSION_ENDED: 401 "session_ended" "此次登录已结束；请重新登录。" "This sign-in has ended; sign in again.";
    REFRESH_REUSED: 401 "refresh_reused" "此刷新令牌已被使用过，本次登录已全部结束；请重新登录。"
        "This refresh token had been used already, so the whole sign-in was ended; sign in again.";
    ACCOUNT_DISABLED: 403 "account_disabled" "此账号已停用；请联系管理员。" "This account is disabled; ask an administrator.";
    SIGN_IN_LOCKED: 429 "sign_in_locked" "连续失败次数过多，请稍后再试，或请管理员解锁。"
        "Too many failures in a row; wait, or ask an administrator to unlock.";
    WRONG_PASSWORD: 422 "wrong_password" "当前密码不对。" "The current password is wrong.";
    PASSWORD_WEAK: 422 "password_weak" "密码不合要求：{detail}。" "The password does not satisfy the policy: {detail}.";
    USERNAME_TAKEN: 409 "username_taken" "用户名已被使用；请另选一个。" "The user name is taken; choose another.";
    ACCOUNT_UNKNOWN: 422 "account_unknown" "没有编号为 {id} 的账号。" "There is no account with the id {id}.";
    APPOINTMENT_UNIT: 422 "appointment_unit" "{role} 任职{rule}。" "The role {role} {rule}.";
    APPOINTMENT_ENDED: 409 "appointment_ended" "该任职到 {until} 为止，不能再从那以后交接；请直接任命。"
        "The appointment lasts until {until} only and can't be handed over after that; appoint the account instead.";
    HAND_OVER_TOO_EARLY: 422 "hand_over_too_early" "交接日期须晚于该任职的开始日期 {from}。"
        "A hand-over must be later than the appointment's first day, {from}.";
    HAND_OVER_TO_HOLDER: 422 "hand_over_to_holder" "该任职已由这个账号担任；请写接任的账号。"
        "This account holds the appointment already; name the account that takes over.";
    PERIOD_REVERSED: 422 "period_reversed" "结束日期不能早于开始日期。" "A period can't end before it begins.";
}
