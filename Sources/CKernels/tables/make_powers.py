#!/usr/bin/env python3
"""Makes powers.h: the most significant 128 bits of the powers of five from 5^-342 to 5^308.

    python3 make_powers.py > powers.h

Reciprocals down to 5^-27, whose product with a short mantissa may be exact, are rounded up, all else down: the proof in
Lemire's paper ("Number parsing at a gigabyte per second", 2021) asks for that.
"""


def bits(q):
    power = 5 ** abs(q)
    length = power.bit_length()
    if q >= 0:
        return power >> (length - 128) if length > 128 else power << (128 - length)
    # 2^b / 5^-q with b such that it has 128 bits.
    quotient, rest = divmod(1 << (length + 127), power)
    return quotient + (1 if q >= -27 and rest else 0)


print("// Made by make_powers.py: the first 128 bits of 5^q for q = -342 ... 308, the higher half first.")
print("#ifndef CK_TABLES_POWERS_H\n#define CK_TABLES_POWERS_H\n\n#include <stdint.h>\n")
print("#define CK_SMALLEST_POWER (-342)\n#define CK_LARGEST_POWER 308\n")
print("static const uint64_t powers_of_five[651][2] = {")
pairs = [bits(q) for q in range(-342, 309)]
assert all(pair.bit_length() == 128 for pair in pairs)
texts = [f"{{0x{pair >> 64:016x}, 0x{pair & (1 << 64) - 1:016x}}}," for pair in pairs]
for first in range(0, len(texts), 2):
    print("    " + " ".join(texts[first:first + 2]))
print("};\n\n#endif")
