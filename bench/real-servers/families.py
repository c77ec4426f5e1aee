"""The chat templates of real model families on llama.cpp's server, through Caravan.

A template also tells how its model writes a call: the assistant's turn is rendered, and the scripted model says just that. llama.cpp
then parses it, with a grammar made of the tools, and Caravan hands it on. So the history goes through the real template, too.
"""

import json
import os

import model
import processes
import templates
from scenes import Scenes, calls, equal, texts, thoughts, user

TEXT, THOUGHT, DONE = "I look at that.", "One moment: what does the user want?", "That is all there is to say."
ARGUMENTS = {"path": "/tmp/ü 1.txt", "text": 'a "quoted" line\nand <b>another</b> one', "count": 3, "ratio": 0.5, "list": ["x", "y"]}
PARAMS = {"k": [1, "two", {"d": 4}], "q": 'a "b" c', "n": {"m": "ß"}}
PROPERTIES = {
    "path": {"type": "string"},
    "text": {"type": "string"},
    "count": {"type": "integer"},
    "ratio": {"type": "number"},
    "list": {"type": "array", "items": {"type": "string"}},
}
TOOLS = [
    {
        "name": "write_file",
        "description": "Writes a file",
        "input_schema": {"type": "object", "properties": PROPERTIES, "required": list(PROPERTIES)},
    },
    {
        "name": "call_api",
        "description": "Calls an API",
        "input_schema": {"type": "object", "properties": {"params": {"type": "object"}}, "required": ["params"]},
    },
]
THINKING = {"max_tokens": 1500, "thinking": {"type": "enabled", "budget_tokens": 1024}}


