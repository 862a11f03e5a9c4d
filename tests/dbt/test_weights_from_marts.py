"""Weights from marts that dbt really built."""

from __future__ import annotations

import base64
from datetime import timedelta

import psycopg
import pytest

from outreach_pipeline.adapters.blobs import Blobs
from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.secrets import Vault
from outreach_pipeline.core.learn.weights import DEFAULTS, WeightParameters
from outreach_pipeline.workflows.installation import Installation
from outreach_pipeline.workflows.refresh_weights import refresh_weights

ANN, BOB, CAT = "ann@acme.example", "bob@acme.example", "cat@beta.example"


@pytest.fixture
def installation(world):
    """The app role on the built database; the weights of a test are gone after it."""
    with Database(world.settings.database_url) as database:
        vault = Vault(base64.b64decode(world.settings.secret_key))
        yield Installation(world.settings, database, vault, Blobs(world.settings.blobs))
    world.admin.execute("delete from outreach.rotation_weights")


def stored(world):
    return world.admin.execute(
        "select computed_at, mailbox_id, recipient_site, weight_ratio, health_ratio, matured_sends, evidence"
        " from outreach.rotation_weights order by 1, 2, 3"
    ).fetchall()


def test_every_mailbox_gets_a_row_and_the_blocked_one_falls(world, installation, now):
    outcome = refresh_weights(installation, now=now, parameters=WeightParameters(sample_floor=1))
    whole = {row[1]: row for row in stored(world) if row[2] == ""}
    assert set(whole) == {world.mailbox(each) for each in (ANN, BOB, CAT)}
    ann, bob = whole[world.mailbox(ANN)], whole[world.mailbox(BOB)]
    assert ann[3] < DEFAULTS.prior_weight
    assert ann[3] < bob[3]
    assert ann[6]["complaints"]["observed"] is True
    assert ann[6]["blocks"]["trials"] == pytest.approx(ann[5], abs=1e-5)
    assert outcome.rows == len(stored(world))
    assert [(each.tenant, each.mailboxes) for each in outcome.tenants] == [("acme", 2), ("beta", 1)]
    assert outcome.tenants[0].moves[0].address == ANN
    assert outcome.tenants[0].moves[0].after < outcome.tenants[0].moves[0].before


def test_with_too_few_sends_to_judge_the_good_stay_at_the_prior(world, installation, now):
    refresh_weights(installation, now=now)
    whole = {row[1]: row[3] for row in stored(world) if row[2] == ""}
    assert whole[world.mailbox(CAT)] == pytest.approx(DEFAULTS.prior_weight)


def test_the_same_now_twice_changes_nothing_and_a_later_one_adds_a_set(world, installation, now):
    first = refresh_weights(installation, now=now)
    before = stored(world)
    again = refresh_weights(installation, now=now)
    assert again.rows == 0
    assert stored(world) == before
    later = refresh_weights(installation, now=now + timedelta(days=1))
    assert later.rows == first.rows
    assert len(stored(world)) == 2 * len(before)


def test_each_tenants_weights_are_its_own(world, installation, now):
    refresh_weights(installation, now=now)
    strangers = world.admin.execute(
        "select count(*) from outreach.rotation_weights as w"
        " join outreach.mailboxes as b on b.id = w.mailbox_id where b.tenant_id <> w.tenant_id"
    ).fetchone()
    assert strangers == (0,)
    with psycopg.connect(world.settings.database_url) as app:
        assert app.execute("select count(*) from outreach.rotation_weights").fetchone() == (0,)
