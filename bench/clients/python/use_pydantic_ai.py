"""Pydantic AI."""

import asyncio

from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, NativeOutput
from pydantic_ai.messages import ModelResponse, ThinkingPart
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.usage import UsageLimits

import checks

model = AnthropicModel(checks.MODEL)


class Weather(BaseModel):
    city: str
    degrees: int


def text():
    checks.equal(Agent(model).run_sync("Hi").output, checks.GREETING)


def stream():
    async def read():
        async with Agent(model).run_stream("Hi") as result:
            return [piece async for piece in result.stream_text(delta=True, debounce_by=None)]

    pieces = asyncio.run(read())
    checks.equal("".join(pieces), checks.GREETING)
    assert len(pieces) > 1, pieces


def tool():
    agent = Agent(model)

    @agent.tool_plain
    def weather(city: str) -> str:
        """Tells the weather of a city."""
        return f"It rains in {city}"

    checks.contains(agent.run_sync("WEATHER").output, checks.WEATHER)


def structured():
    for kind in (Weather, NativeOutput(Weather)):
        checks.equal(Agent(model, output_type=kind).run_sync("SCHEMA").output, Weather(city="Oslo", degrees=7))


def image():
    checks.equal(Agent(model).run_sync(["IMAGE", BinaryContent(data=checks.IMAGE, media_type="image/png")]).output, checks.SEEN)


def thinking():
    settings = {"anthropic_thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 4000}
    result = Agent(model, model_settings=settings).run_sync("THINK")
    parts = [p for m in result.all_messages() if isinstance(m, ModelResponse) for p in m.parts]
    checks.equal([p.content for p in parts if isinstance(p, ThinkingPart)], ["Hm, so it is."])


def counting():
    limits = UsageLimits(input_tokens_limit=100000, count_tokens_before_request=True)
    assert Agent(model).run_sync("Hi", usage_limits=limits).usage.input_tokens > 3


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image,
    "thinking": thinking, "counting": counting})
