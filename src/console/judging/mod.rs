//! The pages that show and judge: the year at a glance, what is behind a figure, the review desk, urging, and the page of
//! the leader.

pub mod compared;
pub mod heat;
pub mod items;
pub mod leader;
pub mod month;
pub mod review;
pub mod store;
pub mod urge;
pub mod year;

use actix_web::web;

/// The pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/year", web::get().to(year::show));
    config.route("/year/items", web::get().to(items::show));
    config.route("/month", web::get().to(month::show));
    config.service(web::resource("/review").get(review::show).post(review::rule));
    config.service(web::resource("/urge").get(urge::show).post(urge::send));
    config.route("/leader", web::get().to(leader::show));
    config.route("/leader/requests", web::post().to(leader::requests::decide));
    config.route("/leader/instructions", web::post().to(leader::instruct));
}
