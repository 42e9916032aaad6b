//! Access tokens: JWTs signed with EdDSA, fifteen minutes long, that name the account and the sign-in only. The
//! private keys lie sealed in the database; two are live, and a new one is published an hour before it signs.

use std::collections::HashMap;
use std::sync::RwLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::store::{self, KeyRow};
use super::{AccountId, SessionId, TOKEN_INVALID};
use crate::access::SignIn;
use crate::platform::seal::Seal;
use crate::platform::{Conn, Error, Result};

/// Seconds an access token lives.
pub const ACCESS_SECONDS: i64 = 15 * 60;
const ISSUER: &str = "duban";
const AUDIENCE: &str = "duban-api";
/// The type of header that keeps other JWTs out (RFC 9068).
const TYPE: &str = "at+jwt";
/// Days after which a new key is made, and minutes it is published before it signs.
const ROTATE_DAYS: i64 = 30;
const PUBLISHED_MINUTES: i64 = 60;
/// Keys kept: the one that signs and the one before or after it.
const LIVE: usize = 2;
/// Tokens remembered as proved, at most.
const PROVED: usize = 10_000;

/// Everything that is ever put into a token; one that says more is none of ours.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    /// The sign-in.
    sid: i64,
    iat: i64,
    exp: i64,
    /// The token opens only the change of the password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pwd: bool,
}

/// The live keys.
#[derive(Default)]
pub struct KeyRing(RwLock<Keys>);

#[derive(Default)]
struct Keys {
    signing: Option<(String, EncodingKey)>,
    verifying: HashMap<String, DecodingKey>,
    published: Vec<(String, String)>,
    /// Tokens that these keys have proved, by the digest of their bytes: the same bytes need no second proof. Times
    /// are judged at every use, and whether the sign-in still stands is asked of the database.
    proved: RwLock<HashMap<[u8; 32], Proved>>,
}

/// What a token says whose signature, type, issuer and audience were found right.
#[derive(Debug, Clone, Copy)]
struct Proved {
    sign_in: SignIn,
    iat: i64,
    exp: i64,
}

impl KeyRing {
    /// Reads the keys, and makes new ones where they are missing or old. Called at the start and now and then.
    pub fn load(&self, conn: &mut Conn, seal: &Seal, now: NaiveDateTime) -> Result<()> {
        let mut rows = store::keys(conn)?;
        while rows.len() < LIVE || rows.last().is_some_and(|key| now - key.created_at > TimeDelta::days(ROTATE_DAYS)) {
            let row = new_key(seal, now)?;
            store::insert_key(conn, &row)?;
            rows.push(row);
            // The order of the database, in which two of one instant stand by their names.
            rows.sort_by(|a, b| (a.created_at, &a.kid).cmp(&(b.created_at, &b.kid)));
        }
        let retired: Vec<_> = rows.drain(..rows.len().saturating_sub(LIVE)).collect();
        for row in &retired {
            store::delete_key(conn, &row.kid)?;
        }
        let keys = Keys::of(&rows, seal, now)?;
        *self.0.write().map_err(|_| Error::internal("key ring poisoned"))? = keys;
        Ok(())
    }

    /// A token for a sign-in.
    pub fn issue(&self, sign_in: SignIn, now: NaiveDateTime) -> Result<String> {
        let keys = self.0.read().map_err(|_| Error::internal("key ring poisoned"))?;
        let (kid, key) = keys.signing.as_ref().ok_or_else(|| Error::internal("no signing key"))?;
        let iat = now.and_utc().timestamp();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: sign_in.account_id.to_string(),
            sid: sign_in.session_id.0,
            iat,
            exp: iat + ACCESS_SECONDS,
            pwd: sign_in.password_change_only,
        };
        let header = Header { typ: Some(TYPE.into()), kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, key).map_err(Error::internal)
    }

    /// The sign-in of a token: algorithm, type, key, signature, issuer, audience and times must all be right.
    pub fn verify(&self, token: &str, now: NaiveDateTime) -> Result<SignIn> {
        let digest = Sha256::digest(token.as_bytes()).into();
        let keys = self.0.read().map_err(|_| Error::internal("key ring poisoned"))?;
        let proved = match keys.remembered(&digest) {
            Some(proved) => proved,
            None => {
                let proved = keys.prove(token)?;
                keys.remember(digest, proved);
                proved
            }
        };
        let second = now.and_utc().timestamp();
        if second >= proved.exp || proved.iat > second + 60 {
            return Err(TOKEN_INVALID.err());
        }
        Ok(proved.sign_in)
    }

    /// The public keys as a JWK set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Result<serde_json::Value> {
        let keys = self.0.read().map_err(|_| Error::internal("key ring poisoned"))?;
        let jwk = |(kid, x): &(String, String)| serde_json::json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x});
        Ok(serde_json::json!({"keys": keys.published.iter().map(jwk).collect::<Vec<_>>()}))
    }
}

