"""Sends damaged requests: none may crash the server, or be answered by 5xx other than 503."""
import json
import random
import socket
import sys
from urllib.parse import urlparse

place = urlparse(sys.argv[1])
count = int(sys.argv[2])
chance = random.Random(7)
pixels = ",".join(str(chance.randrange(256)) for _ in range(784))
infer = (b'{"id":"a","inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"data":[' + pixels.encode()
         + b']}],"outputs":[{"name":"label","parameters":{"binary_data":true,"classification":3}}]}')
head = (b'{"inputs":[{"name":"image","shape":[1,28,28],"datatype":"UINT8","parameters":{"binary_data_size":784}}],'
        b'"parameters":{"binary_data_output":true}}')
row = json.dumps([{"length": 5.1, "width": None, "colour": "red"}]).encode()
picture = open(sys.path[0] + "/../../../.build/serving/models/seven.png", "rb").read()


def request(path, body, *fields):
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def mutated(data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not data:
            break
        place = chance.randrange(len(data))
        kind = chance.randrange(5)
        if kind == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[place:place + chance.randrange(1, 40)]
        elif kind == 2:
            data[place:place] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        elif kind == 3:
            data[place:place] = chance.choice([b"-1", b"1e999", b"null", b"[[[[", b"\\ud800", b"99999999999999999999", b"\0"])
        else:
            data[place:place] = data[place:place + chance.randrange(1, 60)]
    return bytes(data)


seeds = [
    ("/v2/models/network/infer", infer), ("/v2/models/knn/infer", infer), ("/predict?model=table", row),
    ("/predict?model=network", picture), ("/v2/models/network/infer", head + bytes(784)),
]
statuses = {}
for number in range(count):
    path, body = chance.choice(seeds)
    fields = [f"Inference-Header-Content-Length: {len(head)}"] if body.startswith(head) else []
    if chance.random() < 0.05:
        fields.append("Content-Encoding: " + chance.choice(["gzip", "deflate", "br"]))
    if chance.random() < 0.7:
        data = request(path, mutated(body), *fields)
    else:
        data = mutated(request(path, body, *fields))
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(data)
        try:
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(4096)
        except OSError:
            answer = b""
    status = int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0
    statuses[status] = statuses.get(status, 0) + 1
    if status >= 500 and status != 503:
        print(f"FAILED: {status} for {data[:300]!r}: {answer[-200:]!r}")
        sys.exit(1)
with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
    connection.sendall(b"GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    if not connection.recv(64).startswith(b"HTTP/1.1 200"):
        print("FAILED: the server does not live")
        sys.exit(1)
print(f"{count} mutated requests: {dict(sorted(statuses.items()))} (0: closed without an answer)")
