"""What compare-with-torch.py measures: two sides and a goal each."""


class Side:
    """One process to run and the number to read from its output."""

    def __init__(self, is_peer, arguments, threads, batch, field, n=None):
        self.is_peer = is_peer
        self.arguments = arguments
        self.threads = threads
        self.batch = batch
        self.field = field
        self.n = n

    def text(self):
        batch = f" --batch {self.batch}" if self.batch else ""
        return f"{'torch' if self.is_peer else 'ours'} {' '.join(self.arguments)}, {self.threads} threads{batch}"

    def read(self, lines):
        for line in lines:
            size = line.get("n", line["model"]) if self.n else None
            if self.n is None or str(size) == str(self.n):
                return line[self.field]
        raise ValueError(f"{self.text()}: expected a line of size {self.n}; got {lines}")


class Measure:
    """Left over right, or left alone if right is None."""

    def __init__(self, name, left, right, goal, at_most=False):
        self.name = name
        self.left = left
        self.right = right
        self.goal = goal
        self.at_most = at_most

    def is_reached(self, value):
        return value <= self.goal if self.at_most else value >= self.goal

    def goal_text(self):
        if self.goal is None:
            return "none"
        return f"{'at most' if self.at_most else 'at least'} {self.goal:g}"


def ours(kind, model, batch, threads=1, field="rateMedian"):
    return Side(False, [f"train-{kind}-{model}"], threads, batch, field)


def peer(bench, model, batch, threads=1, field="rate_median"):
    return Side(True, [bench, model], threads, batch, field)


def measures():
    for size in (256, 1024, 2048):
        yield Measure(
            f"gemm {size}: GFLOP/s, ours / OpenBLAS",
            Side(False, ["gemm"], 1, None, "rateMedian", n=size),
            Side(True, ["sgemm", "none"], 1, None, "rate_median", n=size),
            1.0)

    for threads in (1, 2):
        for model, batch, goal in (("mlp", 2048, 1.2), ("mlp", 256, 1.0), ("cnn", 256, 2.0)):
            yield Measure(
                f"peer {model} {batch}, {threads} thread{'s' if threads > 1 else ''}: our dp / torch sgd",
                ours("dp", model, batch, threads), peer("sgd", model, batch, threads), goal)

    for model, batch in (("mlp", 2048), ("cnn", 256)):
        yield Measure(
            f"private {model} {batch}: our dp / our sgd", ours("dp", model, batch), ours("sgd", model, batch), 0.85)

    for kind in ("dp", "sgd"):
        for model in ("mlp", "cnn"):
            yield Measure(
                f"threads {kind} {model} 1024: ours, 2 / 1",
                ours(kind, model, 1024, 2), ours(kind, model, 1024, 1), 1.7)

    for model, batches in (("mlp", (256, 2048)), ("cnn", (256, 1024))):
        for batch in batches:
            yield Measure(
                f"memory dp {model} {batch}: peak MiB",
                ours("dp", model, batch, field="peakRssMb"), None, 120, at_most=True)

    for model in ("mlp", "cnn"):
        yield Measure(
            f"allocated dp {model} 256: bytes a step",
            ours("dp", model, 256, field="allocatedBytesPerStep"), None, 0, at_most=True)
        yield Measure(
            f"first step dp {model} 256: seconds from the process's start",
            ours("dp", model, 256, field="firstStepSeconds"), None, 0.5, at_most=True)

    yield Measure(
        "noise: samples/s", Side(False, ["noise"], 1, None, "rateMedian"), None, 150e6)


MEASURES = list(measures())
