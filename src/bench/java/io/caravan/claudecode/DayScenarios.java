package io.caravan.claudecode;

import static io.caravan.claudecode.Scenes.bash;
import static io.caravan.claudecode.Scenes.byTurn;
import static io.caravan.claudecode.Scenes.call;
import static io.caravan.claudecode.Scenes.ending;
import static io.caravan.claudecode.Scenes.expectFile;
import static io.caravan.claudecode.Scenes.expectMessage;
import static io.caravan.claudecode.Scenes.expectNoFile;
import static io.caravan.claudecode.Scenes.expectText;
import static io.caravan.claudecode.Scenes.expectToolResult;
import static io.caravan.claudecode.Scenes.userSays;
import static io.caravan.claudecode.Scenes.write;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.claudecode.Scenario.Turn;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What people do with Claude Code in a day, beside the plain conversations of {@link Scenarios}.
 */
final class DayScenarios {
  /** Those that rely most on the translation, for each change. */
  static final List<Scenario> QUICK =
      List.of(
          subAgent(), mcp(), attachments(), jsonSchema(), fallbackModel(), resume(), webSearch());

  /** The others, for a release. */
  static final List<Scenario> FURTHER =
      List.of(skill(), hooks(), planMode(), webFetch(), compact(), effort());

  static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
  private static final String PDF =
      """
      %PDF-1.4
      1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
      2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
      trailer<</Root 1 0 R>>
      %%EOF
      """;

  private DayScenarios() {}

  /** Returns a scenario that holds also where the agent works in the background. */
  private static Scenario subAgent() {
    String task = "SUBTASK: write the file";
    String report = "The agent's file is written.";
    Script start =
        call(
            "call_agent",
            "Agent",
            "{\"description\":\"Writes it\",\"prompt\":"
                + Chunks.quote(task)
                + ",\"subagent_type\":\"general-purpose\"}");
    return new Scenario(
        "has a sub-agent write a file",
        "Let an agent do it",
        directory -> {
          var main = byTurn(start, Script.says("I wait for it."));
          var agent =
              byTurn(
                  write("call_sub", directory.resolve("sub.txt"), "by the agent"),
                  Script.says(report));
          return request -> {
            if (userSays(request, task)) {
              return agent.apply(request);
            }
            return request.text().contains(report)
                ? Script.says("The agent has done it.")
                : main.apply(request);
          };
        },
        (outcome, faults) -> {
          expectText(outcome, "The agent has done it.", faults);
          expectFile(outcome, "sub.txt", "by the agent", faults);
        });
  }

  /** Returns a scenario with a tool that the model sees only after it has searched for it. */
  private static Scenario mcp() {
    String server = Path.of("bench/claude-code/mcp.mjs").toAbsolutePath().toString();
    String config =
        "{\"mcpServers\":{\"notes\":{\"command\":\"node\",\"args\":["
            + Chunks.quote(server)
            + "]}}}";
    return new Scenario(
        "finds and calls a tool of an MCP server",
        List.of(new Turn("Write a note", "--mcp-config", config, "--strict-mcp-config")),
        directory -> {},
        directory ->
            byTurn(
                call(
                    "call_search",
                    "ToolSearch",
                    "{\"query\":\"select:mcp__notes__note\",\"max_results\":1}"),
                call("call_note", "mcp__notes__note", "{\"text\":\"a plum\"}"),
                Script.says("It is noted.")),
        (outcome, faults) -> {
          expectText(outcome, "It is noted.", faults);
          expectFile(outcome, "note.txt", "a plum", faults);
          expectToolResult(outcome, "noted a plum", faults);
          List<JsonNode> requests = outcome.completions().stream().map(Rules::body).toList();
          if (hasTool(requests.get(0)) || !hasTool(requests.get(1))) {
            faults.add("the model had the tool before its search, or not after it");
          }
        });
  }

  private static boolean hasTool(JsonNode body) {
    return body.path("tools").toString().contains("\"mcp__notes__note\"");
  }

  /** Returns a scenario with a PDF that the model can't take: the conversation goes on without. */
  private static Scenario attachments() {
    return new Scenario(
        "reads an image and a PDF",
        List.of(new Turn("Read both")),
        directory -> {
          Files.write(directory.resolve("dot.png"), Base64.getDecoder().decode(PNG));
          Files.writeString(directory.resolve("page.pdf"), PDF);
        },
        directory ->
            byTurn(
                call("call_image", "Read", "{\"file_path\":" + quoted(directory, "dot.png") + "}"),
                call("call_pdf", "Read", "{\"file_path\":" + quoted(directory, "page.pdf") + "}"),
                Script.says("I have seen both.")),
        (outcome, faults) -> {
          expectText(outcome, "I have seen both.", faults);
          expectMessage(outcome, "data:image/png;base64,", faults);
          expectMessage(outcome, "[Document (application/pdf) left out: ", faults);
          if (outcome.completions().size() != 3) {
            faults.add(outcome.completions().size() + " requests, not 3");
          }
        });
  }

