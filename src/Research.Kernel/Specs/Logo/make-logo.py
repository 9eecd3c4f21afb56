"""Draws the kernel's logo: a violet tile with a C and a sharp. Writes logo-32x32.png, logo-64x64.png and logo-svg.svg.

Run here with any Python 3; needs nothing else. The files are committed.
"""
import math
import struct
import zlib

TILE = (0x5B, 0x2A, 0x86)
INK = (0xFF, 0xFF, 0xFF)
SAMPLES = 4  # a side, per pixel


def rounded(x, y, half, radius):
    dx, dy = max(abs(x - 0.5) - half + radius, 0), max(abs(y - 0.5) - half + radius, 0)
    return math.hypot(dx, dy) <= radius


def is_ink(x, y):
    dx, dy = x - 0.38, y - 0.5
    distance, angle = math.hypot(dx, dy), abs(math.atan2(dy, dx))
    if 0.155 <= distance <= 0.245 and angle >= 0.75:
        return True
    inside = 0.58 <= x <= 0.88 and 0.35 <= y <= 0.65
    upright = min(abs(x - 0.67 + (y - 0.5) * 0.12), abs(x - 0.79 + (y - 0.5) * 0.12)) <= 0.022
    level = min(abs(y - 0.44), abs(y - 0.56)) <= 0.022
    return inside and (upright or level)


def pixel(px, py, size):
    tile = ink = 0
    for i in range(SAMPLES * SAMPLES):
        x = (px + (i % SAMPLES + 0.5) / SAMPLES) / size
        y = (py + (i // SAMPLES + 0.5) / SAMPLES) / size
        if rounded(x, y, 0.48, 0.14):
            tile += 1
            ink += is_ink(x, y)
    if tile == 0:
        return (0, 0, 0, 0)
    share = ink / tile
    colour = tuple(round(t + (i - t) * share) for t, i in zip(TILE, INK))
    return (*colour, round(255 * tile / SAMPLES**2))


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(size):
    rows = b"".join(b"\0" + bytes(v for px in range(size) for v in pixel(px, py, size)) for py in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <rect x="2" y="2" width="96" height="96" rx="14" fill="#5b2a86"/>
  <path d="M52.6 36.4a20 20 0 1 0 0 27.2" fill="none" stroke="#fff" stroke-width="9"/>
  <path d="M69 35l-4 30M81 35l-4 30M58 44h30M58 56h30" fill="none" stroke="#fff" stroke-width="4.4"/>
</svg>
"""

if __name__ == "__main__":
    for size in (32, 64):
        with open(f"logo-{size}x{size}.png", "wb") as file:
            file.write(png(size))
    with open("logo-svg.svg", "w", newline="\n") as file:
        file.write(SVG)
