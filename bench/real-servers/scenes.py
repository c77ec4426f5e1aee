"""What a client sees of the scripted model through a gateway, by Anthropic's Python SDK. Each scene runs whole and streamed."""

import json
import threading
import time
import urllib.request

import anthropic

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
WEATHER = {
    "name": "get_weather",
    "description": "Weather of a city",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    },
}
TIME = {"name": "get_time", "input_schema": {"type": "object", "properties": {}}}
PARAMS = {"k": [1, "two", None, {"d": True}], "q": 'a "b" </tool>', "n": -1.5}
ZURICH = ("get_weather", {"city": "Zürich 😀", "days": 3})
THOUGHT = "The user wants the weather, so I call the tool."
THINKING = {"max_tokens": 2048, "thinking": {"type": "enabled", "budget_tokens": 1024}}


def free_form(schema):
    """A tool whose argument `params` is a free-form object."""
    return {"name": "call_api", "input_schema": {"type": "object", "properties": {"params": schema}, "required": ["params"]}}


def user(text):
    return {"role": "user", "content": text}


def texts(message):
    return "".join(block.text for block in message.content if block.type == "text").strip()


def thoughts(message):
    return "".join(block.thinking for block in message.content if block.type == "thinking").strip()


def calls(message):
    return [(block.name, block.input) for block in message.content if block.type == "tool_use"]


def equal(actual, expected):
    assert actual == expected, f"expected {expected!r} but was {actual!r}"


