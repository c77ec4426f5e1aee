"""An upstream that processes a long prompt as llama.cpp does: the head of its response at once, then a comment each second."""

import socket
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
CHUNK = b'data: {"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}\n\n'


def serve(seconds):
    """Starts it on a port of the system's choice, which is returned; it responds "Hello" after so many seconds."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=respond, args=(connection, seconds), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def read(connection):
    """Reads a request to its end, whose length its head tells."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += connection.recv(65536)
    head, _, body = request.partition(b"\r\n\r\n")
    length = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < sum(length):
        body += connection.recv(65536)
    return head


def respond(connection, seconds):
    with connection:
        request = read(connection)
        if not request.startswith(b"POST"):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        try:
            connection.sendall(HEAD)
            for _ in range(seconds):
                time.sleep(1)
                connection.sendall(b":\n\n")
            connection.sendall(CHUNK % (b'{"content":"Hello"}', b"null") + CHUNK % (b"{}", b'"stop"') + b"data: [DONE]\n\n")
        except OSError:
            pass  # Caravan has given up, which the caller sees.
