package io.caravan.record;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.translate.error.Secrets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Writes a recording as a case file; src/test/resources/corpus/README.md describes the form. The
 * text is Latin-1 in memory, so that every byte stays what it is.
 */
final class CaseWriter {
  /** The reasons for which a model was not called. */
  private static final Set<String> NOT_CALLED =
      Set.of("cooling", "limited", "circuit_open", "set_aside");

  /** The least length of a key that is masked: a shorter one may be any word of a prompt. */
  private static final int SHORTEST_KEY = 8;

  private static final String MASK = "***";
  private static final int LONGEST_HEAD = 256;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Recording recording;
  private final Secrets secrets;
  private final StringBuilder text = new StringBuilder();

  private CaseWriter(Recording recording) {
    this.recording = recording;
    secrets = Secrets.of(recording.secrets());
  }

  /** Returns the bytes of the case file. */
  static byte[] write(Recording recording) {
    CaseWriter writer = new CaseWriter(recording);
    writer.head();
    writer.section("request", writer.masked(recording.request()));
    recording.calls().forEach(writer::call);
    writer.response();
    return writer.text.toString().getBytes(ISO_8859_1);
  }

  private void head() {
    List<RecordedCall> calls = recording.calls();
    String model = calls.isEmpty() ? "no model" : calls.get(calls.size() - 1).model();
    line("case", "recorded exchange with " + model + ", outcome " + recording.outcome());
    line("from", "a recording of " + recording.at());
    line("request-id", recording.id());
    line("outcome", recording.outcome());
    line("key", recording.client().tenant());
    line("session", recording.client().session());
    line("agent", recording.client().agent());
    line("anthropic-version", recording.client().version());
    line("anthropic-beta", recording.client().betas());
    line("user-agent", recording.client().software());
    line("tokens", recording.rawTokens() + " " + recording.tokens());
    calls.forEach(call -> line("model", call.model()));
    passedOver().forEach(name -> line("passed-over", name));
  }

  /** Returns the models of the chain that were not called, or not to the end. */
  private List<String> passedOver() {
    List<String> names = new ArrayList<>(recording.overtaken());
    for (String tried : recording.tried().split(", ", -1)) {
      int space = tried.lastIndexOf(' ');
      String reason = tried.substring(space + 1);
      if (space > 0 && NOT_CALLED.contains(reason)) {
        names.add(tried.substring(0, space));
      }
    }
    return names;
  }

  private void line(String name, String value) {
    if (value == null || value.isBlank()) {
      return;
    }
    String plain = value.replaceAll("\\p{Cntrl}+", " ").strip();
    String cut = plain.length() > LONGEST_HEAD ? plain.substring(0, LONGEST_HEAD) : plain;
    text.append("# ").append(name).append(": ").append(latin1(known(cut))).append('\n');
  }

  private void call(RecordedCall call) {
    byte[] sent = new byte[call.request().length()];
    System.arraycopy(call.request().buffer(), call.request().offset(), sent, 0, sent.length);
    section("upstream-request", masked(sent));
    String type = call.contentType().replaceAll("[;\\s].*", "");
    StringBuilder title = new StringBuilder("upstream ").append(call.status());
    title.append(' ').append(type.isEmpty() ? "none" : type);
    UnaryOperator<String> mask = call.status() == 200 ? this::known : secrets::mask;
    String body = mask.apply(new String(call.bytes(), ISO_8859_1));
    boolean escaped = mustEscape(body);
    title.append(escaped ? " escaped" : "").append(call.isBroken() ? " reset" : "");
    if (call.retryAfter() != null && call.retryAfter().matches("\\d{1,9}")) {
      title.append(" retry-after=").append(call.retryAfter());
    }
    section(title.toString(), escaped ? escape(body) : body);
  }

  private void response() {
    if (recording.status() >= 400 && recording.body() != null) {
      JsonNode error = tree(recording.body()).path("error");
      section(
          "error " + recording.status() + " " + error.path("type").asText("api_error"),
          latin1(secrets.mask(error.path("message").asText())));
    } else if (recording.body() != null) {
      section("message", masked(recording.body()));
    } else {
      section("events", latin1(known(data(recording.events()))));
    }
  }

  /** Returns the data of each event, one a line. */
  private static String data(byte[] events) {
    StringBuilder lines = new StringBuilder();
    new String(events, UTF_8)
        .lines()
        .filter(line -> line.startsWith("data:") && !line.contains("{\"type\":\"ping\"}"))
        .forEach(line -> lines.append(line.substring(5).strip()).append('\n'));
    return lines.length() == 0 ? "" : lines.substring(0, lines.length() - 1);
  }

  private static JsonNode tree(byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  private void section(String title, String body) {
    text.append("--- ").append(title).append('\n').append(body).append('\n');
  }

  private String masked(byte[] json) {
    return latin1(known(new String(json, UTF_8)).strip());
  }

  /** Masks the keys that are known, and nothing else: prompts stay as they are. */
  private String known(String plain) {
    String masked = plain;
    for (String secret : recording.secrets()) {
      if (secret.length() >= SHORTEST_KEY) {
        masked = masked.replace(secret, MASK);
      }
    }
    return secrets.maskKnown(masked);
  }

  private static String latin1(String utf8) {
    return new String(utf8.getBytes(UTF_8), ISO_8859_1);
  }

  private static boolean mustEscape(String body) {
    if (body.startsWith("--- ") || body.contains("\n--- ")) {
      return true;
    }
    return body.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t');
  }

  /**
   * Escapes bytes as the corpus does; a real line end behind each escaped one is left out again.
   */
  private static String escape(String body) {
    StringBuilder escaped = new StringBuilder(body.length() + 64);
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      switch (c) {
        case '\n' -> escaped.append("\\n\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        case '\\' -> escaped.append("\\\\");
        default -> {
          boolean sign = c == '-' && (i == 0 || body.charAt(i - 1) == '\n');
          if (c < ' ' || sign) {
            escaped.append(String.format("\\x%02x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }
}
