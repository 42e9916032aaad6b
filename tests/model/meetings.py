"""The attendance of a year's meetings on a day, from the meetings that were held and their dated lists."""

from rows import happened, in_force

WORDS = ("present", "leave", "absent")


class Meetings:
    """The meetings of a year that were recorded as held by the day, with the list of the day."""

    def __init__(self, world, scope, rate):
        self.rate, self.scope = rate, scope
        lists = world.rows.by("attendances", "meeting_id")
        # Restated, a meeting counts from its own day, with the list that stands now.
        counting = "held_on" if scope.restated else "held_recorded_on"
        stands = lambda one: one["recorded_to"] is None if scope.restated else in_force(one, scope.day)
        self.held = [
            (row, [one["status"] for one in lists[row["id"]] if stands(one)])
            for row in world.rows["meetings"]
            if happened(row[counting], scope.day) and row["held_on"][:4] == str(scope.year)
        ]

    def counts(self, belongs):
        """The counts of the meetings of which `belongs` holds."""
        chosen = [statuses for row, statuses in self.held if belongs(row)]
        found = {word: sum(statuses.count(word) for statuses in chosen) for word in WORDS}
        found["observers"] = sum(statuses.count("observer") for statuses in chosen)
        found["meetings"] = len(chosen)
        found["expected"] = sum(found[word] for word in WORDS)
        found["head_count"] = found["present"] + found["observers"]
        found["attendance"] = self.rate(found["present"], found["expected"])
        return found
