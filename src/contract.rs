//! The contract: OpenAPI 3.1, generated from the types and the handlers. `duban openapi` writes it, the server gives
//! it out, and a test holds the file `openapi.yaml` to it.

use actix_web::App;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, RefOr, Required, Schema,
};
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_actix_web::{AppExt, scope};

use crate::platform::sheet::XLSX;
use crate::platform::web::{LAYOUT_ID, collect_schemas};
use crate::{
    accounts, assessments, audit, bulletins, calendars, comments, exchange, findings, inbox, layouts, meetings, plans,
    progress, reports, search, settings, standards, time_nodes, units, workbooks,
};

/// Every route below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(accounts::http::routes);
    config.configure(units::http::routes);
    config.configure(plans::http::routes);
    config.configure(time_nodes::http::routes);
    config.configure(progress::http::routes);
    config.configure(findings::http::routes);
    config.configure(standards::http::routes);
    config.configure(assessments::http::routes);
    config.configure(meetings::http::routes);
    config.configure(reports::http::routes);
    config.configure(layouts::http::routes);
    config.configure(settings::http::routes);
    config.configure(calendars::http::routes);
    config.configure(bulletins::http::routes);
    config.configure(exchange::http::routes);
    config.configure(comments::http::routes);
    config.configure(search::http::routes);
    config.configure(workbooks::http::routes);
    config.configure(inbox::http::routes);
    config.configure(audit::http::routes);
}

/// The whole contract.
pub fn openapi() -> OpenApi {
    let (mut api, schemas) = collect_schemas(|| {
        let app = App::new().into_utoipa_app().openapi(frame());
        app.service(scope("/api/v1").configure(routes)).split_for_parts().1
    });
    let components = api.components.get_or_insert_default();
    for (name, schema) in schemas {
        components.schemas.entry(name).or_insert(schema);
    }
    // What stands in queries only, no answer names.
    add_schema::<reports::model::GroupBy>(components);
    add_schema::<reports::attendance::AttendanceGroupBy>(components);
    add_schema::<reports::rectification::RectificationGroupBy>(components);
    let required = |schema: &str| match components.schemas.get(schema) {
        Some(RefOr::T(Schema::Object(object))) => !object.required.is_empty(),
        _ => true,
    };
    for item in api.paths.paths.values_mut() {
        ease_bodies(item, &required);
    }
    for (path, item) in &mut api.paths.paths {
        add_headers(item);
        add_path_parameters(path, item);
    }
    api
}

fn add_schema<T: ToSchema>(components: &mut Components) {
    components.schemas.entry(T::name().into_owned()).or_insert_with(T::schema);
}

/// The contract as YAML, as `openapi.yaml` holds it.
pub fn yaml() -> Result<String, String> {
    openapi().to_yaml().map_err(|error| error.to_string())
}

fn frame() -> OpenApi {
    let info = InfoBuilder::new()
        .title("duban 督办")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "One year of a party committee's work: annual plan, key points, tasks, responsibilities, time nodes, \
             progress, review, compliance report. Dates are business days of the configured zone; moments are UTC. \
             Every refusal is a problem document (RFC 9457) with a stable code.",
        ))
        .build();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let scopes: [String; 0] = [];
    OpenApiBuilder::new()
        .info(info)
        .components(Some(ComponentsBuilder::new().security_scheme("bearer", bearer).build()))
        .security(Some([SecurityRequirement::new("bearer", scopes)]))
        .build()
}

/// A body whose every field may be left out may be left out as a whole: nothing is read as `{}`.
fn ease_bodies(item: &mut PathItem, required: &impl Fn(&str) -> bool) {
    for operation in [&mut item.post, &mut item.put, &mut item.patch].into_iter().flatten() {
        let Some(RefOr::T(body)) = operation.request_body.as_mut() else { continue };
        let Some(RefOr::T(content)) = body.content.get("application/json") else { continue };
        if let Some(RefOr::Ref(reference)) = content.schema.as_ref() {
            let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
            if !required(name) {
                body.required = Some(Required::False);
            }
        }
    }
}

/// The headers that any call of a kind takes.
fn add_headers(item: &mut PathItem) {
    if let Some(operation) = item.get.as_mut().filter(|operation| answers_tables(operation)) {
        push(operation, layout_id());
    }
    // What a change answers is never a table.
    for response in item.post.iter_mut().flat_map(|operation| operation.responses.responses.values_mut()) {
        if let RefOr::T(response) = response
            && response.content.shift_remove("text/csv").is_some()
        {
            response.content.shift_remove(XLSX);
        }
    }
    let writes =
        [(&mut item.patch, Required::True), (&mut item.delete, Required::True), (&mut item.put, Required::False)];
    for (operation, required) in writes {
        if let Some(operation) = operation {
            push(operation, if_match(required));
        }
    }
    let secret =
        |operation: &Operation| operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|tag| tag == "auth"));
    // What sign-in answers holds secrets: it is not stored, so it takes no key.
    if let Some(operation) = item.post.as_mut().filter(|operation| !secret(operation)) {
        push(operation, if_match(Required::False));
        let key = header("Idempotency-Key", Required::False, "The same key and body give the same answer for 24 hours");
        push(operation, key);
    }
}

/// The parameters in the address: ids and numbers, which no handler declares.
fn add_path_parameters(path: &str, item: &mut PathItem) {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    let mut operations: Vec<&mut Operation> = operations.into_iter().filter_map(Option::as_mut).collect();
    for name in names {
        let description = if name == "id" { "Its id" } else { "A number: of a revision, an edition or a year" };
        for operation in &mut operations {
            let told = operation
                .parameters
                .iter()
                .flatten()
                .any(|parameter| matches!(parameter, RefOr::T(one) if one.name == name));
            if !told {
                push(operation, number_in_path(name, description));
            }
        }
    }
}

fn number_in_path(name: &str, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .build()
}

/// Whether an operation answers a list or report as a table too.
fn answers_tables(operation: &Operation) -> bool {
    operation.responses.responses.values().any(|response| match response {
        RefOr::T(response) => response.content.contains_key("text/csv"),
        _ => false,
    })
}

fn layout_id() -> Parameter {
    ParameterBuilder::new()
        .name(LAYOUT_ID)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("Of a CSV or XLSX table: the id of a layout 报表格式 that says its columns and wording"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::Integer)))
        .build()
}

fn push(operation: &mut Operation, parameter: Parameter) {
    operation.parameters.get_or_insert_default().push(parameter.into());
}

fn if_match(required: Required) -> Parameter {
    header("If-Match", required, "The ETag of the version that is changed; 412 when it is another one by now")
}

fn header(name: &str, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}
