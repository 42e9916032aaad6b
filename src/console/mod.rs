//! The console: pages for people, in the same binary. A page is a handler, a template and its words in both languages;
//! it calls the same actions as the API and holds no rule of its own. Pages work without script; a little of it only
//! helps. `store.rs` holds the joins that only a page needs.
//!
//! - A handler that shows takes a [`Visit`], one that does takes a [`Posted`]; both answer with
//!   [`page::page`] or [`page::see_other`]. A refusal becomes a page in [`layer`]; in a form, [`marks::Marks`].
//! - An input for an action is read by [`read_value`](crate::platform::web::read_value), after the rules of the API.

pub mod administration;
pub mod assessments;
pub mod assets;
pub mod bulletins;
pub mod charts;
pub mod choices;
pub mod figures;
pub mod findings;
pub mod form;
pub mod imports;
pub mod judging;
pub mod layer;
pub mod layout;
pub mod links;
pub mod marks;
pub mod meetings;
pub mod nav;
pub mod opens;
pub mod own;
pub mod page;
pub mod plans;
pub mod posted;
pub mod reading;
pub mod reports;
pub mod secretary;
pub mod session;
pub mod sheet;
pub mod sign_in;
pub mod store;
pub mod tables;
pub mod terms;
pub mod told;
pub mod view;
pub mod words;

use actix_web::middleware::from_fn;
use actix_web::web;

pub use posted::{Fields, Posted};
pub use session::Visit;
pub use view::View;
pub use words::{Lang, said};

use crate::codes;

codes! {
    FORM_FOREIGN: 403 "form_foreign" "此表单不是从本系统的页面提交的，未作任何更改；请打开本系统的页面再办。"
        "This form was not sent from a page of this system and nothing was changed; open the page here and do it there.";
    FORM_EXPIRED: 403 "form_expired" "此页面打开以后登录已更换，未作任何更改；请重新打开页面再办。"
        "The sign-in has changed since this page was opened, and nothing was changed; open the page again.";
}

/// Every page. What is not found here is not found.
pub fn routes(config: &mut web::ServiceConfig) {
    let pages = web::scope("")
        .wrap(from_fn(layer::layer))
        .route("/", web::get().to(sign_in::first_page))
        .service(web::resource("/sign-in").get(sign_in::form).post(sign_in::enter))
        .route("/sign-out", web::post().to(sign_in::leave))
        .route("/preferences", web::post().to(own::prefer))
        .route("/account", web::get().to(own::account))
        .route("/account/sessions/{id}/end", web::post().to(own::end_session))
        .service(web::resource("/password").get(own::password).post(own::change_password))
        .route("/assets/{name}", web::get().to(assets::get))
        .configure(secretary::routes)
        .configure(plans::routes)
        .configure(findings::routes)
        .configure(assessments::routes)
        .configure(meetings::routes)
        .configure(bulletins::routes)
        .configure(administration::routes)
        .configure(imports::routes)
        .configure(judging::routes)
        .configure(reports::routes);
    config.service(pages);
}
