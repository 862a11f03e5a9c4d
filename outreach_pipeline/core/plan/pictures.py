"""Plots of plans, as figures that a command saves or Dagster shows.

Belongs here: drawing. Does not: any number that is drawn. Apart from the rest, as matplotlib takes a while to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from matplotlib.figure import Figure

from outreach_pipeline.core.plan.forecast import Forecast
from outreach_pipeline.core.plan.waterfall import Step

_INK, _PALE, _RED = "#2f6f9f", "#d5dde5", "#b8695a"


def draw_waterfall(steps: Sequence[Step], *, title: str) -> Figure:
    """Draw a waterfall: what comes in, what each reason takes away, what is planned."""
    figure = Figure(figsize=(8, 1.2 + 0.32 * len(steps)))
    axes = figure.add_subplot()
    last = len(steps) - 1
    for place, step in enumerate(steps):
        is_end = place in {0, last}
        start = 0 if is_end else step.left
        axes.barh(place, step.count, left=start, height=0.62, color=_PALE if place == 0 else _INK if is_end else _RED)
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
    return figure


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
