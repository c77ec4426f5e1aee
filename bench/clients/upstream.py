"""An OpenAI-compatible model by script. What it says depends on what it is sent, so that a client's check shows what has arrived."""

import base64
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = {"city": "Oslo", "degrees": 7}
PATHS = ("filePath", "file_path", "path", "absolutePath", "relative_path")
CONTENTS = ("content", "contents", "file_text", "new_text")
FILE = "proof.txt"


class Server(ThreadingHTTPServer):
    """`made` is what an agent is told to write, `tools` what the last request that had some offered."""

    daemon_threads = True
    made = "made"
    tools = ()

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Upstream)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_):
        """A client that leaves is no fault."""


class Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        body = b'{"object":"list","data":[{"id":"m","object":"model"}]}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.tools = request.get("tools") or self.server.tools
        deltas, finish = answer(request, self.server.made)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for delta, reason in [({"role": "assistant"}, None), *((d, None) for d in deltas), ({}, finish)]:
            self.chunk([{"index": 0, "delta": delta, "finish_reason": reason}])
        self.chunk([], usage={"prompt_tokens": 900, "completion_tokens": 50, "total_tokens": 950})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def chunk(self, choices, **more):
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())


def answer(request, made):
    """Returns the deltas and the reason of their end."""
    messages, tools = request["messages"], [tool["function"] for tool in request.get("tools", [])]
    text = last_user_text(messages)
    # A client that loads a tool says so in a message of the user's.
    if any("WEATHER" in as_text(m["content"]) for m in messages if m["role"] == "user"):
        return weather(tools, messages)
    if messages[-1]["role"] == "tool":
        done = finishing_tool(tools)
        if done:
            return call(*done)
        return say("The tool said: " + as_text(messages[-1]["content"]))
    if "WRITE A FILE" in text:
        return write_a_file(tools, messages, made)
    if "SCHEMA" in text:
        return structured(request, tools)
    if "IMAGE" in text:
        return say(", ".join(f"An image of {size} bytes" for size in image_sizes(messages)) or "There is no image")
    if "THINK" in text:
        return [{"reasoning_content": "Hm, "}, {"reasoning_content": "so it is."}, *say("I have thought.")[0]], "stop"
    return say("Hello there, whoever you are")


def weather(tools, messages):
    """Calls the tool; where it is not among the tools yet, Claude Code's search for tools."""
    if any("weather" in call["function"]["name"] for m in messages for call in m.get("tool_calls") or []):
        return say("The tool said: " + as_text(messages[-1]["content"]))
    names = [tool["name"] for tool in tools]
    tool = next((name for name in names if "weather" in name), None)
    if tool:
        return call(tool, {"city": "Oslo"})
    if "ToolSearch" in names and messages[-1]["role"] != "tool":
        return call("ToolSearch", {"query": "weather", "max_results": 3}, "call_search")
    return say("There is no tool for the weather")


def structured(request, tools):
    if request.get("response_format", {}).get("type") == "json_schema":
        return say(json.dumps(ANSWER))
    tool = next((t for t in tools if "degrees" in json.dumps(t["parameters"])), None)
    return call(tool["name"], ANSWER) if tool else say("I was given no schema")


def write_a_file(tools, messages, made):
    if any(m["role"] == "tool" for m in messages):
        return say("The file is written.")
    for tool in tools:
        properties = tool.get("parameters", {}).get("properties", {})
        path, content = first(PATHS, properties), first(CONTENTS, properties)
        if path and content:
            more = {"command": "create"} if "command" in properties else {}
            return call(tool["name"], {path: target(messages), content: made, **more})
    # aider has no tools: it reads the edits from the text.
    return say(f"{FILE}\n```\n{made}\n```\n")


def target(messages):
    """Where the file is to be: the prompt names the path."""
    return re.search(r"WRITE A FILE at (\S+)", json.dumps(messages)).group(1).strip('"\\')


def finishing_tool(tools):
    """The call that some agents want in place of a last text."""
    for tool in tools:
        if tool["name"] in ("attempt_completion", "submit_and_exit"):
            needed = tool["parameters"].get("required", [])
            return tool["name"], {name: "The file is written." for name in needed}
    return None


def first(names, properties):
    return next((name for name in names if name in properties), None)


def say(text):
    return [{"content": piece} for piece in re.findall(r"\s*\S+\s*", text)], "stop"


def call(name, arguments, id="call_0"):
    written = json.dumps(arguments)
    half = len(written) // 2
    begun = {"index": 0, "id": id, "type": "function", "function": {"name": name, "arguments": written[:half]}}
    rest = {"index": 0, "function": {"arguments": written[half:]}}
    return [{"tool_calls": [begun]}, {"tool_calls": [rest]}], "tool_calls"


def last_user_text(messages):
    return next((as_text(m["content"]) for m in reversed(messages) if m["role"] == "user"), "")


def as_text(content):
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content or [])


def image_sizes(messages):
    parts = [p for m in messages if isinstance(m["content"], list) for p in m["content"] if p["type"] == "image_url"]
    return [len(base64.b64decode(part["image_url"]["url"].split(",", 1)[1])) for part in parts]
