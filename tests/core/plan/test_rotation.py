from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st

from outreach_pipeline.core.plan.inputs import MailboxInput
from outreach_pipeline.core.plan.rotation import Rotation


def mailbox(number: int, **columns: object) -> MailboxInput:
    return MailboxInput(id=number, sending_domain_id=1, sending_domain="acme.example", **columns)


def rotation(*pool: MailboxInput, sites: dict[str, int] | None = None) -> Rotation:
    return Rotation(
        pool,
        places={each.id: place for place, each in enumerate(pool)},
        site_sizes=sites or {},
        healthy={each.id for each in pool},
        seed="seed",
    )


def always(_: int) -> bool:
    return True


def test_mailboxes_stay_within_one_message_of_their_share_by_weight() -> None:
    weights = [1.0, 0.5, 0.25, 0.25]
    turning = rotation(*(mailbox(number, health_ratio=weight) for number, weight in enumerate(weights)))
    given: Counter[int | None] = Counter()
    for total in range(1, 401):
        given[turning.choose("site", always)] += 1
        assert all(abs(given[place] - total * weight / 2) <= 1 for place, weight in enumerate(weights))


def test_a_mailbox_that_is_ill_at_one_site_gets_less_there_and_not_everywhere() -> None:
    turning = rotation(mailbox(1, site_weights={"ill": 0.1}), mailbox(2, site_weights={"ill": 0.9}))
    assert Counter(turning.choose("ill", always) for _ in range(100)) == {0: 10, 1: 90}
    assert Counter(turning.choose("well", always) for _ in range(100)) == {0: 50, 1: 50}


def test_a_weight_of_zero_is_never_chosen_and_a_full_mailbox_is_passed_over() -> None:
    turning = rotation(mailbox(1, site_weights={"closed": 0.0}), mailbox(2))
    assert {turning.choose("closed", always) for _ in range(5)} == {1}
    assert turning.choose("open", lambda place: place == 0) == 0
    assert turning.choose("closed", lambda place: place == 0) is None
    assert turning.choose_at_random("closed", lambda place: place == 0, 0.5) is None


def test_large_sites_rotate_apart_and_small_ones_together() -> None:
    turning = rotation(mailbox(1), mailbox(2), sites={"large": 9, "small": 1, "tiny": 1})
    large = [turning.choose("large", always) for _ in range(2)]
    assert sorted(each for each in large if each is not None) == [0, 1]
    together = [turning.choose(site, always) for site in ("small", "tiny")]
    assert sorted(each for each in together if each is not None) == [0, 1]


def test_a_mailbox_that_may_not_take_one_message_alone_stays_for_the_others() -> None:
    turning = rotation(mailbox(1), mailbox(2))
    assert turning.choose("site", lambda _: False, others_may=always) is None
    assert turning.choose_at_random("site", lambda _: False, 0.5, others_may=always) is None
    assert {turning.choose("site", always) for _ in range(2)} == {0, 1}
    assert turning.choose_at_random("site", always, 0.5) is not None
    # Whom others may not take either is out.
    assert turning.choose("site", lambda _: False, others_may=lambda place: place == 0) is None
    assert {turning.choose("site", always) for _ in range(2)} == {0}


def test_a_mailbox_that_is_full_at_a_site_takes_random_assignments_elsewhere() -> None:
    turning = rotation(mailbox(1), mailbox(2), sites={"large": 9})
    assert turning.choose_at_random("large", lambda place: place == 1, 0.0) == 1
    assert turning.choose_at_random("large", lambda place: place == 0, 0.0) is None
    assert turning.choose_at_random("small", always, 0.0) == 0


@settings(max_examples=200, deadline=None)
@given_by(
    weights=st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.9, 1.0]), min_size=2, max_size=9),
    order=st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=60),
)
def test_at_a_small_site_too_mailboxes_stay_within_one_message_of_their_share(
    weights: list[float], order: list[str]
) -> None:
    sizes = Counter(order)
    pool = [mailbox(number, health_ratio=weight) for number, weight in enumerate(weights)]
    turning = rotation(*pool, sites=sizes)
    given: dict[str, Counter[int | None]] = {site: Counter() for site in sizes}
    for site in order:
        given[site][turning.choose(site, always)] += 1
    for site, counts in given.items():
        for place, weight in enumerate(weights):
            assert abs(counts[place] - sizes[site] * weight / sum(weights)) <= 1 + 1e-9


@settings(max_examples=200, deadline=None)
@given_by(
    weights=st.lists(st.sampled_from([0.1, 0.3, 0.5, 0.9, 1.0]), min_size=2, max_size=9),
    sizes=st.lists(st.sampled_from([9, 10, 11, 15]), min_size=12, max_size=12),
    seed=st.integers(0, 99),
)
def test_over_many_middling_sites_rounding_does_not_add_up(weights: list[float], sizes: list[int], seed: int) -> None:
    pool = [mailbox(number, health_ratio=weight) for number, weight in enumerate(weights)]
    by_site = {f"site{number}": size for number, size in enumerate(sizes)}
    turning = rotation(*pool, sites=by_site)
    order = [site for site, size in by_site.items() for _ in range(size)]
    Random(seed).shuffle(order)
    given: dict[str, Counter[int | None]] = {site: Counter() for site in by_site}
    for number, site in enumerate(order):
        given[site][turning.choose(site, always)] += 1
        for place, weight in enumerate(weights) if number % 20 == 0 else ():
            assert abs(given[site][place] - given[site].total() * weight / sum(weights)) <= 1 + 1e-9
    whole = sum(given.values(), Counter[int | None]())
    # At each of the twelve sites each is less than one off.
    assert all(abs(whole[place] - sum(sizes) * weight / sum(weights)) <= 3 for place, weight in enumerate(weights))


def test_as_many_contacts_as_mailboxes_at_each_site_still_follow_the_weights() -> None:
    pool = [mailbox(number, health_ratio=1.0 if number < 5 else 0.5) for number in range(10)]
    sites = {f"site{number}": 10 for number in range(20)}
    turning = rotation(*pool, sites=sites)
    given = Counter(turning.choose(site, always) for _ in range(10) for site in sites)
    assert {given[place] for place in range(5)} <= {26, 27}
    assert {given[place] for place in range(5, 10)} <= {13, 14}


def test_small_sites_that_come_round_in_step_with_the_rotation_are_not_written_to_by_one_mailbox() -> None:
    pool = [mailbox(number) for number in range(8)]
    turning = rotation(*pool, sites={"hoster": 7, **{f"one{number}": 1 for number in range(49)}})
    given: Counter[int | None] = Counter()
    everywhere: Counter[int | None] = Counter()
    for number in range(56):
        place = turning.choose("hoster" if number % 8 == 0 else f"one{number}", always)
        given[place] += number % 8 == 0
        everywhere[place] += 1
    assert max(given.values()) == 1
    assert set(everywhere.values()) == {7}


def test_who_would_get_more_than_its_share_at_a_small_site_does_if_nobody_else_may() -> None:
    turning = rotation(mailbox(1), mailbox(2), mailbox(3), sites={"small": 2})
    assert [turning.choose("small", lambda place: place == 1) for _ in range(2)] == [1, 1]
