//! From the cells of a sheet to the rows of a list: where the header stands, which column means what, what is title,
//! note or sample, and what a merged or blank cell takes from above. Pure, and it refuses nothing but a missing column.

use std::collections::{BTreeSet, HashMap};

use super::mapping::{Mapping, SAMPLE_MARK, marked, plain_head};
use crate::platform::sheet::{Book, Cell, Grid, Line, What, column_name};

/// Rows within which a header is looked for.
const HEAD_WITHIN: usize = 30;
/// Columns that a header must name.
const HEAD_LEAST: usize = 2;

/// A sheet as rows of a list.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub sheet: String,
    /// The row of the header, counted from 1.
    pub head_row: u32,
    /// The column of each field, counted from 0; none where the sheet has no such column.
    pub columns: Vec<Option<usize>>,
    /// Headers that mean nothing to the list.
    pub ignored: Vec<String>,
    pub rows: Vec<Row>,
    /// The edition that its hidden header names.
    pub version: Option<u32>,
    /// Fields with a cell merged over several rows.
    pub merged_down: BTreeSet<usize>,
    /// Whether lines such as 一、组织建设 stood between the rows.
    pub has_sections: bool,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Counted from 1.
    pub number: u32,
    /// A cell for each field; empty where the sheet has no such column.
    pub cells: Vec<Cell>,
    /// What stood in the cells that took the row above for a 同上.
    pub ditto: Vec<(usize, String)>,
}

impl Table {
    /// Whether the sheet has a column for a field.
    pub fn has(&self, field: usize) -> bool {
        self.columns.get(field).is_some_and(Option::is_some)
    }

    /// The name of the column of a field.
    pub fn column(&self, field: usize) -> Option<String> {
        self.columns.get(field).copied().flatten().map(column_name)
    }
}

impl Row {
    pub fn cell(&self, field: usize) -> &Cell {
        static NOTHING: Cell = Cell { text: String::new(), what: What::Empty };
        self.cells.get(field).unwrap_or(&NOTHING)
    }

    /// What the cell of a field itself says.
    pub fn raw(&self, field: usize) -> &str {
        let ditto = self.ditto.iter().find(|(of, _)| *of == field);
        ditto.map_or_else(|| self.cell(field).text.as_str(), |(_, text)| text.as_str())
    }

    pub fn put(&mut self, field: usize, cell: Cell) {
        if let Some(place) = self.cells.get_mut(field) {
            *place = cell;
        }
    }
}

/// The sheets of a book that hold the list: visible, and with a header that names its required columns.
pub fn tables(book: &Book, mapping: &Mapping) -> Vec<Table> {
    book.sheets.iter().filter(|grid| !grid.hidden).filter_map(|grid| table(grid, mapping)).collect()
}

/// The list that a book was made for, by its hidden header; else the one whose columns it names most of.
pub fn list_of(book: &Book) -> Option<super::mapping::ListName> {
    let lines = book.sheets.iter().flat_map(|grid| grid.lines.iter().take(HEAD_WITHIN));
    let mark = lines.flat_map(|line| line.cells.iter()).find_map(|cell| marked(&cell.text));
    if let Some((list, _)) = mark {
        return Some(list);
    }
    let counted = super::mapping::ListName::ALL.iter().map(|list| {
        let tables = tables(book, Mapping::of(*list));
        let most = tables.iter().map(|table| table.columns.iter().flatten().count()).max();
        (most.unwrap_or(0), *list)
    });
    let mut counted: Vec<_> = counted.filter(|(count, _)| *count > 0).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match counted.as_slice() {
        [(_, only)] => Some(*only),
        [(most, first), (next, _), ..] if most > next => Some(*first),
        _ => None,
    }
}

