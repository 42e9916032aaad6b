//! Stylesheet and script, part of the binary. Their address holds their digest, so a browser may keep them for ever.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::platform::Error;
use crate::platform::error::NOT_FOUND;

/// A file with its lasting address.
pub struct Asset {
    address: String,
    media_type: &'static str,
    text: &'static str,
}

/// The stylesheet.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "css", "text/css; charset=utf-8", include_str!("../../assets/console/console.css"))
});
/// The script; every page works without it.
pub static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "js", "text/javascript; charset=utf-8", include_str!("../../assets/console/console.js"))
});

impl Asset {
    fn new(name: &str, ending: &str, media_type: &'static str, text: &'static str) -> Asset {
        let digest = hex::encode(Sha256::digest(text.as_bytes()));
        let short = digest.get(..12).unwrap_or_default();
        Asset { address: format!("/assets/{name}-{short}.{ending}"), media_type, text }
    }

    /// Where it lies.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Gives out an asset.
pub async fn get(name: web::Path<String>) -> Result<HttpResponse, Error> {
    let address = format!("/assets/{name}");
    let asset = [&*STYLE, &*SCRIPT].into_iter().find(|asset| asset.address == address);
    let asset = asset.ok_or_else(|| NOT_FOUND.err())?;
    Ok(HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header(("cache-control", "public, max-age=31536000, immutable"))
        .body(asset.text))
}
