"""The request models of others: each is a function that returns the complaints about a body."""

import json

import pydantic


def openai_model():
    """OpenAI's own Python types. A server's own fields (`top_k`, `chat_template_kwargs`) are none of them and not looked at."""
    from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming

    adapter = pydantic.TypeAdapter(CompletionCreateParamsStreaming)

    def check(body):
        try:
            checked = adapter.validate_python(body)
            # The types name iterables, which pydantic reads only when asked.
            for message in checked.get("messages", ()):
                for value in message.values():
                    if not isinstance(value, (str, dict, type(None))):
                        list(value)
            list(checked.get("tools", ()))
            return []
        except pydantic.ValidationError as e:
            return shortened(e)

    return check


def mistral_model():
    """mistral_common's conversion and its checks of roles, ids and order; only for models of Mistral."""
    from mistral_common.protocol.instruct.request import ChatCompletionRequest
    from mistral_common.protocol.instruct.validator import MistralRequestValidatorV13, ValidationMode

    validator = MistralRequestValidatorV13(ValidationMode.serving)
    own = {"model", "messages", "tools", "temperature", "top_p", "max_tokens", "tool_choice", "seed"}

    def check(body):
        try:
            known = {name: value for name, value in body.items() if name in own}
            validator.validate_request(ChatCompletionRequest.from_openai(**known))
            return []
        except Exception as e:  # Its faults have many types.
            return [f"{type(e).__name__}: {e}"[:300]]

    return check


def vllm_model():
    """vLLM's own request model, which comes with all of vLLM and torch. A field that it doesn't know is a complaint."""
    from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest

    known = set(ChatCompletionRequest.model_fields)

    def check(body):
        try:
            ChatCompletionRequest.model_validate(body)
        except pydantic.ValidationError as e:
            return shortened(e)
        except ValueError as e:
            return [str(e)[:300]]
        return [f"unknown field {name}" for name in body if name not in known]

    return check


def shortened(error):
    said = []
    for fault in error.errors()[:3]:
        place = ".".join(str(part) for part in fault["loc"])
        said.append(f"{place}: {fault['msg']} ({json.dumps(fault.get('input'), default=str)[:80]})")
    return said
