"""Anthropic's Python SDK."""

from anthropic import Anthropic, beta_tool
from pydantic import BaseModel

import checks

client = Anthropic()


class Weather(BaseModel):
    city: str
    degrees: int


def ask(content, **more):
    return {"model": checks.MODEL, "max_tokens": 4000, "messages": [{"role": "user", "content": content}], **more}


def text():
    checks.equal(client.messages.create(**ask("Hi")).content[0].text, checks.GREETING)


def stream():
    with client.messages.stream(**ask("Hi")) as events:
        pieces = list(events.text_stream)
    checks.equal("".join(pieces), checks.GREETING)
    assert len(pieces) > 1, pieces


def tool():
    @beta_tool
    def weather(city: str) -> str:
        """Tells the weather of a city."""
        return f"It rains in {city}"

    last = client.beta.messages.tool_runner(**ask("WEATHER", tools=[weather])).until_done()
    checks.contains(last.content[0].text, checks.WEATHER)


def structured():
    checks.equal(client.messages.parse(**ask("SCHEMA", output_format=Weather)).parsed_output, Weather(city="Oslo", degrees=7))


def image():
    source = {"type": "base64", "media_type": "image/png", "data": checks.IMAGE_BASE64}
    asked = [{"type": "image", "source": source}, {"type": "text", "text": "IMAGE"}]
    checks.equal(client.messages.create(**ask(asked)).content[0].text, checks.SEEN)


def thinking():
    message = client.messages.create(**ask("THINK", thinking={"type": "enabled", "budget_tokens": 1024}))
    checks.equal([block.type for block in message.content], ["thinking", "text"])
    checks.equal(message.content[0].thinking, "Hm, so it is.")


def counting():
    assert client.messages.count_tokens(model=checks.MODEL, messages=ask("How many?")["messages"]).input_tokens > 3


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image,
    "thinking": thinking, "counting": counting})