/// A sheet as rows, when it has a header of the list.
pub fn table(grid: &Grid, mapping: &Mapping) -> Option<Table> {
    let head = header(grid, mapping)?;
    let merged_down = merged_down(grid, &head, mapping);
    let mut table = Table {
        sheet: grid.name.clone(),
        head_row: head.last.row + 1,
        columns: head.columns,
        ignored: head.ignored,
        version: head.version,
        merged_down,
        ..Table::default()
    };
    let (sheet, mut section) = (Sheet::of(grid), None);
    for line in grid.lines.iter().filter(|line| line.row > head.last.row) {
        match meant(line, &table, &sheet, mapping) {
            Meant::Nothing => {}
            Meant::Section(title) => {
                table.has_sections = true;
                section = Some(title);
            }
            Meant::Row(mut row) => {
                carry(&mut row, &table, mapping, section.take());
                table.rows.push(row);
            }
        }
    }
    Some(table)
}

struct Head<'a> {
    last: &'a Line,
    columns: Vec<Option<usize>>,
    ignored: Vec<String>,
    version: Option<u32>,
}

/// The row that names most columns, and the one below it where the header has two rows.
fn header<'a>(grid: &'a Grid, mapping: &Mapping) -> Option<Head<'a>> {
    let lines: Vec<&Line> = grid.lines.iter().take(HEAD_WITHIN).collect();
    let count = |line: &Line| named(line, mapping).iter().flatten().count();
    let best = lines.iter().enumerate().max_by_key(|(index, line)| (count(line), std::cmp::Reverse(*index)));
    let (index, first) = best.filter(|(_, line)| count(line) >= HEAD_LEAST)?;
    let mut head = read_head(first, mapping);
    head.last = first;
    if let Some(second) = lines.get(index + 1).filter(|line| is_second_row(line, mapping)) {
        let below = read_head(second, mapping);
        // What stands below a head over several columns says it more exactly.
        for (field, column) in below.columns.iter().enumerate() {
            if let (Some(column), Some(place)) = (column, head.columns.get_mut(field)) {
                place.get_or_insert(*column);
            }
        }
        let taken: BTreeSet<usize> = below.columns.iter().flatten().copied().collect();
        let over: Vec<String> = taken.iter().filter_map(|column| over(grid, first, *column)).collect();
        head.ignored.retain(|name| !over.contains(name));
        for (field, place) in head.columns.iter_mut().enumerate() {
            if below.columns.get(field).copied().flatten().is_none() && place.is_some_and(|c| taken.contains(&c)) {
                *place = None;
            }
        }
        head.ignored.extend(below.ignored);
        head.last = second;
    }
    Some(head)
}

/// The head of the row above that lies over a column, itself or merged.
fn over(grid: &Grid, first: &Line, column: usize) -> Option<String> {
    let column_ = u32::try_from(column).ok()?;
    let area = grid
        .merged
        .iter()
        .find(|(start, end)| start.0 <= first.row && first.row <= end.0 && start.1 <= column_ && column_ <= end.1);
    let anchor = area.map_or(column, |(start, _)| usize::try_from(start.1).unwrap_or(column));
    Some(first.cell(anchor).text.clone()).filter(|text| !text.is_empty())
}

/// A second row of a header holds nothing but heads.
fn is_second_row(line: &Line, mapping: &Mapping) -> bool {
    let filled = line.cells.iter().filter(|cell| cell.what != What::Empty).count();
    filled > 0 && filled == named(line, mapping).iter().flatten().count()
}

fn named(line: &Line, mapping: &Mapping) -> Vec<Option<usize>> {
    read_head(line, mapping).columns
}

/// Which column each field has by a row; the first column that names a field has it.
fn read_head<'a>(line: &'a Line, mapping: &Mapping) -> Head<'a> {
    let mut head = Head { last: line, columns: vec![None; mapping.fields.len()], ignored: vec![], version: None };
    for (column, cell) in line.cells.iter().enumerate().filter(|(_, cell)| cell.what == What::Text) {
        if let Some((_, version)) = marked(&cell.text) {
            head.version = Some(version);
            continue;
        }
        let place = mapping.named(&cell.text).and_then(|field| head.columns.get_mut(field));
        match place {
            Some(place) if place.is_none() => *place = Some(column),
            _ => head.ignored.push(cell.text.clone()),
        }
    }
    prefer_key_point(line, mapping, &mut head);
    head
}

