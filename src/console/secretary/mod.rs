//! The secretary's side: what is to do today, reporting it, one's branch and its nodes.

pub mod branch;
pub mod evidence;
pub mod node;
pub mod outlook;
pub mod receipts;
pub mod report;
pub mod rows;
pub mod task_list;
pub mod todo;

use actix_web::web;

/// The pages.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/todo", web::get().to(todo::show));
    config.service(web::resource("/report").get(report::show).post(report::send));
    config.route("/time-nodes/{id}", web::get().to(node::show));
    config.route("/time-nodes/{id}/extensions", web::post().to(node::ask_extension));
    config.route("/time-nodes/{id}/comments", web::post().to(node::comment));
    config.route("/progress-reports/{id}/withdrawal", web::post().to(node::withdraw));
    config.route("/attachments/{id}", web::get().to(evidence::get));
    config.route("/branch", web::get().to(branch::show));
    config.route("/task-list", web::get().to(task_list::show));
    config.route("/receipts", web::post().to(receipts::sign));
}
