"""SIGTERM finishes what is in flight and takes nothing new. usage: shutdown.py ADDRESS PID MODEL PICTURE_BYTES

Two requests for inference have half of their bodies sent when the signal comes: one as JSON, one that goes to /predict.
"""

import json
import os
import signal
import socket
import sys
import time
from urllib.parse import urlparse

address, process, model, count = urlparse(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
failures = []


def expect(what, holds):
    print(("ok      " if holds else "FAILED  ") + what)
    if not holds:
        failures.append(what)


def begin(path, body):
    connection = socket.create_connection((address.hostname, address.port), timeout=20)
    head = f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    connection.sendall(head + body[: len(body) // 2])
    return connection, body[len(body) // 2 :]


def answer(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(1 << 16)
        if not piece:
            break
        data += piece
    return data.split(b" ")[1].decode() if data else "no answer"


side = int(count**0.5)
tensor = {"name": "image", "datatype": "UINT8", "shape": [1, side, side], "data": [0] * count}
waiting = [
    begin(f"/v2/models/{model}/infer", json.dumps({"inputs": [tensor]}).encode()),
    begin(f"/predict?model={model}", json.dumps([{"a": 1}]).encode()),
]
time.sleep(0.3)
os.kill(process, signal.SIGTERM)
time.sleep(0.5)
try:
    late = socket.create_connection((address.hostname, address.port), timeout=2)
    late.sendall(b"GET /v2 HTTP/1.1\r\nHost: " + address.netloc.encode() + b"\r\n\r\n")
    late.settimeout(2)
    expect("nothing new is taken", late.recv(100) == b"")
except OSError:
    expect("nothing new is taken", True)
statuses = []
for connection, rest in waiting:
    try:
        connection.sendall(rest)
        statuses.append(answer(connection))
    except OSError as error:
        statuses.append(str(error))
# The rows are none of a model of pictures: refused, but answered.
expect(f"what was in flight is answered: {statuses}", statuses == ["200", "415"])
sys.exit(1 if failures else 0)
