package io.caravan.translate.error;

import io.caravan.corpus.Case;
import io.caravan.corpus.CorpusFiles;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.UpstreamError;
import io.caravan.provider.learned.Quirk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A file of corpus/error: an upstream's response, and the error that the client must receive. Its
 * head has more lines than those of the other groups:
 *
 * <pre>
 * # quirks: contextWindow=131072 estimatedInput=120000 maxTokens=8000 retryAfter=20
 * (of the call; such cases run without HTTP only)
 * # retry: NEVER | RETRY | RETRY_ELSEWHERE
 * # circuit: true | false
 * # x-should-retry: false
 * # retry-after: 20                     (seconds, as in the header that the client gets)
 * # learns: without top_p; max_tokens up to 4096   (nothing after the colon: nothing)
 * </pre>
 */
record ErrorCase(
    Path file,
    Map<String, String> head,
    int upstreamStatus,
    String contentType,
    String body,
    int status,
    String type,
    String text)
    implements Case {

  static List<ErrorCase> all() {
    return CorpusFiles.of("error").stream().map(ErrorCase::read).toList();
  }

  private static ErrorCase read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      int upstream = text.indexOf("--- upstream ");
      int error = text.lastIndexOf("\n--- error ");
      String[] from = firstLine(text.substring(upstream)).split(" ", 4);
      String[] to = firstLine(text.substring(error + 1)).split(" ", 4);
      return new ErrorCase(
          file,
          head(text.substring(0, upstream)),
          Integer.parseInt(from[2]),
          from[3],
          text.substring(
              text.indexOf('\n', upstream) + 1, Math.max(error, text.indexOf('\n', upstream) + 1)),
          Integer.parseInt(to[2]),
          to[3],
          text.substring(text.indexOf('\n', error + 1) + 1).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstLine(String text) {
    return text.substring(0, text.indexOf('\n'));
  }

  private static Map<String, String> head(String text) {
    Map<String, String> head = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.startsWith("# "))
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              head.put(line.substring(2, colon), line.substring(colon + 1).strip());
            });
    return head;
  }

  UpstreamError error() {
    return ErrorBodies.parse(upstreamStatus, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  FailureContext context() {
    Map<String, String> call = new LinkedHashMap<>();
    for (String pair : head.getOrDefault("quirks", "").split(" ", -1)) {
      if (pair.contains("=")) {
        call.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
    }
    return FailureContext.of("up", "the-model")
        .keySetting("UP_API_KEY")
        .sizes(
            Long.parseLong(call.getOrDefault("contextWindow", "0")),
            Long.parseLong(call.getOrDefault("estimatedInput", "0")),
            Long.parseLong(call.getOrDefault("maxTokens", "0")))
        .retryAfter(call.get("retryAfter"), Instant.EPOCH);
  }

  /** Returns the form of the head's {@code learns}. */
  static String learned(List<Quirk> quirks) {
    return quirks.stream()
        .map(quirk -> quirk + (quirk.lasting() ? "" : " (this time)"))
        .collect(Collectors.joining("; "));
  }

  @Override
  public String toString() {
    return id() + ": " + head.get("case");
  }
}
