//! Tokens that are not ours, are no longer good, or say something else than we signed: none opens anything.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use duban::access::Role;
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{Persona, TestApp};

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A good token in its parts, with the key that signed it and the other live one.
struct Forge {
    header: Value,
    claims: Value,
    good: String,
    key: SigningKey,
    other_live: (String, SigningKey),
    public: Vec<u8>,
}

#[derive(diesel::QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    kid: String,
    #[diesel(sql_type = Text)]
    sealed: String,
}

impl Forge {
    /// With the keys of the server itself: what an attacker never has, so that only the one wrong thing is wrong.
    async fn of(app: &TestApp, persona: &Persona) -> Forge {
        let good = persona.token.clone().unwrap();
        let part = |n: usize| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(good.split('.').nth(n).unwrap()).unwrap()).unwrap()
        };
        let (header, claims) = (part(0), part(1));
        let rows =
            app.app.db.read(|conn| Ok(diesel::sql_query("SELECT kid, sealed FROM signing_keys").load::<KeyRow>(conn)?));
        let open =
            |row: &KeyRow| SigningKey::from_pkcs8_der(&app.app.accounts.seal.open(&row.sealed).unwrap()).unwrap();
        let rows = rows.await.unwrap();
        let (used, other): (Vec<_>, Vec<_>) = rows.iter().partition(|row| header["kid"] == json!(row.kid));
        let (key, other_live) = (open(used[0]), (other[0].kid.clone(), open(other[0])));
        let public = key.verifying_key().as_bytes().to_vec();
        Forge { header, claims, good, key, other_live, public }
    }

    fn part(&self, n: usize) -> &str {
        self.good.split('.').nth(n).unwrap()
    }

    fn signed_by(&self, key: &SigningKey, header: &Value, claims: &str) -> String {
        let message = format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.as_bytes()));
        let signature = key.sign(message.as_bytes());
        format!("{message}.{}", encode(&signature.to_bytes()))
    }

    /// Signed with the right key, one thing of the header another: null takes it away.
    fn header(&self, name: &str, value: Value) -> String {
        self.signed_by(&self.key, &with(&self.header, name, value), &self.claims.to_string())
    }

    /// Signed with the right key, one claim another: null takes it away.
    fn claim(&self, name: &str, value: Value) -> String {
        self.signed_by(&self.key, &self.header, &with(&self.claims, name, value).to_string())
    }

    /// The same claims under a secret instead of a key.
    fn hmac(&self, alg: Algorithm, secret: &[u8]) -> String {
        let text = |name: &str| self.header[name].as_str().map(str::to_owned);
        let header = Header { typ: text("typ"), kid: text("kid"), ..Header::new(alg) };
        jsonwebtoken::encode(&header, &self.claims, &EncodingKey::from_secret(secret)).unwrap()
    }

    fn signature(&self, change: impl Fn(Vec<u8>) -> Vec<u8>) -> String {
        let bytes = URL_SAFE_NO_PAD.decode(self.part(2)).unwrap();
        format!("{}.{}.{}", self.part(0), self.part(1), encode(&change(bytes)))
    }
}

fn with(of: &Value, name: &str, value: Value) -> Value {
    let mut changed = of.clone();
    if value.is_null() {
        changed.as_object_mut().unwrap().remove(name);
    } else {
        changed[name] = value;
    }
    changed
}

/// Adds the order of the group to the second half of a signature: a valid one by the plain equation, but not canonical.
fn malleable(mut signature: Vec<u8>) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0_u16;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry as u8;
        carry >>= 8;
    }
    signature
}

