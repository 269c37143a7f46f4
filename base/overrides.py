"""What the environment says about the settings, laid over what config.yaml says."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

PREFIX: Final = "ASSIGAME__"
PLACEHOLDER: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "DATABASE_URL": ("database", "url"),
    "REDIS_URL": ("redis", "url"),
    "PUBLIC_BASE_URL": ("server", "public_base_url"),
    "PORT": ("server", "port"),
    "ASSIGAME_VAR": ("var",),
    "SECRET_KEY": ("secret_key",),
    "SECRET_KEY_NEXT": ("secret_key_next",),
    "SECRET_KEY_PREVIOUS": ("secret_key_previous",),
    "LASTING_KEY": ("lasting_key",),
}
META: Final = ("whatsapp_cloud", "messenger")  # two doors of one app
# variable -> the fields it fills, of the first account of each of these kinds
ACCOUNT_SETTINGS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "TWILIO_ACCOUNT_SID": (("twilio_whatsapp",), ("account_sid",)),
    "TWILIO_AUTH_TOKEN": (("twilio_whatsapp",), ("auth_token",)),
    "TWILIO_AUTH_TOKEN_PREVIOUS": (("twilio_whatsapp",), ("auth_token_previous",)),
    "TWILIO_WHATSAPP_FROM": (("twilio_whatsapp",), ("sender",)),
    "TWILIO_SIGNING_KEY_ID": (("twilio_whatsapp",), ("signing_key_id",)),
    "TWILIO_SIGNING_KEY_SECRET": (("twilio_whatsapp",), ("signing_key_secret",)),
    "TWILIO_SIGNING_KEY_ID_PREVIOUS": (("twilio_whatsapp",), ("signing_key_id_previous",)),
    "TWILIO_SIGNING_KEY_SECRET_PREVIOUS": (("twilio_whatsapp",), ("signing_key_secret_previous",)),
    "TWILIO_API_BASE": (("twilio_whatsapp",), ("api_base", "content_base", "messaging_base")),
    "META_APP_SECRET": (META, ("app_secret",)),
    "META_APP_SECRET_PREVIOUS": (META, ("app_secret_previous",)),
    "META_VERIFY_TOKEN": (META, ("verify_token",)),
    "META_VERIFY_TOKEN_PREVIOUS": (META, ("verify_token_previous",)),
    "META_APP_ID": (("messenger",), ("app_id",)),
    "GRAPH_API_BASE": (META, ("api_base",)),
    "WHATSAPP_PHONE_NUMBER_ID": (("whatsapp_cloud",), ("phone_number_id",)),
    "WHATSAPP_ACCESS_TOKEN": (("whatsapp_cloud",), ("access_token",)),
    "WHATSAPP_NUMBER": (("whatsapp_cloud",), ("number",)),
    "WHATSAPP_WABA_ID": (("whatsapp_cloud",), ("waba_id",)),
    "WHATSAPP_CATALOG_ID": (("whatsapp_cloud",), ("catalog_id",)),
    "MESSENGER_PAGE_ID": (("messenger",), ("page_id",)),
    "MESSENGER_PAGE_TOKEN": (("messenger",), ("access_token",)),
    "SIMULATOR_SECRET": (("simulator",), ("secret",)),
}
_VARIABLE_OF_FIELD: Final = {
    (kind, field): name for name, (kinds, fields) in ACCOUNT_SETTINGS.items() for kind in kinds for field in fields
}
_VARIABLE_OF_PATH: Final = {path: name for name, path in SETTINGS.items()}


class BadOverride(ValueError):
    """A variable names a place that the settings cannot have."""


def fill_placeholders(tree: Any, environ: Mapping[str, str]) -> Any:
    """The tree with every `${NAME}` replaced; a setting whose variable is unset or empty falls back to its default."""
    if isinstance(tree, dict):
        return {key: fill_placeholders(value, environ) for key, value in tree.items() if _is_set(value, environ)}
    if isinstance(tree, list):
        return [fill_placeholders(value, environ) for value in tree if _is_set(value, environ)]
    name = placeholder(tree)
    return environ[name] if name else tree


def placeholder(value: Any) -> str | None:
    """NAME when the value is exactly `${NAME}`."""
    match = PLACEHOLDER.fullmatch(value) if isinstance(value, str) else None
    return match[1] if match else None


def _is_set(value: Any, environ: Mapping[str, str]) -> bool:
    name = placeholder(value)
    return name is None or bool(environ.get(name))


def lay_over(tree: dict[str, Any], environ: Mapping[str, str]) -> None:
    """Change the tree: first the named variables, then every ASSIGAME__SECTION__KEY; raises BadOverride."""
    for name, path in SETTINGS.items():
        if environ.get(name):
            _put(tree, path, environ[name], name)
    for name, (kinds, fields) in ACCOUNT_SETTINGS.items():
        for kind in kinds if environ.get(name) else ():
            _first_account(tree, kind, name).update(dict.fromkeys(fields, environ[name]))
    for name in sorted(environ):
        if name.startswith(PREFIX):
            _put(tree, path_of(name), _value(name, environ[name]), name)


def _first_account(tree: dict[str, Any], kind: str, variable: str) -> dict[str, Any]:
    accounts = tree["channel_accounts"] = tree.get("channel_accounts") or []
    if not isinstance(accounts, list):
        raise BadOverride(f"{variable}: channel_accounts is no list of accounts")
    for account in accounts:
        if isinstance(account, dict) and account.get("kind") == kind:
            return account
    accounts.append({"kind": kind, "key": kind})
    return accounts[-1]  # type: ignore[no-any-return]


def path_of(variable: str) -> tuple[str, ...]:
    """The setting that ASSIGAME__SECTION__KEY names, in lower case."""
    return tuple(variable.removeprefix(PREFIX).lower().split("__"))


def variable_of(path: tuple[str | int, ...], kind: str | None = None) -> str:
    """The variable an operator would set for this setting; `kind` is that of the account it belongs to."""
    field = _VARIABLE_OF_FIELD.get((kind, str(path[-1]))) if kind else None
    known = field or _VARIABLE_OF_PATH.get(tuple(str(part) for part in path))
    return known or PREFIX + "__".join(str(part) for part in path).upper()


def _value(name: str, text: str) -> Any:
    if text in ("", "null"):
        return None
    if text[0] not in "[{":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadOverride(f"{name}: not valid JSON") from error


def _put(tree: Any, path: tuple[str, ...], value: Any, variable: str) -> None:
    for part in path[:-1]:
        tree = _child(tree, part, variable)
    if isinstance(tree, dict):
        tree[path[-1]] = value
    else:
        tree[_index(tree, path[-1], variable)] = value


def _child(tree: Any, part: str, variable: str) -> Any:
    if isinstance(tree, dict):
        if not isinstance(tree.get(part), dict | list):
            tree[part] = {}
        return tree[part]
    return tree[_index(tree, part, variable)]


def _index(tree: Any, part: str, variable: str) -> int:
    if not isinstance(tree, list):
        raise BadOverride(f"{variable}: {part} names a part of a plain value")
    if not part.isdecimal() or int(part) > len(tree):
        raise BadOverride(f"{variable}: {part} is not a place of a list of {len(tree)}")
    if int(part) == len(tree):
        tree.append({})
    return int(part)
