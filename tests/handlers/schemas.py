"""The vendors' own descriptions of their APIs, where they are at hand, and where a value breaks one."""

import json
import re
import warnings
from functools import cache
from pathlib import Path

import yaml

from base.config import ROOT

SPECS = Path(ROOT).parent / "shared" / "specs"
KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool}


@cache
def described(name):
    """A description, or None, and that is said aloud."""
    path = SPECS / name
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=quick)
    warnings.warn(f"{name} is not at ../shared/specs: checked against our own list of fields only", stacklevel=2)
    return None


def resolved(schema, root):
    """A schema with its reference followed and the parts of an allOf put together, as they are meant."""
    while "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    if "allOf" not in schema:
        return schema
    whole = {"type": "object", "properties": {}, "required": []}
    for part in (resolved(one, root) for one in schema["allOf"]):
        whole["properties"] |= part.get("properties", {})
        whole["required"] = [*whole["required"], *part.get("required", [])]
        whole["additionalProperties"] = part.get("additionalProperties", True)
    return whole


def faults(schema, value, root, where="$"):
    """Where a value breaks an OpenAPI schema (3.0 or 3.1), as far as these descriptions use the language."""
    schema = resolved(schema, root)
    if value is None:
        return [] if schema.get("nullable") else [f"{where}: null"]
    if "type" in schema and not isinstance(value, KINDS[schema["type"]]):
        return [f"{where}: no {schema['type']}"]
    found = [f"{where}: not one of {schema['enum']}"] if value not in schema.get("enum", [value]) else []
    found += [
        fault
        for choice in ("oneOf", "anyOf")
        if choice in schema
        for fault in chosen(schema, choice, value, root, where)
    ]
    if isinstance(value, str):
        found += [f"{where}: too long"] * (len(value) > schema.get("maxLength", len(value)))
        found += [f"{where}: pattern"] * (not re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        found += [f"{where}: too many"] * (len(value) > schema.get("maxItems", len(value)))
        found += [f"{where}: too few"] * (len(value) < schema.get("minItems", 0))
        items = schema.get("items", {})
        found += [fault for n, item in enumerate(value) for fault in faults(items, item, root, f"{where}[{n}]")]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found += [f"{where}.{name}: missing" for name in schema.get("required", []) if name not in value]
        strict = schema.get("additionalProperties") is False
        found += [f"{where}.{name}: unknown" for name in value if strict and name not in known]
        for name, item in value.items():
            found += faults(known[name], item, root, f"{where}.{name}") if name in known else []
    return found


def chosen(schema, choice, value, root, where):
    """The faults of the nearest of several schemas; a discriminator names the one."""
    named = schema.get("discriminator", {}).get("mapping", {}).get(value.get("type"))
    options = [{"$ref": named}] if named else schema[choice]
    return min((faults(option, value, root, where) for option in options), key=len)
