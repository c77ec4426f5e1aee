"""Sends the corpus's client requests through Caravan, once for each model with a card, and looks at what arrives upstream: whether
the request models of others take it, and whether the model's chat template renders all of it, once. bench/requests.sh starts it."""

import argparse
import collections
import glob
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "real-servers"))

import models  # noqa: E402
import processes  # noqa: E402
import recorder  # noqa: E402
import rendered  # noqa: E402
import templates  # noqa: E402

SHORT = {"nim/z-ai/glm-5.3", "nim/openai/gpt-oss-120b", "nim/mistralai/mistral-small-4-119b-2603"}
# These templates show no text beside a call, or as a thought, which they drop later.
NO_TEXT_BESIDE_CALLS = {"meta-llama-Llama-3.3-70B-Instruct", "openai-gpt-oss-120b"}
# The client's own schema is none in these cases: it says "required": null.
NO_SCHEMA = {"request/tools-plain", "request/tools-reduced"}


def requests_of_clients(only):
    """Yields the name and JSON of each different request of the corpus."""
    seen = set()
    for file in sorted(glob.glob("src/test/resources/corpus/*/*.case")):
        name = "/".join(file.split("/")[-2:]).removesuffix(".case")
        with open(file, errors="replace") as case:
            sections = case.read().split("\n--- ")
        for section in sections:
            head, _, text = section.partition("\n")
            if head == "request" and text not in seen and only in name:
                seen.add(text)
                try:
                    yield name, json.loads(text)
                except ValueError:
                    pass  # A case about malformed requests.


def send(url, body):
    """Sends a client's request; whether it is refused doesn't matter here."""
    request = urllib.request.Request(f"{url}/v1/messages", json.dumps(body).encode(), {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            response.read()
    except urllib.error.HTTPError as e:
        e.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--jar", default="target/caravan.jar")
    parser.add_argument("--java", default="java")
    parser.add_argument("--work", default="target/requests")
    parser.add_argument("--templates", required=True)
    parser.add_argument("--only", default="", help="only cases with these words")
    parser.add_argument("--short", action="store_true", help="three models only")
    parser.add_argument("--vllm", action="store_true", help="vLLM's request model, too")
    options = parser.parse_args()
    os.makedirs(options.work, exist_ok=True)
    with open(os.path.join(HERE, "cards.json")) as file:
        cards = {card: name for card, name in json.load(file).items() if not options.short or card in SHORT}
    checks = {"OpenAI": models.openai_model()}
    if options.vllm:
        checks["vLLM"] = models.vllm_model()
    else:
        mistral = models.mistral_model()
    upstream = recorder.Recorder()
    faults = collections.defaultdict(list)
    sent = 0
    settings = {f"{name}_BASE_URL": upstream.url for name in ("NIM", "VLLM", "LLAMACPP")}
    settings |= {"NVIDIA_API_KEY": "key", "NIM_RATE_LIMIT": "0", "MODEL": "nim/z-ai/glm-5.3"}
    gateway, url = processes.caravan(tempfile.mkdtemp(prefix="run-", dir=options.work), options.jar, options.java, **settings)
    with gateway:
        for card, name in cards.items():
            with open(os.path.join(options.templates, name + ".jinja")) as file:
                template = templates.compiled(file.read())
            lost = {"text beside a call"} if name in NO_TEXT_BESIDE_CALLS else ()
            for case, request in requests_of_clients(options.only):
                upstream.last = None
                send(url, {**request, "model": card})
                if upstream.last is None:
                    continue  # Caravan has refused it.
                sent += 1
                body = upstream.last
                # llama.cpp takes more than vLLM does.
                asked = {model: check for model, check in checks.items() if not (model == "vLLM" and "llamacpp" in card)}
                said = [f"{model}: {fault}" for model, check in asked.items() for fault in check(body)]
                if "mistral" in card and not options.vllm:
                    said += [f"mistral_common: {fault}" for fault in mistral(body) if case not in NO_SCHEMA]
                said += [f"template: {fault}" for fault in rendered.faults(template, body, lost)]
                for fault in dict.fromkeys(said):
                    faults[card, fault].append(case)
    for (card, fault), cases in faults.items():
        print(f"FAILED  {card}: {fault}\n          {len(cases)} requests, as {', '.join(cases[:4])}")
    print(f"{sent} requests to {len(cards)} models, {sum(map(len, faults.values()))} faults")
    return 0 if not faults and sent > 100 else 1


if __name__ == "__main__":
    sys.exit(main())
