"""Scores of mailboxes, whole and by recipient site, from what matured sends have shown.

Belongs here: the statistics, as pure functions of data frames. Does not: what counts as matured, blocked or a burst
(the dbt project), or what a plan does with a score (core.plan).

Two rates are estimated, that of blocks and that of complaints, each in the same way:

1. Decay. A send of ``a`` days ago counts ``0.5 ** (a / half_life_days)``.
2. Contact lists. Let r be a site's rate and r_l that of a list there, as mailboxes other than the one at hand saw it,
   shrunk to r. The excess ``max(0, r_l - r)`` of the list's rate, times the mailbox's sends to the list, is excused: it
   is taken off the mailbox's bad count (never below 0). So a bad list does not drag its mailboxes down, and a mailbox
   that alone wrote to a list cannot blame it.
3. Shrinkage. A Beta posterior at each level is the prior of the next; no evidence counts twice, since a parent is
   estimated without its child (B bad ones of N; k strength in sends; p the prior rate; o organisation, d domain,
   m mailbox, each at the site)::

       m_o = (k_o p   + B_o - B_d) / (k_o + N_o - N_d)
       m_d = (k_d m_o + B_d - B_m) / (k_d + N_d - N_m)
       m_m = (k_m m_d + B_m)       / (k_m + N_m)

4. Floor. With fewer than ``sample_floor`` (decayed) sends a mailbox is not judged by itself: it gets its domain's
   estimate if that is worse than the prior, else the prior. The same holds where complaints are unobserved. So only
   evidence of its own can raise a mailbox above the prior.
5. All sites together (site ``''``): the same, after a site's bad ones were divided by how hard that site is
   (indirect standardisation), so that nobody is punished for writing to a strict provider.
6. Score. ``1 / (1 + m_block / half_block_ratio + m_complaint / half_complaint_ratio)``.

Sources: A. Gelman et al., Bayesian Data Analysis, 3rd ed., ch. 5 (hierarchical binomial model); N. Breslow and N. Day,
Statistical Methods in Cancer Research II, ch. 2 (indirect standardisation).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

ALL_SITES = ""
"""The recipient_site of the row that stands for a mailbox over all sites."""

_COUNTED = ["trials", "blocks", "complaint_trials", "complaints"]
_COUNTS = [*_COUNTED, "blocks_excused", "complaints_excused"]
_SUMS = {**dict.fromkeys(_COUNTS, "sum"), "observed": "any"}
_SITE = "recipient_site"
_ORGANISATION = ["organisation_id", _SITE]
_DOMAIN = ["organisation_id", "sending_domain_id", _SITE]
_NORMAL_90 = 1.645

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightParameters:
    """What an operator may turn. Ratios are in (0, 1), strengths and floors in sends.

    The strengths are such that at 1.5 sends a cell and day (about 30 decayed ones) a single block moves a score by
    less than a tenth.

    Attributes:
        half_life_days: a send this old counts half.
        prior_block_ratio: share of sends that an unknown mailbox is expected to see blocked.
        prior_complaint_ratio: its expected complaints a delivery; 0.001 is where Google starts to frown.
        half_block_ratio: the block rate that by itself halves a score; 0.05 is where SES and Warmbly stop a sender.
        half_complaint_ratio: the complaint rate that does; 0.002 lies between Google's 0.1 % and its limit of 0.3 %.
        mailbox_strength, domain_strength, organisation_strength: sends that a parent's block rate is worth.
        complaint_strength: how many times as many a parent's complaint rate is worth, since complaints are rarer.
        mix_strength: sends that the rate around it is worth in the estimate of a site, and of a contact list at a site.
        sample_floor: decayed sends below which a mailbox is not judged by itself.
    """

    half_life_days: float = 14
    prior_block_ratio: float = 0.02
    prior_complaint_ratio: float = 0.001
    half_block_ratio: float = 0.05
    half_complaint_ratio: float = 0.002
    mailbox_strength: float = 100
    domain_strength: float = 200
    organisation_strength: float = 1000
    complaint_strength: float = 10
    mix_strength: float = 100
    sample_floor: float = 20

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0 or (field.name.endswith("_ratio") and value >= 1):
                raise ValueError(f"{field.name} cannot be {value!r}: it must be above 0, and a ratio below 1.")

    @property
    def prior_weight(self) -> float:
        """The score of a mailbox of which nothing is known, in (0, 1)."""
        return float(_score(np.array([self.prior_block_ratio]), np.array([self.prior_complaint_ratio]), self)[0])


DEFAULTS = WeightParameters()


@dataclass(frozen=True, slots=True)
class _Rate:
    """One of the two rates: the columns of its trials and bad ones, its prior, and what scales the strengths."""

    trials: str
    bad: str
    prior: float
    scale: float


def _rates(parameters: WeightParameters) -> tuple[_Rate, _Rate]:
    return (
        _Rate("trials", "blocks", parameters.prior_block_ratio, 1.0),
        _Rate("complaint_trials", "complaints", parameters.prior_complaint_ratio, parameters.complaint_strength),
    )


def rotation_weights(
    mailboxes: pd.DataFrame, inputs: pd.DataFrame, *, as_of: date, parameters: WeightParameters = DEFAULTS
) -> pd.DataFrame:
    """Score every mailbox of one tenant, over all sites and at each site where its sending domain has evidence.

    Args:
        mailboxes: one row a mailbox: ``mailbox_id``, ``sending_domain_id``, ``provider_account_id`` (may be null: the
            tenant is then the organisation).
        inputs: rows of the mart ``fct_weight_inputs``: ``mailbox_id``, ``recipient_site``, ``contact_list_id``,
            ``send_date`` (dates), ``passed_sends``, ``block_bursts``, ``complaint_trials``, ``complaints`` (counts),
            ``complaints_observed``. Rows of mailboxes that are not in ``mailboxes`` are passed over.
        as_of: the tenant's local date from which ages are counted; later sends count as sent on it.
        parameters: see there.

    Returns:
        Sorted by mailbox and site, ``''`` first: ``mailbox_id``, ``recipient_site``, ``weight_ratio`` in (0, 1] (the
        score; an unknown mailbox has ``parameters.prior_weight``), ``health_ratio`` in (0, 1] (the score in relation to
        the prior's, 1 when nothing speaks against the mailbox), ``matured_sends`` (decayed), ``evidence`` (a dict that
        JSON can hold: for blocks and complaints the trials, bad ones, those excused, the parent's rate, and the
        posterior's mean with its central 90 % by the normal approximation).
    """
    known = inputs[inputs["mailbox_id"].isin(mailboxes["mailbox_id"])]
    cells = _cells(_cohorts(known, as_of, parameters), parameters)
    rows = _with_relatives(mailboxes, pd.concat([_everywhere(cells, parameters), cells], ignore_index=True), parameters)
    block, complaint = (_posterior(rows, rate, parameters) for rate in _rates(parameters))
    score = _score(block["mean"].to_numpy(), complaint["mean"].to_numpy(), parameters)
    return pd.DataFrame(
        {
            "mailbox_id": rows["mailbox_id"],
            _SITE: rows[_SITE],
            "weight_ratio": score,
            "health_ratio": np.minimum(1.0, score / parameters.prior_weight),
            "matured_sends": rows["trials"],
            "evidence": _evidence(rows, block, complaint, parameters),
        }
    )


def _cohorts(inputs: pd.DataFrame, as_of: date, parameters: WeightParameters) -> pd.DataFrame:
    """Decayed counts, one row a mailbox, site and contact list."""
    age = (pd.Timestamp(as_of) - pd.to_datetime(inputs["send_date"])).dt.days.clip(lower=0).astype(float)
    decay = 0.5 ** (age / parameters.half_life_days)
    bursts = inputs["block_bursts"].astype(float)
    frame = inputs[["mailbox_id", _SITE, "contact_list_id"]].assign(
        trials=(inputs["passed_sends"] + bursts) * decay,
        blocks=bursts * decay,
        complaint_trials=inputs["complaint_trials"] * decay,
        complaints=inputs["complaints"] * decay,
        observed=inputs["complaints_observed"].astype(bool),
    )
    sums = {name: how for name, how in _SUMS.items() if name in frame}
    return frame.groupby(["mailbox_id", _SITE, "contact_list_id"], as_index=False).agg(sums)


def _cells(cohorts: pd.DataFrame, parameters: WeightParameters) -> pd.DataFrame:
    """One row a mailbox and site, with what its contact lists excuse taken off."""
    frame = cohorts.copy()
    for rate in _rates(parameters):
        excused = _excused(cohorts, rate, parameters)
        frame[rate.bad] -= excused
        frame[f"{rate.bad}_excused"] = excused
    return frame.groupby(["mailbox_id", _SITE], as_index=False).agg(_SUMS)


def _excused(cohorts: pd.DataFrame, rate: _Rate, parameters: WeightParameters) -> pd.Series[float]:
    columns = [rate.trials, rate.bad]
    by_site = cohorts.groupby(_SITE)[columns].transform("sum")
    by_list = cohorts.groupby([_SITE, "contact_list_id"])[columns].transform("sum")
    strength = parameters.mix_strength * rate.scale
    site_ratio = (strength * rate.prior + by_site[rate.bad]) / (strength + by_site[rate.trials])
    others = by_list - cohorts[columns]
    list_ratio = (strength * site_ratio + others[rate.bad]) / (strength + others[rate.trials])
    expected = cohorts[rate.trials] * (list_ratio - site_ratio).clip(lower=0)
    return expected.clip(upper=cohorts[rate.bad])


def _everywhere(cells: pd.DataFrame, parameters: WeightParameters) -> pd.DataFrame:
    """One row a mailbox: its cells added up, with each site's bad ones scaled to a site of average hardness."""
    frame = cells.copy()
    for rate in _rates(parameters):
        strength = parameters.mix_strength * rate.scale
        overall = (strength * rate.prior + cells[rate.bad].sum()) / (strength + cells[rate.trials].sum())
        by_site = cells.groupby(_SITE)[[rate.trials, rate.bad]].transform("sum")
        site_ratio = (strength * overall + by_site[rate.bad]) / (strength + by_site[rate.trials])
        frame[rate.bad] = (cells[rate.bad] * overall / site_ratio).clip(upper=cells[rate.trials])
    return frame.groupby("mailbox_id", as_index=False).agg(_SUMS).assign(**{_SITE: ALL_SITES})


def _with_relatives(mailboxes: pd.DataFrame, cells: pd.DataFrame, parameters: WeightParameters) -> pd.DataFrame:
    """Every mailbox over all sites, and at each site where its sending domain has ``sample_floor`` sends.

    The sites left out are the long tail: thousands of small ones, each with too little to say anything.
    """
    family = pd.DataFrame(
        {
            "mailbox_id": mailboxes["mailbox_id"].astype("int64"),
            "sending_domain_id": mailboxes["sending_domain_id"].astype("int64"),
            "organisation_id": mailboxes["provider_account_id"].fillna(0).astype("int64"),
        }
    )
    evident = cells.merge(family, on="mailbox_id").groupby(_DOMAIN, as_index=False)["trials"].sum()
    evident = evident[(evident["trials"] >= parameters.sample_floor) & (evident[_SITE] != ALL_SITES)]
    wanted = pd.concat(
        [
            family.assign(**{_SITE: ALL_SITES}),
            family.merge(evident[_DOMAIN], on=["organisation_id", "sending_domain_id"]),
        ],
        ignore_index=True,
    )
    rows = wanted.merge(cells, on=["mailbox_id", _SITE], how="left").sort_values(
        ["mailbox_id", _SITE], ignore_index=True
    )
    rows[_COUNTS] = rows[_COUNTS].astype(float).fillna(0.0)
    rows["observed"] = rows["observed"].eq(True)
    return rows


def _posterior(rows: pd.DataFrame, rate: _Rate, parameters: WeightParameters) -> pd.DataFrame:
    """The chain of the module's docstring: ``parent``, ``mean``, ``low``, ``high``, ``is_judged`` for each row."""
    columns = [rate.trials, rate.bad]
    own = rows[columns]
    domain = rows.groupby(_DOMAIN)[columns].transform("sum")
    organisation = rows.groupby(_ORGANISATION)[columns].transform("sum")

    def shrunk(counts: pd.DataFrame, towards: pd.Series[float] | float, strength: float) -> pd.Series[float]:
        k = strength * rate.scale
        return (k * towards + counts[rate.bad]) / (k + counts[rate.trials])

    organisation_mean = shrunk(organisation - domain, rate.prior, parameters.organisation_strength)
    parent = shrunk(domain - own, organisation_mean, parameters.domain_strength)
    pooled = shrunk(domain, organisation_mean, parameters.domain_strength)
    is_judged = rows[rate.trials] >= parameters.sample_floor
    mean = shrunk(own, parent, parameters.mailbox_strength).where(is_judged, pooled.clip(lower=rate.prior))
    strength = parameters.mailbox_strength * rate.scale
    deviation = np.sqrt(mean * (1 - mean) / (strength + own[rate.trials].where(is_judged, 0.0) + 1))
    return pd.DataFrame(
        {
            "parent": parent,
            "mean": mean,
            "low": (mean - _NORMAL_90 * deviation).clip(lower=0),
            "high": (mean + _NORMAL_90 * deviation).clip(upper=1),
            "is_judged": is_judged,
        }
    )


def _score(block_ratio: Floats, complaint_ratio: Floats, parameters: WeightParameters) -> Floats:
    penalty = block_ratio / parameters.half_block_ratio + complaint_ratio / parameters.half_complaint_ratio
    return np.asarray(1 / (1 + penalty), dtype=np.float64)


def _evidence(
    rows: pd.DataFrame, block: pd.DataFrame, complaint: pd.DataFrame, parameters: WeightParameters
) -> list[dict[str, Any]]:
    def told(posterior: pd.DataFrame, rate: _Rate) -> list[dict[str, Any]]:
        table = posterior.assign(
            prior=rate.prior, trials=rows[rate.trials], bad=rows[rate.bad], excused=rows[f"{rate.bad}_excused"]
        )
        return table.round(6).to_dict("records")  # type: ignore[return-value]

    blocks, complaints = map(told, (block, complaint), _rates(parameters))
    observed = rows["observed"].tolist()
    return [
        {"blocks": one, "complaints": {**other, "observed": seen}}
        for one, other, seen in zip(blocks, complaints, observed, strict=True)
    ]
