"""The keys to Stripe."""

from typing import Any

import pytest

from services.payment.credentials import MAX_AGE_SECONDS, CredentialsProvider, MissingCredentialsError

KEYS = '{"apiKey": "sk_test_placeholder", "webhookSecret": "whsec_placeholder"}'


class Secrets:
    """Secrets Manager with one secret."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.reads = 0

    def get_secret_value(self, **_: str) -> dict[str, str]:
        self.reads += 1
        return {"SecretString": self.text}


def source(secrets: Any, moments: list[float]) -> CredentialsProvider:
    return CredentialsProvider(secrets, "ecom67/test/stripe", lambda: moments[-1])


def test_the_secret_is_read_once_for_a_while_and_then_again() -> None:
    secrets, moments = Secrets(KEYS), [0.0]
    credentials = source(secrets, moments)

    assert credentials() == credentials()
    assert secrets.reads == 1

    secrets.text = KEYS.replace("placeholder", "rotated")
    assert credentials().api_key == "sk_test_placeholder"
    moments.append(MAX_AGE_SECONDS)
    assert credentials().api_key == "sk_test_rotated"


def test_the_local_stage_names_another_address() -> None:
    secrets = Secrets(KEYS.replace("{", '{"apiBase": "http://127.0.0.1:4242", ', 1))

    assert source(secrets, [0.0])().api_base == "http://127.0.0.1:4242"


@pytest.mark.parametrize("text", ["", "{}", '{"apiKey": "", "webhookSecret": "generated"}', '{"apiKey": "sk_test_x"}'])
def test_an_unfilled_secret_is_named_and_not_shown(text: str) -> None:
    with pytest.raises(MissingCredentialsError, match="ecom67/test/stripe") as caught:
        source(Secrets(text), [0.0])()

    assert "sk_test_x" not in str(caught.value)
    assert caught.value.__cause__ is None
