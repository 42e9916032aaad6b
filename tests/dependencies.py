"""What the program is made of: every package that a build takes, its licence, where it comes from.

Reads deny.toml, as cargo-deny does, and `cargo metadata`. Stands in for `cargo deny check licenses bans sources` where
that is not installed: it evaluates SPDX expressions, sources and named bans, and knows nothing of advisories.
"""

import json
import re
import subprocess
import sys
import tomllib


def evaluate(expression, allowed):
    """Whether a choice of an SPDX expression is allowed. `A/B`, as old manifests write it, means either."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    place = 0

    def atom():
        nonlocal place
        token = tokens[place]
        place += 1
        if token == "(":
            value = either()
            place += 1
            return value
        if place < len(tokens) and tokens[place] == "WITH":
            token = f"{token} WITH {tokens[place + 1]}"
            place += 2
        return token in allowed

    def both():
        nonlocal place
        value = atom()
        while place < len(tokens) and tokens[place] == "AND":
            place += 1
            value = atom() and value
        return value

    def either():
        nonlocal place
        value = both()
        while place < len(tokens) and tokens[place] == "OR":
            place += 1
            value = both() or value
        return value

    return either()


def main():
    with open("deny.toml", "rb") as file:
        rules = tomllib.load(file)
    allowed = set(rules["licenses"]["allow"])
    exceptions = {e.get("name") or e.get("crate"): set(e["allow"]) for e in rules["licenses"].get("exceptions", [])}
    banned = {ban if isinstance(ban, str) else ban.get("name") or ban.get("crate") for ban in rules.get("bans", {}).get("deny", [])}
    said = subprocess.run(["cargo", "metadata", "--locked", "--format-version", "1"], stdout=subprocess.PIPE, check=True)
    packages = json.loads(said.stdout)["packages"]
    wrong = []
    for package in packages:
        name = f"{package['name']} {package['version']}"
        own = package["source"] is None
        if not own and package["source"] != "registry+https://github.com/rust-lang/crates.io-index":
            wrong.append(f"{name}: comes from {package['source']}")
        licence = package["license"]
        if licence is None or not evaluate(licence, allowed | exceptions.get(package["name"], set())):
            wrong.append(f"{name}: licence {licence}")
        if package["name"] in banned:
            wrong.append(f"{name}: banned")
        for dependency in package["dependencies"] if own else []:
            if dependency["req"] == "*":
                wrong.append(f"{name}: takes any version of {dependency['name']}")
    print(f"dependencies: {len(packages)} packages, {len(wrong)} wrong")
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    assert evaluate("MIT OR Apache-2.0", {"MIT"}) and evaluate("(MIT OR GPL-3.0) AND BSD-3-Clause", {"MIT", "BSD-3-Clause"})
    assert not evaluate("MIT AND GPL-3.0", {"MIT"}) and not evaluate("GPL-3.0", {"MIT"})
    assert evaluate("Apache-2.0 WITH LLVM-exception", {"Apache-2.0 WITH LLVM-exception"})
    main()