/// Where a sheet has both 重点任务 and another column of tasks, the first names what the tasks belong to.
fn prefer_key_point(line: &Line, mapping: &Mapping, head: &mut Head<'_>) {
    let (Some(key_point), Some(title)) = (mapping.index("key_point"), mapping.index("title")) else { return };
    let column_of = |head: &Head<'_>, field: usize| head.columns.get(field).copied().flatten();
    if column_of(head, key_point).is_some() {
        return;
    }
    let Some(first) = column_of(head, title) else { return };
    let also = line
        .cells
        .iter()
        .enumerate()
        .skip(first + 1)
        .find(|(_, cell)| cell.what == What::Text && mapping.named(&cell.text) == Some(title));
    if let Some((second, cell)) = also {
        let said = cell.text.clone();
        head.ignored.retain(|name| *name != said);
        for (field, column) in [(key_point, first), (title, second)] {
            if let Some(place) = head.columns.get_mut(field) {
                *place = Some(column);
            }
        }
    }
}

/// Fields of which a cell below the header is merged over several rows.
fn merged_down(grid: &Grid, head: &Head<'_>, mapping: &Mapping) -> BTreeSet<usize> {
    let tall = |column: usize| {
        grid.merged.iter().any(|(start, end)| {
            start.0 > head.last.row && end.0 > start.0 && usize::try_from(start.1).is_ok_and(|c| c == column)
        })
    };
    (0..mapping.fields.len()).filter(|field| head.columns.get(*field).copied().flatten().is_some_and(tall)).collect()
}

enum Meant {
    /// A blank row, a note, a sample, the header again.
    Nothing,
    Section(String),
    Row(Row),
}

fn meant(line: &Line, table: &Table, sheet: &Sheet<'_>, mapping: &Mapping) -> Meant {
    let filled: Vec<&Cell> = line.cells.iter().filter(|cell| cell.what != What::Empty).collect();
    if filled.first().is_none_or(|first| first.text.starts_with(SAMPLE_MARK)) {
        return Meant::Nothing;
    }
    if let [only] = filled.as_slice() {
        if mapping.index("key_point").is_some() {
            if let Some(title) = section(&only.text) {
                return Meant::Section(title);
            }
            if sheet.is_wide(line) && !is_note(&only.text) {
                return Meant::Section(only.text.clone());
            }
        }
        if is_note(&only.text) || sheet.is_wide(line) {
            return Meant::Nothing;
        }
    }
    let cells =
        table.columns.iter().map(|column| column.map_or_else(Cell::default, |column| cell(sheet, line, column)));
    let row = Row { number: line.row + 1, cells: cells.collect(), ditto: vec![] };
    let says = |field: usize| mapping.fields.get(field).is_some_and(|known| known.is_read());
    let read = row.cells.iter().enumerate().filter(|(field, _)| says(*field));
    if read.clone().all(|(_, cell)| cell.what == What::Empty) || is_header_again(&row, mapping) {
        return Meant::Nothing;
    }
    Meant::Row(row)
}

fn is_header_again(row: &Row, mapping: &Mapping) -> bool {
    let said = row.cells.iter().enumerate().filter(|(_, cell)| cell.what != What::Empty);
    said.clone().count() > 1 && said.clone().all(|(field, cell)| mapping.named(&cell.text) == Some(field))
}

/// The cell at a place; within a merged area that begins in this column, what its first cell says.
fn cell(sheet: &Sheet<'_>, line: &Line, column: usize) -> Cell {
    let own = line.cell(column);
    if own.what != What::Empty {
        return own.clone();
    }
    let anchor = sheet.anchor(line.row, column).and_then(|row| sheet.line(row));
    anchor.map_or_else(Cell::default, |anchor| anchor.cell(column).clone())
}

/// A sheet with its merged areas by column, so that finding one does not look at all.
struct Sheet<'a> {
    grid: &'a Grid,
    /// First and last rows of the areas that begin in a column, in their order.
    areas: HashMap<usize, Vec<(u32, u32)>>,
}

