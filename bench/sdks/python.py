"""Anthropic's Python SDK against a gateway: python python.py URL. claude-haiku is the scripted upstream of io.caravan.sdks,
claude-sonnet the demonstration upstream."""

import asyncio
import sys
import traceback

import anthropic
from anthropic import Anthropic, AsyncAnthropic, beta_tool

URL = sys.argv[1]
client = Anthropic(base_url=URL, api_key="any", max_retries=0)


def ask(text, **more):
    return {"model": "claude-haiku", "max_tokens": 2000, "messages": [{"role": "user", "content": text}], **more}


def rejects(kind, call):
    try:
        call()
    except kind as e:
        return e
    raise AssertionError(f"no {kind.__name__}")


def a_message():
    message = client.messages.create(**ask("Hi"))
    assert message.content[0].text == "Hello there", message
    assert message.usage.input_tokens == 10 and message.usage.output_tokens == 5, message.usage
    assert message._request_id.startswith("req_")


def a_stream_with_its_final_message():
    with client.messages.stream(**ask("Hi", model="claude-sonnet")) as stream:
        text = "".join(stream.text_stream)
        assert stream.get_final_message().content[0].text == text
    assert "demonstration upstream" in text


def an_asynchronous_stream():
    async def run():
        async with AsyncAnthropic(base_url=URL, api_key="any") as asynchronous:
            async with asynchronous.messages.stream(**ask("think", thinking={"type": "adaptive"})) as stream:
                return await stream.get_final_message()

    message = asyncio.run(run())
    assert [block.type for block in message.content] == ["thinking", "text"], message


def the_tool_runner_with_two_calls_at_once():
    cities = []

    @beta_tool
    def weather(city: str) -> str:
        """Tells the weather of a city."""
        cities.append(city)
        return f"It rains in {city}"

    message = client.beta.messages.tool_runner(**ask("weather", tools=[weather])).until_done()
    assert sorted(cities) == ["Oslo", "Rome"], cities
    assert message.content[0].text == "It rains in Oslo, It rains in Rome", message


def count_tokens():
    request = ask("How many?")
    del request["max_tokens"]
    assert client.messages.count_tokens(**request).input_tokens > 3


def the_pages_of_models():
    every = [model.id for model in client.models.list(limit=1000).data]
    assert [model.id for model in client.models.list(limit=2)] == every
    assert client.models.retrieve("vllm/scripted/model").id == "vllm/scripted/model"


def errors_of_their_own_kind():
    rejects(anthropic.NotFoundError, lambda: client.messages.create(**ask("Hi", model="nobody/model")))
    error = rejects(anthropic.BadRequestError, lambda: client.messages.create(**ask([{"type": "text"}])))
    assert error.body["error"]["message"] == "messages.0.content.0.text.text: Field required", error.body
    assert error.request_id == error.body["request_id"]
    rejects(anthropic.NotFoundError, client.messages.batches.list)


def an_upstream_that_is_busy_once():
    error = rejects(anthropic.APIStatusError, lambda: client.messages.create(**ask("busy python")))
    assert error.status_code == 529, error
    again = client.with_options(max_retries=2).messages.create(**ask("busy python again"))
    assert again.content[0].text == "Hello there", again


def an_error_in_mid_stream():
    def read():
        with client.messages.stream(**ask("break")) as stream:
            stream.until_done()

    assert "it died" in str(rejects(anthropic.APIError, read))


CHECKS = [
    a_message,
    a_stream_with_its_final_message,
    an_asynchronous_stream,
    the_tool_runner_with_two_calls_at_once,
    count_tokens,
    the_pages_of_models,
    errors_of_their_own_kind,
    an_upstream_that_is_busy_once,
    an_error_in_mid_stream,
]

failed = 0
for check in CHECKS:
    name = f"Python SDK {check.__name__.replace('_', ' ')}"
    try:
        check()
        print("ok      " + name)
    except Exception:
        failed += 1
        print("FAILED  " + name)
        traceback.print_exc(file=sys.stdout)
sys.exit(1 if failed else 0)
