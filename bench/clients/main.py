"""Runs clients against Caravan: main.py WORK JAR NAME|all|--short. clients.json has them, their versions and commands."""

import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zlib

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "real-servers"))
sys.path.insert(0, str(HERE))

import install  # noqa: E402
import processes  # noqa: E402
import upstream  # noqa: E402

# Clients know what a model can do by its name.
MODEL = "claude-sonnet-4-5"
LIMIT = 150


def png(side=32):
    """A red square."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff\0\0" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Run:
    """One client, installed, in a home and a project of its own."""

    def __init__(self, name, client, work, url, server):
        self.name, self.client, self.url, self.server = name, client, url, server
        self.work = work / name
        self.home, self.project = self.work / "home", self.work / "project"
        for directory in (self.home, self.project):
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
        # Agents look for the project's root, and would find this repository's.
        subprocess.run(["git", "init", "-q", str(self.project)], check=True)
        self.image = self.work / "red.png"
        self.image.write_bytes(png())

    def environment(self):
        """Nothing of the caller's but the path, and no way out but loopback for what heeds a proxy."""
        given = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", "MODEL": MODEL, "IMAGE": str(self.image),
            "ANTHROPIC_API_KEY": "any", "ANTHROPIC_BASE_URL": self.url,
            "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1,localhost",
            "DO_NOT_TRACK": "1", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
        return given | {key: self.filled(value) for key, value in self.client.get("environment", {}).items()}

    def filled(self, text):
        """Puts the run's values into a text of clients.json."""
        names = {
            "URL": self.url, "MODEL": MODEL, "HOME": self.home, "PROJECT": self.project, "BENCH": HERE,
            "INSTALLED": self.work, "PROMPT": f"WRITE A FILE at {self.project / upstream.FILE} please"}
        for name, value in names.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def start(self, python):
        for path, text in self.client.get("files", {}).items():
            file = pathlib.Path(self.filled(path))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.filled(text if isinstance(text, str) else json.dumps(text)))
        self.server.tools = ()
        self.server.made = f"made by {uuid.uuid4().hex}"
        command = [self.filled(word).replace("{PYTHON}", python or "") for word in self.client["command"]]
        with open(self.work / "run.log", "w") as log:
            began = subprocess.Popen(
                command, cwd=self.project, env=self.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
            try:
                return began.wait(LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(began.pid, 9)
                began.wait()
                return f"none after {LIMIT} s"
            finally:
                self.end_what_is_left()

    def end_what_is_left(self):
        """Some agents leave a server behind, in a session of its own; its home tells whose it is."""
        mine = f"HOME={self.home}".encode()
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mine in (process / "environ").read_bytes().split(b"\0"):
                    os.kill(int(process.name), signal.SIGTERM)
            except OSError:
                continue

    def report(self, code):
        """Prints a line a feature, and returns how many failed. An agent's is the file."""
        log = (self.work / "run.log").read_text(errors="replace")
        lines = [line for line in log.splitlines() if line.startswith(("ok ", "FAILED "))]
        if self.client.get("agent"):
            file = self.project / upstream.FILE
            there = file.is_file() and file.read_text().strip() == self.server.made
            lines.append("ok      a file written" if there else "FAILED  a file written")
        lines = [f"{line[:8]}{self.name}: {line[8:]}" for line in lines]
        failed = sum(line.startswith("FAILED") for line in lines)
        if code != 0 and not failed or not lines:
            lines.append(f"FAILED  {self.name}: ended with {code}")
            failed += 1
        print("\n".join(lines), flush=True)
        if failed:
            offered = [tool["function"]["name"] for tool in self.server.tools]
            print(f"{log[-3000:]}\nThe tools it offered last: {offered}", flush=True)
        return failed


def main():
    work, jar, chosen = pathlib.Path(sys.argv[1]).absolute(), sys.argv[2], sys.argv[3:]
    clients = json.loads((HERE / "clients.json").read_text())
    names = list(clients) if chosen == ["all"] else [n for n in clients if clients[n].get("short")] if chosen == ["--short"] else chosen
    unknown = [name for name in names if name not in clients]
    if unknown or not names:
        sys.exit(f"No such client: {' '.join(unknown)}. There are: {' '.join(clients)}")
    server = upstream.Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    failed = missing = 0
    settings = {"VLLM_BASE_URL": server.url, "MODEL": "vllm/m", "CARAVAN_RETRY_ATTEMPTS": "1"}
    work.mkdir(parents=True, exist_ok=True)
    gateway = tempfile.mkdtemp(prefix="gateway-", dir=work)
    caravan, url = processes.caravan(gateway, jar, "java", **settings)
    with caravan:
        for name in names:
            client, began = clients[name], time.monotonic()
            try:
                python = install.install(client, work / name)
            except install.Missing as e:
                print(f"missing {name}: could not be installed, nothing was tested with it: {e}", flush=True)
                missing += 1
                continue
            installed = time.monotonic()
            run = Run(name, client, work, url, server)
            failed += run.report(run.start(python))
            print(f"        {name} {client['version']}: installed in {installed - began:.0f} s, "
                  f"ran for {time.monotonic() - installed:.0f} s", flush=True)
    print(f"{len(names) - missing} clients ran, {missing} could not be installed, {failed} features failed")
    sys.exit(1 if failed or missing and os.environ.get("CI") == "true" else 0)


main()
