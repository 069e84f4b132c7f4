"""The network in JAX, float32, for the two peers that differ in how they loop."""

import os

import job

os.environ["JAX_PLATFORMS"] = "cpu"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

x_train, train_labels, x_test, test_labels = (jnp.asarray(part) for part in job.load("float32"))


def parameters():
    generator = np.random.RandomState(job.SEED)
    return {
        "W1": jnp.asarray(job.DEVIATION * generator.randn(job.PIXELS, job.HIDDEN), jnp.float32),
        "b1": jnp.zeros(job.HIDDEN),
        "W2": jnp.asarray(job.DEVIATION * generator.randn(job.HIDDEN, job.CLASSES), jnp.float32),
        "b2": jnp.zeros(job.CLASSES),
    }


def logits(params, x):
    return jax.nn.sigmoid(x @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]


def loss(params, x, labels):
    log_probabilities = jax.nn.log_softmax(logits(params, x))
    return -jnp.mean(jnp.take_along_axis(log_probabilities, labels[:, None].astype(int), axis=1))


def step(params, images, labels, batch):
    gradients = jax.grad(loss)(params, images[batch], labels[batch])
    return jax.tree.map(lambda p, g: p - job.RATE * g, params, gradients)


def accuracy(params):
    return jnp.mean(jnp.argmax(logits(params, x_test), axis=1) == test_labels)
