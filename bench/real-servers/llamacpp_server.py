"""Serves a model by llama.cpp's own HTTP server, which the package xllamacpp brings: llamacpp_server.py PORT MODEL.gguf [options]"""

import argparse
import threading

import xllamacpp

parser = argparse.ArgumentParser()
parser.add_argument("port", type=int)
parser.add_argument("model")
parser.add_argument("--ctx", type=int, default=32768, help="tokens of context, shared by the slots")
parser.add_argument("--parallel", type=int, default=2, help="slots")
options = parser.parse_args()

params = xllamacpp.CommonParams()
params.model.path = options.model
params.hostnames = ["127.0.0.1"] if isinstance(params.hostnames, list) else "127.0.0.1"
params.port = options.port
params.n_ctx = options.ctx
params.n_parallel = options.parallel
params.use_jinja = True
params.endpoint_slots = True
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.fit_params = False
server = xllamacpp.Server(params)
print("listening on", server.listening_address, flush=True)
threading.Event().wait()
