"""The shape of recorded requests as sorted lines, without prompts, ids or texts."""

import collections
import json

# Keys whose values are words of the protocol; of all others only the type of the value is kept.
WORDS = {"type", "role", "display", "effort", "keep", "ttl", "stream", "max_tokens", "budget_tokens", "media_type", "temperature",
         "defer_loading", "is_error", "eager_input_streaming", "strict", "max_uses"}
HEADER_VALUES = {"accept", "anthropic-version", "anthropic-dangerous-direct-browser-access", "content-type", "x-app",
                 "x-stainless-lang", "x-stainless-package-version", "x-stainless-timeout", "x-stainless-retry-count"}
# Headers of the transport, which say nothing about the client.
TRANSPORT = {"host", "connection", "content-length"}
# Keywords of JSON Schema whose values are maps of names to schemas, schemas, or lists of schemas.
NAMED = {"properties", "$defs", "definitions", "patternProperties"}
NESTED = {"items", "additionalProperties", "propertyNames", "not", "anyOf", "oneOf", "allOf", "prefixItems"}


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.body = method, path, body
        self.headers = {name.lower(): value for name, value in headers}
        self.kind = self.kind_of()

    def kind_of(self):
        if not self.body or "/v1/messages" not in self.path:
            return "other"
        if "count_tokens" in self.path:
            return "count"
        if "x-claude-code-agent-id" in self.headers:
            return "sub-agent"
        tools = self.body.get("tools") or [{}]
        if tools[0].get("type", "").startswith("web_search"):
            return "search"
        if self.body.get("output_config", {}).get("format"):
            return "title"
        return "turn" if any(tool.get("name") == "Bash" for tool in tools) else "side"


def lines(requests):
    found = collections.defaultdict(set)

    def note(line, request):
        found[line].add(request.kind)

    for request in requests:
        note(f"endpoint {request.method} {request.path}", request)
        for name, value in request.headers.items():
            if name == "anthropic-beta":
                for beta in value.split(","):
                    note(f"beta {beta.strip()}", request)
            elif name in HEADER_VALUES:
                note(f"header {name}: {value}", request)
            elif name not in TRANSPORT:
                note(f"header {name}", request)
        if request.body:
            body(request, note)
    return sorted(f"{line} [{' '.join(sorted(kinds))}]" for line, kinds in found.items())


def body(request, note):
    content = dict(request.body)
    tools = content.pop("tools", None)
    for key, value in content.items():
        walk(key, value, lambda line: note(f"body {line}", request))
    system = content.get("system")
    if isinstance(system, list):
        cached = [str(i + 1) for i, block in enumerate(system) if "cache_control" in block]
        note(f"system {len(system)} blocks, cache_control at {', '.join(cached) or 'none'}", request)
    if tools is not None:
        note(f"body tools: {'array' if tools else 'empty array'}", request)
    for tool in tools or []:
        own = {key: value for key, value in tool.items() if key not in ("input_schema", "type")}
        kind = tool.get("type", "no type")
        walk(f"tools[{kind}]", own, lambda line: note(f"body {line}", request))
        schema = tool.get("input_schema", {})
        required = schema.get("required", [])
        names = ", ".join(name + ("" if name in required else "?") for name in sorted(schema.get("properties", {})))
        note(f"tool {tool.get('name')} ({names})", request)
        keywords(schema, lambda line: note(f"schema {line}", request))


def walk(path, value, note):
    key = path.rsplit(".", 1)[-1]
    if isinstance(value, dict):
        if key == "git_state" and "error" in value:
            # Git was too slow on a busy computer. The state's members stand in another request.
            return
        if not value:
            note(f"{path}: empty object")
        for name, inner in value.items():
            if name == "input" and value.get("type") == "tool_use":
                # Arguments are the model's own, but for the client's marks.
                for mark in inner if isinstance(inner, dict) else []:
                    if mark.startswith("__"):
                        walk(f"{path}.input.{mark}", inner[mark], note)
            elif name == "schema":
                keywords(inner, lambda line: note(f"{path}.schema has {line}"))
            elif not (name == "type" and path.endswith(f"[{inner}]")):
                walk(f"{path}.{name}", inner, note)
    elif isinstance(value, list):
        note(f"{path}: array")
        for inner in value:
            mark = inner.get("type") or inner.get("role") or "" if isinstance(inner, dict) else ""
            walk(f"{path}[{mark}]", inner, note)
    elif key == "user_id" and isinstance(value, str) and value.startswith("{"):
        note(f"{path}: string with JSON")
        walk(path, json.loads(value), note)
    elif key in WORDS and not isinstance(value, (dict, list)):
        note(f"{path}: {json.dumps(value)}")
    else:
        note(f"{path}: {type_of(value)}")


def type_of(value):
    if value is None:
        return "null"
    return {bool: "boolean", str: "string", int: "number", float: "number"}[type(value)]


def keywords(schema, note):
    if isinstance(schema, list):
        for inner in schema:
            keywords(inner, note)
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        words = keyword in ("type", "format", "$schema", "contentEncoding") and isinstance(value, str)
        note(f"{keyword}: {value}" if words else keyword)
        if keyword in NAMED and isinstance(value, dict):
            for inner in value.values():
                keywords(inner, note)
        elif keyword in NESTED:
            keywords(value, note)
