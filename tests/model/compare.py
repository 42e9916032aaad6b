#!/usr/bin/env python3
"""Recomputes every rate of the reports of one or more databases from their exported rows, and compares.

    compare.py FOLDER…

A folder holds `<table>.jsonl`, one row a line, and `reports.jsonl`: one answered report a line, as
`{"report": one of REPORTS below, "asked": {…}, "body": {…}}`. Prints what differs and one line of sums; exits with 1
when anything differed or nothing was compared. Needs Python alone.
"""

import sys
from datetime import date, timedelta

import adjustments
import nodes as node_model
import paths
from findings import Findings
from meetings import Meetings
from rates import Scope, rate
from reviewing import reviews
from rows import Rows, in_force


class World:
    """One database."""

    def __init__(self, folder):
        self.rows = Rows(folder)
        self.nodes = node_model.load(self.rows)
        self.plans = {row["id"]: row for row in self.rows["plans"]}
        self.plan_facts = self.rows.by("plan_facts", "plan_id")
        self.held = self.rows.by("responsibilities", "task_id")
        plan_of_key_point = {row["id"]: row["plan_id"] for row in self.rows["key_points"]}
        self.key_point_of_task = {row["id"]: row["key_point_id"] for row in self.rows["tasks"]}
        self.plan_of_task = {task: plan_of_key_point[point] for task, point in self.key_point_of_task.items()}

    def facts_on(self, plan, scope):
        """What was said of a plan that counts in a scope."""
        for row in self.plan_facts[plan]:
            latest = row["recorded_to"] is None
            if latest if scope.restated else in_force(row, scope.day):
                return row
        raise LookupError(plan)


def differences(expected, answered, where):
    """Each name of `expected` that is answered otherwise."""
    for name, value in expected.items():
        if answered.get(name) != value:
            yield f"{where}.{name}: recomputed {value}, answered {answered.get(name)}"


def compliance(scope, asked, body):
    yield from differences(scope.total(), body["total"], "total")
    yield from differences({"adjustments": scope.touching()}, listed(body["adjustments"]["listed"]), "listed")
    kind = asked.get("group_by")
    if kind is None:
        return
    keys = scope.group_keys(kind)
    if keys is not None and keys != {group["key"] for group in body["groups"]}:
        yield f"groups: recomputed {sorted(keys)}, answered {[group['key'] for group in body['groups']]}"
        return
    for group in body["groups"]:
        yield from differences(scope.group(kind, group["key"]), group, f"group {group['key']}")


def listed(adjustments_of_body):
    return {"adjustments": adjustments.answered(adjustments_of_body)}


def explained(item):
    """An id, or a clause of a branch; what is excluded with its reason."""
    named = (item,) if isinstance(item, int) else tuple(item[k] for k in ("id", "unit_id", "clause_id") if k in item)
    named += (item["reason"],) if isinstance(item, dict) and "reason" in item else ()
    return named[0] if len(named) == 1 else named


def explain(scope, asked, body):
    answered = {name: set(map(explained, body[name])) for name in ("numerator", "denominator_only", "excluded")}
    over_nodes = asked["rate"] in NODE_RATES
    found = (scope if over_nodes else scope.standards).explain(asked["rate"])
    yield from differences(found, answered, asked["rate"])
    touching = scope.touching(asked["rate"]) if over_nodes else set()
    yield from differences({"adjustments": touching}, listed(body["adjustments"]), asked["rate"])


def listing(scope, asked, body):
    yield from differences({"adjustments": scope.touching()}, listed(body["adjustments"]), "list")
    yield from differences({"total": scope.total()["adjustments"]}, body, "list")


