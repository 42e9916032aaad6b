"""The rates over clauses and branches on a day, from the published sets and the checked assessments."""

from datetime import date, timedelta

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

    def __init__(self, world, scope, on=None):
        """On the day of the scope, or on an earlier one by what was recorded by the day of the scope."""
        self.scope, self.rows, self.day = scope, world.rows, on or scope.day
        self.by_own_day = scope.restated or self.day < scope.day
        tree = scope.tree
        self.published = [
            row for row in self.rows["standard_sets"] if happened(row["published_on"], self.day)
        ]
        self.clauses = self.rows.by("clauses", "set_id")
        self.results = self.rows.by("assessment_results", "assessment_id")
        self.rulings = {row["assessment_id"]: row for row in self.rows["recognitions"]}
        # unit -> clause -> word, or None where no set applies; and the same with the day on which the evidence for it
        # lapses and the day of the check that says so
        self.branches, self.details = {}, {}
        for unit, facts in sorted(tree.units.items()):
            if facts["kind"] == "branch" and tree.within(unit, scope.unit) and tree.lives(unit, self.day):
                chosen = self.applying(unit)
                self.details[unit] = None if chosen is None else self.standing(unit, chosen)
                words = {clause: said[0] for clause, said in (self.details[unit] or {}).items()}
                self.branches[unit] = None if chosen is None else words

    def applying(self, unit):
        """The newest published set of the nearest unit at or above that has one."""
        for above in self.scope.tree.line(unit):
            own = [row for row in self.published if row["unit_id"] == above]
            if own:
                return max(own, key=lambda row: (row["published_on"], row["id"]))["id"]
        return None

    def checked(self, unit, chosen):
        """The checked assessments of a unit against a set that count on the day, oldest first."""
        counting = "checked_on" if self.by_own_day else "check_recorded_on"
        latest = "9999-12-31" if self.scope.restated else self.scope.day
        found = [
            row
            for row in self.rows["assessments"]
            if row["unit_id"] == unit and row["set_id"] == chosen and happened(row[counting], self.day)
            and row["check_recorded_on"] <= latest
        ]
        return sorted(found, key=lambda row: (row["checked_on"], row["check_recorded_on"], row["id"]))

    def standing(self, unit, chosen):
        standing = {}
        for clause in self.clauses[chosen]:
            said = ("not_assessed", None, None)
            for assessment in self.checked(unit, chosen):
                for result in self.results[assessment["id"]]:
                    if result["clause_id"] == clause["id"] and result["result"] not in (None, "not_assessed"):
                        said = self.by_evidence(clause, assessment, result)
            standing[clause["id"]] = said
        return standing

    def by_evidence(self, clause, assessment, result):
        """The result, unless the evidence for it is too old on the day; with the day on which it lapses and its check's."""
        word, checked_on = result["result"], assessment["checked_on"]
        if clause["evidence_months"] is None or word in ("not_applicable", "not_met"):
            return word, None, checked_on
        last = add_months(result["evidence_on"] or checked_on, clause["evidence_months"])
        if self.day > last:
            return "not_assessed", None, checked_on
        return word, (date.fromisoformat(last) + timedelta(days=1)).isoformat(), checked_on

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

    def nothing(self, branches):
        """Why some branches have no rate."""
        if not self.published or (branches and all(words is None for words in branches.values())):
            return "no_standard_set"
        return None if branches else "no_branches"

    def explain(self, name):
        """What one of the four rates is made of."""
        found = {"numerator": set(), "denominator_only": set(), "excluded": set()}
        if self.nothing(self.branches):
            return found
        for unit, clauses in self.branches.items():
            if name in ("branches_recognised", "branches_at_target"):
                holds = self.recognised(unit) if name == "branches_recognised" else self.at_target(unit)
                found["numerator" if holds else "denominator_only"].add(unit)
                continue
            for clause, word in (clauses or {}).items():
                met = word == "met" if name == "compliance" else word != "not_assessed"
                if word == "not_applicable":
                    found["excluded"].add((unit, clause, word))
                else:
                    found["numerator" if met else "denominator_only"].add((unit, clause))
        return found

    def rates(self, belongs, rate):
        """The four rates of the branches of which `belongs` holds; `rate` makes one of two counts."""
        branches = {unit: words for unit, words in self.branches.items() if belongs(unit)}
        names = ("compliance", "assessed", "branches_recognised", "branches_at_target")
        nothing = self.nothing(branches)
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
