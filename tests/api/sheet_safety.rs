//! What is refused before it is opened, or before it costs memory: bombs, a million rows, cells at the end of the world,
//! macros, other types, classified markings; and formulas, which nobody evaluates.

use std::io::{Cursor, Read, Write};

use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::support::Scene;
use crate::support::sheets::{problems, workbook};

const HEADS: &[&str] = &["工作要点", "工作任务", "责任单位", "完成时限"];

/// A sound workbook with parts put over or beside its own.
pub fn with_parts(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let sound = workbook("表", &[HEADS, &["组织建设", "换届", "党委", "6月底前"]]);
    let mut archive = ZipArchive::new(Cursor::new(sound)).unwrap();
    let mut written = ZipWriter::new(Cursor::new(vec![]));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        if !parts.iter().any(|(over, _)| *over == name) {
            written.start_file(name, SimpleFileOptions::default()).unwrap();
            std::io::copy(&mut part, &mut written).unwrap();
        }
    }
    for (name, bytes) in parts {
        written.start_file(*name, SimpleFileOptions::default()).unwrap();
        written.write_all(bytes).unwrap();
    }
    written.finish().unwrap().into_inner()
}

/// What stands in a part of a workbook.
pub fn part_of(workbook: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = vec![];
    ZipArchive::new(Cursor::new(workbook)).unwrap().by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// A worksheet of these cells, written by hand.
fn sheet(cells: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{cells}</sheetData></worksheet>"
    )
    .into_bytes()
}

/// The part of a workbook that holds its first sheet.
pub const SHEET: &str = "xl/worksheets/sheet1.xml";

fn text_cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[actix_web::test]
async fn what_is_dangerous_or_no_workbook_is_refused_with_its_reason() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let bomb = with_parts(&[("xl/media/image1.png", vec![0; 80 * 1024 * 1024])]);
    assert!(bomb.len() < 200_000, "it is small until it is unpacked: {}", bomb.len());
    let many: String =
        (1..=40_000).map(|row| format!("<row r=\"{row}\">{}</row>", text_cell(&format!("A{row}"), "x"))).collect();
    let macros = with_parts(&[("xl/vbaProject.bin", vec![1, 2, 3])]);
    let types = b"<Types><Override ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>";
    let mut half = workbook("表", &[HEADS]);
    half.truncate(half.len() / 2);
    let encrypted = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1].repeat(100);
    let wide = with_parts(&[(SHEET, sheet(&format!("<row r=\"1\">{}</row>", text_cell("XFD1", "x"))))]);
    let secret = workbook("表", &[HEADS, &["组织建设", "【机密】换届", "党委", "6月底前"]]);
    let secret_sheet = workbook("机密★1年", &[HEADS]);
    let files: [(&str, Vec<u8>, u16, &str); 13] = [
        ("a bomb", bomb, 422, "sheet_bomb"),
        (
            "a row of twelve digits",
            with_parts(&[(SHEET, sheet(&format!("<row r=\"1\">{}</row>", text_cell("A999999999999", "x"))))]),
            422,
            "sheet_broken",
        ),
        ("40,000 rows", with_parts(&[(SHEET, sheet(&many))]), 422, "sheet_too_long"),
        ("a cell in the last column", wide, 422, "sheet_too_long"),
        ("macros", macros, 422, "sheet_macro"),
        ("macros by type", with_parts(&[("[Content_Types].xml", types.to_vec())]), 422, "sheet_macro"),
        ("half a workbook", half, 422, "sheet_broken"),
        ("an old or encrypted workbook", encrypted, 415, "sheet_type"),
        ("a picture", b"\x89PNG\r\n\x1a\n0000".to_vec(), 415, "sheet_type"),
        ("a document", b"%PDF-1.7 ....".to_vec(), 415, "sheet_type"),
        ("too many bytes", vec![b'a'; 10 * 1024 * 1024 + 1], 413, "sheet_too_large"),
        ("a marking", secret, 422, "classified_marking"),
        ("a marked sheet", secret_sheet, 422, "classified_marking"),
    ];
    for (what, bytes, status, code) in files {
        let answer = scene.department.hand_in(&format!("plan_id={plan}"), "a.xlsx", &bytes).await;
        let at = answer.clone();
        answer.refused(status, code);
        if what == "a marking" {
            assert_eq!(at.body["errors"][0]["pointer"], json!("表!B2"));
        }
    }
    let name = scene.department.hand_in(&format!("plan_id={plan}"), "机密清单.xlsx", &workbook("表", &[HEADS])).await;
    name.refused(422, "classified_marking");
}

