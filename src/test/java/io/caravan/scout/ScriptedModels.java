package io.caravan.scout;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The models of a scripted upstream, each with a way to behave. The proportions are those of hosted
 * NIM in July 2026, of which a user found some 30 of 102 usable (free-claude-code#1035).
 */
final class ScriptedModels {
  private static final Pattern MODEL = Pattern.compile("\"model\":\"([^\"]*)\"");

  private final Map<String, BiFunction<ReceivedRequest, Integer, Script>> models =
      new LinkedHashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Set<String> good = new TreeSet<>();

  /** Returns the upstream of 102 models, of which 30 are good. */
  static ScriptedModels ofHostedNim() {
    ScriptedModels all = new ScriptedModels();
    all.good("good/plain-", 24, ScriptedModels::good);
    all.good("good/schema-cured-", 2, ScriptedModels::refusesPatterns);
    all.good("good/markup-known-", 2, ScriptedModels::writesHermes);
    all.good("good/field-cured-", 2, ScriptedModels::refusesEfforts);
    all.bad("nvidia/embed-qa-", 8, request -> json(404, "{}"));
    all.bad("baai/vectors-", 2, request -> error(400, "this model does not chat"));
    all.bad(
        "account/missing-",
        14,
        request ->
            json(
                404,
                "{\"status\":404,\"title\":\"Not Found\",\"detail\":\"Function 'f': Not found for account 'a'\"}"));
    all.bad(
        "ended/model-",
        12,
        request ->
            json(
                410,
                "{\"status\":410,\"title\":\"Gone\",\"detail\":\"The model has reached its end of life\"}"));
    all.bad(
        "down/degraded-",
        6,
        request ->
            json(
                400,
                "{\"status\":400,\"title\":\"Bad Request\",\"detail\":\"Function id 'f': DEGRADED function cannot be invoked\"}"));
    all.bad("down/fault-", 8, request -> error(500, "internal error"));
    all.bad("chat/without-tools-", 8, request -> isTool(request) ? sorry() : good(request));
    all.bad("chat/markup-unknown-", 4, ScriptedModels::writesUnknownMarkup);
    all.bad("slow/silent-", 4, request -> Script.silence());
    all.bad(
        "chat/no-schema-",
        6,
        request -> hasTools(request) ? error(400, "tools are not supported") : good(request));
    return all;
  }

  void add(String id, BiFunction<ReceivedRequest, Integer, Script> behaviour) {
    models.put(id, behaviour);
  }

  private void good(
      String prefix, int count, java.util.function.Function<ReceivedRequest, Script> behaviour) {
    for (int i = 1; i <= count; i++) {
      good.add(prefix + i);
      add(prefix + i, (request, call) -> behaviour.apply(request));
    }
  }

  private void bad(
      String prefix, int count, java.util.function.Function<ReceivedRequest, Script> behaviour) {
    for (int i = 1; i <= count; i++) {
      add(prefix + i, (request, call) -> behaviour.apply(request));
    }
  }

  Set<String> good() {
    return good;
  }

  int size() {
    return models.size();
  }

  /** Returns the calls that a model has got. */
  int callsOf(String id) {
    AtomicInteger count = calls.get(id);
    return count == null ? 0 : count.get();
  }

  /** Answers a completion. */
  Script answer(ReceivedRequest request) {
    String id = model(request);
    int call = calls.computeIfAbsent(id, key -> new AtomicInteger()).incrementAndGet();
    return models.getOrDefault(id, (r, c) -> error(404, "no such model")).apply(request, call);
  }

  /** Answers {@code GET /models}. */
  Script list(ReceivedRequest request) {
    StringBuilder list = new StringBuilder("{\"object\":\"list\",\"data\":[");
    models.keySet().forEach(id -> list.append("{\"id\":\"").append(id).append("\"},"));
    list.setLength(list.length() - 1);
    return json(200, list + "]}");
  }

  static String model(ReceivedRequest request) {
    Matcher model = MODEL.matcher(request.text());
    return model.find() ? model.group(1) : "";
  }

  static boolean hasTools(ReceivedRequest request) {
    return request.text().contains("\"tools\":");
  }

  /** Returns whether the request asks for a tool call, in the first turn or the second. */
  static boolean isTool(ReceivedRequest request) {
    return isFirstTurn(request) || request.text().contains("Now search");
  }

  static boolean isFirstTurn(ReceivedRequest request) {
    return request.text().contains("Search the project");
  }

  /** Returns what a model that can do everything writes. */
  static Script good(ReceivedRequest request) {
    if (isTool(request)) {
      return call(arguments(request));
    }
    String text = request.text();
    if (text.contains("codeword")) {
      return Script.says("bittern");
    } else if (text.contains("three fish")) {
      return Script.stream(
          Chunks.role(),
          Chunks.reasoning("three times seven"),
          Chunks.text("21"),
          Chunks.finish("stop") + Chunks.usage(20, 30) + Chunks.DONE);
    }
    return Script.says(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
            + " sixteen seventeen eighteen nineteen twenty");
  }

  /** Returns the arguments with the declared name of the parameter type, which may be an alias. */
  static String arguments(ReceivedRequest request) {
    String type = request.text().contains("\"type_\":") ? "type_" : "type";
    return "{\"pattern\":\"heron\",\"" + type + "\":\"java\"}";
  }

  static Script call(String arguments) {
    return Script.stream(
        Chunks.role(),
        Chunks.toolStart(0, "call_0", "Grep"),
        Chunks.toolArguments(0, arguments),
        Chunks.finish("tool_calls") + Chunks.usage(10, 5) + Chunks.DONE);
  }

  static Script sorry() {
    return Script.says("I can not search files, but you could use grep for this.");
  }

  static Script error(int status, String message) {
    return json(status, "{\"error\":{\"message\":\"" + message + "\"}}");
  }

  static Script json(int status, String body) {
    return Script.json(status, body);
  }

  private static Script refusesPatterns(ReceivedRequest request) {
    return request.text().contains("\"format\":\"uri\"")
        ? error(400, "Invalid schema for function 'mcp__notes__add': 'uri' is not a valid format.")
        : good(request);
  }

  private static Script refusesEfforts(ReceivedRequest request) {
    return request.text().contains("\"reasoning_effort\"")
        ? json(
            400,
            "{\"error\":{\"message\":\"Unsupported parameter: 'reasoning_effort' is not supported with this model.\","
                + "\"type\":\"invalid_request_error\",\"param\":\"reasoning_effort\",\"code\":\"unsupported_parameter\"}}")
        : good(request);
  }

  private static Script writesHermes(ReceivedRequest request) {
    return isTool(request)
        ? Script.says(
            "<tool_call>\n{\"name\": \"Grep\", \"arguments\": "
                + arguments(request)
                + "}\n</tool_call>")
        : good(request);
  }

  private static Script writesUnknownMarkup(ReceivedRequest request) {
    return isTool(request)
        ? Script.says("@@invoke Grep :: pattern -> heron :: type -> java @@end")
        : good(request);
  }
}
