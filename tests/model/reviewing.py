"""How soon reports were reviewed, from the reports, the reviews, the settings and the calendars of a day."""

from datetime import date, timedelta

from nodes import fate
from rows import happened, in_force


class Calendar:
    """The working days that were known on a day: Monday to Friday where nothing else was imported."""

    def __init__(self, rows, day):
        self.kinds = {
            row["day"]: row["kind"]
            for row in rows["calendar_days"]
            if in_force(row, day) and row["kind"] in ("holiday", "workday")
        }

    def works(self, day):
        kind = self.kinds.get(day.isoformat())
        return kind == "workday" if kind else day.weekday() < 5

    def after(self, day, count):
        day = date.fromisoformat(day)
        while count:
            day += timedelta(days=1)
            count -= self.works(day)
        return day.isoformat()


def reviews(scope):
    """The counts of the reports on the nodes of a scope that needed a review by the day."""
    rows, day = scope.world.rows, scope.day
    allowed = [row["review_working_days"] for row in rows["settings"] if in_force(row, day)]
    allowed = allowed[0] if allowed else 5
    calendar = Calendar(rows, day)
    plans = {row["id"] for row in rows["plans"] if row["year"] == scope.year}
    known = [
        (report, review, fate(report, review, day), node)
        for node in scope.world.nodes.values()
        if node.plan in plans and scope.tree.within(node.unit, scope.unit)
        for report, review in node.reports
        if report["kind"] == "completion" and report["recorded_on"] <= day
    ]
    accepted = {report["id"] for report, _, became, _ in known if became == "accepted"}
    found = dict.fromkeys(("reviewed_in_time", "reviewed_late", "waiting", "waiting_late"), 0)
    oldest = None
    for report, review, became, node in sorted(known, key=lambda item: item[0]["id"]):
        base = report["addition_to"]
        if became == "withdrawn" or (became == "pending" and base is not None and base not in accepted):
            continue
        last = calendar.after(report["recorded_on"], allowed)
        if review is not None and happened(review["recorded_on"], day):
            found["reviewed_in_time" if review["recorded_on"] <= last else "reviewed_late"] += 1
            continue
        found["waiting"] += 1
        found["waiting_late"] += day > last
        if oldest is None or report["recorded_on"] < oldest["submitted_on"]:
            oldest = {"report_id": report["id"], "node_id": node.id, "unit_id": node.unit,
                      "submitted_on": report["recorded_on"]}
    found["submitted"] = found["reviewed_in_time"] + found["reviewed_late"] + found["waiting"]
    return found | {"oldest_waiting": oldest}
