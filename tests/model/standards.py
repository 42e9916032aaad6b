"""The rates over clauses and branches on a day, from the published sets and the checked assessments."""

from datetime import date

from rows import happened


def add_months(day, months):
    """The same day so many months later, or the last of that month."""
    day = date.fromisoformat(day)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last).isoformat()
        except ValueError:
            continue
    raise ValueError(day)


class Standards:
    """The branches of a scope with what each clause of the set that applies counts as."""

    def __init__(self, world, scope):
        self.scope, self.rows, self.day = scope, world.rows, scope.day
        tree = scope.tree
        self.published = [
            row for row in self.rows["standard_sets"] if happened(row["published_on"], self.day)
        ]
        self.clauses = self.rows.by("clauses", "set_id")
        self.results = self.rows.by("assessment_results", "assessment_id")
        self.rulings = {row["assessment_id"]: row for row in self.rows["recognitions"]}
        # unit -> clause -> word, or None where no set applies
        self.branches = {}
        for unit, facts in sorted(tree.units.items()):
            if facts["kind"] == "branch" and tree.within(unit, scope.unit) and tree.lives(unit, self.day):
                chosen = self.applying(unit)
                self.branches[unit] = None if chosen is None else self.standing(unit, chosen)

    def applying(self, unit):
        """The newest published set of the nearest unit at or above that has one."""
        for above in self.scope.tree.line(unit):
            own = [row for row in self.published if row["unit_id"] == above]
            if own:
                return max(own, key=lambda row: (row["published_on"], row["id"]))["id"]
        return None

    def checked(self, unit, chosen):
        """The checked assessments of a unit against a set that count on the day, oldest first."""
        counting = "checked_on" if self.scope.restated else "check_recorded_on"
        found = [
            row
            for row in self.rows["assessments"]
            if row["unit_id"] == unit and row["set_id"] == chosen and happened(row[counting], self.day)
        ]
        return sorted(found, key=lambda row: (row["checked_on"], row["check_recorded_on"], row["id"]))

    def standing(self, unit, chosen):
        standing = {}
        for clause in self.clauses[chosen]:
            word = "not_assessed"
            for assessment in self.checked(unit, chosen):
                for result in self.results[assessment["id"]]:
                    if result["clause_id"] == clause["id"] and result["result"] not in (None, "not_assessed"):
                        word = self.by_evidence(clause, assessment, result)
            standing[clause["id"]] = word
        return standing

    def by_evidence(self, clause, assessment, result):
        """The result, unless the evidence for it is too old on the day."""
        if clause["evidence_months"] is None or result["result"] == "not_applicable":
            return result["result"]
        since = result["evidence_on"] or assessment["checked_on"]
        return result["result"] if self.day <= add_months(since, clause["evidence_months"]) else "not_assessed"

    def recognised(self, unit):
        """Whether the newest recognition of a branch stands."""
        ruled = [
            self.rulings[row["id"]]
            for row in self.rows["assessments"]
            if row["unit_id"] == unit and row["id"] in self.rulings
            and self.rulings[row["id"]]["verdict"] == "recognised"
            and self.rulings[row["id"]]["recorded_on"] <= self.day
        ]
        if not ruled:
            return False
        newest = max(ruled, key=lambda row: (row["recorded_on"], row["assessment_id"]))
        return not happened(newest["withdrawn_on"], "9999-12-31" if self.scope.restated else self.day)

    def at_target(self, unit):
        words = [word for word in (self.branches[unit] or {}).values() if word != "not_applicable"]
        return bool(words) and words.count("met") * 100 >= len(words) * self.target(unit)

    def target(self, unit):
        """The target of the plan of the year of the nearest unit at or above; everything without one."""
        world, scope = self.scope.world, self.scope
        for above in scope.tree.line(unit):
            for plan in world.plans.values():
                if plan["unit_id"] == above and scope.plan_counts(plan["id"]):
                    return world.facts_on(plan["id"], scope)["target_percent"]
        return 100

    def rates(self, belongs, rate):
        """The four rates of the branches of which `belongs` holds; `rate` makes one of two counts."""
        branches = {unit: words for unit, words in self.branches.items() if belongs(unit)}
        names = ("compliance", "assessed", "branches_recognised", "branches_at_target")
        nothing = None
        if not self.published or (branches and all(words is None for words in branches.values())):
            nothing = "no_standard_set"
        elif not branches:
            nothing = "no_branches"
        if nothing:
            return {name: {"met": 0, "of": 0, "percent": None, "reason": nothing} for name in names}
        words = [w for clauses in branches.values() for w in (clauses or {}).values() if w != "not_applicable"]
        counts = (
            (words.count("met"), len(words)),
            (len(words) - words.count("not_assessed"), len(words)),
            (sum(map(self.recognised, branches)), len(branches)),
            (sum(map(self.at_target, branches)), len(branches)),
        )
        return {name: rate(met, of) for name, (met, of) in zip(names, counts)}
