"""The rules, one by one."""

from __future__ import annotations

from types import ModuleType

from attune_cli.pack.rules import (
    actions,
    arguments,
    configuration,
    duplicate_ref,
    entry_point,
    env_delivery,
    first_generation,
    native,
    orphans,
    pack_version,
    permission_sets,
    ref,
    ref_file_name,
    required_default,
    runner_type,
    runtime_deps,
    runtime_version,
    secret_names,
    testing,
    transitions,
    triggers,
    unread_keys,
)

ALL: tuple[ModuleType, ...] = (
    actions,
    arguments,
    configuration,
    duplicate_ref,
    entry_point,
    env_delivery,
    first_generation,
    native,
    orphans,
    pack_version,
    permission_sets,
    ref,
    ref_file_name,
    required_default,
    runner_type,
    runtime_deps,
    runtime_version,
    secret_names,
    testing,
    transitions,
    triggers,
    unread_keys,
)
