"""Makes plans.json: true epsilons of random and of hard plans. Usage: python3 plans.py [SECONDS]   (numpy, scipy, mpmath)

Add or remove one record: epsilon is the larger of the two directions. Three methods, none of which is a contour integral:

closed    T = 1 or q = 1 in mpmath, 50 digits.
nested    T = 2 and 3: delta_T(e) = E[delta_1(e - L_1 - ...)], delta_1 in closed form, the expectation by the trapezoid in x.
lattice   Any plan: the tilted law of one step's loss is put on a lattice of step h by degree-7 Lagrange weights, which keep its first
          seven moments, so that the error is O(h^8) in the smoothness of the *sum's* law, however rough a step's is; FFT; integral
          of (1 - e^(e - l)) by Gregory's rule with e on the lattice; log delta interpolated in e. The window is sized by Chernoff.
          Repeated with ever finer h (ratio 0.7) until three in a row agree; eps_ref_abs_tol is 4 times their spread or more.
          Where q T >= 50 and it converged, a contour integral on 400 nodes agreed within 4e-9 max(1, epsilon) (not part of this script).
Rows that two methods cover are computed by both, and the tolerance holds their difference. Randomised response alone is a binomial sum.
"""
import json
import pathlib
import random
import sys
import time

import mpmath as mp
import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

mp.mp.dps = 50
LEGENDRE = np.polynomial.legendre.leggauss(200)
GREGORY = [1 / 12, -1 / 24, 19 / 720, -3 / 160, 863 / 60480, -275 / 24192, 33953 / 3628800, -8183 / 1036800]


# ---- the loss of one step: nodes (loss, log weight under P) ----
def gaussian_nodes(q, s, remove, tilt, count):
    def at(x):
        r = (2 * x - 1) / (2 * s * s)
        loss = r if q == 1 else np.log1p(q * np.expm1(np.minimum(r, 30))) + np.where(
            r > 30, np.logaddexp(np.log1p(-q), np.log(q) + r) - np.log1p(q * np.expm1(np.minimum(r, 30))), 0)
        base = -x * x / (2 * s * s)
        return (loss, base + loss) if remove else (-loss, base)

    low, high = -abs(tilt) - 2 - 14 * s, 2 + abs(tilt) + 14 * s
    for _ in range(12):  # Crop to where the tilted weight is not below e^-42 of its peak.
        x = np.linspace(low, high, 4001)
        loss, weight = at(x)
        total = weight + tilt * loss
        kept = np.nonzero(total > total.max() - 42)[0]
        a, b = x[max(kept[0] - 2, 0)], x[min(kept[-1] + 2, 4000)]
        if b - a > 0.9 * (high - low):
            break
        low, high = a, b
    x = np.linspace(low, high, count)
    loss, weight = at(x)
    return loss, weight + np.log((high - low) / (count - 1) / (s * np.sqrt(2 * np.pi)))


def nodes(c, remove, tilt, count):
    kind = c["kind"]
    if kind == "gaussian":
        return gaussian_nodes(c["q"], c["sigma"], remove, tilt, count)
    if kind == "laplace":
        b = c["scale"]  # P = Lap(1, b), Q = Lap(0, b): loss (|x| - |x - 1|) / b; atoms outside [0, 1].
        y, w = LEGENDRE
        x = (y + 1) / 2
        inside = np.log(w / 2 / (2 * b)) - (1 - x) / b
        return (np.concatenate([[1 / b, -1 / b], (2 * x - 1) / b]),
                np.concatenate([[np.log(0.5), np.log(0.5) - 1 / b], inside]))
    if kind == "pure":
        e = c["epsilon"]
        return np.array([e, -e]), np.array([-np.log1p(np.exp(-e)), -np.log1p(np.exp(e))])
    if kind == "randomized_response":
        e, k = c["epsilon"], c["categories"]
        total = np.log(np.exp(e) + k - 1)
        return np.array([e, 0, -e]), np.array([e - total, np.log(k - 2) - total if k > 2 else -np.inf, -total])
    if kind == "discrete_gaussian":
        s = c["sigma"]
        n = np.arange(-int(40 * s + abs(tilt) + 40), int(40 * s + abs(tilt) + 42))
        log_z = np.log(np.sum(np.exp(-n * n / (2 * s * s))))
        return (2 * n - 1) / (2 * s * s), -(n - 1.0) ** 2 / (2 * s * s) - log_z
    raise ValueError(kind)


