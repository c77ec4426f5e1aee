"""LiteLLM's library as a client."""

import json

import litellm
from pydantic import BaseModel

import checks

TOOL = {"type": "function", "function": {
    "name": "weather", "description": "Tells the weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}


class Weather(BaseModel):
    city: str
    degrees: int


def ask(*messages, **more):
    return litellm.completion(model="anthropic/" + checks.MODEL, max_tokens=4000, messages=list(messages), num_retries=0, **more)


def user(content):
    return {"role": "user", "content": content}


def text():
    checks.equal(ask(user("Hi")).choices[0].message.content, checks.GREETING)


def stream():
    pieces = [c.choices[0].delta.content for c in ask(user("Hi"), stream=True) if c.choices[0].delta.content]
    checks.equal("".join(pieces), checks.GREETING)
    assert len(pieces) > 1, pieces


def tool():
    called = ask(user("WEATHER"), tools=[TOOL]).choices[0].message
    (call,) = called.tool_calls
    checks.equal(json.loads(call.function.arguments), {"city": "Oslo"})
    result = {"role": "tool", "tool_call_id": call.id, "content": "It rains in Oslo"}
    last = ask(user("WEATHER"), called.model_dump(), result, tools=[TOOL])
    checks.contains(last.choices[0].message.content, checks.WEATHER)


def structured():
    content = ask(user("SCHEMA"), response_format=Weather).choices[0].message.content
    checks.equal(Weather.model_validate_json(content), Weather(city="Oslo", degrees=7))


def image():
    part = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + checks.IMAGE_BASE64}}
    checks.equal(ask(user([part, {"type": "text", "text": "IMAGE"}])).choices[0].message.content, checks.SEEN)


def thinking():
    message = ask(user("THINK"), thinking={"type": "enabled", "budget_tokens": 1024}).choices[0].message
    checks.equal(message.reasoning_content, "Hm, so it is.")


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image, "thinking": thinking})
