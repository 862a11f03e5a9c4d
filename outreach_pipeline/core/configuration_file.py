"""Reads the configuration file: YAML, its types, and what must hold between its parts.

Every problem is found in one go and named with its place, such as ``tenants[0].mailboxes[3].smtp.port``.
Belongs here: the file as text and the checks across it. Does not: what is in the database already (workflows.apply).
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from outreach_pipeline.core.addresses import parse_address, parse_domain
from outreach_pipeline.core.configuration import Configuration, known_keys
from outreach_pipeline.core.configuration_values import TEMPLATE_NAMES, template_names
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.plan.policy import why_never_asked
from outreach_pipeline.core.plan.warmup import PRESETS
from outreach_pipeline.core.send.gaps import unconditional_names
from outreach_pipeline.core.send.placeholders import foreign_placeholder


class _Loader(yaml.SafeLoader):
    """YAML as 1.2 reads it: NO is a country, 12:30 a time, and a key stands once."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  as the base class has it


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("merge", r"^<<$", "<"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def _decimal(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.tag == "tag:yaml.org,2002:merge":
            continue
        key = loader.construct_object(key_node)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is no text", key_node.start_mark)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(key)
    # What is merged in (<<) comes first, so that the section's own keys win.
    loader.flatten_mapping(node)
    return {loader.construct_object(key): loader.construct_object(value, deep=True) for key, value in node.value}


_Loader.add_constructor("tag:yaml.org,2002:int", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_configuration(text: str, *, environment: Mapping[str, str]) -> Configuration:
    """Read a configuration file.

    Args:
        text: the file's content.
        environment: where ``password_env`` and the like are looked up.

    Raises:
        ConfigurationError: one problem a sentence, each with its place and cure.
    """
    raw = load_mapping(text)
    if not raw:
        raise ConfigurationError("The file holds no keys: start with `tenants:`.")
    problems = list(_cross_checks(raw))
    resolved = _with_secrets(raw, environment, problems)
    try:
        document = Configuration.model_validate(resolved)
    except ValidationError as error:
        problems = [*type_problems(error), *problems]
        document = None
    if document is None or problems:
        raise ConfigurationError(*problems)
    return document


def load_mapping(text: str) -> dict[str, Any]:
    """Read YAML whose top level is keys; an empty or other document has none.

    Raises:
        ConfigurationError: it is no YAML; says where.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise ConfigurationError(f"{where}: {error.problem or error.context}: the file is no valid YAML.") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigurationError(f"The file is no valid YAML: {error}.") from error
    return raw if isinstance(raw, dict) else {}


def type_problems(error: ValidationError) -> list[str]:
    """Return a sentence with its place for each of pydantic's errors; no value is repeated, it may be a secret."""
    return [
        f"{place_of(each['loc'])}: {problem_sentence(each)}"
        for each in error.errors(include_input=False, include_url=False)
    ]


def place_of(location: tuple[int | str, ...]) -> str:
    """Write a place as ``tenants[0].mailboxes[3].smtp.port``."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location if part != "[key]"]
    return "".join(parts).removeprefix(".") or "the file"


def problem_sentence(error: Any) -> str:
    """Return what one of pydantic's errors says, without its place and value."""
    if error["type"] == "extra_forbidden":
        known = known_keys(error["loc"])
        near = difflib.get_close_matches(str(error["loc"][-1]), known, n=1)
        return f"unknown key{f', did you mean {near[0]}?' if near else '.'} Known here: {', '.join(known)}."
    if error["type"] == "missing":
        return "is missing."
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[0].lower() + message[1:] + ("" if message.endswith(".") else ".")


def _with_secrets(raw: Any, environment: Mapping[str, str], problems: list[str], place: str = "") -> Any:
    """Replace each ``<name>_env`` by ``<name>`` with the value of that variable."""
    if isinstance(raw, list):
        return [_with_secrets(each, environment, problems, f"{place}[{n}]") for n, each in enumerate(raw)]
    if not isinstance(raw, dict):
        return raw
    resolved = {key: _with_secrets(value, environment, problems, f"{place}.{key}") for key, value in raw.items()}
    for key in ("password", "refresh_token", "secret", "dkim_key"):
        variable = raw.get(f"{key}_env")
        if not isinstance(variable, str):
            continue
        where = f"{place}.{key}_env".removeprefix(".")
        if raw.get(key) is not None:
            problems.append(f"{where}: {key} is given too: keep one of the two.")
        elif not environment.get(variable):
            problems.append(f"{where}: the environment has no {variable}: set it where `outreach apply` runs.")
        else:
            resolved[key] = environment[variable]
    return resolved


def _cross_checks(raw: dict[str, Any]) -> Iterator[str]:
    """Check names that refer to each other. Tolerant of wrong types, which are reported by the types' own checks."""
    accounts = [_text(each, "name") for _, each in _sections(raw, "provider_accounts")]
    yield from _twice("provider_accounts", "name", accounts)
    limits = [(_text(each, "scope"), _text(each, "key")) for _, each in _sections(raw, "rate_limits")]
    yield from _twice("rate_limits", "scope and key", [" ".join(each) for each in limits])
    yield from _twice("shaping_rules", "name", [_text(each, "name") for _, each in _sections(raw, "shaping_rules")])
    tenants = _sections(raw, "tenants")
    yield from _twice("tenants", "slug", [_text(each, "slug") for _, each in tenants])
    owners: dict[str, str] = {}
    for number, tenant in tenants:
        place = f"tenants[{number}]"
        for index, domain in _sections(tenant, "sending_domains"):
            name = _domain(_text(domain, "domain"))
            if name and owners.setdefault(name, place) != place:
                yield f"{place}.sending_domains[{index}].domain: {name} is {owners[name]}'s too: a domain has one tenant."
        yield from _tenant_checks(tenant, place, set(accounts))


def _tenant_checks(tenant: dict[str, Any], place: str, accounts: set[str]) -> Iterator[str]:
    yield from _domain_checks(tenant, place)
    domains = {_domain(_text(each, "domain")) for _, each in _sections(tenant, "sending_domains")}
    policies, curves = _names(tenant, "policies"), _names(tenant, "warmup_curves")
    sources = tenant["webhook_sources"] if _names(tenant, "webhook_sources") else {}
    for name, source in sources.items():
        if isinstance(source, dict) and not source.get("secret") and not source.get("secret_env"):
            yield f"{place}.webhook_sources.{name}: needs secret or secret_env."
    yield from _policy_checks(tenant, place)
    addresses = [_address(_text(each, "address")) for _, each in _sections(tenant, "mailboxes")]
    yield from _twice(f"{place}.mailboxes", "address", addresses)
    for index, mailbox in _sections(tenant, "mailboxes"):
        at = f"{place}.mailboxes[{index}]"
        yield from _unknown(f"{at}.policy", "policy", _text(mailbox, "policy"), policies | {"default"})
        yield from _unknown(f"{at}.warmup_curve", "curve", _text(mailbox, "warmup_curve"), curves | set(PRESETS))
        yield from _unknown(f"{at}.provider_account", "account", _text(mailbox, "provider_account"), accounts)
        mail_domain = _address(_text(mailbox, "address")).rpartition("@")[2]
        if mail_domain and mail_domain not in domains:
            yield f"{at}.address: {mail_domain} is none of the tenant's sending_domains: add it there."
    campaigns = _sections(tenant, "campaigns")
    yield from _twice(f"{place}.campaigns", "slug", [_text(each, "slug") for _, each in campaigns])
    for index, campaign in campaigns:
        at = f"{place}.campaigns[{index}]"
        yield from _unknown(f"{at}.policy", "policy", _text(campaign, "policy"), policies | {"default"})
        pool = campaign.get("mailboxes")
        for position, address in enumerate(pool if isinstance(pool, list) else []):
            yield from _unknown(f"{at}.mailboxes[{position}]", "mailbox", _address(str(address)), set(addresses))
        yield from _step_checks(campaign, at)


def _policy_checks(tenant: dict[str, Any], place: str) -> Iterator[str]:
    """Find fields of named policies that nobody would ever ask for."""
    users = {
        kind: {_text(each, "policy") for _, each in _sections(tenant, kind)} for kind in ("mailboxes", "campaigns")
    }
    named = tenant["policies"] if _names(tenant, "policies") else {}
    for name, fields in named.items():
        if name == "default" or not isinstance(fields, dict):
            continue
        is_of = {f"has_{kind}": name in names for kind, names in users.items()}
        for field in fields:
            if why := why_never_asked(str(field), **is_of):
                yield f"{place}.policies.{name}.{field}: {why}"


def _domain_checks(tenant: dict[str, Any], place: str) -> Iterator[str]:
    domains = _sections(tenant, "sending_domains")
    yield from _twice(f"{place}.sending_domains", "domain", [_domain(_text(each, "domain")) for _, each in domains])
    for index, domain in domains:
        at = f"{place}.sending_domains[{index}]"
        host, name = _domain(_text(domain, "link_host")), _domain(_text(domain, "domain"))
        if host and name and host != name and not host.endswith(f".{name}"):
            yield f"{at}.link_host: {host} is not under {name}: links must lie under the domain."
        if (domain.get("dkim_key") or domain.get("dkim_key_env")) and not domain.get("dkim_selector"):
            yield f"{at}.dkim_selector: is missing, but there is a dkim_key."


def _domain(text: str) -> str:
    """Return the one spelling of a domain; what is none is reported by its type's own check."""
    try:
        return parse_domain(text)
    except ValueError:
        return text.lower()


def _address(text: str) -> str:
    try:
        return parse_address(text).address
    except ValueError:
        return text.lower()


def nameless_senders(document: Configuration) -> Iterator[str]:
    """Find mailboxes without a display name whose campaigns' steps name the sender: a sentence each."""
    for tenant in document.tenants:
        nameless = {each.address for each in tenant.mailboxes if not (each.display_name.strip() or each.receive_only)}
        for campaign in tenant.campaigns:
            texts = [part for each in campaign.steps for part in (each.subject, each.text, each.html or "")]
            own = nameless if campaign.mailboxes == "all" else nameless.intersection(campaign.mailboxes)
            if own and any("sender_name" in unconditional_names(each) for each in texts):
                yield (
                    f"{tenant.slug}: steps of {campaign.slug} name sender_name and do not go out from {', '.join(sorted(own))} "
                    "(gate_template_gap): give a display_name."
                )


def unused_subjects(document: Configuration) -> Iterator[str]:
    """Find campaigns with a later step that has a subject of its own: a sentence each."""
    for tenant in document.tenants:
        for campaign in tenant.campaigns:
            first = {each.subject for each in campaign.steps if each.step == 1}
            own = {each.step for each in campaign.steps if each.subject.removeprefix("Re: ") not in first}
            if own:
                yield (
                    f"{tenant.slug}: nobody gets the subject of step {', '.join(map(str, sorted(own)))} of {campaign.slug}: a "
                    "follow-up is a reply and has the first step's, after Re: write that there, too."
                )


def probes_without_targets(document: Configuration) -> Iterator[str]:
    """Find tenants whose policies ask for placement probes and of whose mailboxes none takes part: a sentence each."""
    for tenant in document.tenants:
        asking = sorted(name for name, policy in tenant.policies.items() if policy.probes_per_day_per_mailbox)
        if asking and not any(each.probe_target for each in tenant.mailboxes):
            yield (
                f"{tenant.slug}: policy {', '.join(asking)} asks for placement probes (probes_per_day_per_mailbox), and no mailbox of "
                "the file is a probe_target, so that none are sent: set it for two mailboxes of different provider accounts or more."
            )


def _step_checks(campaign: dict[str, Any], at: str) -> Iterator[str]:
    steps = [each for _, each in _sections(campaign, "steps")]
    numbers = [each["step"] for each in steps if isinstance(each.get("step"), int)]
    yield from _twice(f"{at}.steps", "step and variant", [f"{e.get('step')} {e.get('variant', 'a')}" for e in steps])
    if numbers and sorted(set(numbers)) != list(range(1, len(set(numbers)) + 1)):
        yield f"{at}.steps: the steps are {', '.join(map(str, sorted(set(numbers))))}: number them 1, 2, 3 without a gap."
    declared = campaign.get("attributes")
    known = TEMPLATE_NAMES | {str(each) for each in declared} if isinstance(declared, list) else TEMPLATE_NAMES
    for position, step in _sections(campaign, "steps"):
        for part in ("subject", "text", "html"):
            for name in sorted(template_names(_text(step, part)) - known):
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else "name such a column of the contacts files in attributes."
                yield f"{at}.steps[{position}].{part}: the template names {name}, which no contact has: {hint}"
            if found := foreign_placeholder(_text(step, part), known):
                yield (
                    f"{at}.steps[{position}].{part}: {found} would go out as it stands: write a field as {{{{ first_name }}}}, the "
                    "opt-out link as {{ unsubscribe_url }}, and one text instead of several to choose from."
                )
    waits = {(e.get("step"), e.get("wait_days", 0)) for e in steps}
    for number, count in Counter(step for step, _ in waits).items():
        if count > 1:
            yield f"{at}.steps: the variants of step {number} have different wait_days: give them one."


def _sections(raw: Mapping[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    value = raw.get(key)
    return [(n, each) for n, each in enumerate(value) if isinstance(each, dict)] if isinstance(value, list) else []


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value.strip() if isinstance(value, str) else ""


def _names(raw: Mapping[str, Any], key: str) -> set[str]:
    value = raw.get(key)
    return set(value) if isinstance(value, dict) else set()


def _twice(place: str, what: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(value.lower() for value in values if value.strip()).items():
        if count > 1:
            yield f"{place}: {value} stands {count} times: a {what} stands once."


def _unknown(place: str, what: str, name: str, known: set[str]) -> Iterator[str]:
    if name and name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        yield f"{place}: there is no {what} {name!r} in the file{f', did you mean {near[0]!r}?' if near else ': define it there.'}"
