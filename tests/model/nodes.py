"""What every time node was on a day, from what was written of it: its birth, the reports and their reviews, extensions,
waivers, cancellations, revisions and the close of its plan. The rows in which the program keeps how a node stands are
not looked at.
"""

import json
from datetime import date, timedelta

from rows import happened, in_force

END = "9999-12-31"


def add_days(day, days):
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


class Node:
    """A node as it was born."""

    def __init__(self, row, entry, key_point):
        self.id, self.unit, self.task, self.plan = row["id"], row["unit_id"], row["task_id"], row["plan_id"]
        self.due, self.late_after = row["due_on"], row["late_after"]
        self.times, self.recorded_on = row["times"], row["recorded_on"]
        self.grace = entry["grace_days"]
        self.key_point = key_point
        self.reports, self.extensions, self.waivers, self.cancellations = [], [], [], []
        # What revisions did to it after its birth: day, word, and the due day that its entry had by then.
        self.revised = []
        # The days on which its task had which units' parts, and its entry its last day.
        self.held, self.entry_ended_on = [], entry["ended_on"]
        # What was said of its unit.
        self.unit_facts = []
        self.before_issue = False
        self.closed_on = None


class Stand:
    """Where a node stood at the end of a day."""

    def __init__(self):
        self.due = self.late_after = None
        self.excluded = None
        self.phase = "open"
        self.met_on = None
        # The day that counts for what awaits review.
        self.pending_on = None
        # While an addition to an accepted report awaits review: since when.
        self.adding_since = None
        self.has_report = False


def load(rows):
    """Every node with all that happened to it, by id."""
    entries = {row["id"]: row for row in rows["schedule_entries"]}
    key_points = {row["id"]: row["key_point_id"] for row in rows["tasks"]}
    nodes = {
        row["id"]: Node(row, entries[row["entry_id"]], key_points[row["task_id"]]) for row in rows["time_nodes"]
    }
    reviews = {row["report_id"]: row for row in rows["reviews"]}
    for row in sorted(rows["progress_reports"], key=lambda row: row["id"]):
        nodes[row["node_id"]].reports.append((row, reviews.get(row["id"])))
    for table, name in (("extensions", "extensions"), ("waivers", "waivers"), ("cancellations", "cancellations")):
        for row in sorted(rows[table], key=lambda row: row["id"]):
            getattr(nodes[row["node_id"]], name).append(row)
    held = rows.by("responsibilities", "task_id")
    unit_facts = rows.by("unit_facts", "unit_id")
    for node in nodes.values():
        node.held = held[node.task]
        node.unit_facts = unit_facts[node.unit]
    born = revisions(rows, nodes)
    settle_plans(rows, nodes, born)
    return nodes


def revisions(rows, nodes):
    """What each revision did; gives the nodes that were born in one."""
    entries = {row["id"]: row["entry_id"] for row in rows["time_nodes"]}
    periods = {row["id"]: row["period"] for row in rows["time_nodes"]}
    recorded_on = {row["id"]: row["recorded_on"] for row in rows["time_nodes"]}
    changes = rows.by("plan_changes", "revision_id")
    said, born = {}, set()
    for revision in sorted(rows["plan_revisions"], key=lambda row: (row["plan_id"], row["number"])):
        for change in changes[revision["id"]]:
            if change["kind"] == "schedule_entry" and change["after"] is not None:
                said[change["item_id"]] = json.loads(change["after"])
        effects = json.loads(revision["effects"])
        for word in ("created", "cancelled"):
            for node in effects[word]:
                if word == "created" and not nodes[node].revised and recorded_on[node] == revision["made_on"]:
                    if node not in born:
                        born.add(node)
                        continue
                due = due_in(said.get(entries[node]), periods[node]) or nodes[node].due
                nodes[node].revised.append((revision["made_on"], word, due))
    return born


def due_in(entry, period):
    """The due day that an entry, as a revision left it, has in a period."""
    if entry is None:
        return None
    days = [made["due_on"] for made in entry["nodes"] if (made["period"] or "") == period]
    return days[0] if days else None


def settle_plans(rows, nodes, born):
    """Which nodes were due before they were asked for, and on which day the close of their plan met them."""
    issued, closed = {}, {}
    for row in sorted(rows["plan_facts"], key=lambda row: row["recorded_from"]):
        if row["status"] != "draft":
            issued.setdefault(row["plan_id"], row["issued_on"])
        if row["status"] == "closed":
            closed.setdefault(row["plan_id"], row["recorded_from"])
    for node in nodes.values():
        issued_on = issued[node.plan]
        asked_on = node.recorded_on if node.id in born else issued_on
        backfilled = node.late_after != add_days(node.due, node.grace)
        node.before_issue = node.due < asked_on and not backfilled
        node.closed_on = closed.get(node.plan)


def fate(report, review, day):
    """What had become of a report by the end of a day."""
    if happened(report["withdrawn_on"], day):
        return "withdrawn"
    if review is None or review["recorded_on"] > day:
        return "pending"
    if happened(review["revoked_on"], day):
        return "revoked"
    if review["verdict"] == "accepted":
        return "accepted"
    return review["return_kind"]


def stand(node, day):
    """Where a node stood at the end of a day, by what was recorded by then."""
    stood = Stand()
    stood.due = due_on(node, day)
    stood.late_after = node.late_after if stood.due == node.due else add_days(stood.due, node.grace)
    report_stand(node, day, stood)
    stood.excluded = exclusion(node, day)
    return stood


def due_on(node, day):
    """The due day in force: no day that was granted, or that a node counted again on, is earlier than the one before."""
    days = [asked["due_on"] for asked in node.extensions if asked["state"] == "approved" and happened(asked["decided_on"], day)]
    days += [due for on, word, due in node.revised if word == "created" and on <= day]
    return max([node.due, *days])


