"""A tiny Llama model that says what is scripted: real weights, tokenizer and chat template for real servers, made in a second.

Each script is cut into pieces, and each piece is a token of its own. The output matrix leads from a piece to the next one (a
chain of bigrams). One attention head finds the newest marker of the prompt, `@@name@@`, and so chooses the script.
"""

import itertools
import json
import os
import random

import gguf
import numpy as np

HEAD = 64  # the width of the only head
ROPE_BASE = 1e6
NEXT, CHOSEN, DEFAULT = 60.0, 40.0, 20.0  # logits: of the next piece, of the chosen script's pieces, of the default script's first
PAIR_FAR, PAIR_ANY = 23, 31  # the pairs of rope's dimensions: one turns 5e-5 a token, the other hardly at all
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4  # token types of GGUF
WORDS = """the of and to in is you that it for on are as with be this have from or one had by not but all were when we there can an
your which their said if do will each about how up out them then she many some so these would other into has more her two like him
see time could no make than first been its who now people my made over did down only way find use may water long little very after
words called just where most know tool file function string name description type object properties required assistant user"""


def byte_letters():
    """Maps each byte to the letter that stands for it in a byte-level vocabulary, as GPT-2 does."""
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    return {byte: chr(byte) for byte in visible} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}


LETTERS = byte_letters()


def written(data):
    """Writes bytes with the letters of the vocabulary."""
    return "".join(LETTERS[byte] for byte in data)


class Vocabulary:
    """A byte-level BPE trained on a few words, so that a prompt is not one token a byte; then tokens with a meaning of their own."""

    def __init__(self, texts):
        from tokenizers import Tokenizer, models, pre_tokenizers, trainers

        bpe = Tokenizer(models.BPE())
        bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        trainer = trainers.BpeTrainer(vocab_size=756, initial_alphabet=sorted(LETTERS.values()), show_progress=False)
        bpe.train_from_iterator(texts, trainer)
        trained = json.loads(bpe.to_str())["model"]
        self.merges = [tuple(pair) if isinstance(pair, list) else tuple(pair.split(" ")) for pair in trained["merges"]]
        self.tokens = sorted(trained["vocab"], key=trained["vocab"].get)
        self.types = [NORMAL] * len(self.tokens)
        self.special = {}

    def add(self, text, kind):
        self.tokens.append(text)
        self.types.append(kind)
        return len(self.tokens) - 1

    def add_special(self, text, kind):
        if text not in self.special:
            self.special[text] = self.add(text, kind)
        return self.special[text]


def cut(script, taken, lengths):
    """Cuts a script into pieces of a few bytes, also inside characters, of which none is taken; adds them to the taken ones."""
    data = script.encode()
    pieces = []
    at = 0
    while at < len(data):
        end = at + next(lengths)
        while written(data[at:end]) in taken and end < len(data):
            end += 1
        piece = data[at:end]
        while written(piece) in taken:  # What is left over is no new piece: it is joined to the one before.
            if not pieces:
                raise ValueError(f"no piece of {script!r} is its own")
            taken.discard(written(pieces[-1]))
            piece = pieces.pop() + piece
        taken.add(written(piece))
        pieces.append(piece)
        at = end
    return [written(piece) for piece in pieces]


