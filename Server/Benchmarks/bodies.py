"""Writes wrk's scripts: the same picture as JSON, and as a binary tensor."""
import random
import sys

folder = sys.argv[1]
chance = random.Random(1)
# As MNIST is: four fifths of the pixels are 0.
pixels = bytes(0 if chance.random() < 0.8 else chance.randrange(1, 256) for _ in range(784))
json = ('{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"data":[' + ",".join(map(str, pixels))
        + ']}],"outputs":[{"name":"label"},{"name":"probabilities"}]}').encode()
head = (b'{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,28,28],"parameters":{"binary_data_size":784}}],'
        b'"outputs":[{"name":"probabilities","parameters":{"binary_data":true}}]}')


def script(name, body, fields):
    open(f"{folder}/{name}.body", "wb").write(body)
    with open(f"{folder}/{name}.lua", "w") as file:
        file.write('wrk.method = "POST"\n')
        file.write(f'wrk.body = io.open("{folder}/{name}.body", "rb"):read("*a")\n')
        for field, value in fields:
            file.write(f'wrk.headers["{field}"] = "{value}"\n')


script("json", json, [("Content-Type", "application/json")])
script("binary", head + pixels, [("Inference-Header-Content-Length", len(head))])
