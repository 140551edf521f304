"""What the emulator does not know of IAM and our templates use, so that it evaluates each role as it stands.

With ``AUTH=true`` the emulator (MiniStack) lets a function do what its own role allows. It takes a condition whose key
it does not know for unmet, and a resource that it does not see for another, so a sound role would be denied. Everything
here depends on MiniStack's inner structure.
"""

import json
from email.utils import parseaddr
from threading import Lock
from typing import Any

from ministack import app
from ministack.core import iam_actions
from ministack.core.responses import get_account_id, get_region
from ministack.services import ses, sts
from ministack.services.cloudformation import engine

SEVERAL = "more than one"
"""Value of a condition key that has several values: no policy names it."""


def complete() -> None:
    """Make the running emulator evaluate what it does not by itself."""
    _know_the_source_of_events()
    _know_the_sender_of_mails()
    _know_the_path_of_parameters()
    _know_the_batches_of_queues()
    _refer_to_secrets_by_arn()
    _take_requests_for_encrypted()
    _register_one_session_at_a_time()


def _know_the_source_of_events() -> None:
    """Give ``events:PutEvents`` the key ``events:source``; source: EventBridge's user guide, "Using conditions"."""
    known = iam_actions.request_tag_context

    def with_source(service: str, iam_action: str, body: bytes, params: Any) -> dict[str, Any]:
        found: dict[str, Any] = known(service, iam_action, body, params)
        if iam_action == "events:PutEvents":
            sources = {str(entry.get("Source")) for entry in _json(body).get("Entries", []) if isinstance(entry, dict)}
            # Each entry has to be allowed. Ours have one source a call, so a call with several is never right.
            found |= {"events:source": sources.pop() if len(sources) == 1 else SEVERAL}
        return found

    iam_actions.request_tag_context = with_source


def _know_the_sender_of_mails() -> None:
    """Authorize ``ses:SendEmail`` on the sender's identity, with ``ses:FromAddress``; source: SES's developer guide."""
    enforce = app._enforce_ses_v2  # noqa: SLF001

    def of_sender(method: str, path: str, headers: Any, body: bytes, query_params: Any, request_id: str) -> Any:
        if not (method == "POST" and path.endswith("/outbound-emails")):
            return enforce(method, path, headers, body, query_params, request_id)
        asked = _json(body)
        # The key has no display name, which is a key of its own.
        _, sender = parseaddr(str(asked.get("FromEmailAddress", "")))
        return app._enforce_data_plane(  # noqa: SLF001
            *("sesv2", "ses:SendEmail", headers, query_params, request_id),
            resource_arn=str(asked.get("FromEmailAddressIdentityArn") or _identity_arn(sender)),
            service_context={"ses:FromAddress": sender},
        )

    app._enforce_ses_v2 = of_sender  # noqa: SLF001


def _identity_arn(sender: str) -> str:
    """Return the ARN of the identity from which SES sends: the address if it is verified itself, or its domain."""
    identity = sender if sender in ses._identities else sender.rpartition("@")[2]  # noqa: SLF001
    return f"arn:aws:ses:{get_region()}:{get_account_id()}:identity/{identity}"


def _know_the_path_of_parameters() -> None:
    """Authorize ``ssm:GetParametersByPath`` on its path; source: Systems Manager's user guide, "Restricting access"."""
    known = iam_actions.extract_resource_arn

    def with_path(service: str, method: str, path: str, headers: Any, body: bytes, *rest: Any) -> Any:
        if service == "ssm" and str(headers.get("x-amz-target", "")).endswith(".GetParametersByPath"):
            _, region, account = rest
            return f"arn:aws:ssm:{region}:{account}:parameter/{str(_json(body).get('Path', '')).lstrip('/')}"
        return known(service, method, path, headers, body, *rest)

    iam_actions.extract_resource_arn = with_path


def _know_the_batches_of_queues() -> None:
    """Authorize a batch of SQS by the action for one message; source: SQS's developer guide, "Batch actions"."""
    known = iam_actions.extract_iam_action

    def of_one(service: str, *rest: Any) -> str | None:
        action: str | None = known(service, *rest)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    iam_actions.extract_iam_action = of_one


def _refer_to_secrets_by_arn() -> None:
    """Make ``Ref`` of a secret its ARN, and not its name; source: CloudFormation's reference of the type."""
    resolve = engine._resolve_refs  # noqa: SLF001

    def with_arn(value: Any, resources: Any, *rest: Any) -> Any:
        if isinstance(value, dict) and isinstance(name := value.get("Ref"), str):
            found = resources.get(name, {})
            if found.get("ResourceType") == "AWS::SecretsManager::Secret" and "Id" in found.get("Attributes", {}):
                return found["Attributes"]["Id"]
        return resolve(value, resources, *rest)

    engine._resolve_refs = with_arn  # noqa: SLF001


def _take_requests_for_encrypted() -> None:
    """Let requests pass the policies that refuse plain HTTP: the emulator has no TLS, and AWS's clients use it."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda source_ip, _: pin(source_ip, True)


def _register_one_session_at_a_time() -> None:
    """Let functions that start together register their sessions one by one.

    Each registration reads all sessions for those that have expired. Another one meanwhile makes it fail, and the
    invocation with it: the messages of a queue then stay hidden for minutes.
    """
    register, lock = sts.register_session, Lock()

    def one_at_a_time(access_key: str, session: dict[str, Any]) -> None:
        with lock:
            register(access_key, session)

    sts.register_session = one_at_a_time


def _json(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
