"""A server on this machine that answers as OpenAI-compatible ones do, with what a test tells it to say."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# The content of the answer, a whole choice, a status to refuse with, or what does something else with the connection.
Say = Callable[[dict[str, Any]], str | int | dict[str, Any] | Callable[[BaseHTTPRequestHandler], None]]


class StubModels:
    """What was asked, in order, and with which keys."""

    def __init__(self, say: Say):
        self.say = say
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def of(self, model: str) -> int:
        return sum(each["model"] == model for each in self.asked)


@contextmanager
def serving(say: Say) -> Iterator[StubModels]:
    stub = StubModels(say)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.asked.append(body)
            stub.keys.append(self.headers["Authorization"])
            said = stub.say(body) if self.path == "/v1/chat/completions" else 404
            if callable(said):
                return said(self)
            usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
            choice = said if isinstance(said, dict) else {"message": {"content": said}}
            answer = {"choices": [choice], "usage": usage, "model": f"{body['model']}-served"}
            content = self.headers["Authorization"].encode() if isinstance(said, int) else json.dumps(answer).encode()
            self.send_response(said if isinstance(said, int) else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
