"""The counts and rates of a report, recomputed."""

from collections import defaultdict

import adjustments
from nodes import restate, stand, verdict
from rows import in_force, truth
from standards import Standards
from units import Tree

COUNTS = (
    "owed", "done_on_time", "done_late", "pending_review", "reported_late", "due", "overdue", "excluded",
    "not_yet_owed", "unscheduled",
)


def rate(met, of, nothing="nothing_owed"):
    """Counts first, percent second, cut off after one decimal."""
    if of == 0:
        return {"met": met, "of": of, "percent": None, "reason": nothing}
    return {"met": met, "of": of, "percent": (met * 1000 // of) / 10}


class Scope:
    """One asked report: a year, a unit and everything below it, a day, as recorded or restated."""

    def __init__(self, world, asked):
        self.world = world
        self.day, self.restated = asked["as_of"], asked.get("restated", False)
        self.year, self.unit = asked["year"], asked["unit_id"]
        self.tree = Tree(world.rows, self.day, self.restated)
        self.nodes = [item for item in map(self.stood, world.nodes.values()) if item is not None]
        self.undated = self.without_date()
        self.standards = Standards(world, self)

    def plan_counts(self, plan):
        """Whether a plan is of the year and issued by the day."""
        if self.world.plans[plan]["year"] != self.year:
            return False
        facts = self.world.plan_facts[plan]
        if self.restated:
            latest = [row for row in facts if row["recorded_to"] is None]
            return any(row["issued_on"] is not None and row["issued_on"] <= self.day for row in latest)
        return any(row["status"] != "draft" and in_force(row, self.day) for row in facts)

    def nodes_of(self, tasks):
        """The nodes of some tasks, whatever the year and the unit."""
        made = (self.as_it_stood(node) for node in self.world.nodes.values() if node.task in tasks)
        return [item for item in made if item is not None]

    def stood(self, node):
        if not self.plan_counts(node.plan) or not self.tree.within(node.unit, self.unit):
            return None
        return self.as_it_stood(node)

    def as_it_stood(self, node):
        if self.restated:
            stood = restate(node, self.day)
        elif node.recorded_on > self.day:
            return None
        else:
            stood = stand(node, self.day)
        if stood.excluded is None and not self.tree.lives(node.unit, stood.due):
            stood.excluded = "outside_unit_life"
        word = "excluded" if stood.excluded else verdict(stood, self.day)
        return node, stood, word

    def without_date(self):
        """Who owes which task that still awaits a date: one for each such entry."""
        found = []
        for entry in self.world.rows["schedule_entries"]:
            if not truth(entry["unscheduled"]):
                continue
            task = entry["task_id"]
            plan = self.world.plan_of_task[task]
            if not self.plan_counts(plan):
                continue
            if self.restated:
                holds = entry["ended_on"] is None
                parts = [row for row in self.world.held[task] if row["recorded_to"] is None]
            else:
                ended = entry["ended_on"]
                holds = entry["recorded_from"] <= self.day and (ended is None or ended > self.day)
                parts = [row for row in self.world.held[task] if in_force(row, self.day)]
            if not holds:
                continue
            owing = {row["unit_id"] for row in parts if row["part"] == "responsible"}
            owing = owing or {row["unit_id"] for row in parts if row["part"] == "lead"}
            found.extend((unit, task) for unit in owing if self.tree.within(unit, self.unit))
        return found

    def place(self, name, item):
        """Where a node stands in a rate: numerator, denominator, an exclusion, or None."""
        node, stood, word = item
        if name != "year_progress" and stood.due > self.day:
            return None
        if stood.excluded:
            return ("excluded", stood.excluded)
        done = word in ("done_on_time", "done_late")
        met = {
            "completion": done,
            "year_progress": done,
            "on_time": word == "done_on_time",
            "on_time_original": done and stood.met_on <= node.late_after,
            "reporting": done or word == "pending_review",
        }[name]
        return "numerator" if met else "denominator_only"

    def counts(self, belongs=lambda node: True, undated=None):
        """The counts of the nodes of which `belongs` holds."""
        chosen = [item for item in self.nodes if belongs(item[0])]
        undated = self.undated if undated is None else undated
        found = dict.fromkeys(COUNTS, 0)
        for node, stood, word in chosen:
            due = stood.due <= self.day
            if word == "excluded":
                found["excluded"] += due
            elif due:
                found["owed"] += 1
                found[word] += 1
                found["reported_late"] += word == "pending_review" and stood.pending_on > stood.late_after
            else:
                found["not_yet_owed"] += 1
        found["unscheduled"] = len(undated)
        for name in ("completion", "on_time", "on_time_original", "reporting", "year_progress"):
            places = [self.place(name, item) for item in chosen]
            met = places.count("numerator")
            found[name] = rate(met, met + places.count("denominator_only"))
        found["tasks"] = self.tasks(chosen, undated)
        found["adjustments"] = adjustments.counts(chosen, self)
        return found

    def target(self):
        """Percent and day of the plan of the nearest unit at or above the asked one; None without one."""
        asked = self.unit if self.unit is not None else self.only_top()
        for above in self.tree.line(asked) if asked in self.tree.units else []:
            for plan in self.world.plans.values():
                if plan["unit_id"] == above and self.plan_counts(plan["id"]):
                    facts = self.world.facts_on(plan["id"], self)
                    return facts["target_percent"], facts["target_on"]
        return None

    def tasks(self, chosen, undated):
        tasks = defaultdict(list)
        for key in undated:
            tasks[key]
        for node, stood, word in chosen:
            tasks[node.unit, node.task].append((word, stood.has_report))
        found = dict.fromkeys(("of", "completed", "advancing", "not_started", "overdue", "unscheduled"), 0)
        for nodes in tasks.values():
            counting = [item for item in nodes if item[0] != "excluded"]
            words = {word for word, _ in counting}
            if not nodes:
                slot = "unscheduled"
            elif not counting:
                continue
            elif "overdue" in words:
                slot = "overdue"
            elif words <= {"done_on_time", "done_late"}:
                slot = "completed"
            else:
                slot = "advancing" if any(reported for _, reported in counting) else "not_started"
            found[slot] += 1
            found["of"] += 1
        return found

    def total(self):
        return self.counts() | self.standards.rates(lambda unit: True, rate)

    def group(self, kind, key):
        """The counts of one group of the report."""
        if kind == "unit":
            unit, asked = int(key), self.unit if self.unit is not None else self.only_top()
            belongs = (lambda other: other == unit) if unit == asked else (lambda other: self.tree.within(other, unit))
            undated = [k for k in self.undated if belongs(k[0])]
            return self.counts(lambda node: belongs(node.unit), undated) | self.standards.rates(belongs, rate)
        if kind == "key_point":
            undated = [k for k in self.undated if self.world.key_point_of_task[k[1]] == int(key)]
            return self.counts(lambda node: node.key_point == int(key), undated)
        due = {node.id: stood.due for node, stood, _ in self.nodes}
        return self.counts(lambda node: due[node.id].startswith(key), [])

    def group_keys(self, kind):
        """The keys of all groups, as a set; None where not recomputed."""
        if kind == "unit":
            asked = self.unit if self.unit is not None else self.only_top()
            own = [] if asked is None else [asked]
            return {str(unit) for unit in own + self.tree.children(asked)}
        if kind == "month":
            return {stood.due[:7] for _, stood, _ in self.nodes}
        points = {node.key_point for node, _, _ in self.nodes}
        points |= {self.world.key_point_of_task[task] for _, task in self.undated}
        return {str(point) for point in points}

    def only_top(self):
        tops = self.tree.children(None)
        return tops[0] if len(tops) == 1 else None

    def touching(self, name=None):
        """The adjustments of the nodes that a rate has to do with; of all without a rate."""
        return adjustments.listed([item for item in self.nodes if name is None or self.place(name, item)], self)

    def explain(self, name):
        found = {"numerator": set(), "denominator_only": set(), "excluded": set()}
        for item in self.nodes:
            place = self.place(name, item)
            if isinstance(place, tuple):
                found["excluded"].add((item[0].id, place[1]))
            elif place:
                found[place].add(item[0].id)
        return found