  private static Scenario jsonSchema() {
    return new Scenario(
        "answers by a schema, at the second attempt",
        List.of(
            new Turn(
                "What is the answer?",
                "--json-schema",
                "{\"type\":\"object\",\"properties\":{\"answer\":{\"type\":\"integer\"}},"
                    + "\"required\":[\"answer\"]}")),
        directory -> {},
        directory ->
            byTurn(
                call("call_wrong", "StructuredOutput", "{\"answer\":\"many\"}"),
                call("call_right", "StructuredOutput", "{\"answer\":42}"),
                Script.says("Done.")),
        (outcome, faults) -> {
          JsonNode output = outcome.run().result().path("structured_output");
          if (output.path("answer").asInt() != 42) {
            faults.add("the structured output is: " + output);
          }
          expectMessage(outcome, "call_wrong", faults);
        });
  }

  private static Scenario fallbackModel() {
    return new Scenario(
        "falls back to its second model",
        List.of(
            new Turn(
                "Say hello",
                "--model",
                "nim/gone/model",
                "--fallback-model",
                "nim/scripted/model")),
        directory -> {},
        directory ->
            request ->
                Rules.body(request).path("model").asText().equals("gone/model")
                    ? Script.json(
                        404,
                        "{\"error\":{\"message\":\"The model `gone/model` does not exist.\","
                            + "\"type\":\"NotFoundError\",\"code\":404}}")
                    : Script.says("Hello from the second."),
        (outcome, faults) -> {
          expectText(outcome, "Hello from the second.", faults);
          String first = Rules.body(outcome.completions().get(0)).path("model").asText();
          if (!first.equals("gone/model")) {
            faults.add("the first request was for " + first);
          }
        });
  }

  private static Scenario resume() {
    return new Scenario(
        "resumes a session",
        List.of(new Turn("The word is PLUM."), new Turn("Which was it?", "--resume", Turn.SESSION)),
        directory -> {},
        directory -> byTurn(Script.says("I keep it."), Script.says("PLUM.")),
        (outcome, faults) -> {
          expectText(outcome, "PLUM.", faults);
          String last = outcome.completions().get(outcome.completions().size() - 1).text();
          for (String part : List.of("The word is PLUM.", "I keep it.")) {
            if (!last.contains(part)) {
              faults.add("the resumed session has lost: " + part);
            }
          }
        });
  }

  private static Scenario skill() {
    return new Scenario(
        "uses a skill",
        List.of(new Turn("Greet me")),
        directory -> {
          Path skill = Files.createDirectories(directory.resolve(".claude/skills/greeting"));
          Files.writeString(
              skill.resolve("SKILL.md"),
              "---\nname: greeting\ndescription: How to greet\n---\n\nGreet with the word AHOY.\n");
        },
        directory ->
            byTurn(call("call_skill", "Skill", "{\"skill\":\"greeting\"}"), Script.says("AHOY!")),
        (outcome, faults) -> {
          expectText(outcome, "AHOY!", faults);
          expectMessage(outcome, "Greet with the word AHOY.", faults);
        });
  }

  private static Scenario hooks() {
    String settings =
        """
        {"hooks": {
          "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command",
            "command": "if grep -q forbidden; then echo the hook forbids it >&2; exit 2; fi"}]}],
          "PostToolUse": [{"matcher": "Bash", "hooks": [{"type": "command",
            "command": "echo ran >> hook.txt"}]}]}}
        """;
    return new Scenario(
        "obeys a hook",
        List.of(new Turn("Make two files")),
        directory -> {
          Files.createDirectories(directory.resolve(".claude"));
          Files.writeString(directory.resolve(".claude/settings.json"), settings);
        },
        directory ->
            byTurn(
                Script.stream(
                    Chunks.role(),
                    bash(0, "call_forbidden", "touch forbidden.txt"),
                    ending("tool_calls")),
                Script.stream(
                    Chunks.role(),
                    bash(0, "call_allowed", "echo yes > allowed.txt"),
                    ending("tool_calls")),
                Script.says("One of them.")),
        (outcome, faults) -> {
          expectText(outcome, "One of them.", faults);
          expectNoFile(outcome, "forbidden.txt", faults);
          expectFile(outcome, "allowed.txt", "yes\n", faults);
          expectFile(outcome, "hook.txt", "ran\n", faults);
          expectToolResult(outcome, "the hook forbids it", faults);
        });
  }

