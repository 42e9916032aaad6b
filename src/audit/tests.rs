//! The log as a whole, on a database of its own.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::SimpleConnection;
use serde_json::json;

use super::*;
use crate::access::AccountId;
use crate::platform::{Db, PageRequest};

const ENTRIES: i64 = 1203;

fn noon() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2020, 3, 24).unwrap().and_hms_opt(12, 0, 0).unwrap()
}

/// So many entries, of two kinds of things and of two accounts in turn.
fn write(conn: &mut Conn, entries: i64) -> Result<()> {
    for n in 1..=entries {
        let mut actor = Actor { account_id: Some(AccountId(1 + n % 2)), ..Actor::operator() };
        actor.request.request_id = format!("request-{n}");
        record(
            conn,
            &actor,
            "unit.change",
            subject(if n % 3 == 0 { "plan" } else { "unit" }, n % 7),
            &json!({"n": n}),
        )?;
    }
    Ok(())
}

fn entry() -> store::NewEntry {
    store::NewEntry {
        at: noon(),
        day: noon().date(),
        account_id: Some(AccountId(1)),
        action: "unit.change".into(),
        subject: "unit".into(),
        subject_id: Some(1),
        details: "{}".into(),
        request_id: "r".into(),
    }
}

#[test]
fn whatever_an_entry_says_is_in_its_hash() {
    type Alter = fn(&mut store::NewEntry);
    let alterations: [Alter; 10] = [
        |_| {},
        |entry| entry.at += chrono::TimeDelta::microseconds(1),
        |entry| entry.day = entry.day.succ_opt().unwrap(),
        |entry| entry.account_id = Some(AccountId(2)),
        |entry| entry.account_id = None,
        |entry| entry.action.push('d'),
        |entry| entry.subject.push('s'),
        |entry| entry.subject_id = None,
        |entry| entry.details = r#"{"a":1}"#.into(),
        |entry| entry.request_id.clear(),
    ];
    let hash = |alter: Alter| {
        let mut altered = entry();
        alter(&mut altered);
        altered.hash()
    };
    let hashes: std::collections::BTreeSet<_> = alterations.into_iter().map(hash).collect();
    assert_eq!(hashes.len(), alterations.len());
    assert_eq!(entry().hash(), entry().hash());
    // A log that was written can be verified by every later version, and by anybody: SHA-256 of
    // [1585051200000000,"2020-03-24",1,"unit.change","unit",1,"{}","r"].
    assert_eq!(entry().hash(), "f1a3ae3efae21c219af5e9a5ce019824dad80c3065acc2516250bb857493f2ff");
}

#[tokio::test]
async fn entries_are_sealed_in_their_order_and_verify() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::scratch(&folder).await;
    let done = db.write(|conn| {
        assert!(!has_unsealed(conn)?);
        assert_eq!(seal_pending(conn, noon())?, 0);
        write(conn, ENTRIES)?;
        assert!(has_unsealed(conn)?);
        assert_eq!((verify(conn)?.verified, verify(conn)?.unsealed), (0, ENTRIES));
        let mut sealed = vec![];
        while has_unsealed(conn)? {
            sealed.push(seal_pending(conn, noon())?);
        }
        assert_eq!(sealed, [500, 500, 203]);
        let whole = verify(conn)?;
        assert_eq!((whole.verified, whole.unsealed), (ENTRIES, 0));
        write(conn, 2)?;
        assert_eq!((verify(conn)?.verified, verify(conn)?.unsealed), (ENTRIES, 2));
        assert_eq!(verify(conn)?.head, whole.head);
        seal_pending(conn, noon())?;
        assert_ne!(verify(conn)?.head, whole.head);
        Ok(())
    });
    done.await.unwrap();
}

