"""Workbooks as departments write them, made with openpyxl and not with our own writer.

    python3 tests/corpus/make.py FOLDER                 writes the workbooks into FOLDER
    python3 tests/corpus/make.py FOLDER --libreoffice   also lets LibreOffice save some of them again, as <name>-lo.xlsx

Those that LibreOffice saved are kept beside this script in libreoffice/, so that the suite need not start it.
"""

import datetime
import pathlib
import subprocess
import sys

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

THIN = Border(*(Side(style="thin"),) * 4)


def new(title="Sheet1"):
    book = Workbook()
    book.active.title = title
    return book, book.active


def rows(sheet, lines, start=1):
    for number, line in enumerate(lines, start):
        for column, value in enumerate(line, 1):
            if value is not None:
                cell = sheet.cell(row=number, column=column, value=value)
                cell.border = THIN
                cell.alignment = Alignment(wrap_text=True, vertical="center")


def title(sheet, row, text, columns):
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    sheet.cell(row=row, column=1, value=text).font = Font(name="方正小标宋简体", size=20)


def plain():
    """A list as the handbook has it: one header, one task a row."""
    book, sheet = new("任务清单")
    rows(sheet, [
        ["序号", "工作要点", "工作任务", "工作要求", "牵头单位", "责任单位", "配合单位", "责任人", "完成时限", "备注"],
        [1, "组织建设", "按期换届", "届满前两个月启动", "党群工作部", "第一党支部、第二党支部", None, "支部书记", "6月底前", None],
        [2, "组织建设", "落实“三会一课”", None, None, "各党支部", "党群工作部", None, "每季度", "重点"],
        [3, "作风建设", "谈心谈话", None, None, "各党支部书记", None, None, "每半年一次", None],
    ])
    return book


def titled():
    """Title lines, a line of the unit and the date, notes below; headers with line breaks and brackets."""
    book, sheet = new("附件1")
    title(sheet, 1, "附件1", 7)
    title(sheet, 2, "2020年党建工作重点任务分解表", 7)
    title(sheet, 3, "填报单位：党群工作部　　　　　　2020年1月5日", 7)
    rows(sheet, [
        ["序号", "重点工作", "具体任务", "具体措施", "责任\n部门", "责任领导", "完成时间\n（年月日）"],
        [1, "政治建设", "理论学习", "每月集中学习", "各支部", "党委书记", "每月"],
        [2, "政治建设", "主题党日", "每月一次", "各支部", "党委书记", "每月10日前"],
    ], 4)
    title(sheet, 8, "注：以上任务由党群工作部督办，按月通报。", 7)
    sheet.cell(row=9, column=1, value="联系人：组织科　电话：0371-00000000")
    return book


def merged():
    """Key points and deadlines merged over rows."""
    book, sheet = new()
    rows(sheet, [
        ["工作要点", "工作任务", "责任单位", "时间节点"],
        ["组织建设", "换届选举", "第一党支部", "9月底前"],
        [None, "班子补选", "第二党支部", None],
        [None, "党员发展", "各党支部", "12月底前"],
        ["队伍建设", "党务培训", "党群工作部", "上半年"],
    ])
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("D2:D3")
    return book


def sections():
    """No column of key points: lines between the rows say them."""
    book, sheet = new()
    rows(sheet, [
        ["序号", "工作任务", "责任单位", "完成时限"],
        ["一、加强政治建设"],
        [1, "学习贯彻上级精神", "各党支部", "长期坚持"],
        [2, "党委理论学习", "党委", "每季度"],
        ["（二）夯实基层基础"],
        [3, "标准化建设", "各党支部", "2020年12月"],
    ])
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("A5:D5")
    return book


def measures():
    """The classic: the task merged over its measures, each of which has its own unit and day."""
    book, sheet = new()
    rows(sheet, [
        ["序号", "重点任务", "具体措施", "责任单位", "完成时限"],
        [1, "抓实标准化", "修订作业程序。由党群工作部汇总。", "党群工作部", "3月底前"],
        [None, None, "逐条对照自查", "各党支部", "6月底前"],
        [2, "抓好品牌", "每个支部一个品牌", "各党支部", "10月"],
    ])
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("A2:A3")
    return book


def two_rows():
    """A header of two rows, with one head over two columns."""
    book, sheet = new()
    rows(sheet, [
        ["序号", "工作要点", "工作任务", "责任分工", None, None, "完成时限"],
        [None, None, None, "牵头部门", "责任部门", "配合部门", None],
        [1, "纪律建设", "警示教育", "党群工作部", "第一至三党支部", "无", "七一前"],
        [2, "纪律建设", "廉政谈话", "党委", "—", None, "11月中旬"],
    ])
    sheet.merge_cells("D1:F1")
    for column in ("A", "B", "C", "G"):
        sheet.merge_cells(f"{column}1:{column}2")
    return book


def dates():
    """Deadlines as date cells of several formats, and as numbers written as text."""
    book, sheet = new()
    rows(sheet, [
        ["工作要点", "任务", "责任单位", "完成时限"],
        ["一", "a", "第一党支部", datetime.date(2020, 6, 30)],
        ["一", "b", "第一党支部", datetime.datetime(2020, 9, 30, 18, 0)],
        ["一", "c", "第一党支部", "20200331"],
        ["一", "d", "第一党支部", "2020.5.4"],
    ])
    sheet["D2"].number_format = "m月d日"
    sheet["D3"].number_format = "yyyy-mm-dd hh:mm"
    return book