  private static Scenario planMode() {
    return new Scenario(
        "writes nothing in plan mode",
        List.of(new Turn("Plan it", "--permission-mode", "plan")),
        directory -> {},
        directory ->
            byTurn(
                write("call_write", directory.resolve("too-early.txt"), "x"),
                Script.says("First this, then that.")),
        (outcome, faults) -> {
          expectText(outcome, "First this, then that.", faults);
          expectNoFile(outcome, "too-early.txt", faults);
          expectMessage(outcome, "Plan mode is active", faults);
        });
  }

  /** Returns the response of the search service: one that knows plums only. */
  static Script search(ReceivedRequest request) {
    if (!request.path().endsWith("/search")) {
      return ScriptedUpstream.models(request);
    }
    return request.target().contains("plums")
        ? Script.json(
            200,
            "{\"results\":[{\"title\":\"All of plums\",\"url\":\"https://plums.example/ripe\","
                + "\"content\":\"They are ripe in August.\"}]}")
        : Script.json(500, "{}");
  }

  /** Returns a scenario of two searches, one of which fails: the model is told of both. */
  private static Scenario webSearch() {
    return new Scenario(
        "searches the web",
        List.of(new Turn("Search for plums")),
        directory -> {},
        directory ->
            byTurn(
                call(
                    "call_load",
                    "ToolSearch",
                    "{\"query\":\"select:WebSearch\",\"max_results\":1}"),
                call("call_web", "WebSearch", "{\"query\":\"plums\"}"),
                call("call_none", "WebSearch", "{\"query\":\"pears\"}"),
                Script.says("In August.")),
        (outcome, faults) -> {
          expectText(outcome, "In August.", faults);
          expectToolResult(outcome, "https://plums.example/ripe", faults);
          expectToolResult(outcome, "They are ripe in August.", faults);
          expectToolResult(outcome, "unavailable", faults);
        });
  }

  /** Returns a scenario whose page is summed up by a request of its own, without tools. */
  private static Scenario webFetch() {
    AtomicReference<String> url = new AtomicReference<>();
    String page = "<html><body><h1>Plums</h1><p>They are ripe.</p></body></html>";
    String certificate = "page.pem";
    return new Scenario(
        "fetches a page",
        List.of(new Turn("Fetch the page", List.of(), Map.of("NODE_EXTRA_CA_CERTS", certificate))),
        directory -> {
          // Otherwise it first asks its maker about the host.
          Files.createDirectories(directory.resolve(".claude"));
          Files.writeString(
              directory.resolve(".claude/settings.json"), "{\"skipWebFetchPreflight\": true}");
          url.set(WebPage.serve(page, directory.resolve(certificate)));
        },
        directory -> {
          var main =
              byTurn(
                  call(
                      "call_load",
                      "ToolSearch",
                      "{\"query\":\"select:WebFetch\",\"max_results\":1}"),
                  call(
                      "call_fetch",
                      "WebFetch",
                      "{\"url\":" + Chunks.quote(url.get()) + ",\"prompt\":\"Are they ripe?\"}"),
                  Script.says("They are, it says."));
          return request ->
              userSays(request, "They are ripe.")
                  ? Script.says("The summary: ripe plums.")
                  : main.apply(request);
        },
        (outcome, faults) -> {
          expectText(outcome, "They are, it says.", faults);
          expectToolResult(outcome, "The summary: ripe plums.", faults);
        });
  }

  private static Scenario compact() {
    return new Scenario(
        "compacts by hand",
        List.of(
            new Turn("The word is PLUM."),
            new Turn("/compact", "--continue"),
            new Turn("Go on", "--continue")),
        directory -> {},
        directory ->
            request -> {
              if (request.text().contains("TEXT ONLY")) {
                return Script.says("<summary>A word was named.</summary>");
              }
              return request.text().contains("A word was named.")
                  ? Script.says("It went on from the summary.")
                  : Script.says("A long answer about it.");
            },
        (outcome, faults) -> {
          expectText(outcome, "It went on from the summary.", faults);
          List<ReceivedRequest> requests = outcome.completions();
          if (requests.get(requests.size() - 1).text().contains("A long answer about it.")) {
            faults.add("the last request still has what was summed up");
          }
        });
  }

  /** Returns a scenario with a model of a known card, whose efforts have names of their own. */
  private static Scenario effort() {
    return new Scenario(
        "passes on the effort",
        List.of(
            new Turn("Think little", "--model", "nim/openai/gpt-oss-120b", "--effort", "low"),
            new Turn("Think much", "--model", "nim/openai/gpt-oss-120b", "--effort", "max")),
        directory -> {},
        directory -> request -> Script.says("Thought."),
        (outcome, faults) -> {
          List<String> efforts =
              outcome.completions().stream()
                  .map(request -> Rules.body(request).path("reasoning_effort").asText())
                  .toList();
          if (!efforts.equals(List.of("low", "high"))) {
            faults.add("the efforts were " + efforts);
          }
        });
  }

  private static String quoted(Path directory, String file) {
    return Chunks.quote(directory.resolve(file).toString());
  }
}