#[tokio::test]
async fn what_was_tampered_with_is_named() {
    let cases = [
        ("UPDATE audit_entries SET details = '{}' WHERE id = 3", "3"),
        ("UPDATE audit_entries SET account_id = NULL WHERE id = 501", "501"),
        ("UPDATE audit_entries SET content_hash = '' WHERE id = 2", "2"),
        ("UPDATE audit_seals SET chain_hash = '' WHERE position = 502", "502"),
        ("UPDATE audit_seals SET position = 9999 WHERE position = 4", "4"),
        ("DELETE FROM audit_seals WHERE position = 1", "1"),
        // The entries of two seals exchanged.
        (
            "UPDATE audit_seals SET entry_id = 100000 WHERE position = 7; UPDATE audit_seals SET entry_id = 7 WHERE position = 8;
             UPDATE audit_seals SET entry_id = 8 WHERE position = 7",
            "7",
        ),
        // The seal of an entry that is not there.
        ("DELETE FROM audit_entries WHERE id = 600", "600"),
        ("DELETE FROM audit_entries WHERE id = 602", "602"),
    ];
    for (alteration, position) in cases {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::scratch(&folder).await;
        let told = db.write(move |conn| {
            write(conn, 602)?;
            while has_unsealed(conn)? {
                seal_pending(conn, noon())?;
            }
            conn.batch_execute("PRAGMA defer_foreign_keys = ON")?;
            conn.batch_execute(alteration)?;
            let told = verify(conn).err().map(|error| (error.code(), error.problem().args.clone()));
            // Thrown away, so that what it breaks need not hold.
            Err::<(), _>(Error::internal(format!("{told:?}")))
        });
        let told = format!("{:?}", told.await.unwrap_err());
        assert!(told.contains("audit_broken") && told.contains(&format!("\\\"{position}\\\"")), "{alteration}: {told}");
    }
}

#[tokio::test]
async fn the_list_has_each_entry_and_can_be_narrowed() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::scratch(&folder).await;
    let done = db.write(|conn| {
        write(conn, 42)?;
        seal_pending(conn, noon())?;
        // What is not sealed yet is not listed.
        write(conn, 3)?;
        let whole = PageRequest::new("audit-entries", None, None, true)?;
        let (all, next) = list(conn, &whole, None, None, None)?;
        assert_eq!((all.iter().map(|entry| entry.position).collect::<Vec<_>>(), next), ((1..=42).collect(), None));
        let third = &all[2];
        assert_eq!((third.action.as_str(), third.subject.as_str(), third.subject_id), ("unit.change", "plan", Some(3)));
        assert_eq!((third.account_id, &third.details), (Some(AccountId(2)), &json!({"n": 3})));
        assert_eq!((third.request_id.as_str(), third.day), ("request-3", today(conn)?));
        let age = std::time::SystemTime::from(third.at).elapsed().unwrap().as_secs();
        assert!(age < 3600, "{age}");

        let mut positions = |subject, id, account: Option<i64>| -> Result<Vec<i64>> {
            let found = list(conn, &whole, subject, id, account.map(AccountId))?.0;
            Ok(found.iter().map(|entry| entry.position).collect())
        };
        assert_eq!(positions(Some("plan"), None, None)?, (3..=42).step_by(3).collect::<Vec<_>>());
        assert_eq!(positions(None, Some(5), None)?, (5..=42).step_by(7).collect::<Vec<_>>());
        assert_eq!(positions(None, None, Some(2))?, (1..=42).step_by(2).collect::<Vec<_>>());
        assert_eq!(positions(Some("plan"), Some(3), Some(2))?, [3]);
        let page = PageRequest::new("audit-entries", Some(40), None, false)?;
        let (first, next) = list(conn, &page, None, None, None)?;
        let page = PageRequest::new("audit-entries", Some(40), next.as_deref(), false)?;
        let (rest, next) = list(conn, &page, None, None, None)?;
        assert_eq!((first.len(), rest.len(), rest[0].position, next), (40, 2, 41, None));
        Ok(())
    });
    done.await.unwrap();
}

#[test]
fn a_moment_is_hashed_as_both_databases_keep_it() {
    let moment = noon() + chrono::TimeDelta::nanoseconds(1_234_567_891);
    assert_eq!(store::whole_micros(moment), noon() + chrono::TimeDelta::microseconds(1_234_567));
}
