"""Run by alternatives.py in an environment that holds recordlinkage: left, right, out."""

import sys
import time
import warnings
from pathlib import Path

import pandas as pd
import recordlinkage

warnings.filterwarnings("ignore")
left = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
right = pd.read_csv(sys.argv[2], dtype=str, keep_default_na=False)
start = time.perf_counter()
left["key"] = left["Ville"].str.upper().str.replace("-", " ")
pairs = recordlinkage.Index().block(left_on="CP", right_on="postcode").index(left, right)
compare = recordlinkage.Compare()
compare.string("key", "label", method="jarowinkler", label="name")
scores = compare.compute(pairs, left, right)
best = scores[scores["name"] >= 0.85]["name"].groupby(level=0).idxmax()
answers = [""] * len(left)
for row, (_, other) in best.items():
    answers[row] = right["constituency_code"].iat[other]
seconds = time.perf_counter() - start
Path(sys.argv[3]).write_text("\n".join(answers), "utf-8")
print(seconds)
