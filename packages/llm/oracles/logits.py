"""Logits and greedy answers of the tiny models and adapters by Hugging Face transformers and PEFT, in float32 on the CPU.

Outside witness for packages/llm; needs `pip install torch transformers peft`. Usage:
    node --import tsx --conditions=source packages/llm/oracles/writeTiny.ts DIR
    python packages/llm/oracles/logits.py DIR packages/llm/src/selftest
writes huggingface.NAME.golden.json for each folder NAME of DIR.
"""
import json
import pathlib
import sys

import peft
import torch
import transformers

folder, out = map(pathlib.Path, sys.argv[1:])
tokens = [1, 40, 41, 90, 150, 7, 200, 2, 77, 12, 260]
places = [4, len(tokens) - 1]
steps = 8


def logits(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids]), use_cache=False).logits[0]


def greedy(model):
    ids = list(tokens)
    for _ in range(steps):
        ids.append(int(logits(model, ids)[-1].argmax()))
    return ids[len(tokens):]


def rows(model):
    all_places = logits(model, tokens)
    return [[float(f"{x:.7g}") for x in all_places[p].tolist()] for p in places]


for family in sorted(folder.iterdir()):
    torch.manual_seed(0)
    base = transformers.AutoModelForCausalLM.from_pretrained(family / "base", dtype=torch.float32).eval()
    golden = {
        "madeBy": f"transformers {transformers.__version__}, peft {peft.__version__}, torch {torch.__version__}",
        "model": type(base).__name__,
        "tokens": tokens,
        "places": places,
        "base": rows(base),
        "greedy": greedy(base),
    }
    adapted = peft.PeftModel.from_pretrained(base, family / "adapter").eval()
    golden |= {"adapter": rows(adapted), "adapterGreedy": greedy(adapted)}
    (out / f"huggingface.{family.name}.golden.json").write_text(json.dumps(golden))
