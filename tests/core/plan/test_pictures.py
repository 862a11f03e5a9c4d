from __future__ import annotations

from outreach_pipeline.core.plan.pictures import draw_waterfall
from outreach_pipeline.core.plan.reasons import Reason
from outreach_pipeline.core.plan.waterfall import waterfall


def test_each_reason_has_a_colour_of_its_own() -> None:
    reasons = [str(reason) for reason in Reason if reason is not Reason.PLANNED]
    steps = waterfall({"demand": len(reasons) + 1, "planned": 1, "excluded": dict.fromkeys(reasons, 1)})
    (axes,) = draw_waterfall(steps, title="all").axes
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert len(colours) == len(steps)
    assert len(set(colours)) == len(steps)