class Family:
    """A family's template, the model that writes as it says, and the scenes."""

    def __init__(self, name, entry, folder):
        self.name = name
        with open(os.path.join(folder, entry["template"] + ".jinja")) as file:
            self._source = file.read()
        self._template = templates.compiled(self._source)
        self._end = entry["end"]
        self._beside = TEXT if entry.get("text", True) else ""  # Gemma's text would stand behind the call.
        self._tools = [
            {"type": "function", "function": {"name": t["name"], "description": t["description"], "parameters": t["input_schema"]}}
            for t in TOOLS
        ]

    def _says(self, *wanted, text=None, history=()):
        """Returns what the model writes to make these calls, with a text and a thought where the template shows them."""
        asked = [user("Please."), *history]
        text = self._beside if text is None else text
        said = {"role": "assistant", "content": text, "reasoning_content": THOUGHT, **self._calling(*wanted)}
        begun = self._render(asked, True)
        whole = self._render([*asked, said], False)
        if not whole.startswith(begun):
            raise ValueError(f"{self.name}: the turn does not begin with {begun[-60:]!r}")
        return whole[len(begun) :].split(self._end)[0].removesuffix("<|tool_response>")

    @staticmethod
    def _calling(*wanted):
        written = [
            {"id": f"abcdefgh{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for i, (name, arguments) in enumerate(wanted)
        ]
        return {"tool_calls": written} if written else {}

    def _render(self, messages, prompt):
        return templates.render(self._template, messages, self._tools, prompt, enable_thinking=True, eos_token=self._end)

    def write(self, file):
        """Writes the model of the family."""
        called = {"role": "assistant", "content": "", **self._calling(("write_file", ARGUMENTS))}
        result = {"role": "tool", "tool_call_id": "abcdefgh0", "name": "write_file", "content": "written"}
        self.scripts = {
            "default": self._says(text="Hello."),
            "one": self._says(("write_file", ARGUMENTS)),
            "free": self._says(("call_api", {"params": PARAMS})),
            "done": self._says(text=DONE),
        }
        try:
            self.scripts["after"] = self._says(text=DONE, history=(called, result))
        except ValueError:  # Hermes' template begins a turn behind results in another way than it ends it.
            self.scripts["after"] = self.scripts["done"]
        try:
            self.scripts["two"] = self._says(("write_file", ARGUMENTS), ("call_api", {"params": PARAMS}))
        except templates.jinja2.TemplateError:
            pass  # One call a turn is all that this template takes.
        model.Scripted(self._source, self.scripts, eos=self._end, context=32768).write_gguf(file)


class FamilyScenes(Scenes):
    """The scenes that each family must pass."""

    def __init__(self, family, url):
        super().__init__(url, f"llamacpp/{family.name}", None)
        self._family = family

    @staticmethod
    def _plain(message):
        return Scenes._plain(message)[:3]  # A grammar lets the model choose white space, which counts as tokens.

    def text(self):
        equal(texts(self._ask(user("Hi"), tools=TOOLS, **THINKING)), "Hello.")

    def a_call(self):
        self._calls("one", ("write_file", ARGUMENTS))

    def a_call_with_a_free_form_object(self):
        self._calls("free", ("call_api", {"params": PARAMS}))

    def two_calls(self):
        if "call_api" not in self._family.scripts.get("two", ""):
            return "the template takes or shows one call a turn"
        self._calls("two", ("write_file", ARGUMENTS), ("call_api", {"params": PARAMS}))

    def _calls(self, script, *wanted):
        message = self._ask(user(f"@@{script}@@"), tools=TOOLS, **THINKING)
        equal(calls(message), list(wanted))
        said = self._family.scripts[script]
        thought = f"analysis<|message|>{TEXT}" in said  # as gpt-oss' template writes the text beside a call
        if TEXT in said:
            equal((thoughts if thought else texts)(message), TEXT)
        if THOUGHT in said:
            equal(thoughts(message), THOUGHT)

    def a_history_as_of_claude_code(self):
        """Parallel calls with their results, a reminder behind them, a system message in between, and two turns of the user."""
        used = [
            {"type": "tool_use", "id": "toolu_01", "name": "write_file", "input": ARGUMENTS},
            {"type": "tool_use", "id": "toolu_02", "name": "call_api", "input": {"params": PARAMS}},
        ]
        said = [{"type": "thinking", "thinking": THOUGHT, "signature": "x"}, {"type": "text", "text": TEXT}, *used]
        results = [{"type": "tool_result", "tool_use_id": use["id"], "content": "written"} for use in used]
        reminder = {"type": "text", "text": "<system-reminder>Be brief.</system-reminder>"}
        history = [
            user("First."),
            user("@@one@@"),
            {"role": "assistant", "content": said},
            {"role": "user", "content": [*results, reminder]},
            {"role": "system", "content": "Go on."},
            user("And now @@done@@"),
        ]
        equal(texts(self._ask(*history, tools=TOOLS, system="You are an agent.", **THINKING)), DONE)

    def a_result_after_one_call(self):
        use = {"type": "tool_use", "id": "toolu_01", "name": "write_file", "input": ARGUMENTS}
        result = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "written @@after@@"}
        history = [user("@@one@@"), {"role": "assistant", "content": [use]}, {"role": "user", "content": [result]}]
        equal(texts(self._ask(*history, tools=TOOLS, **THINKING)), DONE)


def scenes_of(cls):
    """Returns the names of a class's own scenes, in their order."""
    return [name for name in vars(cls) if not name.startswith("_")]


def run(folder, work, gateway, port, board, short):
    """Plays each family's scenes; one server after the other, behind one Caravan, to which each family is a model of its own."""
    with open(os.path.join(processes.HERE, "families.json")) as file:
        entries = json.load(file)
    chosen = {name: entry for name, entry in entries.items() if board.wants(name) and (entry.get("short") or not short)}
    if not chosen:
        return
    with gateway(f"http://127.0.0.1:{port}/v1") as url:
        for name, entry in chosen.items():
            family = Family(name, entry, folder)
            gguf = os.path.join(work, "families", name.replace(" ", "-") + ".gguf")
            family.write(gguf)
            with processes.llamacpp(work, gguf, port, 32768, 2):
                played = FamilyScenes(family, url)
                for scene in scenes_of(FamilyScenes):
                    board.play(f"{name}: {scene.replace('_', ' ')}", getattr(played, scene), entry.get("theirs", {}).get(scene))
