"""A value that breaks a description is noticed."""

from tests.handlers.schemas import faults


def test_a_schema_that_is_broken_is_noticed():
    root = {"components": {"schemas": {"s": {"type": "string", "maxLength": 1, "pattern": "^a"}}}}
    part = {"type": "object", "additionalProperties": False, "properties": {"b": {"$ref": "#/components/schemas/s"}}}
    listed = {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string"}}
    schema = {"allOf": [{"required": ["a"], "properties": {"d": listed, "e": listed}}, part]}
    assert faults(schema, {"b": "bb", "c": 1, "d": [], "e": ["", "", 3]}, root) == [
        "$.a: missing",
        "$.c: unknown",
        "$.b: too long",
        "$.b: pattern",
        "$.d: too few",
        "$.e: too many",
        "$.e[2]: no string",
    ]
    assert faults(listed, None, root) == ["$: null"]
    assert faults(listed | {"nullable": True}, None, root) == []
    either = {"oneOf": [{"required": ["x", "y"]}, {"required": ["z"]}]}
    assert faults(either, {"x": 1}, root) == ["$.y: missing"]
