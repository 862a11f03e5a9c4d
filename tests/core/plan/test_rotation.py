from __future__ import annotations

from collections import Counter

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
