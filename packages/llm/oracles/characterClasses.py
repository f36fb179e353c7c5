"""Which code points Hugging Face's tokenizers takes for letters and numbers (its regex library's Unicode version), as runs.

Pins packages/llm/src/tokenizer to one Unicode version, whatever engine it runs in; needs `pip install tokenizers`. Usage:
    python packages/llm/oracles/characterClasses.py > packages/llm/src/tokenizer/generated/characterRuns.ts
"""
import tokenizers
from tokenizers import Regex, pre_tokenizers

POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(n):
    return DIGITS[n] if n < 36 else base36(n // 36) + DIGITS[n % 36]


def members(pattern):
    others = pre_tokenizers.Split(Regex(pattern), "removed")
    found = []
    for k in range(0, len(POINTS), 8192):
        part = POINTS[k : k + 8192]
        kept = set()
        for _, (begin, end) in others.pre_tokenize_str("".join(map(chr, part))):
            kept.update(range(begin, end))
        found += [c for i, c in enumerate(part) if i not in kept]
    return found


def runs(pattern):
    """Gap before each run and its length, in base 36."""
    out, end = [], 0
    found = members(pattern)
    begin = previous = found[0]
    for c in found[1:] + [None]:
        if c != previous + 1:
            out += [begin - end, previous + 1 - begin]
            end, begin = previous + 1, c
        previous = c
    return " ".join(map(base36, out))


print(f"// Written by packages/llm/oracles/characterClasses.py from tokenizers {tokenizers.__version__}: gap and length of each run of code points, in base 36.\n")
for name, pattern in [("letterRuns", r"\p{L}"), ("numberRuns", r"\p{N}")]:
    print(f'export const {name} =\n\t"{runs(pattern)}";')
