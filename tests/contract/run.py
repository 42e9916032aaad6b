"""Holds the contract to the code: starts the program on the demo's database and lets schemathesis try every operation
as several posts. Fails on any failure or warning; prints which operations were answered with success to nobody.

    python tests/contract/run.py [--database sqlite|postgres] [--cases N] [--seconds N] [--posts a,b] [--seed N]

`--database postgres` takes an administrator's URL from DUBAN_TEST_POSTGRES. Needs schemathesis (requirements.txt).
"""

import argparse
import collections
import contextlib
import itertools
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
PASSWORD = "Sanmo-2020"
POSTS = ["department", "leader", "secretary-1", "admin", "auditor", "inspector"]
GUEST = "secretary-7"
# A quick run gives each of the six posts so small a part of the addresses, on PostgreSQL the other half of them.
PARTS = 12
QUICK = 10_000


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def make_database(admin):
    """A database of its own on a PostgreSQL; its URL."""
    name = "contract_" + secrets.token_hex(6)
    subprocess.run(["psql", admin, "-q", "-c", f"CREATE DATABASE {name}"], check=True)
    return admin.rsplit("/", 1)[0] + "/" + name


def remove_database(url):
    """Takes it away again, where it is on a PostgreSQL."""
    if url.startswith("postgres"):
        drop = f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)"
        subprocess.run(["psql", os.environ["DUBAN_TEST_POSTGRES"], "-q", "-c", drop], check=True)


def start(url, folder):
    """The program on a demo of its own in this database; process and address."""
    port = free_port()
    program = os.environ.get("DUBAN_BINARY", str(ROOT / "target/debug/duban"))
    log = open(f"{folder}/log", "w")
    server = subprocess.Popen(
        [program, "demo", "--keep", "--database-url", url, "--data-dir", str(folder), "--listen", f"127.0.0.1:{port}"],
        stdout=log, stderr=log, cwd=folder)
    base = f"http://127.0.0.1:{port}"
    for _ in range(1200):
        if server.poll() is not None:
            sys.exit(f"the program ended: {pathlib.Path(folder, 'log').read_text()[-2000:]}")
        try:
            urllib.request.urlopen(base + "/readyz", timeout=1)
            return server, base
        except OSError:
            time.sleep(0.1)
    server.kill()
    sys.exit("the program did not get ready")


def try_as(post, base, folder, args, seed, paths):
    """One run; its exit code, how many cases it tried, what each operation was answered."""
    answered = pathlib.Path(folder, f"answered-{post}.json")
    environment = os.environ | {
        "DUBAN_BASE": base, "DUBAN_USERNAME": post, "DUBAN_PASSWORD": PASSWORD, "DUBAN_GUEST": GUEST,
        "DUBAN_ANSWERED": str(answered), "PYTHONPATH": str(HERE)}
    command = [
        os.path.join(os.path.dirname(sys.executable), "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"),
        "run", base + "/openapi.json", "--phases", args.phases, "--max-examples", str(args.examples),
        "--seed", str(seed), "--workers", "1", "--suppress-health-check", "all", "--no-color"]
    for path in paths:
        command += ["--include-path", path]
    if args.seconds:
        command += ["--max-time", str(args.seconds)]
    done = subprocess.run(command, env=environment, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tried = sum(int(n) for n in re.findall(r"(\d+) generated", done.stdout))
    pathlib.Path(folder, f"report-{post}.txt").write_text(done.stdout)
    if done.returncode:
        print(done.stdout)
    heard = json.loads(answered.read_text()) if answered.exists() else {}
    return done.returncode, tried, heard


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--cases", type=int, default=3000, help="how many cases at least; a post that has begun ends")
    parser.add_argument("--examples", type=int, default=2, help="random cases of an operation")
    parser.add_argument("--phases", default="examples,coverage,fuzzing,stateful")
    parser.add_argument("--seconds", type=int, help="seconds of each post at most")
    parser.add_argument("--posts", default=",".join(POSTS))
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    folder = tempfile.mkdtemp(prefix="duban-contract-")
    database = f"sqlite://{folder}/contract.db"
    if args.database == "postgres":
        database = make_database(os.environ["DUBAN_TEST_POSTGRES"])
    failed, tried, heard = [], 0, collections.defaultdict(collections.Counter)
    with contextlib.ExitStack() as afterwards:
        afterwards.callback(remove_database, database)
        server, base = start(database, folder)
        afterwards.callback(server.wait, 20)
        afterwards.callback(server.terminate)
        began = time.monotonic()
        # A round is a turn of every post; further rounds try other random cases, until there were enough.
        posts = args.posts.split(",")
        paths = sorted(json.load(urllib.request.urlopen(base + "/openapi.json"))["paths"])
        for turn in itertools.count():
            if turn >= len(posts) and (failed or tried >= args.cases):
                break
            post, part = posts[turn % len(posts)], turn * 2 + (args.database == "postgres")
            chosen = [] if args.cases > QUICK else paths[part % PARTS::PARTS]
            code, cases, answered = try_as(post, base, folder, args, args.seed + turn, chosen)
            tried += cases
            for operation, statuses in answered.items():
                heard[operation].update(statuses)
            print(f"{post}: {cases} cases, exit {code}", flush=True)
            if code:
                failed.append(post)
            if server.poll() is not None:
                failed.append("the program ended")
                break
    reached = {operation for operation, statuses in heard.items() if any(s.startswith(("2", "3")) for s in statuses)}
    unreached = sorted(set(heard) - reached)
    broken = {operation: s for operation, s in heard.items() if any(n.startswith("5") for n in s)}
    print(f"contract on {args.database}: {tried} cases in {time.monotonic() - began:.0f} s, {len(heard)} operations, "
          f"{len(reached)} answered with success, {len(broken)} with 5xx, failed: {failed or 'none'}")
    for operation in unreached:
        print(f"   never with success: {operation} {dict(heard[operation])}")
    if failed or broken:
        print(f"reports and log are kept in {folder}")
        sys.exit(1)
    shutil.rmtree(folder)


main()
