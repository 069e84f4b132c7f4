"""The whole program in the notebook's NumPy: load, 16 epochs, all 70,000 images evaluated after every epoch.

The process is timed from outside, with its start; it prints its own seconds too.
"""

import json
import time

start = time.perf_counter()

import job  # noqa: E402
from two_layer_net import TwoLayerNet  # noqa: E402
import numpy as np  # noqa: E402

EPOCHS = 16
x_train, train_labels, x_test, test_labels = job.load(np.float64)
t_train = np.eye(job.CLASSES)[train_labels]
network = TwoLayerNet(np.float64)
generator = np.random.RandomState(job.SEED)
for epoch in range(EPOCHS):
    for _ in range(len(x_train) // job.BATCH):
        batch = generator.choice(len(x_train), job.BATCH)
        network.step(x_train[batch], t_train[batch])
    train_accuracy = network.accuracy(x_train, train_labels)
    test_accuracy = network.accuracy(x_test, test_labels)
print(
    json.dumps(
        {
            "peer": "NumPy float64 (notebook), whole program",
            "threads": job.arguments.threads,
            "seconds": round(time.perf_counter() - start, 2),
            "accuracy": round(float(test_accuracy), 4),
            "train_accuracy": round(float(train_accuracy), 4),
            "version": np.__version__,
        }
    )
)
