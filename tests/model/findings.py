"""The rectification rate on a day, from the rows of the findings and the nodes of their tasks."""

from rows import in_force

STATES = ("closed", "closed_not_counted", "stage_done", "checked", "applied", "rectifying", "open")


class Findings:
    """The findings of a year as a scope sees them: what each counts as, and which units it names."""

    def __init__(self, world, scope, rate):
        self.scope, self.rows, self.rate = scope, world.rows, rate
        self.states = self.rows.by("finding_states", "finding_id")
        self.named = self.rows.by("finding_units", "finding_id")
        self.facts = self.rows.by("finding_facts", "finding_id")
        self.by_id = {row["id"]: row for row in self.rows["findings"]}
        self.known = [
            row for row in self.by_id.values() if row["year"] == scope.year and self.found_on(row) <= scope.day
        ]
        self.words = {row["id"]: self.word(row) for row in self.known}

    def found_on(self, row):
        """The day from which a finding counts: restated, a later life stands from the day on which the first was found."""
        if not self.scope.restated:
            return row["recorded_on"]
        while row["relapse_of"] is not None:
            row = self.by_id[row["relapse_of"]]
        return row["source_on"]

    def holding(self, rows):
        """What is said on the day; restated, what is said now."""
        if self.scope.restated:
            return [row for row in rows if row["recorded_to"] is None]
        return [row for row in rows if in_force(row, self.scope.day)]

    def state(self, finding):
        """Where a finding stands: restated, a dismissal holds throughout and any other step from its day."""
        rows = self.states[finding]
        if self.scope.restated and rows[-1]["state"] == "dismissed":
            return "dismissed"
        on_the_day = [row for row in rows if in_force(row, self.scope.day)]
        # Found before it was recorded: nothing had been done about it.
        return on_the_day[0]["state"] if on_the_day else "open"

    def word(self, row):
        finding, state = row["id"], self.state(row["id"])
        if state == "dismissed":
            return "dismissed"
        if any(self.came_again(later) for later in self.rows["findings"] if later["relapse_of"] == finding):
            return "relapsed"
        kind = self.holding(self.facts[finding])[0]["kind"]
        if state == "closed" and kind == "long_term" and not self.tasks_done(finding):
            return "closed_not_counted"
        return state

    def came_again(self, later):
        """Whether a later life counts in the place of the earlier one."""
        recorded = self.scope.restated or later["recorded_on"] <= self.scope.day
        return recorded and self.state(later["id"]) != "dismissed"

    def tasks_done(self, finding):
        """Whether every owed node of the tasks that were made of a finding is done."""
        tasks = {
            row["id"] for row in self.rows["tasks"] if row["origin_kind"] == "finding" and row["origin_id"] == finding
        }
        for node, stood, word in self.scope.nodes_of(tasks):
            if word != "excluded" and stood.due <= self.scope.day and word not in ("done_on_time", "done_late"):
                return False
        return True

    def counts(self, belongs):
        """The counts of the findings that name a unit of which `belongs` holds."""
        found = dict.fromkeys((*STATES, "dismissed", "relapsed"), 0)
        for finding in self.of(belongs):
            found[self.words[finding]] += 1
        found["of"] = sum(found[word] for word in STATES)
        found["rectification"] = self.rate(found["closed"], found["of"])
        return found

    def of(self, belongs):
        for finding in self.words:
            if any(belongs(row["unit_id"]) for row in self.holding(self.named[finding])):
                yield finding

    def explain(self):
        chosen = list(self.of(lambda unit: self.scope.tree.within(unit, self.scope.unit)))
        of = lambda *words: {finding for finding in chosen if self.words[finding] in words}
        left = of("dismissed", "relapsed")
        return {
            "numerator": of("closed"),
            "denominator_only": of(*STATES[1:]),
            "stage_done": of("stage_done"),
            "excluded": {(finding, self.words[finding]) for finding in left},
        }
