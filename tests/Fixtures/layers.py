"""Makes layers.json: small networks in PyTorch, with losses, each example's gradient and ten steps of SGD in double.

Usage: python3 layers.py. Made with torch 1.13.0a0 of Debian 12.
"""
import json
import pathlib

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
EXAMPLES = 6
CLASSES = 3
STEPS = 10


class Residual(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.inner = build(layers)

    def forward(self, x):
        return x + self.inner(x)


class SelfAttention(nn.Module):
    def __init__(self, size, heads, causal):
        super().__init__()
        self.attention = nn.MultiheadAttention(size, heads, batch_first=True)
        self.causal = causal

    def forward(self, x):
        hidden = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1) if self.causal else None
        return self.attention(x, x, x, need_weights=False, attn_mask=hidden)[0]


class Tokens(nn.Embedding):
    def forward(self, x):
        return super().forward(x.long())


MODULES = {
    "linear": lambda l: nn.Linear(l["inputs"], l["outputs"]),
    "conv2d": lambda l: nn.Conv2d(
        l["inputChannels"], l["outputChannels"], l["kernel"], l["stride"], l["padding"], groups=l.get("groups", 1)
    ),
    "maxPool2d": lambda l: nn.MaxPool2d(l["kernel"], l["stride"]),
    "avgPool2d": lambda l: nn.AvgPool2d(l["kernel"], l["stride"]),
    "globalAvgPool2d": lambda l: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
    "globalMaxPool2d": lambda l: nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()),
    "relu": lambda l: nn.ReLU(),
    "tanh": lambda l: nn.Tanh(),
    "sigmoid": lambda l: nn.Sigmoid(),
    "gelu": lambda l: nn.GELU(),
    "silu": lambda l: nn.SiLU(),
    "flatten": lambda l: nn.Flatten(),
    "groupNorm": lambda l: nn.GroupNorm(l["groups"], l["channels"]),
    "layerNorm": lambda l: nn.LayerNorm(l["size"]),
    "residual": lambda l: Residual(l["layers"]),
    "embedding": lambda l: Tokens(l["tokens"], l["size"]),
    "selfAttention": lambda l: SelfAttention(l["size"], l["heads"], l.get("causal", False)),
    "dropout": lambda l: nn.Dropout(l["rate"]),
}


def build(layers):
    return nn.Sequential(*(MODULES[layer["type"]](layer) for layer in layers))


def linear(inputs, outputs):
    return {"type": "linear", "inputs": inputs, "outputs": outputs}


def conv(inputs, outputs, kernel, stride=1, padding=0, groups=1):
    layer = {"type": "conv2d", "inputChannels": inputs, "outputChannels": outputs, "kernel": kernel}
    return {**layer, "stride": stride, "padding": padding, **({"groups": groups} if groups > 1 else {})}


def of(kind, **fields):
    return {"type": kind, **fields}


