from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from outreach_pipeline.core.plan.calendar import Window
from outreach_pipeline.core.plan.pacing import Job, pace, phase_of

HOUR = 3_600_000


def jobs(count: int, window: Window, chance: float = 0.5) -> list[Job]:
    return [Job(position, position, window, chance) for position in range(count)]


def test_messages_are_spread_over_their_window() -> None:
    paced, late = pace(jobs(4, Window(0, 8 * HOUR)), free_at=[0] * 4, gap=60_000, jitter=0, spread=None)
    assert late == []
    starts = [start for _, start in paced]
    steps = [b - a for a, b in pairwise(starts)]
    assert starts[0] > HOUR / 2
    assert starts[-1] < 8 * HOUR - HOUR / 2
    assert max(steps) - min(steps) <= 1
    assert min(steps) > HOUR


def test_jitter_moves_a_message_no_further_than_it_may() -> None:
    window = Window(0, 8 * HOUR)
    plain, _ = pace(jobs(4, window), free_at=[0] * 4, gap=0, jitter=90_000, spread=None)
    moved, _ = pace(jobs(4, window, chance=0.999), free_at=[0] * 4, gap=0, jitter=90_000, spread=None)
    assert all(0 < b - a <= 45_000 for (_, a), (_, b) in zip(plain, moved, strict=True))


def test_messages_to_one_site_lie_among_those_to_others() -> None:
    window = Window(0, 10 * HOUR)
    # In the order of their rank: six to one site, then three to another, then one to a third.
    mixed = [Job(number, number, window, 0.5, site) for number, site in enumerate([1] * 6 + [2] * 3 + [3])]
    paced, _ = pace(mixed, free_at=[0] * 10, gap=0, jitter=0, spread=None)
    assert "".join(str(job.site) for job, _ in paced) == "2112112311"


def test_a_window_that_ends_sooner_comes_first_whatever_the_site() -> None:
    early, late = Window(0, HOUR), Window(0, 2 * HOUR)
    mixed = [Job(0, 0, late, 0.5, 1), Job(1, 1, early, 0.5, 1), Job(2, 2, early, 0.5, 1)]
    paced, _ = pace(mixed, free_at=[0] * 3, gap=0, jitter=0, spread=None)
    assert [job.position for job, _ in paced] == [1, 2, 0]


def test_phases_lie_evenly_however_many_there_are() -> None:
    assert phase_of(0) == 0.5
    for count in (2, 5, 24, 300):
        phases = sorted(phase_of(number) for number in range(count))
        steps = [b - a for a, b in pairwise([*phases, phases[0] + 1])]
        assert max(steps) < 2.7 / count


def test_whoever_stands_later_bounds_the_last_messages() -> None:
    free_until = (8 * HOUR, 3 * HOUR, 2 * HOUR)
    paced, late = pace(
        jobs(3, Window(0, 8 * HOUR)), free_at=[0] * 3, free_until=free_until, gap=HOUR, jitter=0, spread=None
    )
    assert late == []
    assert all(start <= last for (_, start), last in zip(paced, free_until[::-1], strict=True))
    paced, late = pace(
        jobs(3, Window(0, 8 * HOUR)), free_at=[0] * 3, free_until=(HOUR, HOUR, 0), gap=HOUR, jitter=0, spread=None
    )
    assert (len(paced), [job.rank for job in late]) == (2, [2])


def test_a_spread_keeps_messages_together() -> None:
    paced, _ = pace(jobs(10, Window(HOUR, 8 * HOUR)), free_at=[0] * 10, gap=1_000, jitter=300, spread=20_000)
    starts = [start for _, start in paced]
    assert starts[0] >= HOUR
    assert starts[-1] <= HOUR + 20_000


def test_what_does_not_fit_is_the_last_in_rank() -> None:
    paced, late = pace(jobs(5, Window(0, 10 * 60_000)), free_at=[0] * 5, gap=4 * 60_000, jitter=0, spread=None)
    assert sorted(job.rank for job in late) == [3, 4]
    assert [job.rank for job, _ in paced] == [0, 1, 2]