def after_a_call(*blocks, final=()):
    """A history in which the model has called get_weather."""
    said = [
        {"type": "thinking", "thinking": "hm", "signature": "x"},
        {"type": "text", "text": "Let me see."},
        {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Zürich", "days": 3}},
    ]
    return [user("@@call@@"), {"role": "assistant", "content": said}, {"role": "user", "content": list(blocks)}, *final]


class Scenes:
    """The scenes are the methods without an underscore. `model` is what is asked for; `busy` counts the server's running requests."""

    def __init__(self, url, model, busy):
        self._client = anthropic.Anthropic(base_url=url, api_key="any", max_retries=0, timeout=120)
        self._url, self._model, self._busy = url, model, busy

    def _ask(self, *messages, **more):
        """Asks whole and streamed, and returns the message, which must be the same."""
        whole = self._whole(*messages, **more)
        with self._client.messages.stream(**self._request(messages, more)) as stream:
            streamed = stream.get_final_message()
        assert self._plain(streamed) == self._plain(whole), f"streamed {self._plain(streamed)} but whole {self._plain(whole)}"
        return whole

    def _whole(self, *messages, **more):
        return self._client.messages.create(**self._request(messages, more))

    def _request(self, messages, more):
        return {"model": self._model, "max_tokens": 300, "messages": list(messages), **more}

    @staticmethod
    def _plain(message):
        blocks = [block.model_dump(exclude={"id", "signature"}) for block in message.content]
        return blocks, message.stop_reason, message.stop_sequence, message.usage.output_tokens

    def _refused(self, *messages, **more):
        """Returns the error's message; the status is 400, whole and streamed."""
        said = []
        for stream in (False, True):
            try:
                answer = self._client.messages.create(**self._request(messages, {"stream": stream, **more}))
                raise AssertionError(f"no error but {answer}")
            except anthropic.BadRequestError as e:
                said.append(e.body["error"]["message"])
        return said

    def text(self):
        message = self._ask(user("Hi"))
        equal(texts(message), "Hello from a scripted model: it says the words that it was made to say.")
        equal(message.stop_reason, "end_turn")
        usage = message.usage
        assert usage.input_tokens + (usage.cache_read_input_tokens or 0) > 5 and usage.output_tokens > 10, usage

    def system_prompt_in_blocks(self):
        system = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Do."}]
        assert texts(self._ask(user("Hi"), system=system)).startswith("Hello")

    def one_call_behind_text_and_hidden_thinking(self):
        message = self._ask(user("@@call@@"), tools=[WEATHER])
        equal((texts(message), calls(message)), ("Let me look that up.", [ZURICH]))
        equal(message.stop_reason, "tool_use")

    def one_call_behind_thinking(self):
        message = self._ask(user("@@call@@"), tools=[WEATHER], **THINKING)
        equal((thoughts(message), texts(message), calls(message)), (THOUGHT, "Let me look that up.", [ZURICH]))

    def two_calls(self):
        equal([args["city"] for _, args in calls(self._ask(user("@@two@@"), tools=[WEATHER]))], ["Oslo", "Bergen"])

    def three_calls(self):
        message = self._ask(user("@@three@@"), tools=[WEATHER])
        equal(calls(message), [("get_weather", {"city": c, "days": d}) for c, d in (("Rome", 4), ("Paris", 5), ("Łódź", 6))])

    def one_call_at_a_time_where_the_client_wants_it(self):
        choice = {"type": "auto", "disable_parallel_tool_use": True}
        equal(len(calls(self._ask(user("@@two@@"), tools=[WEATHER], tool_choice=choice))), 1)

    def thinking_that_was_not_asked_for(self):
        message = self._ask(user("@@think@@"), thinking={"type": "disabled"})
        equal((thoughts(message), texts(message)), ("", "The answer is 42."))

    def thinking(self):
        message = self._ask(user("@@think@@"), **THINKING)
        equal((thoughts(message), texts(message)), ("First this, then that; finally the answer.", "The answer is 42."))

    def any_tool_forced(self):
        self._is_weather({"type": "any"}, [WEATHER])

    def a_named_tool_forced(self):
        self._is_weather({"type": "tool", "name": "get_weather"}, [TIME, WEATHER])

    def _is_weather(self, choice, tools):
        """The grammar of a forced tool may be another form than the model's own; it chooses the values then."""
        [(name, args)] = calls(self._whole(user("@@call@@"), tools=tools, tool_choice=choice))
        equal((name, sorted(args), type(args["city"]), type(args["days"])), ("get_weather", ["city", "days"], str, int))

    def any_tool_forced_on_a_model_that_talks(self):
        self._goes_on({"type": "any"})

    def a_named_tool_forced_on_a_model_that_talks(self):
        self._goes_on({"type": "tool", "name": "get_time"})

    def _goes_on(self, choice):
        """A grammar may let the model talk, but not end without a call; this model knows no call, and talks until the limit."""
        message = self._whole(user("Hi"), tools=[TIME, WEATHER], tool_choice=choice)
        assert message.stop_reason == "max_tokens" or calls(message), message

    def no_tool_where_the_client_forbids_it(self):
        equal(calls(self._ask(user("Hi"), tools=[WEATHER], tool_choice={"type": "none"})), [])

    def a_free_form_object(self):
        message = self._ask(user("@@free@@"), tools=[free_form({"type": "object"})])
        equal(calls(message), [("call_api", {"params": PARAMS})])

    def a_free_form_object_that_names_no_type(self):
        equal(calls(self._ask(user("@@free@@"), tools=[free_form({})])), [("call_api", {"params": PARAMS})])

    def a_free_form_object_with_a_description(self):
        schema = {"type": "object", "description": "Anything", "additionalProperties": {}}
        equal(calls(self._ask(user("@@free@@"), tools=[free_form(schema)])), [("call_api", {"params": PARAMS})])

    def a_free_form_object_that_may_be_null(self):
        schema = {"anyOf": [{"type": "object"}, {"type": "null"}]}
        equal(calls(self._ask(user("@@free@@"), tools=[free_form(schema)])), [("call_api", {"params": PARAMS})])

    def a_schema_of_many_kinds(self):
        properties = {
            "mode": {"enum": ["a", "b"]},
            "n": {"type": "integer", "minimum": 1, "maximum": 9},
            "re": {"type": "string", "pattern": "^[a-f]{3}$"},
            "list": {"type": "array", "items": {"anyOf": [{"const": "x"}, {"type": "null"}]}, "maxItems": 2},
        }
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": ["mode", "n", "re"],
            "additionalProperties": False,
        }
        message = self._ask(user("@@many@@"), tools=[{"name": "many", "input_schema": schema}])
        equal(calls(message), [("many", {"mode": "b", "n": 3, "re": "abc", "list": [None, "x"]})])

    def an_answer_by_a_schema(self):
        properties = {"answer": {"type": "boolean"}, "ok": {"type": "boolean"}}
        schema = {"type": "object", "properties": properties, "required": ["answer", "ok"], "additionalProperties": False}
        message = self._whole(user("Hi"), extra_body={"output_config": {"format": {"type": "json_schema", "schema": schema}}})
        equal(sorted(json.loads(texts(message))), ["answer", "ok"])

    def a_stop_sequence(self):
        self._stops(["STOPHERE"], "alpha beta gamma", "STOPHERE")

    def the_first_of_two_stop_sequences(self):
        self._stops(["delta", "gam"], "alpha beta", "gam")

    def more_stop_sequences_than_some_servers_take(self):
        self._stops(["one", "two", "three", "four", "five", "mma ST"], "alpha beta ga", "mma ST")

    def a_stop_sequence_that_does_not_come(self):
        message = self._ask(user("@@stop@@"), stop_sequences=["omega"])
        equal((texts(message), message.stop_reason), ("alpha beta gamma STOPHERE delta epsilon", "end_turn"))

    def _stops(self, sequences, text, by):
        message = self._ask(user("@@stop@@"), stop_sequences=sequences)
        equal((texts(message), message.stop_reason, message.stop_sequence), (text, "stop_sequence", by))

    def the_limit_of_tokens(self):
        message = self._ask(user("@@long@@"), max_tokens=20)
        equal((message.stop_reason, message.usage.output_tokens), ("max_tokens", 20))

    def the_limit_of_tokens_inside_a_call(self):
        message = self._whole(user("@@three@@"), tools=[WEATHER])
        equal(message.stop_reason, "tool_use")
        cut = self._whole(user("@@three@@"), tools=[WEATHER], max_tokens=40)
        equal(cut.stop_reason, "max_tokens")
        for args in [args for _, args in calls(cut)]:  # A call that was cut off may be there, but with no wrong argument.
            assert args.get("days", 4) in (4, 5, 6), args

    def a_result(self):
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny @@done@@"}
        message = self._ask(*after_a_call(result), tools=[WEATHER])
        equal(texts(message), "The tool has answered, and this is the end of the story 😀.")

    def a_result_and_a_text_behind_it(self):
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny"}
        message = self._ask(*after_a_call(result, {"type": "text", "text": "and @@think@@?"}), tools=[WEATHER])
        equal(texts(message), "The answer is 42.")

    def a_result_that_is_an_empty_error(self):
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "is_error": True}
        equal(calls(self._ask(*after_a_call(result), tools=[WEATHER])), [ZURICH])

    def a_system_message_between_turns(self):
        result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny @@done@@"}
        history = after_a_call(result, final=({"role": "system", "content": "Be brief."},))
        assert texts(self._ask(*history, tools=[WEATHER])).startswith("The tool has answered")

    def a_beginning_of_the_answer(self):
        message = self._ask(user("Hi"), {"role": "assistant", "content": "I say: "})
        assert texts(message), message

    def a_document(self):
        source = {"type": "text", "media_type": "text/plain", "data": "A document. @@stop@@"}
        message = self._ask({"role": "user", "content": [{"type": "document", "source": source}, {"type": "text", "text": "What?"}]})
        assert texts(message).startswith("alpha"), message

    def an_image_for_a_model_without_eyes(self):
        image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
        for said in self._refused({"role": "user", "content": [image, {"type": "text", "text": "What?"}]}):
            assert "image" in said, said

    def sampling_fields_and_a_user(self):
        message = self._ask(user("Hi"), extra_body={"temperature": 1.0, "top_p": 0.9, "top_k": 5}, metadata={"user_id": "u"})
        assert texts(message).startswith("Hello")

    def a_count_that_is_near_the_servers_own(self):
        text = "word " * 300
        counted = self._client.messages.count_tokens(model=self._model, messages=[user(text)]).input_tokens
        assert 200 < counted < 900, counted

    def a_prompt_too_long(self):
        for said in self._refused(user("word " * 80000)):
            assert said.startswith("prompt is too long: "), said

    def four_at_once(self):
        tokens = {}

        def ask(i):
            tokens[i] = self._whole(user("@@think@@"), **THINKING).usage.output_tokens

        threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(tokens) == 4 and min(tokens.values()) > 10, tokens

    def a_client_that_leaves_a_stream(self):
        with self._client.messages.stream(model=self._model, max_tokens=20000, messages=[user("@@long@@")]) as stream:
            for i, _ in enumerate(stream.text_stream):
                if i > 20:
                    break
            assert self._busy() == 1, f"{self._busy()} run upstream"
        return self._freed()

    def a_client_that_leaves_without_streaming(self):
        hasty = anthropic.Anthropic(base_url=self._url, api_key="any", max_retries=0, timeout=1.5)
        try:
            hasty.messages.create(model=self._model, max_tokens=20000, messages=[user("@@long@@")])
            raise AssertionError("the model has come to an end")
        except anthropic.APITimeoutError:
            return self._freed()

    def _freed(self):
        left = time.monotonic()
        while self._busy() > 0:
            assert time.monotonic() - left < 10, "still busy after 10 s"
            time.sleep(0.02)
        took = time.monotonic() - left
        assert took < 0.5, f"free only after {took:.2f} s"
        return f"free after {took:.2f} s"


def fetched(url):
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.read().decode()


def llamacpp_busy(port):
    """Returns a function that counts the slots of llama.cpp that work."""
    return lambda: sum(slot["is_processing"] for slot in json.loads(fetched(f"http://127.0.0.1:{port}/slots")))


def vllm_busy(port):
    """Returns a function that reads vLLM's number of running requests."""

    def busy():
        lines = fetched(f"http://127.0.0.1:{port}/metrics").splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("vllm:num_requests_running"))

    return busy
