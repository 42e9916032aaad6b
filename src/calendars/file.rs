//! Calendars as a file: CSV with the columns `day,kind,name`, several years one after the other or mixed. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::model::{DayKind, NewCalendar, NewCalendarDay};
use super::{CALENDAR_EMPTY, CALENDAR_ROW_UNREADABLE, rules};
use crate::platform::text::Text;
use crate::platform::{Error, Fault, Result};

const COLUMNS: [&str; 3] = ["day", "kind", "name"];

/// The calendars in a file, a year each, or everything that is wrong with it, by line.
pub fn read(text: &str, source: &Text<200>) -> Result<Vec<NewCalendar>> {
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|error| unreadable(1, &error).into_error())?;
    if header.iter().ne(COLUMNS) {
        let found = header.iter().collect::<Vec<_>>().join(",");
        return Err(unreadable(1, &format!("the columns are {found}")).into_error());
    }
    let mut years: BTreeMap<i32, (Vec<NewCalendarDay>, Vec<u64>)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            unreadable(line, &error).into_error()
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        match row(&record, line) {
            Ok(day) => {
                let (days, lines) = years.entry(day.day.year()).or_default();
                days.push(day);
                lines.push(line);
            }
            Err(fault) => wrong.push(fault),
        }
    }
    for (year, (days, lines)) in &years {
        let place = |index: usize, _: &str| at(lines.get(index).copied().unwrap_or_default());
        wrong.extend(rules::faults(*year, days, place));
    }
    if !wrong.is_empty() {
        return Err(Error::invalid(wrong));
    }
    if years.is_empty() {
        return Err(CALENDAR_EMPTY.err());
    }
    Ok(years.into_iter().map(|(year, (days, _))| NewCalendar { year, source: source.clone(), days }).collect())
}

fn row(record: &csv::StringRecord, line: u64) -> Result<NewCalendarDay, Fault> {
    let cell = |index| record.get(index).unwrap_or_default();
    let day = NaiveDate::parse_from_str(cell(0), "%Y-%m-%d");
    let day = day.map_err(|_| unreadable(line, &format!("{:?} is no day", cell(0))))?;
    let kind = DayKind::ALL.iter().find(|kind| kind.word() == cell(1));
    let kind = kind.ok_or_else(|| unreadable(line, &format!("{:?} is none of holiday, workday, festival", cell(1))))?;
    let name = Some(cell(2)).filter(|name| !name.is_empty()).map(Text::parse).transpose();
    let name = name.map_err(|fault| Fault { pointer: at(line), ..fault })?;
    Ok(NewCalendarDay { day, kind: *kind, name })
}

fn at(line: u64) -> String {
    format!("line {line}")
}

fn unreadable(line: u64, detail: &impl std::fmt::Display) -> Fault {
    CALENDAR_ROW_UNREADABLE.at(at(line), [("detail", detail.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Vec<NewCalendar>> {
        read(text, &Text::parse("test").unwrap())
    }

    #[test]
    fn a_file_holds_one_year_or_several() {
        let text = "\u{feff}day,kind,name\n2019-10-01,holiday,国庆节\n2020-01-01,holiday,\n2019-10-12,workday,国庆节\n";
        let years = read_text(text).unwrap();
        let found: Vec<_> = years.iter().map(|year| (year.year, year.days.len())).collect();
        assert_eq!(found, [(2019, 2), (2020, 1)]);
        assert!(years[1].days[0].name.is_none());
    }

    #[test]
    fn everything_wrong_is_named_with_its_line() {
        let text = "day,kind,name\n2020-02-30,holiday,\n2020-01-01,feast,\n2020-01-01,holiday,\n2020-01-01,holiday,\n";
        let problem = read_text(text).unwrap_err().problem();
        let found: Vec<_> = problem.faults.iter().map(|f| (f.pointer.as_str(), f.code.code)).collect();
        let expected = [
            ("line 2", "calendar_row_unreadable"),
            ("line 3", "calendar_row_unreadable"),
            ("line 5", "calendar_day_twice"),
        ];
        assert_eq!(found, expected);
        assert_eq!(read_text("date,type\n").unwrap_err().code(), "calendar_row_unreadable");
        assert_eq!(read_text("day,kind,name\n2020-01-01,holiday\n").unwrap_err().code(), "calendar_row_unreadable");
        assert_eq!(read_text("day,kind,name\n").unwrap_err().code(), "calendar_empty");
    }
}
