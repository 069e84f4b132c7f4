#!/usr/bin/env python3
"""Makes Fixtures/: files of tables, and what Python's csv module, Python's float and scikit-learn make of them.

    python3 make_fixtures.py

Made with Python 3.11.7, NumPy 2.4.6, pandas 3.1.1 and scikit-learn 1.9.1.
"""

import csv
import gzip
import io
import json
import pathlib
import random
import struct

import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

folder = pathlib.Path(__file__).parent / "Fixtures"
folder.mkdir(exist_ok=True)

files = {
    "plain.csv": "a,b,c\n1,2,3\n4,5,6\n",
    "crlf.csv": "a,b\r\n1,x\r\n2,y\r\n",
    "returns.csv": "a,b\r1,x\r2,\"y\rz\"\r",
    "no-end.csv": "a,b\n1,x\n2,y",
    "quotes.csv": 'name,text\n"Kim, A.","said ""yes"""\nLee,"two\nlines"\n"",""\n" kept ",x\n',
    "stray.csv": 'size,note\n5" pipe,a"b\n"abc"def,"x" y\n"a""b",""""\n',
    "blank.csv": "\n\na,b\n\n1,2\n\r\n3,4\n\n",
    "tabs.tsv": "a\tb, c\td\n1\t2,5\tx\n2\t3,5\ty\n",
    "semicolons.csv": "länge;breite;art\n1,5;2,25;rot\n-0,5;1e3;blau\n",
    "pipes.csv": "a|b\n1,2|x\n3,4|y\n",
    "separator.csv": "sep=;\r\na;b\r\n1;2\r\n3;4\r\n",
    "korean.csv": "이름,키,성별\n김철수,175.5,남\n이영희,162.3,여\n박민수,180.1,남\n",
    "european.csv": "ort,größe\nZürich,1.5\nMálaga,2.5\n",
}
encoded = {
    "bom.csv": ("korean.csv", "utf-8-sig"),
    "cp949.csv": ("korean.csv", "cp949"),
    "euc-kr.csv": ("korean.csv", "euc-kr"),
    "utf16.csv": ("korean.csv", "utf-16"),
    "utf16be.csv": ("korean.csv", "utf-16-be"),
    "utf16le.csv": ("plain.csv", "utf-16-le"),
    "windows.csv": ("european.csv", "cp1252"),
}
delimiters = {"tabs.tsv": "\t", "semicolons.csv": ";", "pipes.csv": "|", "separator.csv": ";"}
rows = {}
for name, text in files.items():
    (folder / name).write_bytes(text.encode())
    body = text.removeprefix("sep=;\r\n")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiters.get(name, ","))
    rows[name] = [row for row in reader if row]
for name, (source, encoding) in encoded.items():
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (folder / name).write_bytes((mark + files[source]).encode(encoding))
    rows[name] = rows[source]
(folder / "quotes.csv.gz").write_bytes(gzip.compress(files["quotes.csv"].encode(), mtime=0))
rows["quotes.csv.gz"] = rows["quotes.csv"]

