"""Which names sound like secrets."""

from __future__ import annotations

import pytest

from attune_cli.pack.rules.secret_names import sounds_secret


@pytest.mark.parametrize(
    "name",
    [
        *("password", "passwd", "db_password", "new-password", "adminPassword", "PASSWORD", "passphrase", "user.pwd"),
        *("token", "api_token", "auth_token", "bearer_token", "accessToken", "github-token", "personal_access_token"),
        *("api_key", "apikey", "API_KEY", "apiKey", "secret", "client_secret", "secret_key", "private_key"),
        *("ssh_private_key", "encryption_key", "signing_key"),
    ],
)
def test_secrets(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("next_token", "page_token", "pageToken", "starting_token", "client_request_token", "max_tokens", "tokens"),
        *("token_type", "token_ttl", "secret_version", "secret_name", "secret_id_accessor", "password_file"),
        *("credential_key", "output_key", "issue_key", "routing_key", "public_key", "key", "keys", "key_name"),
        *("kms_key_id", "ssh_key_name", "compass", "bypass", "min_pass_rate", "passed", "secretary", "tokenize", ""),
        *("_", "-", "author", "keyboard", "monkey"),
    ],
)
def test_no_secrets(name: str) -> None:
    assert not sounds_secret(name)
