"""Where the master key comes from, and what is said when it does not come."""

from __future__ import annotations

import base64

import pytest

from outreach_pipeline.adapters.secrets import load_master_key
from outreach_pipeline.core.errors import ConfigurationError

KEY = bytes(range(32))
TEXT = base64.b64encode(KEY).decode()


def test_a_key_is_given_named_by_a_file_or_printed_by_a_command(tmp_path):
    file = tmp_path / "key"
    file.write_text(TEXT + "\n")
    for setting in (TEXT, f"file:{file}", f"command:cat {file}"):
        assert load_master_key(setting, key_file=tmp_path / "unused") == KEY
    assert not (tmp_path / "unused").exists()


def test_without_a_setting_a_key_is_made_once_for_the_owner_alone(tmp_path):
    file = tmp_path / "home" / "secret.key"
    assert load_master_key(None, key_file=file) == load_master_key(None, key_file=file)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("setting", ["file:/nonexistent/key", "command:false", "command:/no/such/command", "command:'"])
def test_a_source_that_gives_none_is_named(tmp_path, setting):
    with pytest.raises(ConfigurationError, match=f"OUTREACH_SECRET_KEY names a {setting.partition(':')[0]}"):
        load_master_key(setting, key_file=tmp_path / "unused")


def test_what_a_command_printed_is_not_told(tmp_path):
    with pytest.raises(ConfigurationError) as told:
        load_master_key("command:sh -c 'echo hidden-word; exit 3'", key_file=tmp_path / "unused")
    assert "it ended with 3" in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.mark.parametrize("setting", ["short", "bm8ga2V5", "a secret: with a colon"])
def test_what_is_no_key_is_not_shown(tmp_path, setting):
    with pytest.raises(ConfigurationError, match="no key of 32 bytes") as told:
        load_master_key(setting, key_file=tmp_path / "unused")
    assert setting not in str(told.value)
