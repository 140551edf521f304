"""The tokens that ``ecom67 login`` keeps, a file a stage, which only their owner can read."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import typer

from ecom67.base.errors import CliError

MARGIN_SECONDS = 60
"""A token that expires sooner is not used: a long import would end in its middle."""


def folder() -> Path:
    """Return the folder of the tokens: that of the platform for an application's files."""
    return Path(typer.get_app_dir("ecom67")) / "tokens"


def store(stage: str, email: str, token: str, expires_in: int, now: Callable[[], float] = time.time) -> Path:
    """Store a token and return its file.

    Parameters:
        stage: name of the stage.
        email: who signed in.
        token: the ID token.
        expires_in: seconds for which it is valid.
        now: returns the time in seconds since the epoch; replaced in tests.
    """
    path = folder() / f"{stage}.json"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {"email": email, "token": token, "expiresAt": int(now()) + expires_in}
    # Another file that takes its place: an existing one may be readable by others.
    partial = path.with_suffix(f".{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file)
    partial.replace(path)
    return path


def read(stage: str, now: Callable[[], float] = time.time) -> str:
    """Return the stored token of a stage; raises CliError where there is none, or it has expired.

    Parameters:
        stage: name of the stage.
        now: returns the time in seconds since the epoch; replaced in tests.
    """
    remedy = f"Sign in: ecom67 login EMAIL --stage {stage}"
    try:
        content = json.loads((folder() / f"{stage}.json").read_text())
        token, expires_at = str(content["token"]), int(content["expiresAt"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise CliError(f"Nobody is signed in to stage {stage}. {remedy}") from None
    if expires_at - now() < MARGIN_SECONDS:
        raise CliError(f"The sign-in to stage {stage} has expired. {remedy}")
    return token
