"""A French hospital's extract that never was: about a thousand patients, made by chance from a seed.

Nobody in it exists. Numbers have right keys but lie in ranges that are not given out (RPPS 1099, FINESS 0999, CIP 99) or are kept for fiction (phones,
Arcep; mail domains, RFC 2606). The same seed, Faker (its lists of names) and Python give the same bytes; no clock is read.

    python -m data.samples.generator FOLDER [--patients 1000] [--seed 20251231]
"""
