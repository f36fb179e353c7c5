"""Loss, every parameter's gradient and three AdamW steps of full fine-tuning by PyTorch, on the tiny models, in float32 on the CPU.

Outside witness for packages/llm/src/training/fullTraining.test.ts; needs `pip install torch transformers`. Usage:
    node --import tsx --conditions=source packages/llm/oracles/writeTiny.ts DIR
    python packages/llm/oracles/fullTraining.py DIR packages/llm/src/training
writes pytorch.NAME.golden.json for each folder NAME of DIR. Rows go through one by one, without padding.
"""
import json
import pathlib
import sys

import torch
import transformers

folder, out = map(pathlib.Path, sys.argv[1:])
rows = [
    {"tokens": [1, 40, 90, 2, 77, 3], "from": 4},
    {"tokens": [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 40, 3], "from": 6},
    {"tokens": [1, 9, 2, 8, 3], "from": 1},
]
settings = {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-4, "weightDecay": 0.1, "clip": 1.0}
counted = sum(len(row["tokens"]) - row["from"] for row in rows)


def number(x):
    return float(f"{float(x):.8g}")


def loss_of(model):
    total = 0
    for row in rows:
        ids = torch.tensor(row["tokens"])
        logits = model(ids[None, :-1], use_cache=False).logits[0]
        losses = torch.nn.functional.cross_entropy(logits, ids[1:], reduction="none")
        total = total + losses[row["from"] - 1 :].sum()
    return total / counted


def sample(tensor):
    """The norm, and four elements spread over the tensor."""
    flat = tensor.detach().flatten()
    places = [(i * 7919) % flat.numel() for i in range(1, 5)]
    return {"norm": number(flat.norm()), "at": places, "values": [number(flat[p]) for p in places]}


for family in sorted(folder.iterdir()):
    model = transformers.AutoModelForCausalLM.from_pretrained(family / "base", dtype=torch.float32).train()
    named = dict(model.named_parameters())
    optimizer = torch.optim.AdamW(
        named.values(), lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"], weight_decay=settings["weightDecay"],
    )
    golden = {
        "madeBy": f"transformers {transformers.__version__}, torch {torch.__version__}",
        "model": type(model).__name__, "rows": rows, "settings": settings, "losses": [], "gradientNorms": [],
    }
    for step in range(3):
        optimizer.zero_grad()
        loss = loss_of(model)
        loss.backward()
        if step == 0:
            golden["gradients"] = {name: sample(p.grad) for name, p in named.items()}
        golden["losses"].append(number(loss))
        golden["gradientNorms"].append(number(torch.nn.utils.clip_grad_norm_(named.values(), settings["clip"])))
        optimizer.step()
    golden["losses"].append(number(loss_of(model)))
    golden["parameters"] = {name: sample(p) for name, p in named.items()}
    (out / f"pytorch.{family.name}.golden.json").write_text(json.dumps(golden))
