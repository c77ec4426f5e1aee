package io.caravan.claudecode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.testkit.TraceCollector;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares what the gateway shows of a session with the upstream's {@link Ledger}. */
final class LedgerChecks {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final double NANO = 1e9;

  private final List<Ledger.Entry> entries;
  private final Set<String> sessions;
  private final Set<String> faults = new TreeSet<>();

  /** The price of the stream that was stopped: its tokens are the gateway's estimate. */
  private long estimatedNanodollars;

  LedgerChecks(List<Ledger.Entry> entries, Set<String> sessions) {
    this.entries = entries;
    this.sessions = sessions;
    expect("ledger: refusals", count(Ledger.End.REFUSED), 1L);
    expect("ledger: hedged calls", count(Ledger.End.OVERTAKEN), 1L);
    expect("ledger: stopped streams", count(Ledger.End.LEFT), 1L);
    expect("ledger: a sub-agent", entries.stream().anyMatch(Ledger.Entry::agent), true);
    expect("ledger: sessions", sessions.size(), 1);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  void rules(Collection<String> broken) {
    faults.addAll(broken);
  }

  private void expect(String what, Object is, Object should) {
    if (!should.equals(is)) {
      faults.add(what + ": " + is + ", and the ledger has " + should);
    }
  }

  private void expectAbout(String what, double is, double should) {
    if (!(Math.abs(is - should) < 1e-9)) {
      faults.add(what + ": " + is + ", and the ledger has " + should);
    }
  }

  private long count(Ledger.End end) {
    return entries.stream().filter(entry -> entry.end() == end).count();
  }

  private long sum(ToLongFunction<Ledger.Entry> tokens) {
    return entries.stream().mapToLong(tokens).sum();
  }

  /** Compares the requests of the console, and their calls. */
  void console(JsonNode state) {
    expect("console: requests under way", state.path("running").size(), 0);
    List<JsonNode> requests = ofModels(state.path("requests"));
    requests("console", requests);
    tools(requests);
    Map<String, JsonNode> calls = new HashMap<>();
    int sent = 0;
    for (JsonNode request : requests) {
      for (JsonNode call : request.path("calls")) {
        sent += call.path("sent").asBoolean() ? 1 : 0;
        calls.put(call.path("request_id").asText(), call);
      }
    }
    expect("console: calls", sent, entries.size());
    for (Ledger.Entry entry : entries) {
      JsonNode call = calls.get(entry.id());
      String what = "console: call " + entry.id() + " " + entry.end();
      if (call == null) {
        faults.add(what + " is missing");
        continue;
      }
      expect(what + ", model", call.path("model").asText(), entry.model());
      expect(
          what + ", status",
          call.path("status").asInt(),
          entry.end() == Ledger.End.REFUSED ? 503 : 200);
      expect(what + ", outcome", call.path("outcome").asText(), outcome(entry.end()));
    }
  }

  private void tools(List<JsonNode> requests) {
    Map<String, Integer> shown = new TreeMap<>();
    for (JsonNode request : requests) {
      for (Map.Entry<String, JsonNode> tool : request.path("tools").properties()) {
        shown.merge(tool.getKey(), tool.getValue().asInt(), Integer::sum);
      }
    }
    Map<String, Integer> called = new TreeMap<>();
    for (Ledger.Entry entry : entries) {
      if (!entry.tool().isEmpty()) {
        called.merge(entry.tool(), 1, Integer::sum);
      }
    }
    expect("console: tools", shown, called);
  }

  private static String outcome(Ledger.End end) {
    return switch (end) {
      case REFUSED -> "overloaded_error";
      case OVERTAKEN -> "overtaken";
      case WHOLE, LEFT -> "ok";
    };
  }

  private static List<JsonNode> ofModels(Iterable<JsonNode> requests) {
    List<JsonNode> kept = new ArrayList<>();
    for (JsonNode request : requests) {
      if (request.path("route").asText().equals("messages")
          && !request.path("provider").asText().equals("caravan")) {
        kept.add(request);
      }
    }
    return kept;
  }

  /** Compares the lines of the access log, which is JSON. */
  void log(List<String> lines) throws IOException {
    List<JsonNode> requests = new ArrayList<>();
    for (String line : lines) {
      JsonNode entry = line.startsWith("{") ? JSON.readTree(line) : null;
      if (entry == null) {
        faults.add("log: not JSON: " + line);
      } else if (entry.path("event").asText().equals("request")) {
        requests.add(entry);
      } else if (!entry.path("level").asText().equals("INFO")) {
        faults.add("log: a warning in a session that went well: " + line);
      }
    }
    requests("log", ofModels(requests));
  }

  /** Compares requests; console and log have the same names. */
  private void requests(String where, List<JsonNode> requests) {
    expect(
        where + ": requests",
        (long) requests.size(),
        entries.stream().filter(Ledger.Entry::endsRequest).count());
    Map<String, JsonNode> byCall = new HashMap<>();
    requests.forEach(request -> byCall.put(request.path("upstream_request_id").asText(), request));
    for (Ledger.Entry entry : entries) {
      if (entry.endsRequest()) {
        JsonNode request = byCall.get(entry.id());
        String what = where + ": request of " + entry.id();
        if (request == null) {
          faults.add(what + " is missing");
        } else {
          request(what, request, entry);
        }
      }
    }
  }

  private void request(String what, JsonNode request, Ledger.Entry entry) {
    expect(what + ", provider", request.path("provider").asText(), "ledger");
    expect(what + ", model", request.path("upstream_model").asText(), entry.model());
    expect(what + ", client", request.path("client").asText(), LedgerScene.KEY_NAME);
    expect(what + ", session", sessions.contains(request.path("session").asText()), true);
    expect(what + ", agent", request.path("agent").isTextual(), entry.agent());
    long calls = entries.stream().filter(other -> other.prompt().equals(entry.prompt())).count();
    expect(what + ", attempts", request.path("attempts").asLong(), calls);
    long input = request.path("input_tokens").asLong();
    long cached = request.path("cached_tokens").asLong();
    long output = request.path("output_tokens").asLong();
    boolean whole = entry.end() == Ledger.End.WHOLE;
    expect(what + ", status", request.path("status").asInt(), whole ? 200 : 499);
    expect(what + ", outcome", request.path("outcome").asText(), whole ? "ok" : "client_gone");
    expect(what + ", first token", request.path("first_token_ms").isNumber(), true);
    if (whole) {
      expect(what + ", input", input, entry.input());
      expect(what + ", cached", cached, entry.cached());
      expect(what + ", output", output, entry.output());
    } else {
      // The upstream has reported nothing, so these are estimates: of a long prompt, and few words.
      expect(what + ", input", input > 1_000 && cached == 0, true);
      expect(what + ", output", output > 0 && output < 20, true);
      estimatedNanodollars = Ledger.price(input, cached, output);
    }
    expectAbout(
        what + ", cost",
        request.path("cost_usd").asDouble(),
        (whole ? entry.nanodollars() : estimatedNanodollars) / NANO);
  }

  /** Compares the meters of requests, calls, tokens and money. */
  void metrics(String scrape) {
    long whole = count(Ledger.End.WHOLE);
    long left = count(Ledger.End.LEFT);
    String ours = "provider=\"ledger\"";
    metric(scrape, "caravan_requests_seconds_count", whole, ours, "outcome=\"ok\"");
    metric(scrape, "caravan_requests_seconds_count", left, ours, "outcome=\"client_gone\"");
    metric(scrape, "caravan_requests_seconds_count", whole + left, ours);
    metric(scrape, "caravan_time_to_first_token_seconds_count", whole + left, ours);
    metric(scrape, "caravan_active_requests", 0);
    for (Ledger.End end : Ledger.End.values()) {
      long calls = end == Ledger.End.WHOLE || end == Ledger.End.LEFT ? whole + left : count(end);
      String outcome = "outcome=\"" + outcome(end) + "\"";
      metric(scrape, "caravan_upstream_attempts_total", calls, ours, outcome);
    }
    metric(scrape, "caravan_upstream_attempts_total", entries.size(), ours);
    tokens(scrape, "input", sum(Ledger.Entry::input));
    tokens(scrape, "cache_read", sum(Ledger.Entry::cached));
    tokens(scrape, "output", sum(Ledger.Entry::output));
    double dollars = dollars();
    metric(scrape, "caravan_cost_dollars_total", dollars, ours);
    metric(scrape, "caravan_key_cost_dollars_total", dollars, key());
    metric(scrape, "caravan_key_requests_total", left, key(), "outcome=\"client_gone\"");
  }

  private static String key() {
    return "key=\"" + LedgerScene.KEY_NAME + "\"";
  }

  private double dollars() {
    return (sum(Ledger.Entry::nanodollars) + estimatedNanodollars) / NANO;
  }

  /** Compares the tokens that the upstream has reported: the others are counted as estimates. */
  private void tokens(String scrape, String kind, long should) {
    String label = "kind=\"" + kind + "\"";
    double all = sum(scrape, "caravan_tokens_total", "provider=\"ledger\"", label);
    double estimated = sum(scrape, "caravan_tokens_estimated_total", "provider=\"ledger\"", label);
    expectAbout("metrics: tokens reported, " + kind, all - estimated, (double) should);
    expectAbout(
        "metrics: tokens of the key, " + kind,
        sum(scrape, "caravan_key_tokens_total", key(), label) - estimated,
        (double) should);
  }

  private void metric(String scrape, String name, long should, String... labels) {
    metric(scrape, name, (double) should, labels);
  }

  private void metric(String scrape, String name, double should, String... labels) {
    expectAbout(
        "metrics: " + name + " " + String.join(",", labels), sum(scrape, name, labels), should);
  }

  private static double sum(String scrape, String name, String... labels) {
    double sum = 0;
    for (String line : scrape.split("\n", -1)) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && sample.group(1).equals(name)) {
        String has = String.valueOf(sample.group(2));
        boolean counts = true;
        for (String label : labels) {
          counts &= has.contains(label);
        }
        sum += counts ? Double.parseDouble(sample.group(3)) : 0;
      }
    }
    return sum;
  }

  /** Compares the report of what each key has used. */
  void usage(JsonNode report) {
    double dollars = 0;
    long cached = 0;
    for (JsonNode day : report.path("days")) {
      for (JsonNode key : day.path("keys")) {
        if (key.path("key").asText().equals(LedgerScene.KEY_NAME)) {
          dollars += key.path("cost_usd").asDouble();
          cached += key.path("cached_tokens").asLong();
        }
      }
    }
    expectAbout("usage: dollars", dollars, dollars());
    expect("usage: cached tokens", cached, sum(Ledger.Entry::cached));
  }

  /** Compares the spans of calls, which the ledger knows by their {@code traceparent}. */
  void traces(List<Span> spans) {
    Map<String, Span> calls = new HashMap<>();
    Set<String> traces = new TreeSet<>();
    for (Span span : spans) {
      if (span.getName().startsWith("chat ")) {
        calls.put(TraceCollector.id(span), span);
        traces.add(TraceCollector.traceId(span));
      }
    }
    expect("traces: calls", calls.size(), entries.size());
    expect(
        "traces: requests",
        (long) traces.size(),
        entries.stream().filter(Ledger.Entry::endsRequest).count());
    for (Ledger.Entry entry : entries) {
      Span span = calls.get(entry.span());
      String what = "traces: call " + entry.id() + " " + entry.end();
      if (span == null) {
        faults.add(what + " is missing");
      } else {
        span(what, TraceCollector.attributes(span), entry);
      }
    }
  }

  private void span(String what, Map<String, String> has, Ledger.Entry entry) {
    expect(what + ", model", has.get("gen_ai.request.model"), entry.model());
    expect(what + ", provider", has.get("gen_ai.provider.name"), "ledger");
    expect(what + ", session", sessions.contains(has.get("gen_ai.conversation.id")), true);
    String error =
        switch (entry.end()) {
          case WHOLE -> "none";
          case REFUSED -> "503";
          case OVERTAKEN -> "overtaken";
          case LEFT -> "client_gone";
        };
    expect(what + ", error", has.getOrDefault("error.type", "none"), error);
    if (entry.end() == Ledger.End.WHOLE) {
      expect(
          what + ", input",
          has.get("gen_ai.usage.input_tokens"),
          String.valueOf(entry.input() + entry.cached()));
      expect(
          what + ", output", has.get("gen_ai.usage.output_tokens"), String.valueOf(entry.output()));
    } else if (entry.end() != Ledger.End.LEFT) {
      expect(what + ", no tokens", has.containsKey("gen_ai.usage.output_tokens"), false);
    }
  }
}
