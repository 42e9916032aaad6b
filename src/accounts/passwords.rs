//! Passwords: the two named policies, pure, and the hash.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::PASSWORD_WEAK;
use crate::platform::config::PasswordPolicyName;
use crate::platform::error::words;
use crate::platform::{Error, Fault, Result};

/// What a policy asks of passwords and sign-ins (promises, 4.3; `asvs` after OWASP ASVS 5.0, chapters V6 and V7).
#[derive(Debug, Clone, Copy)]
pub struct PasswordPolicy {
    pub min_chars: usize,
    /// Of upper case, lower case, digits and others.
    pub min_classes: usize,
    /// Whether widely known passwords are refused.
    pub blocklist: bool,
    /// Failures in a row that lock the name, and for how many minutes.
    pub lock_after: i64,
    pub lock_minutes: i64,
    /// Minutes without a refresh after which a sign-in ends, and hours after which it ends in any case.
    pub idle_minutes: i64,
    pub absolute_hours: i64,
    /// Whether a password that somebody else set must be changed first.
    pub change_first: bool,
    /// Days without a sign-in after which an account counts as disabled.
    pub unused_days: Option<i64>,
}

const MLPS: PasswordPolicy = PasswordPolicy {
    min_chars: 8,
    min_classes: 3,
    blocklist: false,
    lock_after: 5,
    lock_minutes: 15,
    idle_minutes: 30,
    absolute_hours: 12,
    change_first: true,
    unused_days: Some(90),
};

const ASVS: PasswordPolicy = PasswordPolicy {
    min_chars: 12,
    min_classes: 0,
    blocklist: true,
    lock_after: 10,
    lock_minutes: 15,
    idle_minutes: 60,
    absolute_hours: 24,
    change_first: true,
    unused_days: None,
};

/// Longest password: more would only burn time in the hash.
const MAX_CHARS: usize = 256;

impl PasswordPolicy {
    pub fn named(name: PasswordPolicyName) -> PasswordPolicy {
        match name {
            PasswordPolicyName::Mlps => MLPS,
            PasswordPolicyName::Asvs => ASVS,
        }
    }

    /// Whether a password may be set for a user name; the fault says what it lacks.
    pub fn check(&self, password: &str, username: &str) -> Result<(), Fault> {
        let weak = |detail: String| Err(PASSWORD_WEAK.at("", [("detail", detail)]));
        let chars = password.chars().count();
        if chars < self.min_chars || chars > MAX_CHARS {
            return weak(words(
                format!("{}–{MAX_CHARS}个字符", self.min_chars),
                format!("{}–{MAX_CHARS} characters", self.min_chars),
            ));
        }
        if classes(password) < self.min_classes {
            return weak(words(
                format!("大写、小写、数字、符号至少{}类", self.min_classes),
                format!("{} of upper case, lower case, digits, symbols", self.min_classes),
            ));
        }
        if !username.is_empty() && password.to_lowercase().contains(&username.to_lowercase()) {
            return weak(words("不得包含用户名", "it must not contain the user name"));
        }
        if self.blocklist && is_widely_known(password) {
            return weak(words("过于常见", "widely known"));
        }
        Ok(())
    }
}

/// How many of upper case, lower case, digits and everything else a password uses.
fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    kinds.iter().filter(|kind| password.chars().any(kind)).count()
}

/// Few enough guesses that a list of common passwords, words, sequences and dates finds it.
fn is_widely_known(password: &str) -> bool {
    zxcvbn::zxcvbn(password, &["duban", "督办"]).guesses_log10() < 6.0
}

/// The argon2id hash of a password, with a salt of its own. Slow on purpose: call it off the serving threads.
pub fn hash(password: &str) -> Result<String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(Error::internal)
}

/// Whether the password is the one of the hash. Without a hash (no such account) it takes the same time and says no.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    /// The hash of a random text nobody knows, with the same parameters.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$3fKxRp7mJm0dJ1q3mTzC7w$V0SWp3mFSx3aAGbGbVn1nJ1yEnZzP4Jc0d7J0cR2v0U";
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    let matches = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    matches && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_says_what_a_password_lacks() {
        let cases = [
            (&MLPS, "Abcdef12", true),
            (&MLPS, "abcdef12", false),
            (&MLPS, "Abc12!x", false),
            (&MLPS, "党建工作Ab12", true),
            (&MLPS, "Secretary-1a", false),
            (&ASVS, "correct horse battery", true),
            (&ASVS, "password1234", false),
            (&ASVS, "123456789012", false),
            (&ASVS, "Short-1!", false),
        ];
        for (policy, password, good) in cases {
            assert_eq!(policy.check(password, "secretary").is_ok(), good, "{password}");
        }
        assert!(MLPS.check(&"Aa1".repeat(100), "").is_err(), "at most {MAX_CHARS} characters");
    }

    #[test]
    fn a_hash_knows_its_password_and_nobody_has_none() {
        let stored = hash("Abcdef12").unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("Abcdef12", Some(&stored)));
        assert!(!verify("Abcdef13", Some(&stored)));
        assert!(!verify("Abcdef12", None));
    }

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        let real = hash("x").unwrap();
        let parameters = |hash: &str| hash.split('$').nth(3).map(str::to_owned);
        assert_eq!(parameters(&real).as_deref(), Some("m=19456,t=2,p=1"));
        assert!(
            PasswordHash::new(
                "$argon2id$v=19$m=19456,t=2,p=1$3fKxRp7mJm0dJ1q3mTzC7w$V0SWp3mFSx3aAGbGbVn1nJ1yEnZzP4Jc0d7J0cR2v0U"
            )
            .is_ok()
        );
    }
}
