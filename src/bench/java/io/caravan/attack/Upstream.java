package io.caravan.attack;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.ReceivedRequest;
import io.caravan.testkit.Script;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The upstream of the labs: the text of a request orders what it does. */
final class Upstream {
  static final String WORDS = "served";

  /** Orders, which a request has in its text. */
  static final String STAY = "order-stay";

  static final String LARGE = "order-large";
  static final String SILENT = "order-silent";
  static final String SPEND = "order-spend";
  static final String SLOW = "order-slow";
  static final String REFUSE = "order-refuse-";
  static final String BREAK = "order-break-";

  /** Ends the streams that stay. */
  static volatile CompletableFuture<Void> goOn = new CompletableFuture<>();

  /** Every model that was called. */
  static final Queue<String> MODELS = new ConcurrentLinkedQueue<>();

  static final AtomicInteger STAYING = new AtomicInteger();
  static final AtomicInteger SILENCES = new AtomicInteger();
  static final AtomicInteger COUNTS = new AtomicInteger();

  private static final String LARGE_PART = Chunks.text("x".repeat(256 * 1024));

  private Upstream() {}

  /** Lets streams stay from now on, whatever an attack before has left. */
  static void keepStreams() {
    goOn = new CompletableFuture<>();
    STAYING.set(0);
  }

  static Script answer(ReceivedRequest request) {
    String text = request.text();
    MODELS.add(text.replaceFirst("(?s).*?\"model\":\"([^\"]*)\".*", "$1"));
    if (text.contains(STAY)) {
      STAYING.incrementAndGet();
      return Script.stream(Chunks.role(), Chunks.text("before"))
          .await(goOn)
          .write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE);
    }
    if (text.contains(LARGE)) {
      return Script.stream(Chunks.role()).endlessly(LARGE_PART, Duration.ofMillis(1));
    }
    if (text.contains(SILENT)) {
      SILENCES.incrementAndGet();
      return Script.silence();
    }
    if (text.contains(SPEND)) {
      return Script.after(
          Duration.ofSeconds(2),
          Script.stream(Chunks.text("much"), Chunks.finish("length"), Chunks.usage(10, 290)));
    }
    if (text.contains(SLOW)) {
      return Script.after(Duration.ofMillis(200), Script.says(WORDS));
    }
    if (text.contains(REFUSE)) {
      return refusal(form(text, REFUSE));
    }
    return text.contains(BREAK)
        ? Script.stream(Chunks.role(), Chunks.text("before"), Chunks.error(500, form(text, BREAK)))
        : Script.says(WORDS);
  }

  private static String form(String text, String order) {
    int begin = text.indexOf(order) + order.length();
    return SpelledKeys.of(Lab.UPSTREAM_KEY).get(Integer.parseInt(text.substring(begin, begin + 2)));
  }

  private static Script refusal(String quoted) {
    String text = Chunks.quote(quoted);
    return Script.json(
        400,
        "{\"error\":{\"message\":%s,\"type\":%s,\"code\":%s,\"param\":%s,\"metadata\":{\"raw\":%s,%s:1}}}"
            .formatted(text, text, text, text, text, text),
        "X-Echo: " + Lab.UPSTREAM_KEY,
        "Request-Id: " + Lab.UPSTREAM_KEY);
  }

  static Script answerElse(ReceivedRequest request) {
    if (request.path().endsWith("/count_tokens")) {
      COUNTS.incrementAndGet();
      return Script.json(200, "{\"input_tokens\":42}");
    }
    return request.path().endsWith("/messages") && request.text().contains(REFUSE)
        ? refusal(form(request.text(), REFUSE))
        : Script.json(404, "{\"error\":{\"message\":\"no such path\"}}");
  }
}
