"""Makes scattering.json: scattering coefficients by the plain definition, in double.

Usage: python3 scattering.py FOLDER

FOLDER holds Fashion-MNIST's t10k-images-idx3-ubyte.gz. The formulas are those of Kymatio 0.3.0 (BSD-3-Clause; the files
scattering2d/filter_bank.py, core/scattering2d.py and utils.py), written anew:
every convolution is a product of full
transforms at the resolution that Kymatio uses, sampled afterwards.
"""
import gzip
import json
import pathlib
import sys

import numpy as np
import torch


def gabor(height, width, sigma, theta, xi, slant):
    c, s = np.float64(np.float32(np.cos(theta))), np.float64(np.float32(np.sin(theta)))  # Kymatio's R is float32
    turn = np.array([[c, -s], [s, c]])
    curve = turn @ np.diag([1.0, slant * slant]) @ turn.T / (2 * sigma * sigma)
    total = np.zeros((height, width), complex)
    for ex in range(-2, 3):
        for ey in range(-2, 3):
            x, y = np.meshgrid(np.arange(height) + ex * height, np.arange(width) + ey * width, indexing="ij")
            square = curve[0, 0] * x * x + (curve[0, 1] + curve[1, 0]) * x * y + curve[1, 1] * y * y
            total += np.exp(-square + 1j * xi * (x * np.cos(theta) + y * np.sin(theta)))
    return total / (2 * 3.1415 * sigma * sigma / slant)


def wavelet(height, width, j, t, angles):
    sigma, xi, slant = 0.8 * 2**j, 3 / 4 * np.pi / 2**j, 4 / angles
    theta = (int(angles - angles / 2 - 1) - t) * np.pi / angles
    wave, envelope = gabor(height, width, sigma, theta, xi, slant), gabor(height, width, sigma, theta, 0, slant)
    return np.real(np.fft.fft2(wave - wave.sum() / envelope.sum() * envelope))


def periodize(spectrum, level):
    """Keeps the frequencies from -n/2 to n/2 - 1 of each axis, n being the size at that level."""
    for axis in (0, 1):
        size = spectrum.shape[axis] // 2**level
        keep = np.r_[0 : size // 2, spectrum.shape[axis] - size // 2 : spectrum.shape[axis]]
        spectrum = np.take(spectrum, keep, axis)
    return spectrum


def scatter(image, scales, angles):
    margin = 2**scales
    padded = np.pad(image.astype(float), margin, mode="reflect")
    height, width = padded.shape
    phi = np.real(np.fft.fft2(gabor(height, width, 0.8 * 2 ** (scales - 1), 0, 0, 1)))
    psi = {(j, t): wavelet(height, width, j, t, angles) for j in range(scales) for t in range(angles)}

    def convolve(x, level, spectrum, target):
        y = np.fft.ifft2(np.fft.fft2(x) * periodize(spectrum, level))
        step = 2 ** (target - level)
        return y[::step, ::step]

    def average(x, level):
        return np.real(convolve(x, level, phi, scales))[1:-1, 1:-1]

    zeroth, first, second = [average(padded, 0)], [], []
    for j1 in range(scales):
        for t1 in range(angles):
            u1 = np.abs(convolve(padded, 0, psi[j1, t1], j1))
            first.append(average(u1, j1))
            for j2 in range(j1 + 1, scales):
                for t2 in range(angles):
                    second.append(average(np.abs(convolve(u1, j1, psi[j2, t2], j2)), j2))
    return np.stack(zeroth + first + second)


def case(name, image, scales, angles, groups, every):
    image = np.asarray(image, np.float32)
    features = scatter(image, scales, angles)
    normal = torch.nn.functional.group_norm(torch.from_numpy(features)[None], groups, eps=1e-5)[0].numpy()
    return {
        "name": name, "scales": scales, "angles": angles, "groups": groups, "shape": list(features.shape),
        "height": image.shape[0], "width": image.shape[1], "bytes": [int(round(255 * p)) for p in image.ravel()],
        "every": every,
        "features": [float(f"{v:.9g}") for v in features.ravel()[::every]],
        "normalized": [float(f"{v:.9g}") for v in normal.ravel()[::every]],
    }


with gzip.open(pathlib.Path(sys.argv[1]) / "t10k-images-idx3-ubyte.gz") as file:
    images = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 28, 28) / np.float32(255)
rng = np.random.default_rng(11)
cases = [
    case("boot, 28x28", images[0], 2, 8, 27, 1),
    case("pullover, 28x28", images[1], 2, 8, 81, 5),
    case("noise, 24x40", rng.integers(0, 256, (24, 40)) / np.float32(255), 3, 4, 1, 3),
    case("noise, 20x12", rng.integers(0, 256, (20, 12)) / np.float32(255), 1, 6, 7, 1),
    case("noise, 4x4", rng.integers(0, 256, (4, 4)) / np.float32(255), 2, 5, 4, 1),
    case("noise, 44x8", rng.integers(0, 256, (44, 8)) / np.float32(255), 2, 1, 2, 1),
]
text = json.dumps({"note": __doc__.split("\n")[0], "cases": cases}, allow_nan=False)
pathlib.Path(__file__).with_suffix(".json").write_text(text + "\n")
