"""JAX with all steps of a round in one compiled `lax.scan`."""

import job
import jax_network as network
import jax
import numpy as np


@jax.jit
def scan(params, images, labels, batches):
    return jax.lax.scan(lambda p, batch: (network.step(p, images, labels, batch), None), params, batches)[0]


generator = np.random.RandomState(job.SEED)
params = network.parameters()


def train(steps):
    global params
    batches = generator.randint(0, len(network.x_train), (steps, job.BATCH), dtype=np.int32)
    params = jax.block_until_ready(scan(params, network.x_train, network.train_labels, batches))


job.report("JAX lax.scan", jax.__version__, train, lambda: network.accuracy(params))
