"""Claude Agent SDK for Python, with the Claude Code that stands in its package."""

import asyncio
import os

from claude_agent_sdk import AssistantMessage, ClaudeAgentOptions, ResultMessage, StreamEvent, create_sdk_mcp_server, query
from claude_agent_sdk import tool as as_tool

import checks

SCHEMA = {
    "type": "object", "properties": {"city": {"type": "string"}, "degrees": {"type": "integer"}},
    "required": ["city", "degrees"], "additionalProperties": False}


@as_tool("weather", "Tells the weather of a city", {"city": str})
async def weather(args):
    return {"content": [{"type": "text", "text": f"It rains in {args['city']}"}]}


def ask(prompt, **options):
    async def read():
        asked = ClaudeAgentOptions(model=checks.MODEL, permission_mode="bypassPermissions", setting_sources=[], **options)
        return [message async for message in query(prompt=prompt, options=asked)]

    return asyncio.run(read())


def result(messages):
    return next(m for m in messages if isinstance(m, ResultMessage))


def blocks(content):
    async def messages():
        yield {"type": "user", "message": {"role": "user", "content": content}, "parent_tool_use_id": None, "session_id": "one"}

    return messages()


def text():
    checks.equal(result(ask("Hi")).result, checks.GREETING)


def stream():
    events = [m.event for m in ask("Hi", include_partial_messages=True) if isinstance(m, StreamEvent)]
    pieces = [e["delta"]["text"] for e in events if e["type"] == "content_block_delta" and "text" in e["delta"]]
    checks.equal("".join(pieces), checks.GREETING)


def tool():
    server = create_sdk_mcp_server("sky", tools=[weather])
    checks.contains(result(ask("WEATHER", mcp_servers={"sky": server}, extra_args={})).result, checks.WEATHER)


def structured():
    format = {"type": "json_schema", "schema": SCHEMA}
    checks.equal(result(ask("SCHEMA", output_format=format)).structured_output, {"city": "Oslo", "degrees": 7})


def image():
    source = {"type": "base64", "media_type": "image/png", "data": checks.IMAGE_BASE64}
    asked = blocks([{"type": "image", "source": source}, {"type": "text", "text": "IMAGE"}])
    checks.contains(result(ask(asked)).result, "An image of")


def thinking():
    messages = ask("THINK", max_thinking_tokens=2000)
    kinds = [type(b).__name__ for m in messages if isinstance(m, AssistantMessage) for b in m.content]
    checks.equal(kinds, ["ThinkingBlock", "TextBlock"])


def a_file():
    path = os.path.join(os.getcwd(), "proof.txt")
    ask(f"WRITE A FILE at {path} please")
    checks.contains(open(path).read(), "made by")


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image,
    "thinking": thinking, "a file written by a tool": a_file})
