"""Tokens/s of a LoRA training step by PyTorch + PEFT on two threads; shapes come as JSON on stdin. The peer of bench/train.ts."""
import json
import sys
import time

import peft
import torch
import transformers

torch.set_num_threads(2)
job = json.load(sys.stdin)
out = {}
for m in job["models"]:
    c = m["config"]
    config = transformers.LlamaConfig(
        hidden_size=c["hiddenSize"], intermediate_size=c["intermediateSize"], num_hidden_layers=c["layers"],
        num_attention_heads=c["heads"], num_key_value_heads=c["kvHeads"], vocab_size=c["vocabSize"],
        max_position_embeddings=c["maxPositions"], tie_word_embeddings=True,
    )
    model = peft.get_peft_model(
        transformers.LlamaForCausalLM(config),
        peft.LoraConfig(r=job["rank"], lora_alpha=job["alpha"], target_modules=job["targets"], task_type="CAUSAL_LM"),
    )
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    ids = torch.randint(0, c["vocabSize"], (m["rows"], m["length"] + 1))
    times = []
    for _ in range(m["steps"] + 2):
        start = time.perf_counter()
        logits = model(input_ids=ids[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        times.append(time.perf_counter() - start)
    out[m["name"]] = m["rows"] * m["length"] / sorted(times[2:])[len(times[2:]) // 2]
print(json.dumps(out))