impl<'a> Sheet<'a> {
    fn of(grid: &'a Grid) -> Sheet<'a> {
        let mut areas: HashMap<usize, Vec<(u32, u32)>> = HashMap::new();
        for (start, end) in grid.merged.iter().filter(|(start, end)| end.0 > start.0) {
            let column = usize::try_from(start.1).unwrap_or(usize::MAX);
            areas.entry(column).or_default().push((start.0, end.0));
        }
        areas.values_mut().for_each(|areas| areas.sort_unstable());
        Sheet { grid, areas }
    }

    /// The first row of the merged area over this place.
    fn anchor(&self, row: u32, column: usize) -> Option<u32> {
        let areas = self.areas.get(&column)?;
        let before = areas.partition_point(|(start, _)| *start < row);
        let (start, end) = areas.get(before.checked_sub(1)?)?;
        (row <= *end).then_some(*start)
    }

    fn line(&self, row: u32) -> Option<&'a Line> {
        let place = self.grid.lines.binary_search_by_key(&row, |line| line.row).ok()?;
        self.grid.lines.get(place)
    }

    /// Whether the only cell of a row is merged over several columns.
    fn is_wide(&self, line: &Line) -> bool {
        self.grid.merged.iter().any(|(start, end)| start.0 == line.row && end.1 > start.1 + 1)
    }
}

/// What a row takes from above: 同上 everywhere, blanks of carried columns where the anchor is blank too, a section as
/// the key point.
fn carry(row: &mut Row, table: &Table, mapping: &Mapping, section: Option<String>) {
    let above = table.rows.last();
    for field in 0..mapping.fields.len() {
        if is_ditto(&row.cell(field).text)
            && let Some(above) = above
        {
            row.ditto.push((field, row.cell(field).text.clone()));
            row.put(field, above.cell(field).clone());
        }
    }
    let Some(anchor) = mapping.index(mapping.anchor) else { return };
    if let Some(title) = section.filter(|_| row.cell(anchor).what == What::Empty) {
        row.put(anchor, Cell { text: title, what: What::Text });
    }
    if row.cell(anchor).what != What::Empty {
        return;
    }
    let Some(above) = above else { return };
    for (field, _) in mapping.fields.iter().enumerate().filter(|(_, known)| known.carried) {
        if row.cell(field).what == What::Empty {
            row.put(field, above.cell(field).clone());
        }
    }
}

fn is_ditto(text: &str) -> bool {
    matches!(text, "同上" | "〃" | "″" | "\"" | "”" | "如上" | "同前")
}

