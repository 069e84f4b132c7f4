"""Writes philox.json: Philox4x32-10 written from the paper's equations in plain Python, and dropout masks by it.

Run: python make_philox_vectors.py   (Python 3, no packages)

The known answers of the authors' Random123 (kat_vectors) for Philox4x32-10 are checked before anything is written.
Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", section 3.3.
"""

import json
import pathlib

M = 0xFFFFFFFF


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & M, (a >> 32) ^ c[3] ^ k[1], a & M]
        k = [(k[0] + 0x9E3779B9) & M, (k[1] + 0xBB67AE85) & M]
    return c


ANSWERS = [
    ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([M] * 4, [M] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]),
]
for counter, key, words in ANSWERS:
    assert philox(counter, key) == words


def kept(count, rate, seed, step, place):
    """Number 256 j + k of each tile of 1,024 is word j of the tile's counter k."""
    threshold = int(rate * 2**32)
    blocks = {}
    places = []
    for i in range(count):
        tile, rest = divmod(i, 1024)
        j, k = divmod(rest, 256)
        at = tile * 256 + k
        if at not in blocks:
            blocks[at] = philox([at & M, at >> 32, step, place], [seed & M, seed >> 32])
        if blocks[at][j] >= threshold:
            places.append(i)
    return places


out = {
    "answers": [{"counter": c, "key": k, "words": w} for c, k, w in ANSWERS],
    "masks": [
        {"count": n, "rate": r, "seed": seed, "step": step, "place": place, "kept": kept(n, r, seed, step, place)}
        for n, r, seed, step, place in [(7, 0.5, 1, 0, 0), (1500, 0.25, 2**33 + 7, 12, 1), (2100, 0.9, 42, 3, 2)]
    ],
}
pathlib.Path(__file__).with_name("philox.json").write_text(json.dumps(out) + "\n")
