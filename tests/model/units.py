"""The tree of units on a day."""

from rows import in_force


class Tree:
    def __init__(self, rows, day, restated):
        facts = rows["unit_facts"]
        if not restated:
            self.units = {row["unit_id"]: row for row in facts if in_force(row, day)}
            return
        # Names and places of that day (of a unit recorded later: the first ones), lives as they are known now.
        self.units = {}
        for row in sorted(facts, key=lambda row: (row["unit_id"], row["recorded_from"])):
            if row["unit_id"] not in self.units or row["recorded_from"] <= day:
                self.units[row["unit_id"]] = dict(row)
        for row in facts:
            if row["recorded_to"] is None:
                for name in ("established_on", "dissolved_on"):
                    self.units[row["unit_id"]][name] = row[name]

    def parent(self, unit):
        parent = self.units[unit]["parent_id"]
        return parent if parent in self.units else None

    def line(self, unit):
        """The unit and everything above it, from below."""
        while unit is not None:
            yield unit
            unit = self.parent(unit)

    def within(self, unit, top):
        """Whether a unit is in the tree of the day, and at or below `top` (anywhere, for None)."""
        if unit not in self.units:
            return False
        return top is None or top in self.line(unit)

    def children(self, unit):
        return sorted(other for other in self.units if self.parent(other) == unit)

    def lives(self, unit, day):
        facts = self.units[unit]
        begun = facts["established_on"] is None or facts["established_on"] <= day
        return begun and (facts["dissolved_on"] is None or facts["dissolved_on"] >= day)
