//! The rows of a workbook that was filled in, as the reports that they say. Pure.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{COMPLETION, EVIDENCE, HELD_ON, KIND, MARK, NODE, PERCENT, PROGRESS, TEXT};
use crate::exchange::mapping::plain_head;
use crate::platform::error::{EMPTY_TEXT, OUT_OF_RANGE};
use crate::platform::sheet::{Book, Cell, Grid, Line, What, column_name};
use crate::platform::text::Prose;
use crate::platform::{Code, Error, Fault, Problem, Result};
use crate::progress::batch::ReportItem;
use crate::progress::model::{OnPaper, PaperText, ReportKind};
use crate::time_nodes::NodeId;
use crate::workbooks::{FILL_IN_CELL, FILL_IN_FORMULA, FILL_IN_HEADER, FILL_IN_NOTHING};

/// Rows above the header at most: titles that somebody put there.
const ABOVE: usize = 20;

/// A row that was filled in.
#[derive(Debug)]
pub struct Filled {
    /// Counted from 1.
    pub row: u32,
    pub node: Option<NodeId>,
    /// The version of the node that the row was made from.
    pub version: Option<i64>,
    pub said: Result<ReportItem, Problem>,
}

/// A sheet that was filled in: its rows, and where its columns stand.
#[derive(Debug)]
pub struct Sheet {
    name: String,
    places: HashMap<&'static str, usize>,
    pub rows: Vec<Filled>,
}

/// Reads the filled-in rows of the first sheet that has the header of a fill-in workbook.
pub fn read(book: &Book) -> Result<Sheet> {
    let found = book.sheets.iter().filter(|grid| !grid.hidden).find_map(|grid| header(grid).map(|head| (grid, head)));
    let (grid, (index, places)) = found.ok_or_else(|| FILL_IN_HEADER.err())?;
    let mut sheet = Sheet { name: grid.name.clone(), places, rows: vec![] };
    for line in grid.lines.iter().skip(index + 1) {
        if let Some(filled) = sheet.filled(line) {
            sheet.rows.push(filled);
        }
    }
    if sheet.rows.is_empty() { Err(FILL_IN_NOTHING.err()) } else { Ok(sheet) }
}

/// Which line is the header, and the columns that it names.
fn header(grid: &Grid) -> Option<(usize, HashMap<&'static str, usize>)> {
    grid.lines.iter().take(ABOVE).enumerate().find_map(|(index, line)| {
        let mut places = HashMap::new();
        for name in [NODE, KIND, TEXT, PERCENT, HELD_ON, EVIDENCE, MARK] {
            let plain = plain_head(name);
            if let Some(column) = line.cells.iter().position(|cell| plain_head(&cell.text) == plain) {
                places.insert(name, column);
            }
        }
        (places.contains_key(NODE) && places.contains_key(TEXT)).then_some((index, places))
    })
}

