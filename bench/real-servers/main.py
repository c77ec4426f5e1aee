"""Runs Caravan in front of real model servers; bench/real-servers.sh installs what it needs and describes the options."""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import anthropic

import families
import model
import processes
import scenes
import slow_prompt

FORMS = ["--enable-auto-tool-choice", "--tool-call-parser", "hermes", "--reasoning-parser", "qwen3"]


class Board:
    """Plays scenes, prints how each ends, and counts."""

    def __init__(self, only):
        self._only = only
        self.passed, self.failed, self.theirs = 0, 0, 0

    def wants(self, name):
        return self._only.lower() in name.lower()

    def play(self, name, scene, theirs=None):
        """Plays a scene. `theirs` says which fault of the server makes it fail; where it passes, that is told as well."""
        began = time.monotonic()
        try:
            note = scene() or ""
            self.passed += 1
            state = "ok     " if not theirs else "ok now "
        except Exception as e:  # Whatever it is, the next scene is played.
            note = f"{type(e).__name__}: {e}"[:700]
            if theirs:
                self.theirs += 1
                state, note = "theirs ", f"{theirs} ({note[:200]})"
            else:
                self.failed += 1
                state = "FAILED "
        print(f"{state} {name} ({time.monotonic() - began:.1f} s) {note}".rstrip(), flush=True)

    def sum(self):
        known = f", {self.theirs} known faults of the servers" if self.theirs else ""
        print(f"{self.passed} passed, {self.failed} failed{known}")
        return 0 if self.failed == 0 and self.passed > 0 else 1