fn wrong_headers(forge: &Forge) -> Vec<(&'static str, String)> {
    let (header, payload) = (forge.part(0).to_owned(), forge.part(1).to_owned());
    let unsigned =
        |alg: &str| format!("{}.{payload}.", encode(with(&forge.header, "alg", json!(alg)).to_string().as_bytes()));
    let stranger = SigningKey::from_bytes(&[7; 32]);
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": encode(stranger.verifying_key().as_bytes())});
    let by_stranger = |name: &str, value: Value| {
        forge.signed_by(&stranger, &with(&forge.header, name, value), &forge.claims.to_string())
    };
    let public_pem =
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&forge.public));
    vec![
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        ("alg NONE", unsigned("NONE")),
        ("alg empty", unsigned("")),
        ("alg none, signature kept", format!("{}{}", unsigned("none"), forge.part(2))),
        ("HS256 with the public key", forge.hmac(Algorithm::HS256, &forge.public)),
        ("HS256 with the public key in base64", forge.hmac(Algorithm::HS256, encode(&forge.public).as_bytes())),
        ("HS256 with the public key as PEM", forge.hmac(Algorithm::HS256, public_pem.as_bytes())),
        ("HS256 with an empty key", forge.hmac(Algorithm::HS256, b"")),
        ("HS384", forge.hmac(Algorithm::HS384, &forge.public)),
        ("HS512", forge.hmac(Algorithm::HS512, &forge.public)),
        ("alg RS256", forge.header("alg", json!("RS256"))),
        ("alg ES256", forge.header("alg", json!("ES256"))),
        ("alg PS512", forge.header("alg", json!("PS512"))),
        ("alg in small letters", forge.header("alg", json!("eddsa"))),
        ("alg missing", forge.header("alg", Value::Null)),
        ("alg a list", forge.header("alg", json!(["EdDSA"]))),
        ("typ missing", forge.header("typ", Value::Null)),
        ("typ JWT", forge.header("typ", json!("JWT"))),
        ("typ of an id token", forge.header("typ", json!("id+jwt"))),
        ("typ a number", forge.header("typ", json!(1))),
        ("kid missing", forge.header("kid", Value::Null)),
        ("kid unknown", forge.header("kid", json!("0000000000000000"))),
        ("kid empty", forge.header("kid", json!(""))),
        ("kid a path", forge.header("kid", json!("../../../../dev/null"))),
        ("kid for a query", forge.header("kid", json!("' UNION SELECT 'x"))),
        ("kid of the other live key", forge.header("kid", json!(forge.other_live.0))),
        ("key of the other live kid", forge.signed_by(&forge.other_live.1, &forge.header, &forge.claims.to_string())),
        ("a stranger's key", by_stranger("alg", json!("EdDSA"))),
        ("a stranger's key as jwk", by_stranger("jwk", jwk.clone())),
        ("a stranger's key by address", by_stranger("jku", json!("http://127.0.0.1:1/keys"))),
        ("a stranger's certificate", by_stranger("x5u", json!("http://127.0.0.1:1/x"))),
        ("a stranger's key, its own kid", by_stranger("kid", json!("stranger"))),
        ("header of another", format!("{}.{payload}.{}", encode(b"{}"), forge.part(2))),
        ("header that is no JSON", format!("{}.{payload}.{}", encode(b"x"), forge.part(2))),
        ("header twice", format!("{header}.{header}.{}", forge.part(2))),
    ]
}

fn wrong_signatures(forge: &Forge, other: &str) -> Vec<(&'static str, String)> {
    let (head, body) = (forge.part(0), forge.part(1));
    let changed = |name: &str, value: Value| {
        let claims = with(&forge.claims, name, value).to_string();
        format!("{head}.{}.{}", encode(claims.as_bytes()), forge.part(2))
    };
    vec![
        ("signature empty", format!("{head}.{body}.")),
        ("signature taken away", format!("{head}.{body}")),
        ("signature cut by a byte", forge.signature(|bytes| bytes[..63].to_vec())),
        ("signature longer by a byte", forge.signature(|bytes| [bytes, vec![0]].concat())),
        (
            "signature with a bit flipped",
            forge.signature(|mut bytes| {
                bytes[0] ^= 1;
                bytes
            }),
        ),
        (
            "signature with its last bit flipped",
            forge.signature(|mut bytes| {
                bytes[63] ^= 0x80;
                bytes
            }),
        ),
        ("signature of zeros", forge.signature(|_| vec![0; 64])),
        ("signature not canonical", forge.signature(malleable)),
        ("signature of another token", format!("{head}.{body}.{}", other.split('.').nth(2).unwrap())),
        ("signature with padding", format!("{}==", forge.good)),
        ("payload of another token", format!("{head}.{}.{}", other.split('.').nth(1).unwrap(), forge.part(2))),
        ("account changed, not signed", changed("sub", json!("999"))),
        ("sign-in changed, not signed", changed("sid", json!(999))),
        ("end changed, not signed", changed("exp", json!(9_999_999_999_i64))),
        ("nothing", String::new()),
        ("dots", "..".into()),
        ("three letters", "a.b.c".into()),
        ("four parts", format!("{}.x", forge.good)),
        ("five parts", format!("{head}..{body}.{}.x", forge.part(2))),
        ("cut in the middle", forge.good[..forge.good.len() / 2].to_owned()),
        ("twice", format!("{}{}", forge.good, forge.good)),
        ("a line break inside, in base64", forge.good.replace('.', "Cg.")),
        ("very long", format!("{}.{}.{}", head, encode(&[b'1'; 6000]), forge.part(2))),
    ]
}