class Scripted:
    """The model's parts: a vocabulary, the chain of each script, and the weights, each under its name in Hugging Face's form.

    scripts maps a name to a text. "default" is spoken where the prompt has no marker; a name that ends with `*` repeats itself.
    """

    def __init__(self, template, scripts, eos="<|im_end|>", bos=None, context=262144):
        self.template, self.eos, self.bos, self.context = template, eos, bos, context
        self.vocabulary = Vocabulary([template, WORDS * 5, *scripts.values()])
        self.eos_id = self.vocabulary.add_special(eos, CONTROL)
        self.bos_id = self.vocabulary.add_special(bos, CONTROL) if bos else None
        names = list(scripts)
        markers = {self.vocabulary.add_special(f"@@{name.rstrip('*')}@@", USER_DEFINED): i for i, name in enumerate(names)}
        taken, lengths = set(self.vocabulary.tokens), random_lengths()
        chains = [[self.vocabulary.add(piece, NORMAL) for piece in cut(scripts[name], taken, lengths)] for name in names]
        self.weights = self._weights(names, chains, markers)

    def _weights(self, names, chains, markers):
        # Dimension 0 is any token without a part in a script; then one for each piece, marker and the end; then a flag a script.
        own = {token: 1 + i for i, token in enumerate(dict.fromkeys([*itertools.chain(*chains), *markers, self.eos_id]))}
        flags = 1 + len(own)
        width = -(-(flags + len(names)) // 512) * 512
        size = len(self.vocabulary.tokens)
        norm, halved = width**0.5, (width / 2) ** 0.5  # what RMS norm makes of a single 1, and of one of two
        embedding = np.zeros((size, width), np.float32)
        for token in range(size):
            embedding[token, own.get(token, 0)] = 1
        output = np.zeros((size, width), np.float32)
        starts = [0, own[self.eos_id], *(own[marker] for marker in markers)]
        for i, (name, chain) in enumerate(zip(names, chains)):
            output[chain[0], starts] += (NEXT + (DEFAULT if name == "default" else 0)) / halved
            for piece, following in zip(chain, chain[1:]):
                output[following, own[piece]] += NEXT / halved
            output[chain[0] if name.endswith("*") else self.eos_id, own[chain[-1]]] += NEXT / halved
            output[chain, flags + i] += CHOSEN / halved
        query, key, value, out = self._head(own, flags, markers, len(names), width, norm)
        return {"embed_tokens": embedding, "lm_head": output, "q": query, "k": key, "v": value, "o": out}

    @staticmethod
    def _head(own, flags, markers, scripts, width, norm):
        """The head gives any marker a high score, and less the farther away it is; its value is the flag of the marker's script."""
        steep = 8 * 1000**0.5
        query = {(PAIR_FAR, 1, d): steep / norm for d in range(flags)} | {(PAIR_ANY, 0, d): 480 / norm for d in range(flags)}
        key = {}
        value, out = np.zeros((HEAD, width), np.float32), np.zeros((width, HEAD), np.float32)
        for marker, script in markers.items():
            key |= {(PAIR_FAR, 0, own[marker]): steep / norm, (PAIR_ANY, 0, own[marker]): 60 / norm}
            value[script, own[marker]] = 1 / norm
        for script in range(scripts):
            out[flags + script, script] = 1
        return query, key, value, out

    def head_matrix(self, entries, interleaved):
        """Lays out a matrix of the head: rope's pairs are neighbours in GGUF, and half the head apart in Hugging Face's form."""
        matrix = np.zeros((HEAD, self.weights["embed_tokens"].shape[1]), np.float32)
        for (pair, half, column), weight in entries.items():
            matrix[2 * pair + half if interleaved else pair + half * HEAD // 2, column] = weight
        return matrix

    def write_gguf(self, file):
        """Writes the model for llama.cpp."""
        vocabulary, weights = self.vocabulary, self.weights
        width, feed = weights["embed_tokens"].shape[1], 32
        os.makedirs(os.path.dirname(file), exist_ok=True)
        w = gguf.GGUFWriter(file, "llama")
        w.add_name("scripted")
        w.add_context_length(self.context)
        w.add_embedding_length(width)
        w.add_block_count(1)
        w.add_feed_forward_length(feed)
        w.add_head_count(1)
        w.add_head_count_kv(1)
        w.add_key_length(HEAD)
        w.add_value_length(HEAD)
        w.add_layer_norm_rms_eps(1e-9)
        w.add_rope_dimension_count(HEAD)
        w.add_rope_freq_base(ROPE_BASE)
        w.add_vocab_size(len(vocabulary.tokens))
        w.add_file_type(0)
        w.add_tokenizer_model("gpt2")
        w.add_tokenizer_pre("gpt-2")
        w.add_token_list(vocabulary.tokens)
        w.add_token_types(vocabulary.types)
        w.add_token_merges([" ".join(pair) for pair in vocabulary.merges])
        w.add_eos_token_id(self.eos_id)
        w.add_add_bos_token(False)
        if self.bos_id is not None:
            w.add_bos_token_id(self.bos_id)
        w.add_chat_template(self.template)
        ones = np.ones(width, np.float32)
        w.add_tensor("token_embd.weight", weights["embed_tokens"])
        w.add_tensor("output.weight", weights["lm_head"])
        w.add_tensor("output_norm.weight", ones)
        w.add_tensor("blk.0.attn_norm.weight", ones)
        w.add_tensor("blk.0.ffn_norm.weight", ones)
        w.add_tensor("blk.0.attn_q.weight", self.head_matrix(weights["q"], True))
        w.add_tensor("blk.0.attn_k.weight", self.head_matrix(weights["k"], True))
        w.add_tensor("blk.0.attn_v.weight", weights["v"])
        w.add_tensor("blk.0.attn_output.weight", weights["o"])
        w.add_tensor("blk.0.ffn_gate.weight", np.zeros((feed, width), np.float32))
        w.add_tensor("blk.0.ffn_up.weight", np.zeros((feed, width), np.float32))
        w.add_tensor("blk.0.ffn_down.weight", np.zeros((width, feed), np.float32))
        w.write_header_to_file()
        w.write_kv_data_to_file()
        w.write_tensors_to_file()
        w.close()

    def write_hugging_face(self, folder):
        """Writes the model for vLLM and whatever else reads Hugging Face's folders."""
        from safetensors.numpy import save_file

        weights, width, feed = self.weights, self.weights["embed_tokens"].shape[1], 32
        os.makedirs(folder, exist_ok=True)
        ones = np.ones(width, np.float32)
        layer = "model.layers.0."
        tensors = {
            "model.embed_tokens.weight": weights["embed_tokens"],
            "lm_head.weight": weights["lm_head"],
            "model.norm.weight": ones,
            layer + "input_layernorm.weight": ones,
            layer + "post_attention_layernorm.weight": ones,
            layer + "self_attn.q_proj.weight": self.head_matrix(weights["q"], False),
            layer + "self_attn.k_proj.weight": self.head_matrix(weights["k"], False),
            layer + "self_attn.v_proj.weight": weights["v"],
            layer + "self_attn.o_proj.weight": weights["o"],
            layer + "mlp.gate_proj.weight": np.zeros((feed, width), np.float32),
            layer + "mlp.up_proj.weight": np.zeros((feed, width), np.float32),
            layer + "mlp.down_proj.weight": np.zeros((width, feed), np.float32),
        }
        save_file(tensors, os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
        config = {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "hidden_size": width,
            "intermediate_size": feed,
            "num_hidden_layers": 1,
            "num_attention_heads": 1,
            "num_key_value_heads": 1,
            "head_dim": HEAD,
            "vocab_size": len(self.vocabulary.tokens),
            "max_position_embeddings": self.context,
            "rms_norm_eps": 1e-9,
            "rope_theta": ROPE_BASE,
            "hidden_act": "silu",
            "tie_word_embeddings": False,
            "torch_dtype": "float32",
            "eos_token_id": self.eos_id,
            "bos_token_id": self.bos_id,
        }
        save(folder, "config.json", config)
        save(folder, "generation_config.json", {"eos_token_id": self.eos_id})
        self._write_tokenizer(folder)

    def _write_tokenizer(self, folder):
        vocabulary = self.vocabulary
        plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
        added = [
            {"id": i, "content": text, **plain, "special": vocabulary.types[i] == CONTROL} for text, i in vocabulary.special.items()
        ]
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        model = {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: i for i, token in enumerate(vocabulary.tokens)},
            "merges": [list(pair) for pair in vocabulary.merges],
        }
        tokenizer = {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": added,
            "normalizer": None,
            "pre_tokenizer": byte_level,
            "post_processor": byte_level,
            "decoder": byte_level,
            "model": model,
        }
        config = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": self.eos,
            "bos_token": self.bos,
            "chat_template": self.template,
            "model_max_length": self.context,
            "clean_up_tokenization_spaces": False,
            "added_tokens_decoder": {str(token["id"]): {k: v for k, v in token.items() if k != "id"} for token in added},
        }
        save(folder, "tokenizer.json", tokenizer)
        save(folder, "tokenizer_config.json", config)


def random_lengths():
    """Yields lengths from 1 to 6, the same ones each time."""
    chance = random.Random(1)
    while True:
        yield chance.randint(1, 6)


def save(folder, name, content):
    with open(os.path.join(folder, name), "w") as file:
        json.dump(content, file)
