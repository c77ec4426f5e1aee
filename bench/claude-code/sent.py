"""What Claude Code sends, recorded before a scripted Messages API and compared with bench/claude-code/sent.txt (see sent.sh)."""

import datetime
import json
import mmap
import os
import pathlib
import pty
import re
import shutil
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import wire

HERE = pathlib.Path(__file__).resolve().parent
RECORD = HERE / "sent.txt"
RELIED_ON = HERE / "relied-on.txt"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082")
PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
       b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
LIMIT = 90


class Messages(BaseHTTPRequestHandler):
    """The Messages API: records each request, and answers with the blocks of the scene's turn."""

    protocol_version = "HTTP/1.1"
    turns = []
    received = []
    ids = iter(range(10**9))

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.note(None)
        self.whole(200, {})

    def do_GET(self):
        self.note(None)
        self.whole(200, {"data": [{"type": "model", "id": "claude-scripted", "display_name": "Scripted",
                                   "created_at": "2026-01-01T00:00:00Z"}], "has_more": False})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        request = json.loads(body) if body else {}
        self.note(request)
        if "/v1/messages" not in self.path:
            return self.whole(200, {})
        if "count_tokens" in self.path:
            return self.whole(200, {"input_tokens": 100})
        return self.answer(request, self.blocks(request))

    def note(self, request):
        Messages.received.append(wire.Request(self.command, self.path, list(self.headers.items()), request))

    def blocks(self, request):
        """The turn's blocks: a text, or (tool, input); input as text is sent as it stands."""
        side = not request.get("tools") or request["tools"][0].get("type", "custom") != "custom"
        if side or self.headers.get("x-claude-code-agent-id"):
            return ['{"title": "A title"}' if request.get("output_config", {}).get("format") else "Done."]
        turn = 0
        for message in request["messages"]:
            if message["role"] == "user" and "NEW TURN" in json.dumps(message["content"]):
                turn = 0
            turn += message["role"] == "assistant"
        return Messages.turns[turn] if turn < len(Messages.turns) else ["All done."]

    def answer(self, request, blocks):
        content, verdicts = [], {}
        for block in blocks:
            if isinstance(block, str):
                content.append(({"type": "text", "text": ""}, {"type": "text_delta", "text": block}))
                continue
            name, given = block
            use = {"type": "tool_use", "id": f"toolu_{next(Messages.ids):05d}", "name": name, "input": {}}
            text = given if isinstance(given, str) else json.dumps(given)
            content.append((use, {"type": "input_json_delta", "partial_json": text}))
            verdicts[use["id"]] = {"type": "evaluated", "outcome": "not_flagged"}
        ending = {"stop_reason": "tool_use" if verdicts else "end_turn", "stop_sequence": None}
        if request.get("safeguards"):
            status = {"type": "available", "tool_uses": verdicts}
            ending["safeguard_results"] = [{"type": "dangerous_tool_use", "status": status}]
        message = {"id": f"msg_{next(Messages.ids)}", "type": "message", "role": "assistant", "model": request.get("model"),
                   "content": [], "stop_reason": None, "stop_sequence": None,
                   "usage": {"input_tokens": 10, "output_tokens": 1}}
        if not request.get("stream"):
            return self.whole(200, {**message, **ending, "content": [{"type": "text", "text": "All done."}]})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        self.event("message_start", message=message)
        if blocks == ["BREAK"]:
            return self.event("error", error={"type": "api_error", "message": "the script breaks here"})
        thought = {"type": "thinking", "thinking": "", "signature": ""}
        content.insert(0, (thought, {"type": "signature_delta", "signature": "c2lnbmVk"}))
        for index, (block, delta) in enumerate(content):
            self.event("content_block_start", index=index, content_block=block)
            self.event("content_block_delta", index=index, delta=delta)
            self.event("content_block_stop", index=index)
        self.event("message_delta", delta=ending, usage={"output_tokens": 5})
        self.event("message_stop")

    def event(self, name, **data):
        self.wfile.write(f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode())

    def whole(self, status, body):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)


class Page(BaseHTTPRequestHandler):
    """A page for WebFetch."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        page = b"<html><body><h1>Plums</h1>" + b"<p>They are ripe.</p>" * 50 + b"</body></html>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Claude Code opens connections that it doesn't use, and leaves some."""


