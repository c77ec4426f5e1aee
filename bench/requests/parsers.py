"""Calls that models wrote as text, read by vLLM's and SGLang's parsers and as the corpus expects of Caravan; bench/parsers.sh starts it."""

import glob
import json
import logging
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "real-servers"))
logging.disable(logging.CRITICAL)

import model  # noqa: E402
from sglang.srt.entrypoints.openai.protocol import Tool  # noqa: E402
from sglang.srt.function_call.function_call_parser import FunctionCallParser  # noqa: E402
from transformers import AutoTokenizer  # noqa: E402
from vllm.entrypoints.openai.chat_completion.protocol import ChatCompletionRequest  # noqa: E402
from vllm.tool_parsers import ToolParserManager  # noqa: E402

# The first part of a case's name, and the parsers for it: vLLM's, SGLang's.
PARSERS = {
    "deepseek-v3-fenced": ("deepseek_v3", "deepseekv3"),
    "deepseek": ("deepseek_v31", "deepseekv31"),
    "dsml": ("deepseek_v32", "deepseekv32"),
    "gemma": ("gemma4", "gemma4"),
    "glm": ("glm47", "glm45"),
    "harmony": (None, "gpt-oss"),  # vLLM reads tokens of this family, not text.
    "hermes": ("hermes", "qwen25"),
    "kimi-k3": ("kimi_k3", "kimi_k3"),
    "kimi": ("kimi_k2", "kimi_k2"),
    "minimax-m3": ("minimax_m3", "minimax-m3"),
    "minimax": ("minimax_m2", "minimax-m2"),
    "mistral": ("mistral", "mistral"),
    "qwen": ("qwen3_coder", "qwen3_coder"),
}
# vLLM's parsers look these up in the vocabulary when they are made.
TOKENS = """<tool_call> </tool_call> <|tool_calls_section_begin|> <|tool_calls_section_end|> <|tool_call_begin|> <|tool_call_end|>
<|tool_call_argument_begin|> <｜tool▁calls▁begin｜> <｜tool▁calls▁end｜> <｜tool▁call▁begin｜> <｜tool▁call▁end｜> <｜tool▁sep｜> [TOOL_CALLS]
[ARGS] [CALL_ID] <minimax:tool_call> </minimax:tool_call> ]<]minimax[>[ <|tool_call> <tool_call|> <|"|> <|open|> <|close|> <|sep|>
<|end_of_msg|> ｜DSML｜ <arg_key> </arg_key> <arg_value> </arg_value> <think> </think>""".split()


def tokenizer():
    scripted = model.Scripted("", {"default": "hello there"})
    for token in TOKENS:
        scripted.vocabulary.add_special(token, model.USER_DEFINED)
    folder = tempfile.mkdtemp()
    scripted.write_hugging_face(folder)
    return AutoTokenizer.from_pretrained(folder)


def read(file):
    """Returns the tools of a case, the text that the model wrote, and the calls that are expected of Caravan."""
    with open(file, errors="replace") as case:
        sections = [section.partition("\n") for section in case.read().split("\n--- ")]
    tools, text, calls = [], "", []
    for head, _, body in sections:
        if head == "request":
            tools = [
                {"name": t["name"], "description": t.get("description", ""), "parameters": t["input_schema"]}
                for t in json.loads(body).get("tools", ())
            ]
        elif head.startswith("upstream ") and "escaped" not in head:
            chunks = [json.loads(line[6:]) for line in body.splitlines() if line.startswith("data: {")]
            text = "".join(c["delta"].get("content") or "" for chunk in chunks for c in chunk.get("choices", ()))
        elif head == "events":
            calls = expected(json.loads(line) for line in body.splitlines() if line)
    return [{"type": "function", "function": tool} for tool in tools], text, calls


def expected(events):
    calls = []
    for event in events:
        block, delta = event.get("content_block", {}), event.get("delta", {})
        if block.get("type") == "tool_use":
            calls.append([block["name"], ""])
        elif delta.get("type") == "input_json_delta":
            calls[-1][1] += delta["partial_json"]
    return [(name, parsed(arguments or "{}")) for name, arguments in calls]


def parsed(arguments):
    try:
        return json.loads(arguments)
    except ValueError:
        return f"not JSON: {arguments}"


def by_vllm(parser, tokens, tools, text):
    request = ChatCompletionRequest(messages=[{"role": "user", "content": "x"}], model="m", tools=tools)
    made = ToolParserManager.get_tool_parser(parser)(tokens, request.tools)
    found = made.extract_tool_calls(text, request).tool_calls
    return [(call.function.name, parsed(call.function.arguments)) for call in found]


def by_sglang(parser, tools, text):
    made = FunctionCallParser([Tool.model_validate(tool) for tool in tools], parser)
    calls = made.parse_non_stream(text)[1] if made.has_tool_call(text) else []
    return [(call.name, parsed(call.parameters)) for call in calls]


def tried(parse):
    try:
        return parse()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def shown(calls, wanted):
    if calls is None or calls == wanted:
        return "" if calls is None else "the same"
    return "`" + json.dumps(calls, ensure_ascii=False).replace("|", "\\|").replace("\n", " ")[:110] + "`"


def main():
    tokens = tokenizer()
    counts = {"vLLM": [0, 0], "SGLang": [0, 0]}
    print("| case | Caravan | vLLM | SGLang |\n|---|---|---|---|")
    for file in sorted(glob.glob("src/test/resources/corpus/markup/*.case")):
        name = os.path.basename(file).removesuffix(".case")
        family = next((prefix for prefix in PARSERS if name.startswith(prefix)), None)
        tools, text, wanted = read(file)
        if not family or not text or not tools:
            continue
        vllm, sglang = PARSERS[family]
        read_by = {
            "vLLM": vllm and tried(lambda: by_vllm(vllm, tokens, tools, text)),
            "SGLang": tried(lambda: by_sglang(sglang, tools, text)),
        }
        for who, calls in read_by.items():
            counts[who][0] += calls == wanted
            counts[who][1] += calls is not None
        if any(calls is not None and calls != wanted for calls in read_by.values()):
            print(f"| {name} | {shown(wanted, None)} | {shown(read_by['vLLM'], wanted)} | {shown(read_by['SGLang'], wanted)} |")
    print("\n" + ", ".join(f"{who} reads {same} of {all_} as the corpus does" for who, (same, all_) in counts.items()))


if __name__ == "__main__":
    main()
