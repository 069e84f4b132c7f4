"""The network as a textbook writes it in NumPy: a dictionary of parameters, a forward and a backward pass."""

import job
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    e = np.exp(x)
    return e / np.sum(e, axis=1, keepdims=True)


class TwoLayerNet:
    def __init__(self, scalar):
        generator = np.random.RandomState(job.SEED)
        self.params = {
            "W1": (job.DEVIATION * generator.randn(job.PIXELS, job.HIDDEN)).astype(scalar),
            "b1": np.zeros(job.HIDDEN, scalar),
            "W2": (job.DEVIATION * generator.randn(job.HIDDEN, job.CLASSES)).astype(scalar),
            "b2": np.zeros(job.CLASSES, scalar),
        }

    def predict(self, x):
        z1 = sigmoid(np.dot(x, self.params["W1"]) + self.params["b1"])
        return softmax(np.dot(z1, self.params["W2"]) + self.params["b2"])

    def gradient(self, x, t):
        """The gradients of the mean cross-entropy; `t` is one-hot."""
        z1 = sigmoid(np.dot(x, self.params["W1"]) + self.params["b1"])
        y = softmax(np.dot(z1, self.params["W2"]) + self.params["b2"])
        dy = (y - t) / x.shape[0]
        da1 = np.dot(dy, self.params["W2"].T) * z1 * (1 - z1)
        return {
            "W1": np.dot(x.T, da1),
            "b1": np.sum(da1, axis=0),
            "W2": np.dot(z1.T, dy),
            "b2": np.sum(dy, axis=0),
        }

    def step(self, x, t):
        gradients = self.gradient(x, t)
        for name in self.params:
            self.params[name] -= job.RATE * gradients[name]

    def accuracy(self, x, labels):
        return np.mean(np.argmax(self.predict(x), axis=1) == labels)


def run(peer, scalar):
    """The whole peer in one scalar type."""
    x_train, train_labels, x_test, test_labels = job.load(scalar)
    t_train = np.eye(job.CLASSES, dtype=scalar)[train_labels]
    network = TwoLayerNet(scalar)
    generator = np.random.RandomState(job.SEED)

    def train(steps):
        for _ in range(steps):
            batch = generator.choice(len(x_train), job.BATCH)
            network.step(x_train[batch], t_train[batch])

    job.report(peer, np.__version__, train, lambda: network.accuracy(x_test, test_labels))
