"""Seconds of training steps by PyTorch, LoRA by PEFT or every parameter; questions and answers are lines of JSON.
The peer of bench/train.ts. A question: {"model", "kind": "lora" or "full", "adapter", "steps", "threads"};
the answer: {"seconds": [...], "cpu": [...]}, the second in seconds of processor time."""
import gc
import json
import sys
import time

import peft
import torch
import transformers

held, step = None, None


def prepare(m, kind, adapter):
    c = m["config"]
    model = transformers.LlamaForCausalLM(transformers.LlamaConfig(
        hidden_size=c["hiddenSize"], intermediate_size=c["intermediateSize"], num_hidden_layers=c["layers"],
        num_attention_heads=c["heads"], num_key_value_heads=c["kvHeads"], vocab_size=c["vocabSize"],
        max_position_embeddings=c["maxPositions"], tie_word_embeddings=True,
    ))
    if kind == "lora":
        model = peft.get_peft_model(model, peft.LoraConfig(
            r=adapter["rank"], lora_alpha=adapter["alpha"], target_modules=adapter["targets"], task_type="CAUSAL_LM",
        ))
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-3, weight_decay=0)
    ids = torch.randint(0, c["vocabSize"], (m["rows"], m["length"] + 1))

    def step():
        logits = model(input_ids=ids[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()

    return step


for line in sys.stdin:
    question = json.loads(line)
    torch.set_num_threads(question["threads"])
    key = (question["model"]["name"], question["kind"])
    if held != key:
        step = None
        gc.collect()
        step, held = prepare(question["model"], question["kind"], question["adapter"]), key
        step()
        step()
    seconds, cpu = [], []
    for _ in range(question["steps"]):
        start = time.perf_counter(), time.process_time()
        step()
        seconds.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    print(json.dumps({"seconds": seconds, "cpu": cpu}), flush=True)