fn wrong_claims(forge: &Forge, others_account: i64) -> Vec<(&'static str, String)> {
    let now = forge.claims["iat"].as_i64().unwrap();
    let own = &forge.claims;
    let twice = format!("{{\"exp\":{},{}", now - 10, &own.to_string()[1..]);
    vec![
        ("exp past", forge.claim("exp", json!(now - 1))),
        ("exp now", forge.claim("exp", json!(now))),
        ("exp missing", forge.claim("exp", Value::Null)),
        ("exp a text", forge.claim("exp", json!((now + 900).to_string()))),
        ("exp negative", forge.claim("exp", json!(-1))),
        ("exp without bound", forge.claim("exp", json!(1e300))),
        ("exp twice", forge.signed_by(&forge.key, &forge.header, &twice)),
        ("iat far in the future", forge.claim("iat", json!(now + 3600))),
        ("iat missing", forge.claim("iat", Value::Null)),
        ("nbf in the future", forge.claim("nbf", json!(now + 3600))),
        ("a claim we don't make", forge.claim("role", json!("administrator"))),
        ("iss missing", forge.claim("iss", Value::Null)),
        ("iss of another", forge.claim("iss", json!("dubam"))),
        ("iss a list", forge.claim("iss", json!(["duban"]))),
        ("aud missing", forge.claim("aud", Value::Null)),
        ("aud of another", forge.claim("aud", json!("duban-web"))),
        ("aud a list with ours", forge.claim("aud", json!(["duban-api", "other"]))),
        ("sub missing", forge.claim("sub", Value::Null)),
        ("sub a number", forge.claim("sub", json!(others_account))),
        ("sub not a number", forge.claim("sub", json!("admin"))),
        ("sub nobody", forge.claim("sub", json!("999999"))),
        ("sub negative", forge.claim("sub", json!("-1"))),
        ("sub of another, own sign-in", forge.claim("sub", json!(others_account.to_string()))),
        ("sid missing", forge.claim("sid", Value::Null)),
        ("sid of nobody", forge.claim("sid", json!(999_999))),
        ("sid negative", forge.claim("sid", json!(-1))),
        ("sid a text", forge.claim("sid", json!("1"))),
        ("pwd a text", forge.claim("pwd", json!("no"))),
        ("claims a list", forge.signed_by(&forge.key, &forge.header, "[]")),
        ("claims no JSON", forge.signed_by(&forge.key, &forge.header, "x")),
        ("claims empty", forge.signed_by(&forge.key, &forge.header, "{}")),
    ]
}

