"""Plots of plans, as figures that a command saves or Dagster shows.

Belongs here: drawing. Does not: any number that is drawn. Apart from the rest, as matplotlib takes a while to import.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from outreach_pipeline.core.plan.forecast import Forecast
from outreach_pipeline.core.plan.reasons import REASONS, Reason
from outreach_pipeline.core.plan.waterfall import Step

_INK, _PALE, _RED = "#2f6f9f", "#d5dde5", "#b8695a"
_MOST_BARS = 20
# Whoever must not be written to is red, whoever waits for a day is violet, whoever waits for a place is amber; the same
# wherever it is drawn.
_KINDS = (
    ("Reds", Reason.CAMPAIGN_PAUSED, Reason.JURISDICTION_NOT_ACCEPTED),
    ("Purples", Reason.ALREADY_PLANNED, Reason.LIST_CANARY_HOLD),
    ("YlOrBr", Reason.UNVERIFIED_CAP, Reason.PLACES_FREE_LATE),
)


def _shades(colormap: str, first: Reason, last: Reason) -> dict[str, tuple[float, float, float, float]]:
    reasons = REASONS[REASONS.index(first) : REASONS.index(last) + 1]
    return {
        str(reason): colormaps[colormap](0.3 + 0.55 * number / (len(reasons) - 1))
        for number, reason in enumerate(reasons)
    }


_COLORS = {
    **{reason: color for kind in _KINDS for reason, color in _shades(*kind).items()},
    str(Reason.NOT_READ): "#c9b98a",
    "planned": _INK,
    "already_sent": "#8a97a3",
    "empty": _PALE,
}

# A label, and what it came to: name -> count.
Bar = tuple[str, Mapping[str, int]]


def draw_waterfall(steps: Sequence[Step], *, title: str) -> Figure:
    """Draw a waterfall: what comes in, what each reason takes away, what is planned."""
    figure = Figure(figsize=(8, 1.2 + 0.32 * len(steps)))
    _waterfall(figure.add_subplot(), steps, title=title)
    return figure


def draw_day(steps: Sequence[Step], bars: Mapping[str, Sequence[Bar]], *, title: str) -> Figure:
    """Draw a date: its waterfall, and what the demand of each tenant, campaign and site and each capacity came to.

    Args:
        steps: of the whole.
        bars: kind -> bars, of which the largest are drawn; their parts are planned messages and reasons, or what a
            mailbox's capacity is used for.
        title: the figure's title.
    """
    shown = {
        kind: sorted(found, key=lambda bar: (-sum(bar[1].values()), bar[0]))[:_MOST_BARS]
        for kind, found in bars.items()
    }
    shown = {kind: found for kind, found in shown.items() if found}
    sizes = [len(steps), *map(len, shown.values())]
    figure = Figure(figsize=(9, sum(1.2 + 0.3 * size for size in sizes)), layout="constrained")
    panels = figure.subplots(len(sizes), 1, squeeze=False, height_ratios=[1.2 + 0.3 * size for size in sizes])[:, 0]
    _waterfall(panels[0], steps, title=title)
    for axes, (kind, found) in zip(panels[1:], shown.items(), strict=True):
        more = f", the largest {_MOST_BARS} of {len(bars[kind])}" if len(bars[kind]) > _MOST_BARS else ""
        _stacked(axes, found, title=f"By {kind}{more}")
    return figure


def _stacked(axes: Axes, bars: Sequence[Bar], *, title: str) -> None:
    parts = list(dict.fromkeys(part for _, counts in bars for part, count in counts.items() if count))
    starts = [0] * len(bars)
    for part in parts:
        counts = [bar.get(part, 0) for _, bar in bars]
        color = _COLORS.get(part, _RED)
        axes.barh(range(len(bars)), counts, left=starts, height=0.62, color=color, label=part.replace("_", " "))
        starts = [start + count for start, count in zip(starts, counts, strict=True)]
    axes.set_yticks(range(len(bars)), [label for label, _ in bars], fontsize=8)
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    if parts:
        axes.legend(frameon=False, fontsize=7, loc="upper left", bbox_to_anchor=(1, 1))


def _waterfall(axes: Axes, steps: Sequence[Step], *, title: str) -> None:
    last = len(steps) - 1
    for place, step in enumerate(steps):
        is_end = place in {0, last}
        start = 0 if is_end else step.left
        color = _PALE if place == 0 else _INK if is_end else _COLORS.get(step.name, _RED)
        axes.barh(place, step.count, left=start, height=0.62, color=color)
        axes.annotate(
            f"{step.count:,}" if is_end else f"-{step.count:,}",
            (start + step.count, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    axes.set_yticks(range(len(steps)), [step.name.replace("_", " ") for step in steps], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlim(left=0)
    axes.set_xlabel("contacts")
    axes.set_title(title, fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)


def draw_forecast(expected: Forecast, *, title: str) -> Figure:
    """Draw a forecast: above, the messages of each day against its capacity; below, contacts reached by campaign."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    dates = [day.date for day in expected.days]
    follow_ups = [day.follow_ups for day in expected.days]
    above.step(dates, [day.capacity for day in expected.days], where="mid", color="#8a97a3", label="capacity")
    above.bar(dates, follow_ups, color=_PALE, label="follow-ups")
    above.bar(dates, [day.new for day in expected.days], bottom=follow_ups, color=_INK, label="new contacts")
    above.set_ylabel("messages a day")
    above.set_title(title, fontsize=10, loc="left")
    for campaign in expected.campaigns:
        reached = list(accumulate(campaign.new_by_day))
        below.plot(dates, reached, label=f"{campaign.slug} ({campaign.reached:,.0f})")
    below.set_ylabel("contacts reached")
    below.set_ylim(bottom=0)
    for axes in (above, below):
        axes.spines[["top", "right"]].set_visible(False)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    figure.autofmt_xdate()
    return figure
