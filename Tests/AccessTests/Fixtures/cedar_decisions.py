"""Decides access requests with Cedar: a second evaluator, with the roles written down again.

Reads a JSON list of {"events": […], "requests": […]} and prints for each a list of true and false.
"""

import json
import sys

import cedarpy

EVERYTHING = {
    "key.add", "key.revoke", "key.rotateLog", "access.grant", "access.revoke", "access.suspend",
    "access.reinstate", "access.review", "issuer.trust", "identity.bind", "policy.adopt",
    "build.record", "configuration.apply", "deployment.start",
    "deployment.rollBack", "deployment.recover", "ledger.export", "peopleKeys.export",
    "ledger.restore", "entry.reveal", "agent.run", "cost.import", "approval.give",
    "deployment.breakGlass", "review.close", "secret.write", "secret.share",
    "drift.scan", "sync.start",
}
DELIVERY = {"build.record", "configuration.apply", "deployment.start", "deployment.rollBack",
            "deployment.recover", "agent.run", "cost.import", "ledger.export", "secret.write",
            "drift.scan", "sync.start"}
ROLES = {
    "administrator": EVERYTHING,
    "deployer": DELIVERY,
    "operator": {"deployment.rollBack", "deployment.recover", "agent.run", "cost.import",
                 "drift.scan", "sync.start"},
    "auditor": {"ledger.export", "drift.scan"},
    "approver": {"approval.give", "review.close"},
    "responder": {"deployment.breakGlass", "deployment.rollBack", "deployment.recover",
                  "agent.run", "drift.scan", "sync.start"},
    "viewer": set(),
}
# A build is of no environment; what else names none touches all of them.
NOWHERE = 'action == Action::"build.record"'


def covers(name: str, reach: list[str]) -> str:
    if reach == ["*"]:
        return "true"
    return f"(context has {name} && {json.dumps(reach)}.contains(context.{name}))"


def condition(event: dict, also: str) -> str:
    parts = [f"({also} || {covers('environment', event['environments'])})",
             covers("application", event["applications"])]
    if "until" in event:
        parts.append(f"context.now < {event['until']}")
    return " && ".join(parts)


def policies(events: list[dict]) -> str:
    """The grants and suspensions that are left of what happened, in Cedar's words."""
    permits: list[tuple[dict, str]] = []
    forbids: list[tuple[dict, str]] = []
    for number, event in enumerate(events, 1):
        actor = event["actor"]
        who = f'principal == Actor::"{actor}"'
        if event["is"] == "granted":
            actions = ", ".join(f'Action::"{one}"' for one in sorted(ROLES[event["role"]]))
            permits.append((event | {"number": number}, f"permit({who}, action in [{actions}], resource) when "
                                   f"{{ {condition(event, NOWHERE)} }};"))
        elif event["is"] == "withdrawn":
            permits = [(one, text) for one, text in permits
                       if one["actor"] != actor or event.get("role") not in (None, one["role"])]
        elif event["is"] == "reviewed":
            if event["finding"] == "withdrawn":
                permits = [(one, text) for one, text in permits
                           if one["actor"] != actor or one["number"] != event["grant"]]
        elif event["is"] == "suspended":
            forbids.append((event, f"forbid({who}, action, resource) when "
                                   f"{{ {condition(event, 'false')} }};"))
        else:
            forbids = [(one, text) for one, text in forbids if one["actor"] != actor]
    return "\n".join(text for _, text in permits + forbids)


def request(asked: dict) -> dict:
    context = {"now": asked["now"]}
    context |= {name: asked[name] for name in ("application", "environment") if name in asked}
    return {"principal": f'Actor::"{asked["actor"]}"', "action": f'Action::"{asked["action"]}"',
            "resource": 'Place::"any"', "context": context}


def decide(case: dict) -> list[bool]:
    answers = cedarpy.is_authorized_batch(
        [request(one) for one in case["requests"]], policies(case["events"]), [])
    errors = [error for answer in answers for error in answer.diagnostics.errors]
    if errors:
        sys.exit(f"Cedar: {errors[0]}")
    return [answer.allowed for answer in answers]


print(json.dumps([decide(case) for case in json.load(sys.stdin)]))