def other_year():
    """Typed in December as 6-30, the day got last year's number; its cell shows none."""
    book, sheet = new()
    rows(sheet, [
        ["工作要点", "任务", "责任单位", "完成时限"],
        ["一", "a", "第一党支部", datetime.date(2019, 6, 30)],
    ])
    sheet["D2"].number_format = "m月d日"
    return book


def order():
    """The same columns in another order, with others between; 同上; a blank row; the header once more."""
    book, sheet = new()
    rows(sheet, [
        ["完成期限", "联系电话", "责任主体", "任务内容", "工作板块"],
        ["每季度末", "1234", "第一党支部", "支部大会", "组织生活"],
        ["同上", None, "同上", "组织生活会", "同上"],
        [],
        ["完成期限", "联系电话", "责任主体", "任务内容", "工作板块"],
        ["年底前", None, "第二党支部", "民主评议", "组织生活"],
    ])
    return book


def several():
    """The list on the second sheet, after a cover; a hidden sheet of last year with the same header."""
    book, cover = new("封面")
    title(cover, 3, "2020年度党建工作任务清单", 5)
    sheet = book.create_sheet("清单")
    head = ["工作要点", "任务名称", "承办单位", "完成时限"]
    rows(sheet, [head, ["思想建设", "专题党课", "各党支部", "7月1日前"]])
    old = book.create_sheet("2019年")
    rows(old, [head, ["旧", "旧任务", "第一党支部", "每月"]])
    old.sheet_state = "hidden"
    return book


def both_years():
    """Two visible sheets with the header: which one is meant is not guessed."""
    book = several()
    book["2019年"].sheet_state = "visible"
    return book


def lines():
    """Several deadlines in one cell, a line each; words behind a date."""
    book, sheet = new()
    rows(sheet, [
        ["工作要点", "任务", "责任单位", "完成时限"],
        ["一", "a", "第一党支部", "3月底前出方案\n6月底前完成初稿\n12月底前总结"],
        ["一", "b", "党群工作部牵头，第一党支部、第二党支部配合", "4月、8月、12月"],
    ])
    return book


def formulas():
    """A running number by formula, which is not read, and a title by formula, which is."""
    book, sheet = new()
    rows(sheet, [
        ["序号", "工作要点", "任务", "责任单位", "完成时限"],
        ["=ROW()-1", "一", "a", "第一党支部", "每季度"],
        ["=ROW()-1", "一", '="b"&"c"', "第一党支部", "每季度"],
        [3, "一", "d", "第一党支部", "=DATE(2020,6,30)"],
    ])
    return book


def wrong():
    """What can't be read, each in its own way."""
    book, sheet = new()
    rows(sheet, [
        ["工作要点", "任务", "责任单位", "完成时限"],
        ["一", "a", "第一党支部", 6.3],
        ["一", "b", "第八党支部", "6月31日前"],
        ["一", "c", "有关单位", "每周"],
        ["一", None, "第一党支部", "5月20日左右"],
        ["一", "e", "第一党支部", "见附件"],
        ["一", "f", "第一党支部", "2021年9月"],
    ])
    return book


def no_deadline():
    """A column that must be there is not."""
    book, sheet = new()
    rows(sheet, [["工作要点", "任务", "责任单位"], ["一", "a", "第一党支部"]])
    return book


def formatted_down():
    """Formatted to row 100,000, as happens when whole columns are styled; two rows are filled."""
    book, sheet = new()
    rows(sheet, [["工作要点", "任务", "责任单位", "完成时限"], ["一", "a", "第一党支部", "每月"]])
    for row in range(3, 100_001):
        sheet.cell(row=row, column=1).border = THIN
    return book


def ledger():
    """The ledger of an inspection: problem, units and source merged over the measures."""
    book, sheet = new("整改台账")
    title(sheet, 1, "党建考核反馈问题整改台账", 8)
    rows(sheet, [
        ["序号", "反馈问题", "反馈单位", "反馈时间", "整改类别", "责任单位", "整改举措", "整改期限"],
        [1, "台账不规范", "考核组", datetime.date(2020, 1, 3), "限期整改", "第一党支部", "补齐台账", "3月底前"],
        [None, None, None, None, None, None, "专人管理", "2020年4月15日"],
        [2, "学习不深入", "考核组", "2020.1.3", "长期坚持", "第二党支部", "制定计划", "长期坚持"],
    ], 2)
    for column in "ABCDEF":
        sheet.merge_cells(f"{column}3:{column}4")
    return book


def tree():
    """Units with those above further down, and kinds in the words of the field."""
    book, sheet = new("组织")
    rows(sheet, [
        ["单位名称", "类别", "隶属", "别名", "换届日期"],
        ["技术党支部", "支部", "技术党总支", "技术支部", "2021年12月31日"],
        ["技术党总支", "总支", "机关党委", None, datetime.date(2022, 6, 30)],
    ])
    return book


BOOKS = [plain, titled, merged, sections, measures, two_rows, dates, other_year, order, several, both_years, lines,
         formulas, wrong, no_deadline, formatted_down, ledger, tree]
SAVED_AGAIN = [plain, titled, merged, two_rows, dates, formulas, ledger]


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for make in BOOKS:
        book = make()
        for sheet in book:
            for column in range(1, 8):
                sheet.column_dimensions[get_column_letter(column)].width = 18
        book.save(folder / f"{make.__name__}.xlsx")
    if "--libreoffice" in sys.argv:
        out = folder / "saved-again"
        files = [str(folder / f"{make.__name__}.xlsx") for make in SAVED_AGAIN]
        command = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *files]
        subprocess.run(command, check=True)
        for file in out.iterdir():
            file.rename(folder / f"{file.stem}-lo.xlsx")
        out.rmdir()


if __name__ == "__main__":
    main()
