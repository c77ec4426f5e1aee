"""Counts the tokens of conversations segment by segment with tiktoken, as the plan's proxy did: no cache, no batch.

usage: tiktoken_count.py RANKS DIRECTORY
RANKS is a file of cl100k_base; DIRECTORY has a folder a conversation, in each a request a turn: N.json.
Prints the processor time of each conversation in milliseconds and its tokens, tab-separated.
"""
import json
import pathlib
import sys
import time

import tiktoken
from tiktoken.load import load_tiktoken_bpe
from tiktoken_ext import openai_public


def segments(request):
    for block in request["system"]:
        yield block["text"]
    for tool in request["tools"]:
        yield tool["name"]
        yield tool["description"]
        yield json.dumps(tool["input_schema"], separators=(",", ":"))
    for message in request["messages"]:
        content = message["content"]
        for block in content if isinstance(content, list) else [{"type": "text", "text": content}]:
            kind = block["type"]
            if kind == "text":
                yield block["text"]
            elif kind == "tool_use":
                yield block["name"]
                yield json.dumps(block["input"], separators=(",", ":"))
            elif kind == "tool_result":
                yield block["content"]


def main(ranks, directory):
    # The vocabulary that is there already, in place of a download.
    openai_public.load_tiktoken_bpe = lambda url, expected_hash=None: load_tiktoken_bpe(ranks)
    encoding = tiktoken.Encoding(**openai_public.cl100k_base())
    for conversation in sorted(p for p in pathlib.Path(directory).iterdir() if p.is_dir()):
        turns = sorted(conversation.glob("*.json"), key=lambda p: int(p.stem))
        requests = [list(segments(json.loads(p.read_text()))) for p in turns]
        begun = time.process_time()
        tokens = sum(len(encoding.encode_ordinary(text)) for request in requests for text in request)
        print(f"{(time.process_time() - begun) * 1000:.3f}\t{tokens}")


main(*sys.argv[1:])
