"""An upstream that keeps the last request and says one word."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNKS = [
    {"choices": [{"index": 0, "delta": {"content": "Hello"}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
]


class Recorder:
    """Listens on a port of the system's choice; `last` is the body of the newest request, or None."""

    def __init__(self):
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                recorder.last = json.loads(self.rfile.read(int(self.headers["content-length"])))
                body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in CHUNKS) + "data: [DONE]\n\n"
                self.reply(200, "text/event-stream", body.encode())

            def do_GET(self):
                self.reply(404, "text/plain", b"")

            def reply(self, status, kind, body):
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.last = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
