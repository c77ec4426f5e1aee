"""LlamaIndex with llama-index-llms-anthropic."""

from llama_index.core.llms import ChatMessage, ImageBlock, TextBlock
from llama_index.core.tools import FunctionTool
from llama_index.llms.anthropic import Anthropic
from pydantic import BaseModel

import checks

model = Anthropic(model=checks.MODEL, base_url=checks.URL, max_tokens=4000, max_retries=0)


class Weather(BaseModel):
    city: str
    degrees: int


def weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"It rains in {city}"


def chat(*blocks):
    return [ChatMessage(role="user", content=list(blocks))]


def text():
    checks.equal(model.complete("Hi").text, checks.GREETING)


def stream():
    pieces = [response.delta for response in model.stream_complete("Hi") if response.delta]
    checks.equal("".join(pieces), checks.GREETING)
    assert len(pieces) > 1, pieces


def tool():
    asked, tools = chat(TextBlock(text="WEATHER")), [FunctionTool.from_defaults(weather)]
    answered = model.chat_with_tools(tools, chat_history=asked)
    (call,) = model.get_tool_calls_from_response(answered)
    result = ChatMessage(role="tool", content=weather(**call.tool_kwargs), additional_kwargs={"tool_call_id": call.tool_id})
    last = model.chat_with_tools(tools, chat_history=[*asked, answered.message, result])
    checks.contains(last.message.content, checks.WEATHER)


def structured():
    checks.equal(model.as_structured_llm(Weather).complete("SCHEMA").raw, Weather(city="Oslo", degrees=7))


def image():
    asked = chat(ImageBlock(image=checks.IMAGE, image_mimetype="image/png"), TextBlock(text="IMAGE"))
    checks.equal(model.chat(asked).message.content, checks.SEEN)


def thinking():
    thinker = Anthropic(
        model=checks.MODEL, base_url=checks.URL, max_tokens=4000, thinking_dict={"type": "enabled", "budget_tokens": 1024}, temperature=1)
    message = thinker.chat(chat(TextBlock(text="THINK"))).message
    assert any("so it is" in str(block) for block in message.blocks), message
    checks.contains(message.content, "I have thought.")


checks.run({
    "text": text, "stream": stream, "tool round trip": tool, "structured output": structured, "image": image, "thinking": thinking})
