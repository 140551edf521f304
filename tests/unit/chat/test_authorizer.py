"""Who may open a connection: a shopper of this pool with a valid ID token, and a visitor with none."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from services.chat import authorizer
from services.chat.id_tokens import IdTokenVerifier, TokenSettings

SETTINGS = TokenSettings.model_validate(
    {"AWS_REGION": "us-east-1", "USER_POOL_ID": "us-east-1_pool", "USER_POOL_CLIENT_ID": "the-shop"}
)
ARN = "arn:aws:execute-api:us-east-1:000000000000:api/ws/$connect"
Signed = Callable[..., str]


class Keys:
    """The pool's public keys."""

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        self.key = key

    def get_signing_key_from_jwt(self, token: str) -> "Keys":
        if jwt.get_unverified_header(token).get("kid") != "pool":
            raise jwt.PyJWKClientError("no such key")
        return self


@pytest.fixture(scope="module")
def pool() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def signed(pool: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch) -> Signed:
    keys: Any = Keys(pool.public_key())
    monkeypatch.setattr(authorizer, "token_verifier", lambda: IdTokenVerifier(SETTINGS, keys))
    claims = {
        "sub": "ada",
        "iss": SETTINGS.issuer,
        "aud": "the-shop",
        "token_use": "id",
        "exp": int(time.time()) + 600,
    }

    def sign(key: Any = pool, algorithm: str = "RS256", kid: str = "pool", **other: object) -> str:
        return jwt.encode({**claims, **other}, key, algorithm=algorithm, headers={"kid": kid})

    return sign


def decision(token: str | None) -> tuple[str, dict[str, str]]:
    event = {"methodArn": ARN, "queryStringParameters": {"token": token} if token is not None else None}
    answer = authorizer.handler(event, None)
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Resource"] == ARN
    return statement["Effect"], answer["context"]


def test_a_shopper_is_known_by_a_valid_token(signed: Signed) -> None:
    effect, context = decision(signed())

    assert effect == "Allow"
    assert context["userId"] == "ada"
    assert int(context["expiresAt"]) > time.time()


@pytest.mark.parametrize("token", [None, ""])
def test_a_visitor_comes_without_one(signed: Signed, token: str | None) -> None:
    assert decision(token) == ("Allow", {})


@pytest.mark.parametrize(
    "other",
    [
        {"exp": 1},
        {"aud": "another-shop"},
        {"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"},
        {"token_use": "access"},
        {"kid": "unknown"},
        {"sub": None},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_token_that_is_not_for_this_shop_now_opens_nothing(signed: Signed, other: dict[str, Any]) -> None:
    assert decision(signed(**other)) == ("Deny", {})


def test_a_forged_token_opens_nothing(signed: Signed) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert decision(signed(key=stranger))[0] == "Deny"
    assert decision(signed(key="a-secret-of-some-length-for-hmac-256", algorithm="HS256"))[0] == "Deny"
    assert decision(signed(key=None, algorithm="none"))[0] == "Deny"
    assert decision("rubbish")[0] == "Deny"