def log_moment(plan, remove, tilt, count=3001):
    total = first = second = 0
    for c in plan:
        loss, weight = nodes(c, remove, tilt, count)
        w = weight + tilt * loss
        top = w.max()
        p = np.exp(w - top)
        z = p.sum()
        m = (p * loss).sum() / z
        total += c["steps"] * (top + np.log(z))
        first += c["steps"] * m
        second += c["steps"] * (p * (loss - m) ** 2).sum() / z
    return total, first, second


def golden(f, a, b, rounds=40):
    g = (5**0.5 - 1) / 2
    x, y = b - g * (b - a), a + g * (b - a)
    fx, fy = f(x), f(y)
    for _ in range(rounds):
        if fx < fy:
            b, y, fy = y, x, fx
            x = b - g * (b - a)
            fx = f(x)
        else:
            a, x, fx = x, y, fy
            y = a + g * (b - a)
            fy = f(y)
    return (a + b) / 2


def lagrange(u):
    """Weights at -3..4 of a point at u in [0, 1)."""
    points = np.arange(-3, 5)
    return [np.prod([(u - m) / (k - m) for m in points if m != k], axis=0) for k in points]


def lattice_once(plan, remove, delta, tilt, h, low, high, count):
    n = 1 << int(np.ceil(np.log2(max((high - low) / h, 64))))
    if n > 1 << 22:
        raise ArithmeticError("too many lattice points")
    log_phi = np.zeros(n // 2 + 1, complex)
    log_m, shift = 0.0, 0
    for c in plan:
        loss, weight = nodes(c, remove, tilt, count)
        w = weight + tilt * loss
        top = w.max()
        p = np.exp(w - top)
        z = p.sum()
        p /= z
        log_m += c["steps"] * (top + np.log(z))
        centre = int(np.rint((p * loss).sum() / h))
        at = loss / h - centre
        cell = np.floor(at)
        u = at - cell
        pmf = np.zeros(n)
        for k, lw in zip(range(-3, 5), lagrange(u)):
            index = np.mod(cell.astype(np.int64) + k, n)
            pmf += np.bincount(index, weights=p * lw, minlength=n)
        pmf[0] -= p.sum()
        difference = np.fft.rfft(pmf)
        with np.errstate(divide="ignore"):
            log_phi += c["steps"] * np.log1p(difference)
        shift += c["steps"] * centre
    law = np.fft.irfft(np.exp(log_phi), n)
    first = int(np.floor(low / h))
    law = np.roll(law, -((first - shift) % n))  # law[i] is the mass at (first + i) h
    return law, first, log_m


def log_delta_at(law, first, log_m, tilt, h, k):
    """log delta at the lattice point k, Gregory's rule."""
    i = k - first
    tail = law[i:]
    j = np.arange(len(tail))
    # exp(-tilt (l - e)) (1 - e^(e - l)), relative to e^(log_m - tilt e)
    f = tail * np.exp(-tilt * j * h) * -np.expm1(-j * h)
    total = f.sum() - f[0] / 2
    difference = f[:12].copy()
    for c in GREGORY:
        difference = np.diff(difference)
        total += c * difference[0]
    return log_m - tilt * k * h + np.log(total) if total > 0 else -np.inf


def lattice(plan, remove, delta, rough=False):
    """(epsilon, spread) by ever finer lattices."""
    # The tilt: the saddle point of the integrand at epsilon, found together with it.
    cost = lambda u: (log_moment(plan, remove, np.exp(u))[0] - np.log(delta) - u - np.logaddexp(0, u)) / np.exp(u)
    tilt = np.exp(golden(cost, -7, 16))
    for attempt in range(2):
        k, mean, variance = log_moment(plan, remove, tilt)
        chernoff = lambda v, sign: (log_moment(plan, remove, tilt + sign * np.exp(v))[0] - k + 34) / np.exp(v)
        v = golden(lambda v: chernoff(v, 1), np.log(tilt) - 8, np.log(tilt) + 5)
        high = chernoff(v, 1)
        v = golden(lambda v: chernoff(v, -1), np.log(tilt) - 8, np.log(tilt) + 5)
        low = -chernoff(v, -1)
        high, low = max(high, mean + 9 * variance**0.5), min(low, mean - 9 * variance**0.5)
        h = min(variance**0.5 / 12, (high - low) / 3000, max(0.5 / (1 + tilt), (high - low) / 4e5))
        hits = sum(c["steps"] * c.get("q", 1) for c in plan)
        finest = 1_000_001 if hits < 1 and not rough else 100_001  # With few hits a step's law shows through.
        history = []
        for level in range(18):
            count = max(finest if attempt == 1 else 0, min(20001 * (1 + level), 100_001))
            law, first, log_m = lattice_once(plan, remove, delta, tilt, h, low, high, count)
            # Bisect lattice points for delta, then interpolate.
            a, b = first + 20, first + len(law) - 20
            f = lambda i: log_delta_at(law, first, log_m, tilt, h, i) - np.log(delta)
            a = max(a, 0, int((mean - 6 * variance**0.5) / h))
            if f(a) <= 0:
                if a > 0:
                    return a * h, np.inf  # Below the window: a bound, of no use as a truth.
                history.append(0.0)
                h *= 0.7
                if len(history) >= 5 and max(history[-5:]) == 0:
                    return 0.0, 0.0
                continue
            while b - a > 1:
                m = (a + b) // 2
                a, b = (m, b) if f(m) > 0 else (a, m)
            around = np.arange(a - 4, a + 6)
            around = around[around >= 0]
            values = np.array([f(i) for i in around])
            # Inverse by interpolation: find e with the polynomial through (i, f) equal to 0.
            poly = lambda x: sum(v * np.prod([(x - m) / (i - m) for m in around if m != i]) for i, v in zip(around, values))
            lo, hi = float(a), float(b)
            for _ in range(60):
                m = (lo + hi) / 2
                lo, hi = (m, hi) if poly(m) > 0 else (lo, m)
            history.append(lo * h)
            if len(history) >= 3:
                spread = max(history[-3:]) - min(history[-3:])
                scale = max(1, history[-1])
                if spread < (1e-4 if rough or attempt == 0 else 1.5e-8) * scale and (
                        rough or attempt == 0 or spread < 1e-3 * history[-1]):
                    break
            h *= 0.7
            if (high - low) / h > 1 << 21 and len(history) >= 3:
                break
        epsilon = history[-1]
        if rough or attempt == 1:
            break
        tilt = np.exp(golden(
            lambda u: log_moment(plan, remove, np.exp(u))[0] - np.exp(u) * epsilon - u - np.logaddexp(0, u), -7, 16))
    return epsilon, (max(history[-3:]) - min(history[-3:]) if len(history) > 2 else np.inf)


# ---- one step, closed ----
def closed(q, s, steps, delta):
    q, s, delta = mp.mpf(q), mp.mpf(s), mp.mpf(delta)
    s = s / mp.sqrt(steps)
    cdf = lambda x: mp.erfc(-x / mp.sqrt(2)) / 2

    def remove(e):
        if q == 1:
            x = s * s * e + mp.mpf(1) / 2
        else:
            inside = (mp.exp(e) - (1 - q)) / q
            if inside <= 0:
                return 1 - mp.exp(e)
            x = s * s * mp.log(inside) + mp.mpf(1) / 2
        return q * cdf((1 - x) / s) - (mp.exp(e) - 1 + q) * cdf(-x / s)

    def add(e):
        if mp.exp(-e) <= 1 - q:
            return mp.mpf(0)
        x = s * s * mp.log((mp.exp(-e) - (1 - q)) / q) + mp.mpf(1) / 2
        return cdf(x / s) * (1 - mp.exp(e) * (1 - q)) - mp.exp(e) * q * cdf((x - 1) / s)

    best = mp.mpf(0)
    for f in (remove, add):
        if f(best) <= delta:
            continue
        a, b = best, mp.mpf(1)
        while f(b) > delta:
            b *= 2
        for _ in range(110):
            m = (a + b) / 2
            a, b = (m, b) if f(m) > delta else (a, m)
        best = b
    return float(best)


# ---- two and three steps, nested ----
def one_step_delta(q, s, e, remove):
    """P(L > e) - e^e Q(L > e) in float64, e any sign."""
    with np.errstate(all="ignore"):
        inside = (np.exp(e) - (1 - q)) / q if remove else (np.exp(-e) - (1 - q)) / q
        near = np.expm1(e if remove else -e) / q + 1
        inside = np.where(np.abs(e) < 0.5, near, inside)
        x = s * s * np.log(np.maximum(inside, 1e-300)) + 0.5
        if remove:
            value = q * ndtr((1 - x) / s) - (np.expm1(e) + q) * ndtr(-x / s)
            return np.where(inside <= 0, -np.expm1(e), value)
        value = (-np.expm1(e) + q * np.exp(e)) * ndtr(x / s) - q * np.exp(e) * ndtr((x - 1) / s)
        return np.where(inside <= 0, 0.0, value)


def nested(q, s, steps, delta, remove, count):
    loss, weight = gaussian_nodes(q, s, remove, 1, count)  # The tilt widens the range towards what matters.
    if steps == 2:
        f = lambda e: (np.exp(weight) * one_step_delta(q, s, e - loss, remove)).sum()
    else:
        sums, both = loss[:, None] + loss[None, :], np.exp(weight[:, None] + weight[None, :])
        f = lambda e: (both * one_step_delta(q, s, e - sums, remove)).sum()
    if f(0.0) <= delta:
        return 0.0
    a, b = 0.0, 1.0
    while f(b) > delta:
        b *= 2
    return brentq(lambda e: np.log(max(f(e), delta * 1e-30) / delta), a, b, xtol=1e-13, rtol=1e-13)


# ---- plans of atoms: convolutions of positive numbers ----
def atoms(plan, delta):
    loss, mass = np.zeros(1), np.ones(1, np.longdouble)
    for c in plan:
        if c["kind"] == "discrete_gaussian":
            s = c["sigma"]
            n = np.arange(-int(14 * s + 3), int(14 * s + 4))
            p = np.exp(-np.longdouble(1) * n * n / (2 * s * s))  # n is the noise; the loss (2 (n + 1) - 1) / (2 s s)
            p /= p.sum()
            low, gap, base = n[0], 1 / (s * s), c["steps"] * 0.5 / (s * s)
        else:
            e, k = np.longdouble(c["epsilon"]), c.get("categories", 2)
            total = np.exp(e) + k - 1
            p = np.array([1, k - 2, np.exp(e)]) / total
            low, gap, base = -1, c["epsilon"], 0.0
        law = np.ones(1, np.longdouble)
        for _ in range(c["steps"]):
            law = np.convolve(law, p)
        at = base + gap * (np.arange(len(law)) + low * c["steps"])
        keep = law > 1e-40
        loss = np.add.outer(loss, at[keep]).ravel()
        mass = np.multiply.outer(mass, law[keep]).ravel()
    f = lambda e: (mass * np.maximum(-np.expm1(e - loss), 0)).sum()
    if f(0.0) <= delta:
        return 0.0
    a, b = 0.0, 1.0
    while f(b) > delta:
        b *= 2
    for _ in range(70):
        m = (a + b) / 2
        a, b = (m, b) if f(m) > delta else (a, m)
    return float(b)


# ---- the rows ----
def gauss(q, sigma, steps):
    return {"kind": "gaussian", "q": q, "sigma": sigma, "steps": steps}


def total_variation(plan):
    """delta(0) to a few digits, at tilt 0+ on a coarse lattice."""
    tilt = 0.05
    _, mean, variance = log_moment(plan, True, tilt)
    best = 0
    for h in (variance**0.5 / 60, variance**0.5 / 90):
        law, first, log_m = lattice_once(plan, True, 0, tilt, h, mean - 1e4 * h, mean + 1.2e4 * h, 40001)
        best = log_delta_at(law, first, log_m, tilt, h, 0)
    return float(np.exp(best))


def rows():
    r = random.Random(20260404)
    log = lambda a, b: float(f"{np.exp(r.uniform(np.log(a), np.log(b))):.4g}")
    steps = lambda a, b: int(round(np.exp(r.uniform(np.log(a), np.log(b)))))
    for _ in range(12):  # Few expected hits of little noise.
        q, hits = log(1e-5, 1e-2), log(1e-3, 30)
        t = min(max(int(round(hits / q)), 2), 10**6)
        yield "few hits", q, log(0.3, 1), t, log(1e-12, 1e-3)
    for share in (0.99, 0.95, 0.8, 0.5):  # delta just below the total variation, which is at most 1e-3.
        for t, s in ((int(r.choice([1, 2, 5, 20])), log(0.3, 3)), (steps(2, 100), log(1, 10))):
            tv = 2 * float(ndtr(0.5 / s)) - 1
            yield ("below variation", share), float(f"{r.uniform(0.3, 0.9) * 1e-3 / (tv * t):.4g}"), s, t, None
    for q in (0.9, 0.999, 1 - 1e-6):
        yield "near one", q, log(0.3, 3), steps(1, 30), log(1e-12, 1e-3)
        yield "near one", q, log(3, 100), steps(30, 1e5), log(1e-12, 1e-3)
    for t in (1, 2, 3, 10):
        for _ in range(3):
            yield "few steps", log(1e-3, 1), log(0.3, 3), t, log(1e-12, 1e-4)
    yield "extreme", 0.5, 0.3, 10**6, 1e-5
    yield "extreme", 1.0, 0.3, 10**6, 1e-12
    yield "extreme", 1.0, 100.0, 1, 1e-5
    yield "extreme", 1e-5, 0.3, 10**6, 1e-12
    yield "extreme", 1e-5, 100.0, 10**6, 1e-12
    yield "extreme", 1e-5, 0.3, 1, 1e-12
    yield "extreme", 1e-5, 0.3, 100, 1e-4
    yield "extreme", 1e-5, 0.5, 100, 1e-3
    yield "extreme", 0.1, 0.3, 10**6, 1e-3
    yield "extreme", 0.999, 0.3, 10**5, 1e-12
    for _ in range(6):
        yield "small delta", log(1e-4, 0.5), log(0.3, 10), steps(2, 1e5), 1e-12
    for _ in range(8):  # Tiny epsilon: delta close to the total variation of much noise.
        q, s = log(1e-5, 1e-2), log(5, 100)
        yield "tiny", q, s, max(1, int(log(1e-6, 1e-1) / (q / s) ** 2) if q / s > 3e-4 else steps(1, 1e6)), log(1e-8, 1e-3)
    for _ in range(38):
        q = log(1e-5, 1)
        yield "random", q, log(0.3, 100), steps(1, 1e6), log(1e-12, 1e-3)


def mixtures():
    lap = lambda b, t: {"kind": "laplace", "scale": b, "steps": t}
    dg = lambda s, t: {"kind": "discrete_gaussian", "sigma": s, "steps": t}
    rr = lambda e, k, t: {"kind": "randomized_response", "epsilon": e, "categories": k, "steps": t}
    pure = lambda e, t: {"kind": "pure", "epsilon": e, "steps": t}
    yield [rr(0.5, 2, 20)], 1e-6
    yield [rr(1.0, 10, 7)], 1e-4
    yield [rr(0.1, 4, 300), pure(0.05, 40)], 1e-9
    yield [pure(0.01, 1000)], 1e-5
    yield [pure(0.1, 3), pure(0.25, 5), pure(0.7, 2)], 1e-3
    yield [dg(2.0, 1)], 1e-5
    yield [dg(0.5, 3)], 1e-9
    yield [dg(8.0, 200)], 1e-6
    yield [dg(3.0, 10), rr(0.3, 2, 10)], 1e-7
    yield [dg(1.3, 5), pure(0.2, 4)], 1e-12
    yield [lap(2.0, 400)], 1e-5
    yield [lap(20.0, 3000)], 1e-9
    yield [lap(5.0, 20), gauss(0.02, 1.1, 500)], 1e-6
    yield [lap(1.0, 4), gauss(1.0, 4.0, 10)], 1e-5
    yield [dg(2.0, 3), gauss(0.01, 0.8, 1000)], 1e-5
    yield [rr(0.4, 3, 10), gauss(1e-3, 0.6, 2000)], 1e-8
    yield [dg(4.0, 5), lap(10.0, 5), rr(0.1, 2, 5), pure(0.05, 5), gauss(0.05, 2.0, 300)], 1e-6


def floor(plan):
    """Rounding of one step's masses, times the steps: what the spread over lattices cannot show."""
    return 1e-8 if sum(c["steps"] for c in plan) >= 10_000 else 1e-9


def solve(q, s, t, delta):
    plan = [gauss(q, s, t)]
    if t == 1 or q == 1:
        e = closed(q, s, t, delta)
        return e, 1e-12 * max(1, e), "closed"
    e, spread = lattice(plan, True, delta)
    method = "lattice"
    other = lattice(plan, False, delta, rough=True)[0]
    if other > 0.98 * e:
        other, more = lattice(plan, False, delta)
        if other > e + 4 * spread + 4 * more + 1e-10:
            raise ArithmeticError("adding a record cannot cost more than removing one; the lattice is too coarse")
    tolerance = max(4 * spread, floor([gauss(q, s, t)]) * max(1, e))
    if t == 2 or (t == 3 and q > 0.1 and s > 1):
        n = max(nested(q, s, t, delta, d, 400001 if t == 2 else 2001) for d in (True, False))
        tolerance = max(2 * abs(n - e), 1e-10 * max(1, e))
        e, method = n, "nested, lattice"
    return e, tolerance, method


def main():
    budget = float(sys.argv[1]) if len(sys.argv) > 1 else 1e9
    start = time.process_time()
    out = {"note": __doc__, "gaussian": [], "mixtures": []}
    path = pathlib.Path(__file__).with_suffix(".json")

    def save():
        text = json.dumps(out, indent=1, allow_nan=False)
        path.write_text(text + "\n")

    def tell(*what):
        print(f"{time.process_time() - start:7.1f}", *what, file=sys.stderr, flush=True)

    for plan, delta in mixtures():
        smooth = any(c["kind"] in ("gaussian", "laplace") for c in plan)
        try:
            e, spread = lattice(plan, True, delta) if smooth else (atoms(plan, delta), 0)
        except ArithmeticError as error:
            tell("SKIPPED", plan, error)
            continue
        if smooth:
            other, more = lattice(plan, False, delta)
            e, spread = (other, more) if other > e else (e, spread)
        tolerance = max(4 * spread, floor(plan) * max(1, e)) if smooth else 1e-12 * max(1, e)
        tell(plan, delta, e, tolerance)
        if tolerance > 1e-7 * max(1, e):
            tell("SKIPPED: not known to 1e-7")
            continue
        out["mixtures"].append({"components": plan, "delta": delta, "eps_ref": e, "eps_ref_abs_tol": tolerance,
                                "method": "lattice" if smooth else "atoms"})
    for tag, q, s, t, delta in rows():
        if delta is None:
            delta = float(f"{tag[1] * total_variation([gauss(q, s, t)]):.6g}")
            tag = tag[0]
        try:
            e, tolerance, method = solve(q, s, t, delta)
        except ArithmeticError as error:
            tell("SKIPPED", tag, q, s, t, delta, error)
            continue
        tell(tag, q, s, t, delta, e, tolerance, method)
        if not tolerance <= 1e-7 * max(1, e):
            tell("SKIPPED: not known to 1e-7")
            continue
        out["gaussian"].append({"tag": tag, "q": q, "sigma": s, "steps": t, "delta": delta, "eps_ref": e,
                                "eps_ref_abs_tol": tolerance, "method": method})
        if len(out["gaussian"]) % 10 == 0:
            save()
        if time.process_time() - start > budget:
            break
    save()


if __name__ == "__main__":
    main()