FLAT = of("flatten")
CASES = {
    "mlp": ([8], [linear(8, 7), of("relu"), linear(7, 5), of("tanh"), of("dropout", rate=0), linear(5, 3)]),
    "cnn": (
        [1, 6, 6],
        [
            conv(1, 3, 3, 1, 1), of("relu"), of("maxPool2d", kernel=2, stride=2), conv(3, 4, 2), of("tanh"),
            FLAT, linear(16, 3),
        ],
    ),
    "pools": (
        [2, 7, 6],
        [conv(2, 3, 2), of("avgPool2d", kernel=2, stride=1), conv(3, 6, 3), of("globalMaxPool2d"), linear(6, 3)],
    ),
    "grouped": (
        [4, 5, 5],
        [conv(4, 6, 3, 2, 1, 2), of("gelu"), conv(6, 6, 2, groups=6), of("globalAvgPool2d"), linear(6, 3)],
    ),
    "groupNorm": (
        [2, 4, 4],
        [
            conv(2, 6, 3, 1, 1), of("groupNorm", groups=3, channels=6), of("relu"), conv(6, 4, 2),
            of("groupNorm", groups=1, channels=4), of("silu"), FLAT, linear(36, 3),
        ],
    ),
    "layerNorm": ([3, 6], [of("layerNorm", size=6), linear(6, 4), of("layerNorm", size=4), FLAT, linear(12, 3)]),
    "residual": (
        [2, 4, 4],
        [
            conv(2, 4, 3, 1, 1),
            of(
                "residual",
                layers=[
                    of("relu"), conv(4, 4, 3, 1, 1, 2), of("residual", layers=[of("tanh"), conv(4, 4, 1)]),
                    of("groupNorm", groups=2, channels=4),
                ],
            ),
            of("relu"), of("globalAvgPool2d"), linear(4, 3),
        ],
    ),
    "attention": ([5, 4], [of("selfAttention", size=4, heads=1), FLAT, linear(20, 3)]),
    "heads": ([4, 6], [linear(6, 6), of("selfAttention", size=6, heads=3), of("tanh"), FLAT, linear(24, 3)]),
    "transformer": (
        [7],
        [
            of("embedding", tokens=5, size=6),
            of("residual", layers=[of("layerNorm", size=6), of("selfAttention", size=6, heads=2, causal=True)]),
            of("residual", layers=[of("layerNorm", size=6), linear(6, 8), of("gelu"), linear(8, 6)]),
            of("layerNorm", size=6), FLAT, linear(42, 3),
        ],
    ),
    "activations": (
        [6], [linear(6, 6), of("sigmoid"), linear(6, 6), of("silu"), linear(6, 6), of("gelu"), linear(6, 3)],
    ),
}


def flat(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def numbers(tensor, digits):
    return [float(f"%.{digits}g" % v) for v in tensor.reshape(-1).tolist()]


def case(name, shape, layers):
    generator = torch.Generator().manual_seed(sum(name.encode()))
    network = build(layers)
    parameters = list(network.parameters())
    for parameter in parameters:
        # Around 1 for weights of norms, so that none is degenerate; float32, so that both sides start alike.
        drawn = torch.randn(parameter.shape, generator=generator) * 0.4
        drawn += 1 if parameter.dim() == 1 and bool((parameter == 1).all()) else 0
        parameter.data = drawn.float().double()
    if layers[0]["type"] == "embedding":
        inputs = torch.randint(0, layers[0]["tokens"], (EXAMPLES, *shape), generator=generator).double()
    else:
        inputs = torch.randn((EXAMPLES, *shape), generator=generator).float().double()
    labels = torch.arange(EXAMPLES) % CLASSES
    weights = flat(parameters).detach().clone()

    losses, gradients = [], []
    for i in range(EXAMPLES):
        loss = nn.functional.cross_entropy(network(inputs[i : i + 1]), labels[i : i + 1])
        losses.append(loss.detach())
        gradients.append(flat(torch.autograd.grad(loss, parameters)))

    sgd = torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
    curve = []
    for _ in range(STEPS):
        loss = nn.functional.cross_entropy(network(inputs), labels)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        curve.append(loss.detach())
    spec = {
        "format": "research-spec/1",
        "name": name,
        "model": {"input": shape, "seed": 1, "layers": layers},
        "loss": {"type": "crossEntropy"},
        "optimizer": {"type": "sgd", "learningRate": 0.1, "momentum": 0.9},
        "training": {"batchSize": EXAMPLES, "steps": STEPS},
    }
    return {
        "spec": spec,
        "weights": numbers(weights, 9),
        "inputs": numbers(inputs, 9),
        "labels": labels.tolist(),
        "losses": numbers(torch.stack(losses), 10),
        "gradients": [numbers(g, 7) for g in gradients],
        "squaredNorms": numbers(torch.stack([(g * g).sum() for g in gradients]), 10),
        "curve": numbers(torch.stack(curve), 10),
    }


document = {
    "note": f"Made by layers.py with torch {torch.__version__} in double.",
    "cases": [case(name, *rest) for name, rest in CASES.items()],
}
text = json.dumps(document, allow_nan=False, separators=(",", ":"))
pathlib.Path(__file__).with_suffix(".json").write_text(text.replace('{"spec"', '\n{"spec"') + "\n")
