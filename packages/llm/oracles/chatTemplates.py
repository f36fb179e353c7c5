"""Conversations rendered and encoded by Hugging Face transformers, with templates of our own that use what those of the families use.

Outside witness for packages/llm/src/generation; needs `pip install transformers`. Takes its tokenizers from the goldens of huggingfaceTokenizers.py. Usage:
    python packages/llm/oracles/chatTemplates.py packages/llm/src
writes generation/chat.golden.json.
"""
import datetime
import json
import pathlib
import sys

import jinja2
import tokenizers
import transformers
from transformers.utils import chat_template_utils

source = pathlib.Path(sys.argv[1])

HEADERS = """{{- bos_token }}
{%- if tools is defined and tools is not none %}
    {{- raise_exception("no tools in this test") }}
{%- endif %}
{%- if not date_string is defined %}
    {%- if strftime_now is defined %}
        {%- set date_string = strftime_now("%d %b %Y") %}
    {%- else %}
        {%- set date_string = "never" %}
    {%- endif %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|user|>notes\\n\\nToday: " + date_string + "\\n\\n" }}
{{- system_message }}
{{- "<|end|>" }}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or 'tool_calls' in message) %}
        {{- '<|user|>' + message['role'] + '\\n\\n' + message['content'] | trim + '<|end|>' }}
    {%- elif message.tool_calls | length != 1 %}
        {{- raise_exception("one call at a time") }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>assistant\\n\\n' }}
{%- endif %}
"""

TURNS = """{%- macro turn(role, content) -%}
{{ '<|user|>' ~ role ~ '\\n' ~ content }}
{%- endmacro -%}
{%- set ns = namespace(last=messages | length - 1, seeking=true) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages | length - 1) - loop.index0 %}
    {%- if ns.seeking and message.role == "user" and message.content is string and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
        {%- set ns.seeking = false %}
        {%- set ns.last = index %}
    {%- endif %}
{%- endfor %}
{%- if messages[0].role == 'system' %}
    {{- turn('system', messages[0].content) + '<|end|>\\n' }}
{%- endif %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == "user" or (message.role == "system" and not loop.first) %}
        {{- turn(message.role, content) + '<|end|>\\n' }}
    {%- elif message.role == "assistant" %}
        {%- set thought = '' %}
        {%- if '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and (loop.last or thought) %}
            {{- '<|assistant|>' + message.role + '\\n<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' + content.lstrip('\\n') }}
        {%- else %}
            {{- '<|assistant|>' + message.role + '\\n' + content }}
        {%- endif %}
        {{- '<|end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|assistant|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}"""

DEFAULTED = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|user|>system\nYou keep a lighthouse.<|end|>\n' }}{% endif %}"
    "{{'<|user|>' + message['role'] + '\n' + message['content'] + '<|end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>assistant\n' }}{% endif %}"
)

LINES = """{% for message in messages %}
{% if message['role'] == 'user' %}
{{ '[user]\n' + message['content'] + eos_token }}
{% elif message['role'] == 'system' %}
{{ '[system]\n' + message['content'] + eos_token }}
{% elif message['role'] == 'assistant' %}
{{ '[assistant]\n'  + message['content'] + eos_token }}
{% endif %}
{% if loop.last and add_generation_prompt %}
{{ '[assistant]' }}
{% endif %}
{% endfor %}"""

BRACKETS = (
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
    "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must take turns') }}{% endif %}"
    "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}"
    "{% else %}{% set content = message['content'] %}{% endif %}"
    "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"
)

# Template, tokenizer, its tokens. Which family's way each takes: Llama 3, Qwen3, SmolLM2 and Qwen2, TinyLlama, Llama 2.
KINDS = [
    ("headers", HEADERS, "llama3", {"bos_token": "<|begin|>", "eos_token": "<|end|>"}),
    ("turns", TURNS, "qwen2", {"eos_token": "<|end|>", "pad_token": "<|pad|>"}),
    ("defaulted", DEFAULTED, "smollm2", {"eos_token": "<|end|>"}),
    ("lines", LINES, "llama2", {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}),
    ("lines", LINES, "metaspace_first", {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}),
    ("brackets", BRACKETS, "llama2", {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}),
]


def talk(*turns):
    return [{"role": role, "content": content} for role, content in turns]


TALKS = [
    talk(("user", "The capital of Peru?")),
    talk(("system", "Be brief."), ("user", "How many ships?")),
    talk(("user", "  spaces around \n"), ("assistant", "\nyes \n\n"), ("user", "\tand tabs\t")),
    talk(("system", " Keep the light. "), ("user", "One?\n\nTwo?"), ("assistant", "It's 12."), ("user", "'s 1789, isn't it?")),
    talk(("user", "Why?"), ("assistant", "<think>\nthe keeper\n</think>\n\nRain."), ("user", "And?")),
    talk(("user", "東京の港 🦜👩‍🚀"), ("assistant", "港。"), ("user", "العربية é? café")),
    talk(("user", "{{ messages }} {% if x %} <tool_response>")),
    talk(("user", "")),
    talk(("user", "a"), ("user", "b")),
    talk(("assistant", "I begin."), ("user", "Do you?")),
    talk(("user", "x"), ("assistant", "y"), ("system", "z"), ("user", "w")),
]


class FixedDay(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


chat_template_utils.datetime = FixedDay
goldens = []
for name, template, kind, tokens in KINDS:
    json_ = json.loads((source / f"tokenizer/goldens/{kind}.golden.json").read_text())["tokenizer"]
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizers.Tokenizer.from_str(json.dumps(json_)), **tokens)
    talks = []
    for messages in TALKS:
        try:
            asked = {"add_generation_prompt": True, "chat_template": template}
            text = tokenizer.apply_chat_template(messages, tokenize=False, **asked)
            ids = tokenizer(text, add_special_tokens=False)["input_ids"]
            talks.append({"messages": messages, "text": text, "ids": ids})
        except jinja2.exceptions.TemplateError as error:
            talks.append({"messages": messages, "refused": str(error)})
    goldens.append({"name": name, "template": template, "tokenizer": kind, "tokens": tokens, "talks": talks})
made = {"madeBy": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}", "goldens": goldens}
(source / "generation/chat.golden.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