def exclusion(node, day):
    excluded = exclusion_before_close(node, day)
    if excluded or not happened(node.closed_on, day):
        return excluded
    # The close cancels what is not yet due then, unless it was reported, done, or did not count anyway.
    then = Stand()
    report_stand(node, node.closed_on, then)
    counted = exclusion_before_close(node, node.closed_on) is None and lives(node, node.closed_on)
    if counted and due_on(node, node.closed_on) > node.closed_on and then.phase in ("open", "returned"):
        return "plan_closed"
    # What was waived or reported meanwhile is judged by the day on which it waited again.
    if any(on >= node.closed_on and due_on(node, on) > on for on in waiting_again(node, day)):
        return "plan_closed"
    return None


def lives(node, day):
    """Whether the due day in force lies in the life of the unit, as it was known on a day."""
    due = due_on(node, day)
    for facts in node.unit_facts:
        if in_force(facts, day):
            begun = facts["established_on"] is None or facts["established_on"] <= due
            return begun and (facts["dissolved_on"] is None or facts["dissolved_on"] >= due)
    return True


def exclusion_before_close(node, day):
    for asked in node.waivers:
        granted = asked["state"] in ("approved", "withdrawn") and happened(asked["decided_on"], day)
        if granted and not happened(asked["withdrawn_on"], day):
            return asked["kind"]
    for asked in node.cancellations:
        if asked["state"] == "approved" and happened(asked["decided_on"], day):
            return "cancelled"
    words = [(on, word) for on, word, _ in node.revised if on <= day]
    # What waits again brings nothing back that the lists no longer ask for.
    for on in waiting_again(node, day):
        if due_on(node, on) >= on and not is_asked_for(node, on):
            words.append((on, "cancelled"))
    words.sort(key=lambda event: event[0])
    if words:
        return "cancelled" if words[-1][1] == "cancelled" else None
    return "before_issue" if node.before_issue else None


def waiting_again(node, day):
    """The days up to `day` on which a waiver was withdrawn, or a report returned, taken back or revoked, so that the node
    waited for a report again."""
    again = [row["withdrawn_on"] for row in node.waivers if row["decided_on"] and happened(row["withdrawn_on"], day)]
    for report, review in node.reports:
        ended = [report["withdrawn_on"]]
        if review is not None:
            ended.append(review["revoked_on"])
            ended.append(review["recorded_on"] if review["verdict"] == "returned" else None)
        for on in ended:
            if happened(on, day):
                then = Stand()
                report_stand(node, on, then)
                if then.phase in ("open", "returned"):
                    again.append(on)
    return again


def is_asked_for(node, day):
    """Whether the lists of a day still ask for a node: its unit owes the task, and its entry stands."""
    held = [row for row in node.held if in_force(row, day)]
    owing = {row["unit_id"] for row in held if row["part"] == "responsible"}
    owing = owing or {row["unit_id"] for row in held if row["part"] == "lead"}
    return node.unit in owing and not happened(node.entry_ended_on, day)


def report_stand(node, day, stood):
    """The reports' part: what was accepted, what waits, and which day counts."""
    known = [(report, fate(report, review, day), review) for report, review in node.reports if report["recorded_on"] <= day]
    live = [item for item in known if item[1] != "withdrawn"]
    stood.has_report = bool(live)
    completions = [item for item in live if item[0]["kind"] == "completion" and item[0]["addition_to"] is None]
    counting, kept = [], None
    for report, became, review in completions:
        on = report["reported_on"]
        after = kept and report["recorded_on"] >= kept[1]
        counts = kept[0] if after and on <= add_days(kept[1], 5) else on
        counting.append((counts, became))
        if became == "supplement":
            kept = (on, review["recorded_on"])
        elif after:
            # Only the first report after the return keeps the earlier day, whatever becomes of it.
            kept = None
    accepted = sorted(counts for counts, became in counting if became == "accepted")
    standing = sorted(counts for counts, became in counting if became in ("accepted", "pending"))
    if len(accepted) >= node.times:
        stood.phase, stood.met_on = "accepted", accepted[node.times - 1]
        good = {report["id"] for report, became, _ in live if became == "accepted"}
        waiting = [r["reported_on"] for r, became, _ in live if became == "pending" and r["addition_to"] in good]
        if waiting:
            stood.phase, stood.pending_on = "reported", stood.met_on
            stood.adding_since = max(min(waiting), stood.met_on)
    elif len(standing) >= node.times:
        stood.phase, stood.pending_on = "reported", standing[node.times - 1]
    elif completions and completions[-1][1] in ("supplement", "not_done", "revoked"):
        stood.phase = "returned"


def restate(node, day):
    """Everything recorded until now, applied to a day."""
    stood = stand(node, END)
    reported = [
        report["reported_on"]
        for report, review in node.reports
        if fate(report, review, END) in ("pending", "accepted")
    ]
    stood.has_report = any(on <= day for on in reported)
    if stood.phase == "reported" and stood.adding_since is not None:
        if stood.adding_since > day:
            stood.phase = "accepted"
    elif stood.phase == "reported" and stood.pending_on > day:
        stood.phase = "open"
    if stood.phase == "accepted" and stood.met_on > day:
        stood.phase = "open"
    if stood.phase == "returned":
        stood.phase = "open"
    return stood


def verdict(stood, day):
    """The word of the domain for a node that is not excluded; due_soon is told from not_due elsewhere."""
    if stood.phase == "accepted":
        return "done_on_time" if stood.met_on <= stood.late_after else "done_late"
    if stood.phase == "reported":
        return "pending_review"
    if day > stood.late_after:
        return "overdue"
    return "due" if stood.due <= day else "not_due"
