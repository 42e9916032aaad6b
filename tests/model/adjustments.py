"""Extensions, waivers, cancellations and what was asked for, as they touch the nodes of a scope on a day."""

from rows import happened, truth

WORDS = ("extensions", "waived", "not_applicable", "cancelled", "plan_closed", "requested")


def standing(row, scope):
    """Where a request stood at the end of the day; None where it does not touch a report. Restated, where it stands now."""
    if scope.restated:
        return row["state"] if row["state"] in ("requested", "approved") else None
    if row["requested_on"] > scope.day or happened(row.get("withdrawn_on"), scope.day):
        return None
    if not happened(row["decided_on"], scope.day):
        return "requested"
    return None if row["state"] == "refused" else "approved"


def of_node(item, scope):
    """Each as (kind, state, id, granted late)."""
    node, stood, _ = item
    found = []
    for row in node.extensions:
        state = standing(row, scope)
        found.append(("extension", state, row["id"], state == "approved" and truth(row["granted_late"])))
    found += [(row["kind"], standing(row, scope), row["id"], False) for row in node.waivers]
    found += [("cancelled", standing(row, scope), row["id"], False) for row in node.cancellations]
    found = [one for one in found if one[1]]
    # What a revision or the close of the plan took out was asked for by nobody.
    out = stood.excluded
    if out in ("cancelled", "plan_closed") and not any(one[:2] == (out, "approved") for one in found):
        found.append((out, "approved", None, False))
    return found


def counts(items, scope):
    """How many there are on some nodes."""
    found = dict.fromkeys((*WORDS, "granted_late"), 0)
    for item in items:
        for kind, state, _, late in of_node(item, scope):
            word = "requested" if state == "requested" else {"extension": "extensions"}.get(kind, kind)
            found[word] += 1
            found["granted_late"] += late
    found["of"] = sum(found[word] for word in WORDS)
    return found


def listed(items, scope):
    """Each with its node, as a set."""
    return {(item[0].id, *one) for item in items for one in of_node(item, scope)}


def answered(adjustments):
    """The same of what a report lists."""
    return {(one["node_id"], one["kind"], one["state"], one["id"], one["granted_late"]) for one in adjustments}
