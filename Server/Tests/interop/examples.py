"""Writes what the models are trained on and asked: a table, rows of it, and a picture of a 7."""
import random
import struct
import sys
import zlib

folder = sys.argv[1]
chance = random.Random(1)


def row(kind):
    length, width = chance.gauss(4 + kind, 0.3), chance.gauss(1 + kind * 0.5, 0.2)
    return f"{length:.2f},{width:.2f},{chance.choice(['red', 'blue', 'white'][:kind + 1])}"


with open(f"{folder}/flowers.csv", "w") as table:
    table.write("length,width,colour,kind\n")
    for index in range(150):
        table.write(f"{row(index % 3)},{['daisy', 'rose', 'lily'][index % 3]}\n")
with open(f"{folder}/rows.csv", "w") as table:
    table.write("length,width,colour\n")
    for index in range(9):
        table.write(row(index % 3) + "\n")
    table.write("5.1,,green\n")


def picture(path, size=28):
    """A 7 as PNG, in shades of grey, dark background."""
    rows = []
    for y in range(size):
        line = bytearray(size)
        for x in range(size):
            top = 6 <= y <= 8 and 7 <= x <= 20
            leg = 8 < y <= 22 and abs(x - (20 - (y - 8) * 0.55)) < 1.6
            line[x] = 230 if top or leg else 0
        rows.append(b"\0" + bytes(line))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b""))


picture(f"{folder}/seven.png")
