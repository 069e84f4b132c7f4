"""Writes PNGFixtures.swift: PNG files put together chunk by chunk with zlib and struct only.

An oracle that shares no code with libpng: the pixels stand in the tests, worked by hand.
Made with Python 3.11, zlib 1.2.13. Run: python3 make_png_fixtures.py > PNGFixtures.swift
"""
import struct
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, color, rows, extra=b"", interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra
            + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))


def sub(row):  # filter type 1: each byte less its left neighbour (1 byte per pixel)
    return b"\x01" + bytes((b - (row[i - 1] if i else 0)) & 255 for i, b in enumerate(row))


def up(row, above):  # filter type 2
    return b"\x02" + bytes((b - a) & 255 for b, a in zip(row, above))


def adam7(pixels):  # 8-bit grey, filter 0
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = []
    for y0, x0, dy, dx in passes:
        for y in range(y0, len(pixels), dy):
            row = bytes(pixels[y][x0::dx])
            if row:
                rows.append(b"\x00" + row)
    return rows


grey = [bytes([0, 50, 100]), bytes([150, 200, 255])]
fixtures = {
    "gray": ("8-bit grey, 2 x 3, filters Sub and Up", png(3, 2, 8, 0, [sub(grey[0]), up(grey[1], grey[0])])),
    "rgb": ("8-bit colour, 2 x 2", png(2, 2, 8, 2, [b"\0" + bytes([255, 0, 0, 0, 255, 0]), b"\0" + bytes([0, 0, 255, 10, 20, 30])])),
    "palette": ("palette of 3 colours in 2 bits, 1 x 3: indices 2 0 1", png(
        3, 1, 2, 3, [b"\0" + bytes([0b10000100])], chunk(b"PLTE", bytes([1, 2, 3, 40, 50, 60, 7, 8, 9])))),
    "bilevel": ("1-bit grey, 1 x 10: 1010101010", png(10, 1, 1, 0, [b"\0" + bytes([0b10101010, 0b10000000])])),
    "gray16": ("16-bit grey without gAMA or sRGB, 1 x 3: 0, 0x8080, 0xFFFF", png(
        3, 1, 16, 0, [b"\0" + struct.pack(">HHH", 0, 0x8080, 0xFFFF)])),
    "interlaced": ("8-bit grey, 9 x 9, Adam7: pixel = 9 row + column", png(
        9, 9, 8, 0, adam7([[9 * r + c for c in range(9)] for r in range(9)]), interlace=1)),
    "rgba": ("8-bit colour with opacity, 1 x 2: opaque (10, 20, 30), then transparent", png(
        2, 1, 8, 6, [b"\0" + bytes([10, 20, 30, 255, 200, 100, 50, 0])])),
    "huge": ("a header that claims 60000 x 60000 pixels, with almost no data", png(60000, 60000, 8, 2, [b"\0"])),
}
print("// Made by make_png_fixtures.py (Python's zlib and struct only); do not edit.")
print("enum PNGFixtures {")
for i, (name, (what, data)) in enumerate(fixtures.items()):
    if i:
        print()
    print(f"    /// {what}.")
    print(f"    static let {name}: [UInt8] = [")
    for start in range(0, len(data), 16):
        print("        " + ", ".join(f"0x{b:02X}" for b in data[start:start + 16]) + ",")
    print("    ]")
print("}")
