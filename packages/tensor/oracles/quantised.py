"""Writes src/kernels/quantised.golden.json: products with int8 weights by NumPy, from the definition in docs/decisions/0009-int8-base.md alone.
`python packages/tensor/oracles/quantised.py` (NumPy 2). All f32 numbers as their bits."""
import json
from pathlib import Path

import numpy as np

f32 = np.float32


def quantise(rows):
    scales = (np.abs(rows).max(axis=1) / f32(127)).astype(f32)
    units = np.divide(rows, scales[:, None], out=np.zeros_like(rows), where=scales[:, None] != 0)
    return np.rint(np.clip(units, f32(-127), f32(127))).astype(np.int64), scales


def product(x, w):
    (qx, sx), (qw, sw) = quantise(x), quantise(w)
    return (qx @ qw.T).astype(f32) * (sx[:, None] * sw[None, :])


random = np.random.default_rng(7)
bits = lambda a: np.ascontiguousarray(a, dtype=f32).view(np.uint32).ravel().tolist()
cases = []
for m, n, k in [(1, 1, 1), (1, 17, 9), (3, 5, 40), (2, 18, 65)]:
    x, w = random.standard_normal((m, k)).astype(f32), random.standard_normal((n, k)).astype(f32)
    x[0] *= f32(1e-42) if k == 40 else f32(1)
    # Halves of the scale, to see which way they go.
    w[-1] = (np.arange(k) % 255 - 127).astype(f32) / f32(2)
    w[-1, 0] = f32(127)
    if n > 2:
        w[1] = 0
    cases.append({"shape": [m, n, k], "x": bits(x), "w": bits(w), "y": bits(product(x, w))})
path = Path(__file__).parent.parent / "src" / "kernels" / "quantised.golden.json"
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