def trend(scope, asked, body):
    """One row a month, each the report of its last day, or of the asked day in its month."""
    days, month = [], date(scope.year, 1, 1)
    while month.isoformat() <= scope.day and len(days) < 24:
        following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        days.append(min((following - timedelta(days=1)).isoformat(), scope.day))
        month = following
    yield from differences({"days": days}, {"days": [row["as_of"] for row in body["months"]]}, "trend")
    for day, row in zip(days, body["months"]):
        then = Scope(scope.world, asked | {"as_of": day})
        yield from differences(then.total() | {"key": day[:7]}, row, f"trend {day}")


def path(scope, asked, body):
    percent, target_on = scope.target() or (100, f"{scope.year}-12-31")
    expected = {"on_time": paths.on_time(scope, percent), "compliance": paths.compliance(scope, percent, target_on)}
    named = lambda item, day: (item["kind"], item["id"], item["unit_id"], item[day])
    for answered in body["rates"]:
        answered = answered | {
            "items": {named(item, "last_day") for item in answered["items"]},
            "lost": {named(item, "lost_on") for item in answered["lost"]},
        }
        yield from differences(expected.pop(answered["rate"]), answered, f"path {answered['rate']}")
    if expected:
        yield f"path: not answered: {sorted(expected)}"
    yield from differences({"adjustments": scope.touching()}, listed(body["adjustments"]), "path")


def reviewed(scope, asked, body):
    found = reviews(scope)
    found["review_in_time"] = rate(found["reviewed_in_time"], found["submitted"])
    yield from differences(found, body, "reviews")


def below(scope, key):
    """Whether a unit is counted in a group by unit: the asked unit's own row, or one below with everything in it."""
    unit, asked = int(key), scope.unit if scope.unit is not None else scope.only_top()
    return (lambda other: other == unit) if unit == asked else (lambda other: scope.tree.within(other, unit))


def rectification(scope, asked, body):
    found = Findings(scope.world, scope, rate)
    yield from differences(found.counts(lambda unit: scope.tree.within(unit, scope.unit)), body["total"], "total")
    if asked.get("group_by") != "unit":
        return
    keys = {group["key"] for group in body["groups"]}
    yield from differences({"keys": scope.group_keys("unit")}, {"keys": keys}, "groups")
    for group in body["groups"]:
        counts = found.counts(below(scope, group["key"]))
        yield from differences(counts, group, f"group {group['key']}")


def rectification_explain(scope, asked, body):
    answered = {name: set(body[name]) for name in ("numerator", "denominator_only", "stage_done")}
    answered["excluded"] = {(item["id"], item["reason"]) for item in body["excluded"]}
    yield from differences(Findings(scope.world, scope, rate).explain(), answered, "rectification")


def attendance(scope, asked, body):
    held = Meetings(scope.world, scope, rate)
    inside = lambda meeting: scope.tree.within(meeting["unit_id"], scope.unit)
    yield from differences(held.counts(inside), body["total"], "total")
    for group in body["groups"]:
        if asked["group_by"] == "kind":
            belongs = lambda meeting: inside(meeting) and meeting["kind"] == group["key"]
        else:
            belongs = lambda meeting: below(scope, group["key"])(meeting["unit_id"])
        yield from differences(held.counts(belongs), group, f"group {group['key']}")


NODE_RATES = ("completion", "on_time", "on_time_original", "reporting", "year_progress")
REPORTS = {
    "compliance": compliance,
    "explain": explain,
    "adjustments": listing,
    "trend": trend,
    "path": path,
    "reviews": reviewed,
    "rectification": rectification,
    "rectification/explain": rectification_explain,
    "attendance": attendance,
}


def main(folders):
    compared = wrong = 0
    for folder in folders:
        world = World(folder)
        for line in world.rows["reports"]:
            asked = line["asked"]
            found = list(REPORTS[line["report"]](Scope(world, asked), asked, line["body"]))
            compared += 1
            wrong += bool(found)
            for difference in found[:5]:
                print(f"{folder}: {line['report']} {asked}: {difference}")
    print(f"{len(folders)} databases, {compared} reports compared, {wrong} differ")
    return 0 if compared and not wrong else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
