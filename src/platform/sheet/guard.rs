//! What is looked at before a workbook is opened: its type by its bytes, macros, and how much it unpacks to. Sizes that
//! a zip archive states of itself may lie, so every part is unpacked once into nothing and counted.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{PARTS_LIMIT, SHEET_BOMB, SHEET_BROKEN, SHEET_MACRO, SHEET_TYPE, UNPACKED_LIMIT};
use crate::platform::error::{of_a_library, words};
use crate::platform::{Error, Result};

/// What a file is, told from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Xlsx,
    Text,
}

/// Tells the form of a file; refuses what is neither a workbook nor text.
pub fn form(bytes: &[u8]) -> Result<Form> {
    let refused = |detail: String| Err(SHEET_TYPE.with([("detail", detail)]));
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Form::Xlsx);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return refused(words(".xls, .et 或加密的工作簿", ".xls, .et or an encrypted workbook"));
    }
    if let Some(kind) = infer::get(bytes).filter(|kind| kind.matcher_type() != infer::MatcherType::Text) {
        return refused(kind.mime_type().to_owned());
    }
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if bytes.is_empty() || (!utf16 && bytes.contains(&0)) {
        return refused(words("空文件或二进制文件", "empty or binary"));
    }
    Ok(Form::Text)
}

/// Refuses a workbook that unpacks to too much, holds macros, or is no XLSX.
pub fn check(bytes: &[u8]) -> Result<()> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let bomb = |part: &str| SHEET_BOMB.with([("limit", UNPACKED_LIMIT.to_string()), ("part", part.to_owned())]);
    if archive.len() > PARTS_LIMIT {
        return Err(bomb(&format!("{} parts", archive.len())));
    }
    let names = archive.file_names().map(|name| Ok(name.map_err(broken)?.into_owned())).collect::<Result<Vec<_>>>()?;
    refuse_others(&names)?;
    let (mut unpacked, mut sink) = (0_u64, [0_u8; 16 * 1024]);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        if part.size() > UNPACKED_LIMIT {
            return Err(bomb(&name));
        }
        let is_types = name.eq_ignore_ascii_case("[content_types].xml");
        let mut types = Vec::new();
        loop {
            let read = part.read(&mut sink).map_err(broken)?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            if unpacked > UNPACKED_LIMIT {
                return Err(bomb(&name));
            }
            if is_types {
                types.extend_from_slice(sink.get(..read).unwrap_or_default());
            }
        }
        if is_types && String::from_utf8_lossy(&types).to_lowercase().contains("macroenabled") {
            return Err(SHEET_MACRO.with([("part", name)]));
        }
    }
    Ok(())
}

/// Refuses archives that are something else than an XLSX workbook, by the names of their parts.
fn refuse_others(names: &[String]) -> Result<()> {
    let has = |ending: &str| names.iter().find(|name| name.to_lowercase().ends_with(ending));
    if let Some(part) = has("vbaproject.bin").or_else(|| names.iter().find(|name| name.contains("xl/macrosheets/"))) {
        return Err(SHEET_MACRO.with([("part", part.clone())]));
    }
    if has("xl/workbook.xml").is_none() {
        let detail = words("压缩包中没有工作簿", "an archive without a workbook");
        return Err(SHEET_TYPE.with([("detail", detail)]));
    }
    Ok(())
}

fn broken(error: impl std::fmt::Display) -> Error {
    SHEET_BROKEN.with([("detail", of_a_library(error))])
}
