//! Serves the application over HTTP: the routes of the contract, the probes, the documents.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock};

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpRequest, HttpResponse, HttpServer, Responder, web};
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::{OpenApi, RefOr};
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::SwaggerUi;

use crate::access::{Identity, Layouts};
use crate::app::App;
use crate::layouts::SavedLayouts;
use crate::plans::revisions::Consequences;
use crate::platform::error::{NOT_FOUND, UNAVAILABLE};
use crate::platform::{Db, Error, web as http};
use crate::progress::Evidence;
use crate::time_nodes::revise::Revise;
use crate::worker::Worker;
use crate::{accounts, console, contract};

impl App {
    /// Serves on a listener until it is stopped; the worker runs beside it. `workers` threads serve, or one a core.
    pub fn serve(&self, listener: TcpListener, workers: Option<usize>) -> std::io::Result<Server> {
        self.serve_beside(Some(Worker::start(self.clone())), listener, workers)
    }

    /// The same without the worker: nothing is written that nobody asked for, and sealing is left to the caller.
    pub fn serve_without_worker(&self, listener: TcpListener, workers: Option<usize>) -> std::io::Result<Server> {
        self.serve_beside(None, listener, workers)
    }

    fn serve_beside(
        &self,
        worker: Option<Worker>,
        listener: TcpListener,
        workers: Option<usize>,
    ) -> std::io::Result<Server> {
        let (db, evidence) = (web::Data::new(self.db.clone()), web::Data::from(self.evidence.clone()));
        let accounts = web::Data::from(self.accounts.clone());
        let identity: web::Data<dyn Identity> = web::Data::from(self.accounts.clone() as Arc<dyn Identity>);
        let layouts: web::Data<dyn Layouts> = web::Data::from(Arc::new(SavedLayouts) as Arc<dyn Layouts>);
        let nodes: web::Data<dyn Consequences> = web::Data::from(Arc::new(Revise) as Arc<dyn Consequences>);
        let limits = self.limits;
        let mut server = HttpServer::new(move || {
            // It ends with the server.
            let _ = &worker;
            let (app, _) = ActixApp::new()
                .into_utoipa_app()
                .service(scope("/api/v1").configure(contract::routes))
                .split_for_parts();
            app.app_data(db.clone())
                .app_data(evidence.clone())
                .app_data(accounts.clone())
                .app_data(identity.clone())
                .app_data(layouts.clone())
                .app_data(nodes.clone())
                .app_data(web::Data::new(DOCUMENTS.clone()))
                .app_data(limits)
                .app_data(web::Data::from(DOCUMENTS.queryless.clone()))
                .route("/healthz", web::get().to(healthz))
                .route("/readyz", web::get().to(readyz))
                .route("/openapi.yaml", web::get().to(openapi_yaml))
                .route("/openapi.json", web::get().to(openapi_json))
                .route("/docs", web::get().to(docs))
                .route("/.well-known/jwks.json", web::get().to(accounts::http::jwks))
                .service(SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json")))
                .configure(console::routes)
                .default_service(web::to(nothing_here))
                .wrap(from_fn(http::layer))
                .wrap(Compress::default())
        })
        .client_request_timeout(limits.header_time)
        .keep_alive(limits.keep_alive)
        .max_connections(limits.connections)
        .shutdown_timeout(limits.drain_time.as_secs())
        .shutdown_signal(told_to_stop())
        .listen(listener)?;
        if let Some(workers) = workers {
            server = server.workers(workers);
        }
        Ok(server.run())
    }
}

/// Until somebody tells the process to stop. The library's own would cut off what is under way at Ctrl-C.
async fn told_to_stop() {
    use actix_web::rt::signal;
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut told) => drop(told.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = signal::ctrl_c() => {}
        () = terminated => {}
    }
}

/// They are the same for every server of the process, and not quickly made.
static DOCUMENTS: LazyLock<Documents> = LazyLock::new(Documents::make);

/// The contract in both forms, and which methods each address takes.
#[derive(Clone)]
struct Documents {
    yaml: Arc<str>,
    json: Arc<str>,
    methods: Arc<BTreeMap<String, Vec<&'static str>>>,
    queryless: Arc<http::Queryless>,
}

/// The operations of the contract without a query parameter.
fn queryless(api: &OpenApi) -> http::Queryless {
    let query_of = |operation: &Operation| {
        let parameters = operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
            RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Query => Some(parameter.name.clone()),
            RefOr::T(_) | RefOr::Ref(_) => None,
        });
        parameters.collect::<Vec<_>>()
    };
    let mut found = http::Queryless::default();
    for (path, item) in &api.paths.paths {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            let taken = operation.as_ref().map(query_of);
            match taken.as_deref() {
                Some([]) => found.items.insert(format!("{method} {path}")),
                Some([one]) if one == http::LAYOUT_ID => found.tables.insert(format!("{method} {path}")),
                _ => continue,
            };
        }
    }
    found
}

impl Documents {
    fn make() -> Documents {
        let api = contract::openapi();
        let mut methods = BTreeMap::new();
        for (path, item) in &api.paths.paths {
            let taken = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            methods.insert(path.clone(), taken.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect());
        }
        for path in ["/healthz", "/readyz", "/openapi.yaml", "/openapi.json", "/docs", "/.well-known/jwks.json"] {
            methods.insert(path.to_owned(), vec!["GET"]);
        }
        Documents {
            yaml: api.to_yaml().unwrap_or_default().into(),
            json: api.to_json().unwrap_or_default().into(),
            methods: Arc::new(methods),
            queryless: Arc::new(queryless(&api)),
        }
    }

    /// The methods that an address takes; `None` when nothing lives there.
    fn allow(&self, path: &str) -> Option<String> {
        let fits = |pattern: &&String| {
            let (wanted, given) = (pattern.split('/'), path.split('/'));
            wanted.clone().count() == given.clone().count()
                && wanted.zip(given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
        };
        let exact = self.methods.get_key_value(path).map(|(pattern, _)| pattern);
        let pattern = exact.or_else(|| self.methods.keys().find(fits))?;
        self.methods.get(pattern).map(|methods| methods.join(", "))
    }
}

async fn healthz() -> impl Responder {
    HttpResponse::Ok().json(serde_json::json!({"status": "ok"}))
}

/// Whether requests can be served: the database answers and evidence can be written.
async fn readyz(db: web::Data<Db>, evidence: web::Data<Evidence>) -> Result<HttpResponse, Error> {
    let day = db.read(crate::platform::db::today).await?;
    if !evidence.is_writable() {
        tracing::error!("the evidence folder can't be written");
        return Err(UNAVAILABLE.err());
    }
    Ok(HttpResponse::Ok().json(serde_json::json!({"status": "ready", "business_date": day})))
}

async fn openapi_yaml(documents: web::Data<Documents>) -> impl Responder {
    HttpResponse::Ok().content_type("application/yaml; charset=utf-8").body(documents.yaml.to_string())
}

async fn openapi_json(documents: web::Data<Documents>) -> impl Responder {
    HttpResponse::Ok().content_type("application/json").body(documents.json.to_string())
}

async fn docs() -> impl Responder {
    HttpResponse::SeeOther().insert_header(("location", "/docs/")).finish()
}

/// 404, or 405 with the methods that the address takes.
async fn nothing_here(request: HttpRequest, documents: web::Data<Documents>) -> Result<HttpResponse, Error> {
    Err(match documents.allow(request.path()) {
        Some(allow) => http::not_allowed(allow),
        None => NOT_FOUND.err(),
    })
}
