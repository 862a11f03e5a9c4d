"""A tenant's sending policy: every number that a person may turn, with its unit, default and source.

Belongs here: the numbers and their ranges. Does not: what is done with them.
"""

from __future__ import annotations

from datetime import time
from typing import Literal

import holidays
from pydantic import BaseModel, ConfigDict, Field, model_validator


class SendingPolicy(BaseModel):
    """The policy of a tenant, a campaign or a mailbox. Unknown names are refused.

    The tenant's own is named ``default``. A named policy starts from it and overrides what it names. A field is asked of
    one policy only: of the campaign's (``CAMPAIGN_FIELDS``), of the mailbox's (``MAILBOX_FIELDS``) or, as it is about
    mailboxes and campaigns together, of the tenant's (``TENANT_FIELDS``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    # How much. 40 a day is lemlist's ceiling for a mailbox's first year; 2 a day to a company is Instantly's.
    messages_per_day_per_mailbox: int = Field(default=40, ge=0)
    messages_per_day: int | None = Field(default=None, ge=0)
    messages_per_day_per_company: int = Field(default=2, ge=1)
    messages_per_day_per_site: dict[str, int] = Field(default_factory=dict)
    catch_all_per_day: int = Field(default=20, ge=0)
    unverified_per_day: int = Field(default=50, ge=0)
    # A verification that is older counts as none: people leave, and lists decay by some two percent a month.
    verification_days: int = Field(default=180, ge=1)
    # Another campaign of the tenant writes to a contact only so many days before or after; 0: at once.
    days_between_campaigns: int = Field(default=7, ge=0)
    counts_by: Literal["rolling_24h", "calendar_day"] = "rolling_24h"

    # When. Local times of the recipient if their zone is known, else of the tenant; 600 s between messages is Warmbly's.
    window_starts: time = time(9)
    window_ends: time = time(17)
    working_days: frozenset[int] = Field(default=frozenset({1, 2, 3, 4, 5}))
    holiday_country: str | None = None
    # ISO 3166-2 without the country, such as BY: its holidays count beside the country's where the country is the policy's.
    holiday_region: str | None = None
    follows_recipient_zone: bool = True
    minimum_gap_seconds: float = Field(default=600, ge=0)
    # 30 a minute is what Microsoft 365 takes over SMTP from one mailbox.
    messages_per_minute_per_mailbox: int = Field(default=30, ge=1)
    jitter_seconds: float = Field(default=90, ge=0)
    # A day's messages start within this many seconds of the first that may; None: spread over the whole window.
    spread_seconds: float | None = Field(default=None, gt=0)

    # New contact lists are tried on a few before all.
    canary_contacts: int = Field(default=50, ge=0)
    canary_hold_seconds: int = Field(default=48 * 3600, ge=0)
    # A list is paused when its hard bounces are surely above this. Amazon SES pauses at 10 %, over a representative volume;
    # WarmySender judges after 50 sends.
    list_hard_bounce_ratio: float = Field(default=0.10, gt=0, le=1)
    list_least_sends: int = Field(default=50, ge=1)

    # Rotation.
    random_assignment_ratio: float = Field(default=0.05, ge=0, le=0.5)
    follow_up_waits_working_days: int = Field(default=5, ge=0)
    # A follow-up that waited so long for its mailbox ends its sequence, or begins a new thread from another mailbox.
    waited_follow_up: Literal["ends", "moves"] = "ends"

    # After sending.
    first_retry_seconds: float = Field(default=300, gt=0)
    longest_retry_seconds: float = Field(default=4 * 3600, gt=0)
    give_up_after_attempts: int = Field(default=6, ge=1)
    unknown_outcome_seconds: float = Field(default=24 * 3600, gt=0)
    mature_after_seconds: float = Field(default=72 * 3600, ge=0)
    max_consecutive_errors: int = Field(default=5, ge=1)
    out_of_office_days: int = Field(default=7, ge=1, le=60)

    # Probes of placement, off unless wanted.
    probes_per_day_per_mailbox: int = Field(default=0, ge=0, le=1)

    @model_validator(mode="after")
    def _window_is_a_window(self) -> SendingPolicy:
        if self.window_starts >= self.window_ends:
            raise ValueError("window_starts must be before window_ends")
        if not self.working_days or not self.working_days <= set(range(1, 8)):
            raise ValueError("working_days are one or more ISO weekdays, 1 (Monday) to 7 (Sunday)")
        if self.holiday_region is not None:
            regions = holidays.list_supported_countries(include_aliases=True).get(self.holiday_country or "", [])
            if self.holiday_region not in regions:
                raise ValueError(
                    f"holiday_region {self.holiday_region!r} is none of holiday_country {self.holiday_country!r}: "
                    f"it has {', '.join(regions) or 'none'}"
                )
        return self


TENANT_FIELDS = frozenset(
    {
        "messages_per_day",
        "messages_per_day_per_company",
        "messages_per_day_per_site",
        "catch_all_per_day",
        "unverified_per_day",
        "verification_days",
        "days_between_campaigns",
        "random_assignment_ratio",
    }
)
CAMPAIGN_FIELDS = frozenset(
    {
        "window_starts",
        "window_ends",
        "working_days",
        "holiday_country",
        "holiday_region",
        "follows_recipient_zone",
        "canary_contacts",
        "canary_hold_seconds",
        "list_hard_bounce_ratio",
        "list_least_sends",
        "follow_up_waits_working_days",
        "waited_follow_up",
    }
)
MAILBOX_FIELDS = frozenset(SendingPolicy.model_fields) - TENANT_FIELDS - CAMPAIGN_FIELDS


def why_never_asked(field: str, *, has_mailboxes: bool, has_campaigns: bool) -> str:
    """Say why nobody would ever ask for a field of a named policy, by who has the policy; '' if somebody does."""
    if field in TENANT_FIELDS:
        return "is one for the whole tenant, and has no effect in a named policy: set it in policies.default."
    if field in CAMPAIGN_FIELDS and has_mailboxes and not has_campaigns:
        return (
            "is asked of campaigns, and only mailboxes have this policy: give it to a campaign, or take the field out."
        )
    if field in MAILBOX_FIELDS and has_campaigns and not has_mailboxes:
        return (
            "is asked of mailboxes, and only campaigns have this policy: give it to a mailbox, or take the field out."
        )
    return ""