@st.composite
def days(draw: st.DrawFn) -> dict[str, object]:
    count = draw(st.integers(0, 30))
    found = []
    for number in range(count):
        starts = draw(st.integers(0, 20)) * HOUR
        window = Window(starts, starts + draw(st.integers(1, 8 * 60)) * 60_000)
        found.append(Job(number, number, window, draw(st.floats(0, 1, exclude_max=True)), draw(st.integers(0, 3))))
    return {
        "jobs": found,
        "free_at": sorted(draw(st.lists(st.integers(0, 24 * HOUR), min_size=count, max_size=count))),
        "free_until": sorted(
            draw(st.just([]) | st.lists(st.integers(0, 30 * HOUR), min_size=count, max_size=count)), reverse=True
        ),
        "gap": draw(st.integers(0, HOUR)),
        "jitter": draw(st.integers(0, HOUR)),
        "spread": draw(st.none() | st.integers(1, 10 * HOUR)),
        "phase": draw(st.floats(0, 1, exclude_max=True)),
    }


@given(days())
def test_whatever_the_windows_every_start_lies_inside_and_the_gap_holds(day: dict[str, object]) -> None:
    all_jobs = day.pop("jobs")
    paced, late = pace(all_jobs, **day)
    assert sorted([*(job.position for job, _ in paced), *(job.position for job in late)]) == list(range(len(all_jobs)))
    starts = [start for _, start in paced]
    assert all(job.window.starts <= start < job.window.ends for job, start in paced)
    assert all(b - a >= day["gap"] for a, b in pairwise(starts))
    assert all(start >= free for start, free in zip(starts, day["free_at"], strict=False))
    assert all(start <= last for start, last in zip(starts[::-1], day["free_until"], strict=False))


def steps_of(paced: list[tuple[Job, int]]) -> list[float]:
    starts = [start for _, start in paced]
    return [(b - a) / 60_000 for a, b in pairwise(starts)]


def test_a_short_window_does_not_press_the_others_together() -> None:
    # From 12:20 on, ten minutes apart: one window ends at 12:30, the others at 17:00.
    short, long = Window(0, 10 * 60_000), Window(0, 280 * 60_000)
    mixed = [Job(0, 0, short, 0.3), *(Job(number, number, long, 0.05 * number) for number in range(1, 15))]
    paced, late = pace(mixed, free_at=[0] * 15, gap=600_000, jitter=240_000, spread=None)
    assert late == []
    steps = steps_of(paced)
    assert paced[0][0].position == 0
    assert paced[-1][1] > 260 * 60_000
    assert max(steps) < 30
    # Chance moves them: hardly any step is the gap's.
    assert sum(step == 10 for step in steps) <= 1


def test_who_has_the_whole_day_uses_it_before_and_after_a_short_window() -> None:
    # 9 to 17, and six of 10 to 11, which need most of their hour.
    day, hour = Window(0, 480 * 60_000), Window(60 * 60_000, 120 * 60_000)
    mixed = [
        *(Job(number, number, hour, 0.5) for number in range(5)),
        *(Job(number, number, day, 0.5) for number in range(5, 19)),
    ]
    paced, late = pace(mixed, free_at=[0] * 19, gap=600_000, jitter=120_000, spread=None)
    assert late == []
    whole = [start / 60_000 for job, start in paced if job.window == day]
    assert min(whole) < 40
    assert max(whole) > 440
    assert all(60 <= start / 60_000 < 120 for job, start in paced if job.window == hour)
    assert max(steps_of(paced)) < 60


def test_places_that_come_free_late_do_not_press_the_others_together() -> None:
    # The last of eight comes free shortly before the end, with no more time left than the gap.
    paced, late = pace(
        jobs(8, Window(0, 8 * HOUR)), free_at=[*[0] * 7, 8 * HOUR - 300_000], gap=600_000, jitter=60_000, spread=None
    )
    assert late == []
    assert min(steps_of(paced)) > 50
