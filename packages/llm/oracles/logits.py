"""Logits of the tiny base and adapter by Hugging Face transformers and PEFT, in float32 on the CPU.

Outside witness for packages/llm; needs `pip install torch transformers peft`. Usage:
    node --import tsx --conditions=source packages/llm/oracles/writeTiny.ts DIR
    python packages/llm/oracles/logits.py DIR > packages/llm/src/selftest/huggingface.golden.json
"""
import json
import sys

import peft
import torch
import transformers

folder = sys.argv[1]
tokens = [1, 40, 41, 90, 150, 7, 200, 2, 77, 12, 260]
ids = torch.tensor([tokens])
torch.manual_seed(0)
base = transformers.AutoModelForCausalLM.from_pretrained(f"{folder}/base", torch_dtype=torch.float32).eval()
with torch.no_grad():
    plain = base(ids).logits[0]
    adapted = peft.PeftModel.from_pretrained(base, f"{folder}/adapter").eval()(ids).logits[0]
places = [4, len(tokens) - 1]
json.dump(
    {
        "madeBy": f"transformers {transformers.__version__}, peft {peft.__version__}, torch {torch.__version__}",
        "tokens": tokens,
        "places": places,
        "base": [[float(f"{x:.7g}") for x in plain[p].tolist()] for p in places],
        "adapter": [[float(f"{x:.7g}") for x in adapted[p].tolist()] for p in places],
    },
    sys.stdout,
)
