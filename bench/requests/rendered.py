"""Renders requests through chat templates, and finds what is raised, lost or doubled."""

import copy
import itertools
import json

import templates
from jinja2 import TemplateError


class Marked:
    """A request whose texts are marks, so that each can be found in the prompt. `wanted` maps a mark to its kind."""

    def __init__(self, body):
        self._numbers = itertools.count()
        self.wanted = {}
        self.messages = [self._message(message) for message in copy.deepcopy(body["messages"])]

    def _mark(self, kind):
        mark = f"mark{next(self._numbers)}kram"
        self.wanted[mark] = kind
        return mark

    def _message(self, message):
        role = message["role"]
        kind = "text beside a call" if message.get("tool_calls") else f"{role} message"
        message["content"] = self._content(message.get("content"), kind)
        thought = message.get("reasoning_content") or message.get("reasoning")
        if isinstance(thought, str) and thought.strip():
            message["reasoning_content"] = message["reasoning"] = self._mark("thought")
        for call in message.get("tool_calls") or ():
            call["function"]["arguments"] = self._values(json.loads(call["function"]["arguments"] or "{}"))
        return message

    def _content(self, content, kind):
        if content is None or (isinstance(content, str) and not content.strip()):
            return content or ""
        if isinstance(content, str):
            opened, closed, _ = content.partition("</think>")
            return f"{opened}{closed}{self._mark(kind)}" if closed else self._mark(kind)
        parts = [{"type": "text", "text": self._mark(kind)} if part["type"] == "text" else {"type": "image"} for part in content]
        if all(part["type"] == "text" for part in parts):  # vLLM joins them for a template that knows only strings.
            return "\n".join(part["text"] for part in parts)
        return parts

    def _values(self, value):
        if isinstance(value, dict):
            return {name: self._values(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._values(item) for item in value]
        return self._mark("argument") if isinstance(value, str) else value


# What a template of the model leaves out by its own rules, whatever it is sent: thoughts of earlier turns.
MAY_BE_LOST = {"thought"}


def faults(template, body, lost=()):
    """Returns what goes wrong. `lost` has further kinds that this template leaves out by its own rules."""
    marked = Marked(body)
    more = dict(body.get("chat_template_kwargs") or {})
    if "reasoning_effort" in body:
        more["reasoning_effort"] = body["reasoning_effort"]
    prompt = not body.get("continue_final_message")
    try:
        text = templates.render(template, marked.messages, body.get("tools"), prompt, **more)
    except TemplateError as e:
        return [f"raised: {e}"]
    except Exception as e:  # A template may fail in any way.
        return [f"raised: {type(e).__name__}: {e}"]
    found = []
    for mark, kind in marked.wanted.items():
        count = text.count(mark)
        if count > 1:
            found.append(f"{kind} {count} times")
        elif count == 0 and kind not in MAY_BE_LOST and kind not in lost:
            found.append(f"{kind} lost")
    return found
