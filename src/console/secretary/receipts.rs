//! Signing for what one's unit was sent: a plan or revision, a call or minutes, a circular.

use actix_web::HttpResponse;
use serde_json::json;

use crate::bulletins::{self, BulletinId};
use crate::console::Posted;
use crate::console::layout::Said;
use crate::console::page::{local, see_other};
use crate::meetings::{self, MeetingId};
use crate::plans::{self, PlanId};
use crate::platform::Error;
use crate::platform::error::NOT_FOUND;
use crate::platform::web::read_value;

/// `POST /receipts`: fields `of` (`plan`, `call`, `minutes`, `circular`), `id`, `unit`, of a plan `revision`, and `back`.
pub async fn sign(posted: Posted) -> Result<HttpResponse, Error> {
    let fields = &posted.fields;
    let number = |name: &str| fields.get(name).parse::<i64>().map_err(|_| NOT_FOUND.err());
    let (id, unit, of) = (number("id")?, number("unit")?, fields.get("of").to_owned());
    let revision = fields.get("revision").parse::<i64>().unwrap_or(0);
    let back = local(fields.get("back")).split('?').next().unwrap_or("/").to_owned();
    posted
        .visit
        .caller
        .write(move |conn, actor| {
            match of.as_str() {
                "plan" => {
                    let input = read_value(json!({"unit_id": unit, "revision": revision}))?;
                    plans::receipts::sign(conn, actor, PlanId(id), &input)?;
                }
                "call" | "minutes" => {
                    let input = read_value(json!({"unit_id": unit, "kind": of}))?;
                    meetings::receipts::sign(conn, actor, MeetingId(id), &input)?;
                }
                "circular" => {
                    let input = read_value(json!({"unit_id": unit}))?;
                    bulletins::receipts::sign(conn, actor, BulletinId(id), &input)?;
                }
                _ => return Err(NOT_FOUND.err()),
            }
            Ok(())
        })
        .await?;
    Ok(see_other(&format!("{back}?said={}", Said::SignedFor.word())))
}
