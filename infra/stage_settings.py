"""What the owner of a stage in AWS chooses: ``stages/<name>.toml``.

``python -m infra.stage_settings STAGE`` prints the settings as JSON, or what is wrong with them as a sentence and
exits with 1. The command line reads them so, because it imports nothing of ``infra``.
"""

import sys
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, computed_field, model_validator

from infra.bedrock_geographies import geography_of
from infra.constructs.paths import ROOT

FOLDER = ROOT / "stages"
RESERVED_DOMAIN = ".example"
"""Nobody can own a domain below it (RFC 2606)."""

Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class StageSettings(BaseModel):
    """The settings that no default can know.

    Attributes:
        region: of all stacks but the firewall's.
        account: the account's twelve digits; without it, that of the caller's credentials.
        mail_from: sender of the shop's e-mails, and of Cognito's.
        mail_identity: what SES verifies: ``domain``, by records in the domain's DNS, or ``address``, by a link that it
            sends there, which is enough to try a stage. One domain can be the identity of one stage in a region.
        domain: the shop's own host name, such as ``shop.example.com``; it needs ``certificate_arn``. Without it, the
            shop has the address of its distribution.
        certificate_arn: certificate of the domain in Certificate Manager, in us-east-1, where CloudFront reads it.
        deletion_protection: whether DynamoDB and Cognito refuse to delete tables and user pool. A rollback of their
            creation could not delete them either, so it is switched on after the first deployment.
        alarm_emails: addresses that are notified of alarms; AWS asks each to confirm.
        model_id: inference profile of the chat's model on Bedrock, of the geography of the region.
        lambda_concurrency: how many functions the account may run at once in the region, for all stages in it: Lambda's
            quota "Concurrent executions". ``ecom67 deploy --check`` compares it with the account's; ``docs/scale.md``
            says what follows from it.
        stripe_mode: whose keys the stage takes: ``test`` moves no money.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    account: Annotated[str, Field(pattern=r"^\d{12}$")] | None = None
    mail_from: Email
    mail_identity: Literal["domain", "address"] = "domain"
    domain: Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")] | None = None
    certificate_arn: Annotated[str, Field(pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/.+$")] | None = None
    deletion_protection: bool = False
    alarm_emails: list[Email] = []
    model_id: Annotated[str, Field(min_length=1)]
    lambda_concurrency: Annotated[int, Field(ge=10)] = 1000
    stripe_mode: Literal["test", "live"] = "test"

    @property
    def mail_domain(self) -> str | None:
        """The domain that SES verifies; None where it verifies the address alone."""
        return self.mail_from.partition("@")[2] if self.mail_identity == "domain" else None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def placeholders(self) -> list[str]:
        """Names of the settings that still have an address which nobody can own."""
        chosen = {
            "mail_from": [self.mail_from],
            "domain": [self.domain or ""],
            "alarm_emails": self.alarm_emails,
        }
        return [name for name, values in chosen.items() if any(value.endswith(RESERVED_DOMAIN) for value in values)]

    @model_validator(mode="after")
    def _check_domain(self) -> "StageSettings":
        if (self.domain is None) != (self.certificate_arn is None):
            raise ValueError("domain and certificate_arn are given together or not at all")
        return self

    @model_validator(mode="after")
    def _check_geography(self) -> "StageSettings":
        regions = geography_of(self.model_id).regions
        if self.region not in regions:
            raise ValueError(f"model_id {self.model_id} cannot be invoked from {self.region}; use {', '.join(regions)}")
        return self


def read_settings(stage: str, folder: Path = FOLDER) -> StageSettings:
    """Return the settings of a stage.

    Parameters:
        stage: name of a stage in AWS.
        folder: where the files are.

    Raises ValueError, with a sentence for each wrong or missing setting.
    """
    path = folder / f"{stage}.toml"
    try:
        return StageSettings.model_validate(tomllib.loads(path.read_text()))
    except FileNotFoundError:
        raise ValueError(f"stages/{path.name} is missing; stages/dev.toml shows what it holds") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"stages/{path.name} is not TOML: {error}") from None
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, found['loc']))}: {found['msg']}" if found["loc"] else found["msg"].split(", ", 1)[1]
            for found in error.errors()
        )
        raise ValueError(f"stages/{path.name}: {wrong}") from None


def main(stage: str) -> int:
    """Print the settings of a stage as JSON, or the sentence of their error; return the exit code."""
    try:
        settings = read_settings(stage)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{settings.model_dump_json(indent=2)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