impl Keys {
    /// Everything of a token but its times.
    fn prove(&self, token: &str) -> Result<Proved> {
        let refused = || TOKEN_INVALID.err();
        let header = jsonwebtoken::decode_header(token).map_err(|_| refused())?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(refused());
        }
        let key = header.kid.and_then(|kid| self.verifying.get(&kid)).ok_or_else(refused)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are judged by the clock that everything of sign-in runs on.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|_| refused())?.claims;
        let sign_in = SignIn {
            account_id: AccountId(claims.sub.parse().map_err(|_| refused())?),
            session_id: SessionId(claims.sid),
            password_change_only: claims.pwd,
        };
        Ok(Proved { sign_in, iat: claims.iat, exp: claims.exp })
    }

    fn remembered(&self, digest: &[u8; 32]) -> Option<Proved> {
        self.proved.read().ok()?.get(digest).copied()
    }

    fn remember(&self, digest: [u8; 32], token: Proved) {
        let Ok(mut proved) = self.proved.write() else { return };
        if proved.len() >= PROVED {
            proved.clear();
        }
        proved.insert(digest, token);
    }

    fn of(rows: &[KeyRow], seal: &Seal, now: NaiveDateTime) -> Result<Keys> {
        let mut keys = Keys::default();
        let ripe = |row: &&KeyRow| now - row.created_at >= TimeDelta::minutes(PUBLISHED_MINUTES);
        let signing = rows.iter().rev().find(ripe).or(rows.first()).map(|row| row.kid.clone());
        for row in rows {
            let decoding = DecodingKey::from_ed_components(&row.public_x).map_err(Error::internal)?;
            keys.verifying.insert(row.kid.clone(), decoding);
            keys.published.push((row.kid.clone(), row.public_x.clone()));
            if Some(&row.kid) == signing.as_ref() {
                keys.signing = Some((row.kid.clone(), EncodingKey::from_ed_der(&seal.open(&row.sealed)?)));
            }
        }
        Ok(keys)
    }
}

fn new_key(seal: &Seal, now: NaiveDateTime) -> Result<KeyRow> {
    let seed: [u8; 32] = rand::random();
    let key = SigningKey::from_bytes(&seed);
    let der = key.to_pkcs8_der().map_err(Error::internal)?;
    let kid: [u8; 8] = rand::random();
    Ok(KeyRow {
        kid: hex::encode(kid),
        sealed: seal.seal(der.as_bytes())?,
        public_x: URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
        created_at: now,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_once_proved_still_runs_out_and_falls_with_its_keys() {
        let folder = tempfile::tempdir().unwrap();
        let seal = Seal::load_or_create(&folder.path().join("secret.key")).unwrap();
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::days(20_000);
        let keys = |now| Keys::of(&[new_key(&seal, now).unwrap()], &seal, now).unwrap();
        let ring = KeyRing(RwLock::new(keys(now)));
        let sign_in = SignIn { account_id: AccountId(7), session_id: SessionId(3), password_change_only: false };
        let token = ring.issue(sign_in, now).unwrap();
        for seconds in [0, 1, ACCESS_SECONDS - 1] {
            assert_eq!(ring.verify(&token, now + TimeDelta::seconds(seconds)).unwrap(), sign_in);
        }
        let late = now + TimeDelta::seconds(ACCESS_SECONDS);
        assert_eq!(ring.verify(&token, late).unwrap_err().code(), "token_invalid");
        assert_eq!(ring.verify(&format!("{token}x"), now).unwrap_err().code(), "token_invalid");
        *ring.0.write().unwrap() = keys(now);
        assert_eq!(ring.verify(&token, now).unwrap_err().code(), "token_invalid");
    }
}
