"""Prints the coefficients of Core/Tensors/ErrorFunction.cs: minimax fits by Lawson's reweighted least squares.

Lawson 1961, "Contributions to the theory of linear least maximum approximation". Needs numpy.
"""
import math

import numpy

POINTS = 2000
ROUNDS = 800


def fit(x, f, weight, degree):
    """Fits a polynomial whose largest weighted error is least; returns that error and the coefficients."""
    powers = numpy.vander(x, degree + 1, increasing=True)
    lawson = numpy.full(len(x), 1 / len(x))
    best = (math.inf, None)
    for _ in range(ROUNDS):
        scale = numpy.sqrt(lawson) * weight
        c = numpy.linalg.lstsq(powers * scale[:, None], f * scale, rcond=None)[0]
        error = numpy.abs((powers @ c - f) * weight)
        best = min(best, (error.max(), c), key=lambda pair: pair[0])
        lawson = lawson * error / (lawson * error).sum()
    return best


nodes = (1 - numpy.cos(numpy.pi * (numpy.arange(POINTS) + 0.5) / POINTS)) / 2

# P: erf(x)/x on [0, 1] in x², relative; ErrorFunction adds the leading 1 apart.
ratio = numpy.array([math.erf(x) / x for x in nodes])
error, p = fit(nodes * nodes, ratio, 1 / ratio, 6)
p[0] -= 1
print("P", error, *(repr(float(numpy.float32(c))) for c in p))

# Q: ln erfc(x) on [1, 3.95], weighed as it enters erf.
x = 1 + nodes * 2.95
tail = numpy.array([math.erfc(v) for v in x])
error, q = fit(x, numpy.log(tail), tail / (1 - tail), 6)
print("Q", error, *(repr(float(numpy.float32(c))) for c in q))