# Numbers: Python's float is David Gay's, which rounds to nearest.
random.seed(12)
texts = [
    "0", "-0", "0.0", "1", "-1", "+1", "1.", ".5", "-.5", "1e5", "1E5", "1e+5", "1e-5", "1.5e300", "1e308", "1e309", "-1e309",
    "1e-400", "5e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "2.2250738585072011e-308",
    "2.2250738585072014e-308", "1.7976931348623157e308", "1.7976931348623159e308", "9007199254740993", "9007199254740992.5",
    "9007199254740993.0000000000000000000000001", "0.1", "0.2", "0.30000000000000004", "123456789012345678901234567890",
    "0." + "0" * 300 + "1", "1" + "0" * 300, "9" * 400, "0." + "9" * 400, "1e23", "8.5e22", "9e22", "1e22", "1e-22", "1e-23",
    "18446744073709551615", "18446744073709551616", "9999999999999999999", "0.9999999999999999999", "1e0000000000000000000005",
    "6.02214076e23", "6.62607015e-34", "4.35679e-10", "1e99999999999", "1e-99999999999", "000000000000000000000000000001.5",
    "89255.0e-22", "104110013277974872254e-225", "5445618932859895362967233318697132813618813095743952975439298223406969961560047552942717636670910728746893019786283454139917900193169748259349067524939840552682198095012176093045431437495773903922425632551857520884625114624126588173520906670968542074438852601438992904761759703022688483745081090292688986958251711580854575674815074162979705098246243690189880319928315307816832576838178256307401454285988871020923752587330172447966674453785790265533466496640456213871241930958703059911787722565044368663670643970181259143319016472430928902201239474588139233890135329130660705762320235358869874608541509790266400643191187286648422874774910682648288516244021893172769161449825765517353755844373640588822904791244190695299838293263075467057383813882521706545084301049855505888186560731e-1035",
]
for _ in range(1200):
    kind = random.randrange(6)
    if kind == 0:
        texts.append(repr(struct.unpack("<d", random.randbytes(8))[0]))
    elif kind == 1:
        texts.append(f"{random.gauss(0, 1):.{random.randrange(1, 20)}f}")
    elif kind == 2:
        texts.append(repr(random.gauss(0, 10 ** random.randrange(-5, 6))))
    elif kind == 3:
        texts.append("".join(random.choice("0123456789") for _ in range(random.randrange(1, 40))))
    elif kind == 4:
        digits = "".join(random.choice("0123456789") for _ in range(random.randrange(1, 25)))
        place = random.randrange(len(digits))
        texts.append(f"{digits[:place]}.{digits[place:]}e{random.randrange(-330, 320)}")
    else:
        # Halfway between two doubles, and a digit beside it.
        value = abs(struct.unpack("<d", random.randbytes(8))[0])
        if not 1e-30 < value < 1e30:
            value = random.random() * 2 ** random.randrange(-60, 80)
        from decimal import Decimal, getcontext

        getcontext().prec = 900
        middle = (Decimal(value) + Decimal(np.nextafter(value, np.inf).item())) / 2
        texts += [f"{middle:f}", f"{middle:f}" + ("1" if "." in f"{middle:f}" else ".1")]
lines = [f"{text} {struct.unpack('<Q', struct.pack('<d', float(text)))[0]:016x}" for text in texts if "nan" not in text]
(folder / "numbers.txt").write_text("\n".join(lines) + "\n")

# A table with missing values, and what scikit-learn makes of it.
people = (
    "id,height,weight,colour,born,constant,label\n"
    "1,170.5,60,red,2001-02-03,7,a\n2,NA,72.25,green,2001-02-04,7,b\n3,181,,red,2001-02-05,7,a\n4,165.25,55,?,2001-02-06,7,b\n"
    "5,190,99.5,blue,2001-02-07,7,a\n6,175,80,red,2001-02-08,7,b\n7,172,NaN,green,2001-02-09,7,a\n8,,64,red,2001-02-10,7,b\n"
)
(folder / "people.csv").write_text(people)
frame = pd.read_csv(io.StringIO(people), na_values=["?"])
numbers = frame[["height", "weight"]]
filled = numbers.fillna(numbers.mean())
colours = frame[["colour"]].fillna(frame["colour"].mode()[0])
encoder = OneHotEncoder(categories=[["blue", "green", "red"]], sparse_output=False).fit(colours)
hot = np.hstack([encoder.transform(colours), np.zeros((len(frame), 1))])


def joined(scaled):
    return np.hstack([scaled, hot]).astype(np.float32).tolist()


expected = {
    "rows": rows,
    "people": {
        "standard": joined(StandardScaler().fit_transform(filled)),
        "minmax": joined(MinMaxScaler().fit_transform(filled)),
        "none": joined(filled.to_numpy()),
    },
}
(folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=0) + "\n")
