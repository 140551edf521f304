"""A shopper's profile and addresses, and the rules that they obey."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from schemas.commands import ShippingAddress, Text
from schemas.contract import Contract

MAX_ADDRESSES = 20
MAX_NAME = 100

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - 249 quoted strings would be no easier to read
)
"""ISO 3166-1 alpha-2."""

Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+[1-9][0-9]{6,14}$")]
"""E.164: ``+`` and up to 15 digits."""


class UnknownProfileError(Exception):
    """Nobody has registered this person yet: an account that staff made fires no trigger."""


class ErasedError(Exception):
    """This person asked for erasure; nothing of them comes back."""


class UnknownAddressError(Exception):
    """The person has no such address."""


class TooManyAddressesError(Exception):
    """The person has MAX_ADDRESSES already."""


class Details(Contract):
    """What a person says of themselves. The e-mail address is not here: it stays in Cognito alone."""

    name: Text | None = None
    phone: Phone | None = None
    marketing_opt_in: bool = Field(default=False, description="Whether they want to hear of more than their orders.")


class Address(ShippingAddress):
    """Where a person has parcels sent: what checkout takes, in a country that exists."""

    @field_validator("country")
    @classmethod
    def exists(cls, country: str) -> str:
        """Return the country; raises ValueError where ISO 3166-1 does not have it."""
        if country not in COUNTRIES:
            raise ValueError("not an ISO 3166-1 alpha-2 country code")
        return country


@dataclass(frozen=True, slots=True)
class Profile:
    """All that identity keeps of a person."""

    user_id: str
    registered_at: datetime
    details: Details = field(default_factory=Details)
    addresses: dict[str, Address] = field(default_factory=dict)
    chosen_address_id: str | None = None

    @property
    def default_address_id(self) -> str | None:
        """The address that checkout offers first: the chosen one, or else the oldest there is.

        Ids of addresses grow with the time at which they were made.
        """
        if self.chosen_address_id in self.addresses:
            return self.chosen_address_id
        return min(self.addresses, default=None)


def name_from_sign_up(name: str | None) -> str | None:
    """Return the name that somebody gave when signing up as a profile takes it."""
    shortened = " ".join((name or "").split())[:MAX_NAME].rstrip()
    return shortened or None