class Run:
    """One run: its directory, its jar, and the model that most parts use."""

    def __init__(self, options):
        self.options = options
        self.work = tempfile.mkdtemp(prefix="run-", dir=options.work)
        self.board = Board(options.only)
        self.port = options.port or processes.free_port()
        with open(os.path.join(options.templates, "Qwen-Qwen3-0.6B.jinja")) as file:
            template = file.read()
        with open(os.path.join(processes.HERE, "qwen3.json")) as file:
            self.scripted = model.Scripted(template, json.load(file))
        self.gguf = os.path.join(self.work, "qwen3.gguf")
        self.scripted.write_gguf(self.gguf)

    @contextlib.contextmanager
    def gateway(self, base, name="llamacpp", **settings):
        """Starts Caravan in front of a server and gives its URL."""
        env = {f"{name.upper()}_BASE_URL": base, "MODEL": f"{name}/m", **settings}
        server, url = processes.caravan(self.work, self.options.jar, self.options.java, **env)
        with server:
            yield url

    def llamacpp(self, ctx=131072, parallel=4):
        return processes.llamacpp(self.work, self.gguf, self.port, ctx, parallel)

    def on_llamacpp(self):
        with self.llamacpp(), self.gateway(f"http://127.0.0.1:{self.port}/v1") as url:
            self.sdk("llama.cpp", url, "llamacpp/m", scenes.llamacpp_busy(self.port))

    def sdk(self, server, url, asked, busy, theirs=()):
        """Plays the scenes of the SDK."""
        all_scenes = scenes.Scenes(url, asked, busy)
        for scene in families.scenes_of(scenes.Scenes):
            name = f"{server}: {scene.replace('_', ' ')}"
            if self.board.wants(name):
                self.board.play(name, getattr(all_scenes, scene), dict(theirs).get(scene))

    def window(self):
        """A full window, a restart with a larger one, and what the list of models tells."""
        name = "llama.cpp: a full window, and a larger one after a restart"
        if not self.board.wants(name):
            return
        with self.gateway(f"http://127.0.0.1:{self.port}/v1") as url:
            client = anthropic.Anthropic(base_url=url, api_key="any", max_retries=0, timeout=60)
            asked = {"model": "llamacpp/m", "max_tokens": 50, "messages": [scenes.user("word " * 6000)]}

            def refused():
                try:
                    raise AssertionError(f"no error but {client.messages.create(**asked)}")
                except anthropic.BadRequestError as e:
                    said = e.body["error"]["message"]
                assert re.match(r"prompt is too long: \d+ tokens > 40\d\d maximum", said), said
                return said

            def answered():
                assert scenes.texts(client.messages.create(**asked)).startswith("Hello")

            def listed(window):
                said = json.loads(scenes.fetched(f"{url}/v1/models/llamacpp%2Fm"))
                scenes.equal(said.get("max_input_tokens"), window)

            with self.llamacpp(4096, 1):
                self.board.play("llama.cpp: a window of 4,096 tokens is full", refused)
                self.board.play("llama.cpp: it is still full, and nothing else is refused", lambda: self.short(client) or refused())
                self.board.play("llama.cpp: the list tells the window", lambda: listed(4096))
            with self.llamacpp(32768, 1):
                self.board.play("llama.cpp: restarted with 32,768 tokens, it takes the prompt", answered)
                self.board.play("llama.cpp: the list tells the larger window", lambda: listed(32768))

    @staticmethod
    def short(client):
        message = client.messages.create(model="llamacpp/m", max_tokens=50, messages=[scenes.user("Hi")])
        assert scenes.texts(message).startswith("Hello")

    def slow_prompt(self):
        """A server that sends its head and comments while it processes the prompt has not begun to answer."""
        name = "a prompt that is processed for 8 s behind a head and comments"
        if not self.board.wants(name):
            return
        settings = {"CARAVAN_UPSTREAM_PAYLOAD_IDLE_TIMEOUT": "3000", "CARAVAN_UPSTREAM_FIRST_BYTE_TIMEOUT": "30000"}
        with self.gateway(f"http://127.0.0.1:{slow_prompt.serve(8)}/v1", **settings) as url:
            client = anthropic.Anthropic(base_url=url, api_key="any", max_retries=0, timeout=60)

            def answered():
                message = client.messages.create(model="llamacpp/m", max_tokens=50, messages=[scenes.user("Hi")])
                scenes.equal(scenes.texts(message), "Hello")

            self.board.play(name, answered)

    def claude_code(self, server, url):
        """The real Claude Code runs a real Bash."""
        name = f"{server}: the real Claude Code runs Bash"
        if self.options.claude and self.board.wants(name):
            self.board.play(name, lambda: self._claude_code(url))

    def _claude_code(self, url):
        directory = tempfile.mkdtemp(prefix="claude-", dir=self.work)
        env = {
            "PATH": os.environ["PATH"],
            "HOME": directory,
            "ANTHROPIC_BASE_URL": url,
            "ANTHROPIC_AUTH_TOKEN": "any",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "CLAUDE_CODE_MAX_CONTEXT_TOKENS": "131072",
            "DISABLE_TELEMETRY": "1",
            "DISABLE_AUTOUPDATER": "1",
        }
        command = [self.options.claude, "-p", "please @@bash@@ now", "--allowedTools", "Bash", "--output-format", "stream-json", "--verbose"]
        ended = subprocess.run(command, env=env, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240)
        lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
        results = [line for line in lines if line.get("type") == "user" and "marker-42" in json.dumps(line)]
        said = [line.get("result") for line in lines if line.get("type") == "result"]
        assert results, f"Bash did not run: {ended.stdout[-1500:]} {ended.stderr[-500:]}"
        scenes.equal([text.strip() for text in said], ["The tool has answered, and this is the end of the story 😀."])

    def claude_on_llamacpp(self):
        # Claude Code's first prompt has some 45,000 tokens of this tokenizer.
        if self.options.claude and self.board.wants("llama.cpp: the real Claude Code runs Bash"):
            with self.llamacpp(262144, 2), self.gateway(f"http://127.0.0.1:{self.port}/v1") as url:
                self.claude_code("llama.cpp", url)

    def on_vllm(self):
        folder = os.path.join(self.work, "qwen3")
        self.scripted.write_hugging_face(folder)
        server = processes.vllm(self.work, folder, self.port, "--max-model-len", "131072", *FORMS)
        with server, self.gateway(f"http://127.0.0.1:{self.port}/v1", "vllm") as url:
            self.sdk("vLLM", url, "vllm/m", scenes.vllm_busy(self.port))
            self.claude_code("vLLM", url)

    def all(self):
        if self.options.vllm:
            self.on_vllm()
        else:
            if self.board.wants("llama.cpp:"):
                self.on_llamacpp()
            self.window()
            self.slow_prompt()
            self.claude_on_llamacpp()
            families.run(self.options.templates, self.work, self.gateway, self.port, self.board, self.options.short)
        status = self.board.sum()
        if status:
            print(f"Logs: {self.work}")
        return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", default="target/caravan.jar")
    parser.add_argument("--java", default="java")
    parser.add_argument("--work", default="target/real-servers")
    parser.add_argument("--templates", required=True, help="the folder of the chat templates")
    parser.add_argument("--claude", help="the command of Claude Code")
    parser.add_argument("--port", type=int, help="the model server's")
    parser.add_argument("--only", default="", help="only scenes with these words")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--vllm", action="store_true")
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    sys.exit(Run(options).all())
