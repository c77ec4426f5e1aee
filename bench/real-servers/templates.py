"""Chat templates, rendered as transformers and vLLM render them."""

import datetime
import json

import jinja2
import jinja2.ext
import jinja2.sandbox


class Generation(jinja2.ext.Extension):
    """The tag {% generation %}, which only marks what an assistant said."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body, lineno=line)


def refuse(message):
    raise jinja2.TemplateError(message)


def compiled(source):
    """Compiles a template. transformers lets none change a list, which those that llama.cpp has mended do."""
    environment = jinja2.sandbox.SandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, Generation]
    )
    environment.filters["tojson"] = lambda value, ensure_ascii=False, **more: json.dumps(value, ensure_ascii=ensure_ascii, **more)
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = lambda form: datetime.datetime(2026, 11, 30).strftime(form)
    return environment.from_string(source)


def render(template, messages, tools=None, prompt=False, **more):
    """Returns the prompt of a conversation; with `prompt` the assistant's turn is begun."""
    return template.render(messages=messages, tools=tools, add_generation_prompt=prompt, **{"bos_token": "", "eos_token": "<|eos|>", **more})