/// The title behind 一、 （二） 第三部分.
fn section(text: &str) -> Option<String> {
    const DIGITS: &[char] = &['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let counted = |text: &str| text.trim_start_matches(DIGITS).len();
    let after = |text: &str, ending: &[char]| {
        let rest = text.get(text.len() - counted(text)..)?;
        (rest.len() < text.len()).then(|| rest.strip_prefix(ending).map(str::to_owned)).flatten()
    };
    let title = match text.strip_prefix(['（', '(']) {
        Some(inner) => after(inner, &['）', ')'])?,
        None => match text.strip_prefix('第') {
            Some(inner) => after(inner, &['部', '章', '项'])?.trim_start_matches('分').to_owned(),
            None => after(text, &['、', '.', '．'])?,
        },
    };
    let title = title.trim_start_matches(['、', ' ', '　', '：', ':']).trim();
    (!title.is_empty() && !title.contains('\n')).then(|| title.to_owned())
}

/// What stands below a table and is no part of it.
fn is_note(text: &str) -> bool {
    const NOTES: &[&str] = &[
        "注",
        "备注",
        "说明",
        "填表",
        "制表",
        "联系",
        "报送",
        "审核",
        "签发",
        "单位",
        "填报",
        "附",
        "（盖章",
        "(盖章",
        "抄送",
        "合计",
    ];
    let plain = plain_head(text);
    NOTES.iter().any(|note| text.starts_with(note) || plain.starts_with(note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::mapping::ListName;

    fn grid(rows: &[&[&str]], merged: &[((u32, u32), (u32, u32))]) -> Grid {
        let line = |(row, cells): (u32, &&[&str])| Line {
            row,
            cells: cells
                .iter()
                .map(|text| Cell {
                    text: (*text).to_owned(),
                    what: if text.is_empty() { What::Empty } else { What::Text },
                })
                .collect(),
        };
        let lines = (0..).zip(rows).map(line).filter(|line| !line.is_blank()).collect();
        Grid { name: "Sheet1".into(), hidden: false, lines, merged: merged.to_vec() }
    }

    fn read(rows: &[&[&str]], merged: &[((u32, u32), (u32, u32))]) -> Table {
        table(&grid(rows, merged), Mapping::of(ListName::Tasks)).unwrap()
    }

    /// Key point, title, requirement and deadline of every row.
    fn said(table: &Table) -> Vec<[String; 4]> {
        let mapping = Mapping::of(ListName::Tasks);
        let of = |row: &Row, name: &str| row.cell(mapping.index(name).unwrap()).text.clone();
        let row = |row: &Row| ["key_point", "title", "requirement", "deadline"].map(|name| of(row, name));
        table.rows.iter().map(row).collect()
    }

    #[test]
    fn titles_above_notes_below_and_samples_are_left_out() {
        let table = read(
            &[
                &["2020年党建工作任务清单"],
                &["单位：党群工作部"],
                &["序号", "工作要点", "工作任务", "完成时限", "电话"],
                &["示例", "要点", "任务", "每季度", ""],
                &["1", "组织建设", "按期换届", "6月底前", "1"],
                &["2", "", "党课", "同上", "2"],
                &["", "", "", "", ""],
                &["注：以上任务由党群工作部督办。"],
            ],
            &[],
        );
        assert_eq!((table.head_row, table.ignored.as_slice()), (3, ["电话".to_owned()].as_slice()));
        let expected = [["组织建设", "按期换届", "", "6月底前"], ["组织建设", "党课", "", "6月底前"]];
        assert_eq!(said(&table), expected);
        assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 6]);
    }

    #[test]
    fn merged_cells_and_sections_give_the_key_point() {
        let merged = read(
            &[&["工作要点", "任务", "时限"], &["队伍建设", "培训", "3月"], &["", "考核", "6月"]],
            &[((1, 0), (2, 0))],
        );
        assert_eq!(said(&merged)[1], ["队伍建设", "考核", "", "6月"]);
        let sections = read(
            &[
                &["序号", "任务", "时限"],
                &["一、组织建设"],
                &["1", "换届", "3月"],
                &["（二）作风建设"],
                &["2", "调研", "6月"],
            ],
            &[],
        );
        assert_eq!(said(&sections), [["组织建设", "换届", "", "3月"], ["作风建设", "调研", "", "6月"]]);
        assert!(sections.has_sections);
    }

    #[test]
    fn a_header_of_two_rows_is_read_as_one() {
        let table = read(
            &[
                &["序号", "重点任务", "责任分工", "", "完成时限"],
                &["", "", "牵头部门", "责任部门", ""],
                &["1", "党课", "党群部", "一支部", "每季度"],
            ],
            &[((0, 2), (0, 3)), ((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 4), (1, 4))],
        );
        let mapping = Mapping::of(ListName::Tasks);
        let column = |name: &str| table.columns[mapping.index(name).unwrap()];
        assert_eq!(["title", "lead", "responsible", "deadline"].map(column), [Some(1), Some(2), Some(3), Some(4)]);
        assert!(table.ignored.is_empty(), "{:?}", table.ignored);
        assert_eq!(table.rows.len(), 1);
    }

    #[test]
    fn of_two_columns_of_tasks_the_first_is_the_key_point() {
        let table = read(&[&["重点任务", "具体任务", "时限"], &["组织建设", "换届", "3月"]], &[]);
        assert_eq!(said(&table), [["组织建设", "换届", "", "3月"]]);
    }

    #[test]
    fn a_sheet_says_which_list_it_is() {
        let book = |rows: &[&[&str]]| Book { sheets: vec![grid(rows, &[])], is_csv: false };
        assert_eq!(list_of(&book(&[&["用户名", "显示名称", "职务"]])), Some(ListName::Accounts));
        assert_eq!(list_of(&book(&[&["重点任务", "责任单位", "完成时限"]])), Some(ListName::Tasks));
        assert_eq!(list_of(&book(&[&["甲", "duban:findings:1"]])), Some(ListName::Findings));
        assert_eq!(list_of(&book(&[&["甲", "乙"]])), None);
    }
}