class Client:
    """The real Claude Code, with a home and a project of its own."""

    def __init__(self, command, work, port):
        self.command, self.port = command, port
        shutil.rmtree(work, ignore_errors=True)
        self.home, self.project = work / "home", work / "project"
        for directory in (self.home, self.project):
            directory.mkdir(parents=True)
        # It reports the state of the repository it is in: one of its own is the same everywhere.
        subprocess.run(["git", "init", "-q", "-b", "main", str(self.project)], check=True)
        (self.project / "dot.png").write_bytes(PNG)
        (self.project / "page.pdf").write_bytes(PDF)
        (self.home / ".claude.json").write_text(json.dumps({
            "hasCompletedOnboarding": True, "theme": "dark", "bypassPermissionsModeAccepted": True,
            "projects": {str(self.project): {"hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True}}}))

    def environment(self, settings):
        # Nothing goes to anyone else: no telemetry, no error reports, no updates.
        return {"PATH": os.environ["PATH"], "HOME": str(self.home), "IS_SANDBOX": "1", "TERM": "xterm-256color",
                "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.port}", "ANTHROPIC_AUTH_TOKEN": "t",
                "DISABLE_AUTOUPDATER": "1", "DISABLE_TELEMETRY": "1", "DISABLE_ERROR_REPORTING": "1", **settings}

    def prints(self, prompt, *options, **settings):
        settings = {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", **settings}
        run = subprocess.run(
            [self.command, "-p", prompt, "--output-format", "json", *options], cwd=self.project, stdin=subprocess.DEVNULL,
            env=self.environment(settings), capture_output=True, text=True, timeout=LIMIT)
        return run.stdout + run.stderr

    def types(self, prompt, until, **settings):
        """Starts the terminal interface, types a prompt, and ends it when the condition holds."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.project)
            os.execve(self.command, [self.command], self.environment(settings))
        shown = bytearray()

        def read():
            try:
                while piece := os.read(terminal, 65536):
                    shown.extend(piece)
            except OSError:
                pass

        threading.Thread(target=read, daemon=True).start()
        deadline = time.time() + LIMIT
        os.set_blocking(terminal, True)
        # The prompt is typed again until it has been sent: the first keys may come before the interface listens.
        while time.time() < deadline and not until():
            time.sleep(2)
            if not until() and not any(r.kind == "turn" for r in Messages.received):
                os.write(terminal, b"\x15" + prompt.encode())
                time.sleep(0.5)
                os.write(terminal, b"\r")
        os.kill(pid, 15)
        os.waitpid(pid, 0)
        if not until():
            tail = re.sub(rb"\x1b\[[0-9;?>]*[a-zA-Z]", b" ", bytes(shown))[-1500:].decode(errors="replace")
            sys.exit(f"The terminal interface did not get so far; it shows: {tail}")


def serve(handler):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def serve_page(directory):
    """Starts a page under https, which WebFetch wants, and returns its URL and its certificate."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    server = Server(("127.0.0.1", 0), Page)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"https://127.0.0.1:{server.server_port}/page", str(certificate)


def scenes(client):
    """Runs the scenes; each begins at the mark NEW TURN of its prompt."""
    skip = "--dangerously-skip-permissions"
    write = ("Bash", {"command": "echo made > made.txt", "description": "Makes a file"})
    project = client.project

    Messages.turns = [
        [write, ("Bash", '{"command": "echo x",}')],
        [("Read", {"file_path": str(project / "dot.png")}), ("Read", {"file_path": str(project / "page.pdf")})],
        [("ToolSearch", {"query": "select:WebSearch", "max_results": 5})],
        [("WebSearch", {"query": "a query of the script"})],
        [("Agent", {"description": "Does it", "prompt": "Do it", "subagent_type": "general-purpose"})],
    ]
    yield "tools", client.prints("NEW TURN: use the tools", skip), "All done."
    # The page's certificate is its own; without the setting the client first asks its maker about the host.
    url, certificate = serve_page(client.home)
    (client.home / ".claude" / "settings.json").write_text('{"skipWebFetchPreflight": true}')
    Messages.turns = [
        [("ToolSearch", {"query": "select:WebFetch", "max_results": 5})],
        [("WebFetch", {"url": url, "prompt": "What does it say?"})],
    ]
    printed = client.prints("NEW TURN: fetch the page", skip, NODE_EXTRA_CA_CERTS=certificate)
    read = any(request.kind == "side" and "They are ripe." in json.dumps(request.body) for request in Messages.received)
    yield "fetch", printed if read else "nothing was asked about the page", "All done."
    Messages.turns = [["All done."]]
    yield "continue", client.prints("NEW TURN: go on", skip, "--continue"), "All done."
    yield "compact", client.prints("/compact", skip, "--continue"), ""
    yield "context", client.prints("/context", skip), ""
    Messages.turns = [["BREAK"]]
    yield "break", client.prints("NEW TURN: it breaks", skip), "All done."
    Messages.turns = [[write]]
    yield "auto", client.prints("NEW TURN: in auto mode", "--permission-mode", "auto"), "All done."
    yield "plan", client.prints("NEW TURN: in plan mode", "--permission-mode", "plan"), "All done."
    Messages.turns = [[("StructuredOutput", {"answer": 42})]]
    schema = '{"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"]}'
    yield "schema", client.prints("NEW TURN: by schema", skip, "--json-schema", schema), "42"
    Messages.turns = []
    yield "effort", client.prints("NEW TURN: think", skip, "--effort", "max", "--model", "claude-opus-5-5[1m]"), "All done."
    yield "unknown", client.prints("NEW TURN: another", skip, "--model", "nim/m"), "All done."
    yield "old", client.prints("NEW TURN: an old one", skip, "--model", "claude-sonnet-4-5"), "All done."


def terminal(client):
    Messages.turns = [[("Bash", {"command": "echo hello", "description": "Says hello"})]]

    def until():
        seen = Messages.received
        return any(r.kind == "title" for r in seen) and sum(r.kind == "turn" for r in seen) > 1 and any(
            r.path.startswith("/v1/models") for r in seen)

    client.types("NEW TURN say hello to me please", until, CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY="1")


def record(command, work):
    server = serve(Messages)
    client = Client(command, work, server.server_port)
    everything = []
    for name, printed, expected in scenes(client):
        if expected not in printed or not Messages.received:
            sys.exit(f"FAILED  {name}: no request, or no {expected}; it printed {printed[-1500:]}")
        print(f"  ok      {name}: {len(Messages.received)} requests", flush=True)
        everything += Messages.received
        Messages.received = []
    if not (client.project / "made.txt").exists():
        sys.exit("FAILED  the tools: there is no made.txt")
    terminal(client)
    print(f"  ok      terminal: {len(Messages.received)} requests", flush=True)
    return wire.lines(everything + Messages.received)


def by_fact(lines):
    """Each fact with the kinds of call that have it, which stand in brackets at the end of its line."""
    return {fact: kinds for fact, _, kinds in (line.rpartition(" [") for line in lines if line and not line.startswith("#"))}


def compare(lines):
    """Prints what is new, gone, or sent by other kinds of call, and returns how many lines that are."""
    known = by_fact(RECORD.read_text().splitlines()) if RECORD.exists() else {}
    now = by_fact(lines)
    differ = [fact for fact in sorted(known.keys() | now.keys()) if known.get(fact) != now.get(fact)]
    for fact in differ:
        if fact not in known:
            print(f"  new     {fact} [{now[fact]}")
        elif fact not in now:
            print(f"  gone    {fact} [{known[fact]}")
        else:
            print(f"  other   {fact} [{known[fact]} -> [{now[fact]}")
    return len(differ)


def lost_words(command):
    """Prints the words relied on that the program no longer has, and returns how many."""
    with open(command, "rb") as file:
        program = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    lost = 0
    for line in RELIED_ON.read_text().splitlines():
        words, _, breaks = line.partition(" [")
        if line and not line.startswith("#") and program.find(words.encode()) < 0:
            lost += 1
            print(f"  LOST    {words}: {breaks.rstrip(']')}")
    return lost


def main():
    command, work, options = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
    if set(options) - {"--record"}:
        sys.exit(f"unknown: {options}; see bench/claude-code/sent.sh")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=30).stdout.split()[0]
    print(f"Claude Code {version}")
    lost = lost_words(command)
    lines = record(command, work)
    changed = compare(lines)
    if "--record" in options:
        day = datetime.date.today().isoformat()
        RECORD.write_text(f"# What Claude Code {version} sends, recorded on {day} by bench/claude-code/sent.sh --record.\n"
                          "# In brackets the kinds of call that have it.\n" + "\n".join(lines) + "\n")
        print(f"{len(lines)} lines recorded, {changed} of them new or gone; {lost} words lost")
        sys.exit(1 if lost else 0)
    print(f"{len(lines)} lines, {changed} new or gone; {lost} words lost")
    sys.exit(1 if changed or lost else 0)


main()
