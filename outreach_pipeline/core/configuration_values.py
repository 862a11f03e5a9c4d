"""The kinds of values that the configuration file has: names, addresses, zones, templates.

Belongs here: what one value alone must fulfil. Does not: the sections that hold them (configuration, configuration_operator).
"""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from jinja2 import TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from outreach_pipeline.core.addresses import parse_address, parse_domain
from outreach_pipeline.core.places import country_codes, is_time_zone
from outreach_pipeline.core.send.placeholders import chance_in

LawfulBasis = Literal["consent", "legitimate_interest", "contract", "existing_customer"]
Security = Literal["tls", "starttls", "none"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]

# What every step's subject and bodies may name. A campaign's ``attributes`` are further columns of its contacts files.
NOT_OF_THE_CONTACT = frozenset({"sender_name", "postal_address", "unsubscribe_url"})
TEMPLATE_NAMES = NOT_OF_THE_CONTACT | {"address", "first_name", "last_name", "company"}
_TEMPLATES = ImmutableSandboxedEnvironment()


def _own_address(text: str) -> str:
    address = parse_address(text).address
    if not address.isascii():
        raise ValueError(f"{text} cannot send everywhere: the part before the @ must be ASCII")
    return address


def _zone(name: str) -> str:
    if not is_time_zone(name):
        raise ValueError(f"there is no time zone {name!r}: use a name like Europe/Berlin")
    return name


def _jurisdiction(code: str) -> str:
    if code.upper() not in country_codes():
        raise ValueError(f"{code!r} is no country of ISO 3166: use a code of two letters like DE")
    return code.upper()


def _template(text: str) -> str:
    if found := chance_in(text):
        raise ValueError(
            f"{found} draws by lot, and a step says one thing: write one text, or a second variant of the step"
        )
    try:
        _TEMPLATES.compile(text)
    except TemplateError as error:
        raise ValueError(f"the template does not parse: {error}") from error
    return text


def template_names(text: str) -> set[str]:
    """Return the names that a template asks of a contact; none if it does not parse."""
    try:
        return set(meta.find_undeclared_variables(_TEMPLATES.parse(text)))
    except TemplateError:
        return set()


def _local_time(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError('write a time of day in quotes, like "05:00"')  # noqa: TRY004  pydantic collects ValueErrors
    return value


Address = Annotated[str, AfterValidator(_own_address)]
Domain = Annotated[str, AfterValidator(parse_domain)]
Zone = Annotated[str, AfterValidator(_zone)]
Jurisdiction = Annotated[str, AfterValidator(_jurisdiction)]
Template = Annotated[str, AfterValidator(_template)]
LocalTime = Annotated[time, BeforeValidator(_local_time)]


class Section(BaseModel):
    """A part of the file. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
