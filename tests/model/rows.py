"""The exported rows of one database: a folder with a file `<table>.jsonl` for each table, one row a line.

Days are kept as ISO text, `2020-06-30`: they compare as days do. Nothing here, or in the modules beside it, is shared
with the program: the words and rates are read from its documents, the rows as they were written.
"""

import json
from collections import defaultdict
from pathlib import Path


class Rows:
    """Every table by name; a table without a row is an empty list."""

    def __init__(self, folder):
        self.tables = {}
        for file in sorted(Path(folder).glob("*.jsonl")):
            with open(file, encoding="utf-8") as lines:
                self.tables[file.stem] = [json.loads(line) for line in lines]

    def __getitem__(self, table):
        return self.tables.get(table, [])

    def by(self, table, column):
        """The rows of a table, grouped by one column, each group by id."""
        grouped = defaultdict(list)
        for row in sorted(self[table], key=lambda row: row.get("id", 0)):
            grouped[row[column]].append(row)
        return grouped


def in_force(row, day, start="recorded_from", end="recorded_to"):
    """Whether what a row says held at the end of a day."""
    return row[start] <= day and (row[end] is None or row[end] > day)


def happened(day_of_event, day):
    """Whether an event that may not have happened at all happened by the end of a day."""
    return day_of_event is not None and day_of_event <= day


def truth(value):
    """A boolean, which one of the databases writes as 0 or 1."""
    return value in (True, 1)
