"""Why a contact is written to, or is not: one code each, and a sentence for people.

Belongs here: the codes of the plan, in the order in which they are asked. Does not: how they are found out (demand,
admission, pacing) or the reasons of a send (core.send).
"""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The outcome of one enrollment in one day's plan. The first that applies stands.

    ``not_read`` and ``enrollment_paused`` are counts alone: `outreach explain --contact` judges each of them (unread).
    """

    PLANNED = "planned"
    CAMPAIGN_PAUSED = "campaign_paused"
    ENROLLMENT_PAUSED = "enrollment_paused"
    NO_STEP = "no_step"
    SUPPRESSED = "suppressed"
    INVALID_ADDRESS = "invalid_address"
    NO_MAIL_DOMAIN = "no_mail_domain"
    LEFT_COMPANY = "left_company"
    NO_LAWFUL_BASIS = "no_lawful_basis"
    JURISDICTION_NOT_ACCEPTED = "jurisdiction_not_accepted"
    ALREADY_PLANNED = "already_planned"
    CONTACT_BUSY = "contact_busy"
    OTHER_CAMPAIGN = "other_campaign"
    LIST_PAUSED = "list_paused"
    OUT_OF_OFFICE = "out_of_office"
    NOT_DUE = "not_due"
    MAILBOX_UNAVAILABLE = "mailbox_unavailable"
    NOT_WORKING_DAY = "not_working_day"
    OUTSIDE_WINDOW = "outside_window"
    LIST_CANARY_HOLD = "list_canary_hold"
    UNVERIFIED_CAP = "unverified_cap"
    CATCH_ALL_CAP = "catch_all_cap"
    COMPANY_CAP = "company_cap"
    SITE_CAP = "site_cap"
    SITE_WARM_UP = "site_warm_up"
    NO_MAILBOX = "no_mailbox"
    NO_CAPACITY = "no_capacity"
    FOLLOW_UPS_RESERVED = "follow_ups_reserved"
    MAILBOX_PAUSED = "mailbox_paused"
    GAP_FULL = "gap_full"
    PLACES_FREE_LATE = "places_free_late"
    NOT_READ = "not_read"


CODES: dict[Reason, int] = {reason: code for code, reason in enumerate(Reason)}
REASONS: tuple[Reason, ...] = tuple(Reason)
# Refusals since what is left of the day is too short, at one mailbox or at all.
TIMELESS = frozenset({Reason.MAILBOX_PAUSED, Reason.GAP_FULL, Reason.PLACES_FREE_LATE})
# Refusals for want of a place, which another day, or another mailbox's free place, can undo.
PLACELESS = TIMELESS | {Reason.NO_CAPACITY, Reason.FOLLOW_UPS_RESERVED, Reason.SITE_WARM_UP}

SENTENCES: dict[Reason, str] = {
    Reason.PLANNED: "A message is planned.",
    Reason.CAMPAIGN_PAUSED: "The campaign is not active.",
    Reason.ENROLLMENT_PAUSED: "The contact's sequence is paused: by a person, or since one wrote to the contact by hand.",
    Reason.NO_STEP: "The campaign has no such step (any more).",
    Reason.SUPPRESSED: "The address or its domain is suppressed, by the tenant or the operator.",
    Reason.INVALID_ADDRESS: "The address was verified as invalid.",
    Reason.NO_MAIL_DOMAIN: "The domain takes no mail: it has no usable MX.",
    Reason.LEFT_COMPANY: "The contact has left the company.",
    Reason.NO_LAWFUL_BASIS: "The contact has no lawful basis that the campaign accepts.",
    Reason.JURISDICTION_NOT_ACCEPTED: "The contact's jurisdiction is unknown or not one that the campaign accepts.",
    Reason.ALREADY_PLANNED: "A message of this step exists already.",
    Reason.CONTACT_BUSY: "Another message to the contact is on its way or went out for this day.",
    Reason.OTHER_CAMPAIGN: "Another campaign of the tenant wrote to the contact, or is about to, within the policy's days.",
    Reason.LIST_PAUSED: "The contact list is paused.",
    Reason.OUT_OF_OFFICE: "The contact is out of office and not back yet.",
    Reason.NOT_DUE: "The wait of the step, in working days, is not over.",
    Reason.MAILBOX_UNAVAILABLE: "The mailbox of the thread may not send now; the follow-up waits for it.",
    Reason.NOT_WORKING_DAY: "It is no working day where the recipient is.",
    Reason.OUTSIDE_WINDOW: "The recipient's sending window is over, or lies outside the tenant's day.",
    Reason.LIST_CANARY_HOLD: "The list is new: its canary is written to first, and the others once its hold is over.",
    Reason.UNVERIFIED_CAP: "The day's cap for unverified addresses is reached.",
    Reason.CATCH_ALL_CAP: "The day's cap for catch-all addresses is reached.",
    Reason.COMPANY_CAP: "The day's cap for one recipient company is reached.",
    Reason.SITE_CAP: "The day's cap for the recipient's MX site is reached.",
    Reason.SITE_WARM_UP: "Every mailbox that could write is still warming up at the recipient's MX site.",
    Reason.NO_MAILBOX: "The campaign has no mailbox that may send that day, or none that may write to the recipient's MX site.",
    Reason.NO_CAPACITY: "Every mailbox that could write is at its cap, or at one that it shares.",
    Reason.FOLLOW_UPS_RESERVED: "The coming follow-ups would not fit into what the mailboxes may send on their days.",
    Reason.MAILBOX_PAUSED: (
        "Mailboxes that could write are paused for a part of the day, and what is left of it then holds no more messages at "
        "their minimum gap."
    ),
    Reason.GAP_FULL: "The recipient's window, or what is left of it, holds no more messages at the mailboxes' minimum gap.",
    Reason.PLACES_FREE_LATE: (
        "Places that were used in the 24 hours before come free too late: after the recipient's window, or so late in it that "
        "the minimum gap leaves no time for more."
    ),
    Reason.NOT_READ: (
        "Not looked at: more are due than the campaign's mailboxes have places, and others came first. "
        "`outreach explain --contact` says what holds for each."
    ),
}
