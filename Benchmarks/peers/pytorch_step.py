"""PyTorch, eager, in float32: a module, autograd and torch.optim.SGD."""

import job
import torch
from torch import nn

torch.set_num_threads(job.arguments.threads)
torch.manual_seed(job.SEED)
x_train, train_labels, x_test, test_labels = (torch.tensor(part) for part in job.load("float32"))
train_labels, test_labels = train_labels.long(), test_labels.long()

network = nn.Sequential(nn.Linear(job.PIXELS, job.HIDDEN), nn.Sigmoid(), nn.Linear(job.HIDDEN, job.CLASSES))
for layer in (network[0], network[2]):
    nn.init.normal_(layer.weight, std=job.DEVIATION)
    nn.init.zeros_(layer.bias)
optimizer = torch.optim.SGD(network.parameters(), lr=job.RATE)


def train(steps):
    for _ in range(steps):
        batch = torch.randint(len(x_train), (job.BATCH,))
        loss = nn.functional.cross_entropy(network(x_train[batch]), train_labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def accuracy():
    with torch.no_grad():
        return (network(x_test).argmax(1) == test_labels).float().mean()


job.report("PyTorch", torch.__version__, train, accuracy)
