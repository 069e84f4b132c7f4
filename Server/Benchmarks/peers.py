"""What the server is compared with: the least that ASGI can do, and onnxruntime behind FastAPI."""
import os

ANSWER = b'{"label":"7"}'


async def bare(scope, receive, send):
    """Reads the body and answers always the same."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": ANSWER})


if "NETWORK" in os.environ:
    import json

    import numpy as np
    import onnxruntime
    from fastapi import FastAPI, Request

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(os.environ["NETWORK"], settings, providers=["CPUExecutionProvider"])
    given = session.get_inputs()[0]
    fast = FastAPI()

    @fast.post("/infer")
    async def infer(request: Request):
        tensor = json.loads(await request.body())["inputs"][0]
        dtype = np.uint8 if given.type == "tensor(uint8)" else np.float32
        pixels = np.array(tensor["data"], dtype).reshape([1] + [length for length in given.shape[1:]])
        results = session.run(None, {given.name: pixels})
        return {"outputs": [result.tolist() for result in results]}
