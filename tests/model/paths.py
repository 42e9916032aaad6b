"""The path to the target: what can still count until when, what is lost since when, and the ceiling."""

from copy import copy

from nodes import Stand, add_days, fate, report_stand
from rates import rate
from standards import Standards


def ceiling(chances, percent):
    """The ceiling of some chances, each `met`, (`open`, day) or (`lost`, day), and the day on which the target was lost."""
    of, lost = len(chances), sorted(day for word, day in chances if word == "lost")
    left, lost_on = of, None
    for day in lost:
        left -= 1
        if lost_on is None and left * 100 < of * percent:
            lost_on = day
    return rate(left, of), lost_on


def supplement_until(node, late_after, day):
    """The last day on which a report after a return for a supplement keeps a date that is on time."""
    returns = [
        review["recorded_on"]
        for report, review in node.reports
        if report["kind"] == "completion" and report["addition_to"] is None
        and report["recorded_on"] <= day and fate(report, review, day) == "supplement"
    ]
    if not returns:
        return None
    last = add_days(max(returns), 5)
    accepted = {"recorded_on": day, "verdict": "accepted", "revoked_on": None, "return_kind": None}
    imagined = copy(node)
    imagined.reports = [
        (report, accepted if fate(report, review, day) == "pending" else review)
        for report, review in node.reports
        if report["recorded_on"] <= day
    ]
    again = {
        "id": max(report["id"] for report, _ in node.reports) + 1, "kind": "completion", "addition_to": None,
        "reported_on": last, "recorded_on": day, "withdrawn_on": None,
    }
    imagined.reports.append((again, accepted))
    stood = Stand()
    report_stand(imagined, day, stood)
    in_time = stood.met_on is not None and stood.met_on <= late_after
    return last if day <= last and in_time else None


def on_time(scope, percent):
    """The path in the on-time rate."""
    chances, items, lost = [], set(), set()
    for node, stood, word in scope.nodes:
        if word == "excluded":
            continue
        supplement = None
        if stood.has_report and word in ("overdue", "due", "not_due"):
            supplement = supplement_until(node, stood.late_after, scope.day)
        gone = ("lost", add_days(stood.late_after, 1))
        if word == "done_on_time":
            chance = ("met", None)
        elif word == "done_late" or (word == "pending_review" and stood.pending_on > stood.late_after):
            chance = gone
        elif word == "overdue":
            chance = ("open", supplement) if supplement else gone
        else:
            chance = ("open", max(stood.late_after, supplement or stood.late_after))
        keep(chance, ("time_node", node.id, node.unit), chances, items, lost)
    return shown(chances, items, lost, percent)


def compliance(scope, percent, target_on):
    """The path in the compliance rate: after the day of the target, that of this day."""
    standards = Standards(scope.world, scope, min(scope.day, target_on))
    chances, items, lost = [], set(), set()
    nothing = standards.nothing(standards.branches)
    if nothing:
        return {"ceiling": {"met": 0, "of": 0, "percent": None, "reason": nothing}, "lost_on": None, "items": items,
                "lost": lost}
    curable = {row["id"]: row["curable"] in (True, 1) for row in scope.world.rows["clauses"]}
    for unit, clauses in standards.details.items():
        for clause, (word, lapses_on, checked_on) in (clauses or {}).items():
            if word == "not_applicable":
                continue
            open_until = ("open", target_on) if scope.day <= target_on else ("lost", add_days(target_on, 1))
            if word == "met":
                chance = open_until if lapses_on is not None and lapses_on <= target_on else ("met", None)
            elif word == "not_met" and not curable[clause]:
                chance = ("lost", checked_on)
            else:
                chance = open_until
            keep(chance, ("clause", clause, unit), chances, items, lost)
    return shown(chances, items, lost, percent)


def keep(chance, named, chances, items, lost):
    chances.append(chance)
    word, day = chance
    if word == "open":
        items.add((*named, day))
    elif word == "lost":
        lost.add((*named, day))


def shown(chances, items, lost, percent):
    top, lost_on = ceiling(chances, percent)
    return {"ceiling": top, "lost_on": lost_on, "items": items, "lost": lost}