#[actix_web::test]
async fn one_cell_in_the_last_row_is_one_cell() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let heads: String =
        HEADS.iter().zip("ABCD".chars()).map(|(head, column)| text_cell(&format!("{column}1"), head)).collect();
    let cells = format!("<row r=\"1\">{heads}</row><row r=\"1048576\">{}</row>", text_cell("A1048576", "注：完"));
    let bytes = with_parts(&[(SHEET, sheet(&cells))]);
    let made = scene.department.hand_in(&format!("plan_id={plan}"), "a.xlsx", &bytes).await.created();
    assert_eq!((&made["counts"]["rows"], &made["counts"]["problems"]), (&json!(0), &json!(0)), "{made:#}");
}

#[actix_web::test]
async fn a_formula_is_refused_with_its_cell_and_never_evaluated() {
    let scene = Scene::set(1, 5, 1).await;
    let plan = scene.plan().await;
    let heads: String = [&["序号"][..], HEADS]
        .concat()
        .iter()
        .zip("ABCDE".chars())
        .map(|(head, column)| text_cell(&format!("{column}1"), head))
        .collect();
    let row = [text_cell("B2", "组织建设"), text_cell("D2", "党委"), text_cell("E2", "6月底前")].concat();
    let cells = format!(
        "<row r=\"1\">{heads}</row><row r=\"2\"><c r=\"A2\"><f>ROW()-1</f><v>1</v></c>{row}\
         <c r=\"C2\" t=\"str\"><f>\"换\"&amp;\"届\"</f><v>换届</v></c></row>"
    );
    let bytes = with_parts(&[(SHEET, sheet(&cells))]);
    let made = scene.department.hand_in(&format!("plan_id={plan}"), "a.xlsx", &bytes).await.created();
    assert_eq!(problems(&made), [("C2".to_owned(), "cell_formula".to_owned())], "a number that is not read may be one");
}

/// Within so many kilobytes of address space: a dense table up to the last cell, or a bomb that is opened, takes more.
const ROOM: u32 = 1_500_000;

#[actix_web::test]
async fn dangerous_files_are_refused_within_bounded_memory() {
    let scene = Scene::set(1, 5, 1).await;
    let folder = tempfile::tempdir().unwrap();
    let corners =
        format!("<row r=\"1\">{}</row><row r=\"1048576\">{}</row>", text_cell("A1", "x"), text_cell("XFD1048576", "x"));
    let part = vec![0; 63 * 1024 * 1024];
    let bombs: Vec<_> = (0..3).map(|number| format!("xl/media/image{number}.png")).collect();
    let parts: Vec<_> = bombs.iter().map(|name| (name.as_str(), part.clone())).collect();
    for (bytes, code) in
        [(with_parts(&[(SHEET, sheet(&corners))]), "sheet_too_long"), (with_parts(&parts), "sheet_bomb")]
    {
        let file = folder.path().join("a.xlsx");
        std::fs::write(&file, bytes).unwrap();
        let script = format!("ulimit -v {ROOM}; exec \"$0\" import \"$1\" --dry-run");
        let said = std::process::Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_duban")])
            .arg(&file)
            .env("DATABASE_URL", &scene.app.config.database_url)
            .env("DUBAN_DATA_DIR", &scene.app.config.data_dir)
            .env("DUBAN_SECRET_FILE", &scene.app.config.secret_file)
            .env("DUBAN_TODAY", "2020-01-05")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(said.status.code() == Some(1) && error.contains(code), "{code}: {:?} {error}", said.status);
    }
}