impl Sheet {
    fn cell<'a>(&self, line: &'a Line, name: &str) -> Option<&'a Cell> {
        self.places.get(name).map(|column| line.cell(*column)).filter(|cell| cell.what != What::Empty)
    }

    /// A row, unless nothing was written into it.
    fn filled(&self, line: &Line) -> Option<Filled> {
        let columns = [KIND, TEXT, PERCENT, HELD_ON, EVIDENCE];
        if columns.iter().all(|name| self.cell(line, name).is_none()) {
            return None;
        }
        let number = |name: &str| self.cell(line, name).and_then(|cell| cell.text.parse::<i64>().ok());
        let node = number(NODE).map(NodeId);
        let said = self.said(line, node).map_err(|faults| Error::invalid(faults).problem());
        Some(Filled { row: line.row + 1, node, version: number(MARK), said })
    }

    fn said(&self, line: &Line, node: Option<NodeId>) -> Result<ReportItem, Vec<Fault>> {
        let mut faults = Vec::new();
        for name in [NODE, KIND, TEXT, PERCENT, HELD_ON, EVIDENCE] {
            if self.cell(line, name).is_some_and(|cell| matches!(cell.what, What::Formula | What::Error)) {
                faults.push(FILL_IN_FORMULA.at(pointer(name), []));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let node = node.or_else(|| {
            faults.push(wrong(NODE, self.cell(line, NODE), "节点编号（下载时的数字，不要改）"));
            None
        });
        let kind = kept(&mut faults, self.kind(line));
        let text = kept(&mut faults, self.text(line));
        let percent = kept(&mut faults, self.percent(line));
        let held_on = kept(&mut faults, self.held_on(line));
        let on_paper = kept(&mut faults, self.on_paper(line));
        match (node, kind, text, percent, held_on, on_paper) {
            (Some(time_node_id), Some(kind), Some(text), Some(percent), Some(held_on), Some(on_paper)) => {
                let (attachment_ids, reported_on) = (vec![], None);
                Ok(ReportItem { time_node_id, kind, text, percent, held_on, attachment_ids, on_paper, reported_on })
            }
            _ => Err(faults),
        }
    }

    fn kind(&self, line: &Line) -> Result<ReportKind, Fault> {
        match self.cell(line, KIND) {
            None => Ok(ReportKind::Completion),
            Some(cell) if cell.text == COMPLETION => Ok(ReportKind::Completion),
            Some(cell) if cell.text == PROGRESS => Ok(ReportKind::Progress),
            cell => Err(wrong(KIND, cell, "完成 或 进展")),
        }
    }

    fn text(&self, line: &Line) -> Result<Prose, Fault> {
        let cell = self.cell(line, TEXT).ok_or_else(|| EMPTY_TEXT.at(pointer(TEXT), []))?;
        Prose::parse(&cell.text).map_err(|fault| Fault { pointer: pointer(TEXT), ..fault })
    }

    fn percent(&self, line: &Line) -> Result<Option<i64>, Fault> {
        let Some(cell) = self.cell(line, PERCENT) else { return Ok(None) };
        let number = cell.text.trim_end_matches(['%', '％']).trim().parse::<i64>();
        match number {
            Ok(number) if (0..=100).contains(&number) => Ok(Some(number)),
            Ok(_) => Err(OUT_OF_RANGE.at(pointer(PERCENT), [("detail", "0–100".to_owned())])),
            Err(_) => Err(wrong(PERCENT, Some(cell), "0 至 100 的整数")),
        }
    }

    fn held_on(&self, line: &Line) -> Result<Option<NaiveDate>, Fault> {
        let Some(cell) = self.cell(line, HELD_ON) else { return Ok(None) };
        let day = match cell.what {
            What::Day(day) => Some(day),
            _ => day_of(&cell.text),
        };
        day.map(Some).ok_or_else(|| wrong(HELD_ON, Some(cell), "日期，如 2020-06-29"))
    }

    /// Evidence on paper, a line each: title｜reference｜place｜keeper.
    fn on_paper(&self, line: &Line) -> Result<Vec<OnPaper>, Fault> {
        let Some(cell) = self.cell(line, EVIDENCE) else { return Ok(vec![]) };
        let papers = cell.text.lines().filter(|line| !line.trim().is_empty()).map(paper).collect::<Result<Vec<_>, _>>();
        let papers = papers.map_err(|fault| Fault { pointer: pointer(EVIDENCE), ..fault })?;
        if papers.len() > 50 {
            return Err(OUT_OF_RANGE.at(pointer(EVIDENCE), [("detail", "≤ 50".to_owned())]));
        }
        Ok(papers)
    }

    /// The problem of one row, its places told as cells of the sheet.
    pub fn located(&self, mut problem: Problem) -> Problem {
        for fault in &mut problem.faults {
            if let Some(cell) = self.cell_name(&fault.pointer) {
                fault.pointer = cell;
            }
        }
        problem
    }

    /// The cell behind a place of a batch: `/items/3/held_on`.
    fn cell_name(&self, place: &str) -> Option<String> {
        let mut parts = place.strip_prefix("/items/")?.split('/');
        let row = self.rows.get(parts.next()?.parse::<usize>().ok()?)?;
        let column = match parts.next().unwrap_or_default() {
            "kind" => KIND,
            "text" => TEXT,
            "percent" => PERCENT,
            "held_on" => HELD_ON,
            "on_paper" | "attachment_ids" => EVIDENCE,
            _ => NODE,
        };
        let column = self.places.get(column).or_else(|| self.places.get(NODE))?;
        Some(format!("{}!{}{}", self.name, column_name(*column), row.row))
    }
}

/// The field that a column says, as a batch names it.
fn pointer(name: &str) -> String {
    let field = match name {
        KIND => "kind",
        TEXT => "text",
        PERCENT => "percent",
        HELD_ON => "held_on",
        EVIDENCE => "on_paper",
        _ => "time_node_id",
    };
    format!("/{field}")
}

fn wrong(name: &str, cell: Option<&Cell>, accepted: &str) -> Fault {
    const CODE: &Code = &FILL_IN_CELL;
    let value: String = cell.map(|cell| cell.text.chars().take(60).collect()).unwrap_or_default();
    CODE.at(pointer(name), [("value", value), ("accepted", accepted.to_owned())])
}

fn kept<T>(faults: &mut Vec<Fault>, read: Result<T, Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn paper(line: &str) -> Result<OnPaper, Fault> {
    let mut parts = line.split(['｜', '|']).map(str::trim);
    let title = PaperText::parse(parts.next().unwrap_or_default())?;
    let mut next = || parts.next().filter(|part| !part.is_empty()).map(PaperText::parse).transpose();
    let (reference, place, keeper) = (next()?, next()?, next()?);
    if parts.next().is_some() {
        return Err(FILL_IN_CELL.at(
            "",
            [("value", line.chars().take(60).collect()), ("accepted", "名称｜编号｜存放处｜保管人".to_owned())],
        ));
    }
    Ok(OnPaper { title, reference, place, keeper })
}

/// A day of which year, month and day are written, whatever stands between them.
fn day_of(text: &str) -> Option<NaiveDate> {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = numbers.as_slice() else { return None };
    if year.len() != 4 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_whatever_stands_between_their_numbers() {
        let day = NaiveDate::from_ymd_opt(2020, 6, 29);
        for text in ["2020-06-29", "2020.6.29", "2020/6/29", "2020年6月29日"] {
            assert_eq!(day_of(text), day, "{text}");
        }
        for text in ["6月29日", "29.6.2020", "2020-06-31", "昨天", "2020-06-29 18:00"] {
            assert_eq!(day_of(text), None, "{text}");
        }
    }

    #[test]
    fn evidence_is_a_line_of_at_most_four_parts() {
        let read = paper("签到表｜2020-支-06||组织委员").unwrap();
        assert_eq!(read.reference.unwrap().as_str(), "2020-支-06");
        assert_eq!((read.place.is_none(), read.keeper.unwrap().as_str()), (true, "组织委员"));
        assert_eq!(paper("a|b|c|d|e").unwrap_err().code.code, "fill_in_cell");
    }
}
