"""Makes optimizers.json: ten steps of each optimiser, learning rates, losses. Usage: /usr/bin/python3 optimizers.py

Oracle: PyTorch 1.13 (Debian's python3-torch), single precision, one thread. Numbers are written as doubles, which hold
every float exactly.
"""
import json
import pathlib
import random

import torch

STEPS = 10
WEIGHTS = 19  # one vector of 16 and a tail
KEPT = [1, 2, 3, 10]

torch.set_num_threads(1)
source = random.Random(1)


def floats(count, size):
    return torch.tensor([source.uniform(-size, size) for _ in range(count)], dtype=torch.float32)


def optimizers():
    first = floats(WEIGHTS, 1)
    gradients = [floats(WEIGHTS, 2.0 ** source.randint(-6, 2)) for _ in range(STEPS)]
    for g in gradients:
        g[3] = 0  # a weight whose gradient is always zero
    variants = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
        "sgd momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        "sgd nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
        "sgd decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.05),
        "sgd nesterov decay": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05),
        "adam": lambda p: torch.optim.Adam(p, lr=0.01, foreach=False),
        "adam betas": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.5, 0.9), eps=1e-3, foreach=False),
        "adamW": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3, foreach=False),
        "adamW cosine": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3, foreach=False),
    }
    runs = []
    for name, make in variants.items():
        weights = torch.nn.Parameter(first.clone())
        optimizer = make([weights])
        # The rate of our step t (from 1) after a warm-up of 0 is that of PyTorch's epoch t.
        cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS) if "cosine" in name else None
        kept = {}
        for step, gradient in enumerate(gradients, start=1):
            weights.grad = gradient.clone()
            if cosine:
                cosine.last_epoch = step
                optimizer.param_groups[0]["lr"] = cosine._get_closed_form_lr()[0]
            optimizer.step()
            if step in KEPT:
                kept[step] = weights.detach().tolist()
        state = optimizer.state[weights]
        slots = {
            "velocity": state.get("momentum_buffer"), "firstMoment": state.get("exp_avg"),
            "secondMoment": state.get("exp_avg_sq"),
        }
        runs.append({
            "name": name, "weights": kept, "slots": {k: v.tolist() for k, v in slots.items() if v is not None}})
    return {"first": first.tolist(), "gradients": [g.tolist() for g in gradients], "runs": runs}


def schedules():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=37, eta_min=0.3 * 0.2)
    steps = torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.7)
    result = {"cosine": [], "step": []}
    for epoch in range(37):
        cosine.last_epoch = epoch + 1
        result["cosine"].append(cosine._get_closed_form_lr()[0])
        steps.last_epoch = epoch
        result["step"].append(steps._get_closed_form_lr()[0])
    return result


def loss_rows(name, function, outputs, one_hot):
    scores = torch.stack([floats(outputs, size) for size in [1, 3, 10, 30, 90, 0.01, 0, 1000] * 2]).requires_grad_()
    classes = max(outputs, 2)
    labels = torch.tensor([source.randrange(classes) for _ in range(16)])
    target = labels
    if one_hot:
        target = labels[:, None].float() if outputs == 1 else torch.nn.functional.one_hot(labels, classes).float()
    losses = torch.stack([function(scores[i : i + 1], target[i : i + 1]) for i in range(16)])
    losses.sum().backward()
    return {
        "name": name, "scores": scores.tolist(), "labels": labels.tolist(),
        "losses": losses.tolist(), "gradient": scores.grad.tolist()}


def losses():
    f = torch.nn.functional
    return [
        loss_rows("crossEntropy", f.cross_entropy, 10, False),
        loss_rows("crossEntropy 0.1", lambda x, t: f.cross_entropy(x, t, label_smoothing=0.1), 7, False),
        loss_rows("binaryCrossEntropy", f.binary_cross_entropy_with_logits, 5, True),
        loss_rows("binaryCrossEntropy", f.binary_cross_entropy_with_logits, 1, True),
        loss_rows("meanSquaredError", f.mse_loss, 5, True),
        loss_rows("meanSquaredError", f.mse_loss, 1, True),
    ]


result = {
    "note": f"Made by optimizers.py with PyTorch {torch.__version__}.",
    "optimizers": optimizers(), "schedules": schedules(), "losses": losses(),
}
text = json.dumps(result, allow_nan=False).replace('}, {"name"', '},\n{"name"').replace('], "', '],\n"')
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
