"""LangChain with langchain-anthropic."""

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool as as_tool
from pydantic import BaseModel

import checks

model = ChatAnthropic(model=checks.MODEL, max_tokens=4000, max_retries=0)


class Weather(BaseModel):
    city: str
    degrees: int


@as_tool
def weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"It rains in {city}"


def text():
    checks.equal(model.invoke("Hi").content, checks.GREETING)


def stream():
    pieces = [chunk.text for chunk in model.stream("Hi") if chunk.text]
    checks.equal("".join(pieces), checks.GREETING)
    assert len(pieces) > 1, pieces


def tool():
    state = create_agent(model, [weather]).invoke({"messages": [("user", "WEATHER")]})
    checks.contains(state["messages"][-1].text, checks.WEATHER)


def structured():
    for method in ("function_calling", "json_schema"):
        checks.equal(model.with_structured_output(Weather, method=method).invoke("SCHEMA"), Weather(city="Oslo", degrees=7))


def image():
    part = {"type": "image", "base64": checks.IMAGE_BASE64, "mime_type": "image/png"}
    checks.equal(model.invoke([HumanMessage([part, {"type": "text", "text": "IMAGE"}])]).content, checks.SEEN)


def thinking():
    thinker = ChatAnthropic(model=checks.MODEL, max_tokens=4000, thinking={"type": "enabled", "budget_tokens": 1024})
    blocks = thinker.invoke("THINK").content_blocks
    checks.equal([block["type"] for block in blocks], ["reasoning", "text"])


def counting():
    assert model.get_num_tokens_from_messages([HumanMessage("How many?")]) > 3


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image,
    "thinking": thinking, "counting": counting})
