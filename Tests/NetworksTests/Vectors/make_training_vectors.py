"""Writes training.json: PyTorch's schedules, clipped and penalised steps, and averaged weights.

Run: python make_training_vectors.py   (in an environment with torch; the version is written into the file)
"""

import json
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as S
from torch.optim.swa_utils import AveragedModel

from make_optimizer_vectors import GRADIENTS, START

warnings.simplefilter("ignore")
RATE, TOTAL = 0.4, 40


def sequence(make, losses=None, count=TOTAL):
    weights = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=RATE)
    schedule = make(optimizer)
    rates = []
    for step in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step() if losses is None else schedule.step(losses[step])
    return rates


def warm(optimizer, steps, following):
    rise = S.LinearLR(optimizer, start_factor=1 / steps, end_factor=1, total_iters=steps - 1)
    return S.SequentialLR(optimizer, [rise, following(optimizer)], [steps])


SCHEDULES = {
    "constant": lambda o: S.ConstantLR(o, factor=1),
    "step:every=5,factor=0.1": lambda o: S.StepLR(o, 5, 0.1),
    "step:every=7,factor=0.5": lambda o: S.StepLR(o, 7, 0.5),
    "exponential:0.9": lambda o: S.ExponentialLR(o, 0.9),
    "cosine": lambda o: S.CosineAnnealingLR(o, TOTAL),
    "cosine:end=0.1": lambda o: S.CosineAnnealingLR(o, TOTAL, eta_min=0.1),
    "one-cycle": lambda o: S.OneCycleLR(o, RATE, total_steps=TOTAL),
    "one-cycle:max=0.01": lambda o: S.OneCycleLR(o, 0.01, total_steps=TOTAL),
    "one-cycle:max=2,rise=0.45,start-divisor=10,end-divisor=100": lambda o: S.OneCycleLR(
        o, 2, total_steps=TOTAL, pct_start=0.45, div_factor=10, final_div_factor=100),
    "warm-up:10+cosine": lambda o: warm(o, 10, lambda o: S.CosineAnnealingLR(o, TOTAL - 10)),
    "warm-up:4+step:every=6,factor=0.2": lambda o: warm(o, 4, lambda o: S.StepLR(o, 6, 0.2)),
    "warm-up:8+constant": lambda o: warm(o, 8, lambda o: S.ConstantLR(o, factor=1)),
}
LOSSES = [3, 2.5, 2.4, 2.4, 2.4, 2.39999, 2.5, 2.3, 2.31, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3, 2.3, 2.2, 2.2, 2.2, 2.2,
          2.2, 2.2, 2.2, 2.2, 2.2]
PLATEAUS = {
    "plateau:factor=0.5,patience=2": {"factor": 0.5, "patience": 2},
    "plateau:factor=0.1,patience=1,cooldown=2,least=0.01": {"factor": 0.1, "patience": 1, "cooldown": 2, "min_lr": 0.01 * RATE},
    "plateau:factor=0.3,patience=0,threshold=0.05": {"factor": 0.3, "patience": 0, "threshold": 0.05},
}

SECOND = [0.3, -0.7]


def steps(make, limit=None, penalty=0.0):
    """Two tensors, START and SECOND; their gradients are GRADIENTS and twice their first two."""
    tensors = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (START, SECOND)]
    optimizer = make(*tensors)
    out, norms = [], []
    for gradient in GRADIENTS:
        tensors[0].grad = torch.tensor(gradient, dtype=torch.float64)
        tensors[1].grad = 2 * torch.tensor(gradient[:2], dtype=torch.float64)
        if limit and limit[0] == "norm":
            norms.append(torch.nn.utils.clip_grad_norm_(tensors, limit[1]).item())
        if limit and limit[0] == "value":
            torch.nn.utils.clip_grad_value_(tensors, limit[1])
        with torch.no_grad():
            tensors[0].grad += penalty * tensors[0].sign()
        optimizer.step()
        out.append([t.detach().tolist() for t in tensors])
    return {"weights": out, "norms": norms}


RUNS = {
    "norm:0.5": steps(lambda a, b: torch.optim.SGD([a, b], lr=0.1, momentum=0.9), ("norm", 0.5)),
    "value:0.25": steps(lambda a, b: torch.optim.Adam([a, b], lr=0.01), ("value", 0.25)),
    "groups": steps(
        lambda a, b: torch.optim.AdamW(
            [{"params": [a], "weight_decay": 0.1}, {"params": [b], "lr": 0.02, "weight_decay": 0.0}], lr=0.01),
        penalty=0.05),
}


def growing(decay):
    """TensorFlow's ExponentialMovingAverage with num_updates: a decay that begins small."""

    def average(old, new, count):
        d = min(decay, (1 + float(count)) / (10 + float(count)))
        return d * old + (1 - d) * new

    return average


def averages(make, first=0, every=1):
    model = torch.nn.Linear(1, 1, bias=False).double()
    averaged = make(model)
    taken = []
    for step in range(1, 13):
        with torch.no_grad():
            model.weight.fill_((step * 7 % 5) - 0.5 * step)
        if step >= first and (step - first) % every == 0:
            averaged.update_parameters(model)
        taken.append(averaged.module.weight.item() if averaged.n_averaged > 0 else None)
    return taken


out = {
    "made_by": f"torch {torch.__version__}",
    "rate": RATE,
    "total": TOTAL,
    "schedules": {name: sequence(make) for name, make in SCHEDULES.items()},
    "losses": LOSSES,
    "plateaus": {
        name: sequence(lambda o: S.ReduceLROnPlateau(o, eps=0, **settings), LOSSES, len(LOSSES))
        for name, settings in PLATEAUS.items()
    },
    "second": SECOND,
    "runs": RUNS,
    "averaged_weights": [(step * 7 % 5) - 0.5 * step for step in range(1, 13)],
    "averages": {
        "ema:0.9": averages(lambda m: AveragedModel(m, avg_fn=growing(0.9))),
        "ema:0.3": averages(lambda m: AveragedModel(m, avg_fn=growing(0.3))),
        "swa:from=1,every=1": averages(AveragedModel),
        "swa:from=4,every=3": averages(AveragedModel, 4, 3),
    },
}
if __name__ == "__main__":
    pathlib.Path(__file__).with_name("training.json").write_text(json.dumps(out) + "\n")
