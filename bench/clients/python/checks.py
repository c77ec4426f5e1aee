"""Runs a client's checks, and prints a line for each feature."""

import base64
import os
import sys
import traceback

URL, MODEL = os.environ["ANTHROPIC_BASE_URL"], os.environ["MODEL"]
IMAGE = open(os.environ["IMAGE"], "rb").read()
IMAGE_BASE64 = base64.b64encode(IMAGE).decode()
GREETING, WEATHER = "Hello there, whoever you are", "It rains in Oslo"
SEEN = f"An image of {len(IMAGE)} bytes"


def equal(found, expected):
    if found != expected:
        raise AssertionError(f"{found!r}, not {expected!r}")


def contains(found, expected):
    if expected not in found:
        raise AssertionError(f"no {expected!r} in {found!r}")


def run(checks):
    failed = 0
    for feature, check in checks.items():
        try:
            check()
            print("ok      " + feature, flush=True)
        except Exception:
            failed += 1
            print("FAILED  " + feature, flush=True)
            traceback.print_exc(file=sys.stdout)
    sys.exit(1 if failed else 0)