async fn status_of(app: &TestApp, header: Option<&str>) -> (u16, String) {
    let mut request = app.anonymous().client.get(format!("{}/api/v1/auth/me", app.base));
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn no_token_but_one_of_ours_as_we_signed_it_opens_anything() {
    let app = TestApp::start(1, 5).await;
    let (someone, other) =
        (app.person("someone", Role::Auditor, None).await, app.person("other", Role::Administrator, None).await);
    let forge = Forge::of(&app, &someone).await;
    // The forge itself is right: what it signs anew without a change is as good as ours.
    let again = forge.signed_by(&forge.key, &forge.header, &forge.claims.to_string());
    for good in [format!("Bearer {}", forge.good), format!("bearer {again}"), format!("BEARER  {again} ")] {
        assert_eq!(status_of(&app, Some(&good)).await.0, 200, "{good}");
    }
    let others = other.token.as_deref().unwrap();
    let cases =
        [wrong_headers(&forge), wrong_signatures(&forge, others), wrong_claims(&forge, other.account_id)].concat();
    for (what, token) in &cases {
        let (status, code) = status_of(&app, Some(&format!("Bearer {token}"))).await;
        let refused = ["token_invalid", "session_ended", "sign_in_required"].contains(&code.as_str());
        assert!(status == 401 && refused, "{what}: {status} {code}");
    }
    let schemes = [
        None,
        Some(String::new()),
        Some("Bearer".into()),
        Some(forge.good.clone()),
        Some(format!("Basic {}", forge.good)),
        Some(format!("Bearer:{}", forge.good)),
        Some(format!("Bearer {},Bearer {}", forge.good, forge.good)),
        Some(format!("Token {}", forge.good)),
    ];
    for scheme in &schemes {
        assert_eq!(status_of(&app, scheme.as_deref()).await.0, 401, "{scheme:?}");
    }
    // Nowhere else is a token looked for.
    let elsewhere = [
        ("?access_token=", "x-none", String::new()),
        ("", "cookie", format!("access_token={}", forge.good)),
        ("", "x-access-token", forge.good.clone()),
    ];
    for (query, name, value) in &elsewhere {
        let query = if query.is_empty() { String::new() } else { format!("{query}{}", forge.good) };
        let request = app.anonymous().client.get(format!("{}/api/v1/auth/me{query}", app.base)).header(*name, value);
        assert_eq!(request.send().await.unwrap().status().as_u16(), 401, "{name}");
    }
    println!("token attacks: {} cases, 0 admitted", cases.len() + schemes.len() + elsewhere.len());
    assert!(cases.len() >= 60);
}

#[actix_web::test]
async fn a_refresh_token_is_no_access_token_nor_the_other_way_round() {
    let app = TestApp::start(1, 5).await;
    app.account("someone").await;
    let body = json!({"username": "someone", "password": crate::support::PASSWORD});
    let tokens = app.anonymous().post("/auth/login", body).await.ok();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(status_of(&app, Some(&format!("Bearer {refresh}"))).await.0, 401);
    let access = json!({"refresh_token": tokens["access_token"]});
    app.anonymous().post("/auth/refresh", access).await.refused(401, "token_invalid");
    for wrong in ["", " ", "x", &refresh[1..], &format!("{refresh}="), &refresh.to_lowercase()] {
        let answer = app.anonymous().post("/auth/refresh", json!({"refresh_token": wrong})).await;
        assert_eq!(answer.status, 401, "{wrong:?}: {}", answer.text);
    }
    app.anonymous().post("/auth/refresh", json!({"refresh_token": refresh})).await.ok();
}

/// How long sign-ins of names take that exist and that don't, the password wrong in both cases: by the middle one.
#[actix_web::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    const TIMES: usize = 15;
    let app = TestApp::start(1, 5).await;
    // Their passwords are hashed as slowly as in earnest.
    let admin = app.administrator().await;
    for n in 0..TIMES {
        let new = json!({"username": format!("known-{n}"), "display_name": "known", "password": "Sanmo-2020"});
        admin.post("/accounts", new).await.created();
    }
    let nobody = app.anonymous();
    let (mut known, mut unknown) = (vec![], vec![]);
    for n in 0..TIMES {
        for (name, times) in [(format!("known-{n}"), &mut known), (format!("nobody-{n}"), &mut unknown)] {
            let started = std::time::Instant::now();
            let body = json!({"username": name, "password": "Wrong-2020"});
            nobody.post("/auth/login", body).await.refused(401, "wrong_credentials");
            times.push(started.elapsed());
        }
    }
    known.sort_unstable();
    unknown.sort_unstable();
    let ratio = unknown[TIMES / 2].as_secs_f64() / known[TIMES / 2].as_secs_f64();
    println!("unknown name / wrong password: {ratio:.2} of the time, by the median of {TIMES}");
    assert!((0.5..2.0).contains(&ratio), "{ratio:.2}");
}
