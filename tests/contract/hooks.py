"""What schemathesis can't know: who signs in, which ids exist, and what a refusal of well-formed input may say.

The environment names the server (DUBAN_BASE), the account (DUBAN_USERNAME), its password (DUBAN_PASSWORD), a guest
that may lose its sign-in (DUBAN_GUEST), and the file that gets what was answered (DUBAN_ANSWERED).
"""

import atexit
import collections
import json
import os

import requests
import schemathesis
from schemathesis.generation import GenerationMode

BASE = os.environ["DUBAN_BASE"]
API = BASE + "/api/v1"
PASSWORD = os.environ["DUBAN_PASSWORD"]
# The demo has this many of nearly everything.
IDS = 40

# Of input that is as the contract says, these codes may never be heard.
NOT_UNDERSTOOD = {
    "unreadable", "unsupported_media_type", "unknown_field", "missing_field", "wrong_value",
    "empty_text", "text_too_long", "control_character",
}


def sign_in(username):
    answer = requests.post(f"{API}/auth/login", json={"username": username, "password": PASSWORD}, timeout=30)
    return answer.json().get("access_token")


TOKEN = sign_in(os.environ["DUBAN_USERNAME"])
WHO = {"authorization": f"Bearer {TOKEN}"}
OWN = requests.get(f"{API}/auth/me", headers=WHO, timeout=30).json()["account"]["id"]
LISTED = requests.get(f"{API}/appointments", params={"account_id": OWN}, headers=WHO, timeout=30).json()
OWN_POSTS = {post["id"] for post in LISTED.get("items", [])}


@schemathesis.auth(refresh_interval=300)
class SignIn:
    def get(self, case, ctx):
        token = sign_in(os.environ["DUBAN_USERNAME"])
        assert token, "whoever tries it is not signed in any more"
        return token

    def set(self, case, data, ctx):
        token = data
        # What ends a sign-in or locks an account is tried by a guest.
        if case.path.startswith("/api/v1/auth/") and case.method.upper() == "POST":
            token = sign_in(os.environ["DUBAN_GUEST"]) or "locked"
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Ids that exist, and never the account or the post that this run lives on."""
    path = context.operation.path
    for name, value in (path_parameters or {}).items():
        if name == "id" and isinstance(value, int) and value > IDS:
            value = 1 + value % IDS
        own = (path.startswith("/api/v1/accounts/") and value == OWN) or (
            path.startswith("/api/v1/appointments/") and value in OWN_POSTS)
        path_parameters[name] = 1_000_000 if own else value
    return path_parameters


@schemathesis.hook
def map_headers(context, headers):
    """A write names a version that exists, most of the time."""
    if headers and "If-Match" in headers and len(str(headers["If-Match"])) % 4 != 3:
        headers["If-Match"] = "*"
    return headers


# What a file begins with so that it is one of a kind that is taken; no schema says it.
BEGINNINGS = {
    "/api/v1/attachments": b"%PDF-1.7\n",
    "/api/v1/imports": "组织名称,类型,上级组织\n".encode(),
    "/api/v1/fill-in-workbook": "编号,版本,完成情况\n".encode(),
}


@schemathesis.hook
def map_body(context, body):
    """A file that is one."""
    beginning = BEGINNINGS.get(context.operation.path)
    if beginning and isinstance(body, dict) and isinstance(body.get("file"), (str, bytes)):
        content = body["file"]
        body["file"] = beginning + (content.encode() if isinstance(content, str) else content)
    return body


@schemathesis.check
def understood(ctx, response, case):
    """Input that is as the contract says is never refused for its form."""
    meta = case.meta
    if meta is None or meta.generation.mode is not GenerationMode.POSITIVE or response.status_code < 400:
        return
    try:
        problem = json.loads(response.content)
    except ValueError:
        return
    # JSON Schema takes 1.0 for a whole number, the program wants it written 1; and no schema says "one decimal".
    detail = json.dumps(problem)
    if "floating point" in detail or "one decimal" in detail:
        return
    said = [problem.get("code")] + [fault.get("code") for fault in problem.get("errors", [])]
    wrong = [code for code in said if code in NOT_UNDERSTOOD]
    assert not wrong, f"well-formed input was not understood: {wrong} {problem.get('detail')} {problem.get('errors')}"


ANSWERED = collections.defaultdict(collections.Counter)


@schemathesis.hook
def after_call(context, case, response):
    ANSWERED[case.operation.label][response.status_code] += 1


@atexit.register
def write_answered():
    if ANSWERED:
        with open(os.environ["DUBAN_ANSWERED"], "w") as file:
            json.dump({label: dict(statuses) for label, statuses in ANSWERED.items()}, file)
