package io.caravan.trace;

import io.caravan.exchange.RequestTimeline;
import io.caravan.observe.RequestRecord.Stage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes the spans of a request's stages of its timeline, once it is over. A stage that was passed
 * inside another one is below it.
 */
final class StageSpans {
  private static final String ATTEMPT = "attempt";

  /**
   * The steps that only lead to others, those at the end of a stream, whose span has their time,
   * the one that makes the spans of calls, and the one that only sets a timer. A span costs as much
   * as such a step.
   */
  private static final Set<String> NO_STAGES =
      Set.of(
          "answer",
          "provider",
          "try-local-answers",
          "try-early-answers",
          "try-web-search",
          "try-no-content",
          "trace-calls",
          "keep-alive",
          "split-events",
          "finish-message",
          "finish-pass-through",
          "charge-client");

  private StageSpans() {}

  /** A stage whose inner stages may follow. */
  private record Open(long startNanos, Context context) {}

  static void write(Tracer tracer, RequestTrace trace, RequestTimeline timeline) {
    List<Stage> stages = timeline.stages();
    long epoch = nanosOf(timeline.acceptedAt());
    Deque<Open> open = new ArrayDeque<>();
    // They are in the order of their ends. Backwards, each one comes before those inside it.
    for (int i = stages.size() - 1; i >= 0; i--) {
      Stage stage = stages.get(i);
      if (NO_STAGES.contains(stage.name())) {
        continue;
      }
      while (!open.isEmpty() && stage.startNanos() < open.peek().startNanos()) {
        open.pop();
      }
      Context parent = open.isEmpty() ? trace.request() : open.peek().context();
      open.push(
          new Open(stage.startNanos(), written(tracer, trace, timeline, stage, epoch, parent)));
    }
  }

  private static Context written(
      Tracer tracer,
      RequestTrace trace,
      RequestTimeline timeline,
      Stage stage,
      long epoch,
      Context parent) {
    if (stage.name().equals(ATTEMPT)) {
      Context attempt = trace.attemptIn(timeline.startedAt() + stage.startNanos(), stage.nanos());
      if (attempt != null) {
        return attempt;
      }
    }
    long start = epoch + stage.startNanos();
    Span span =
        tracer
            .spanBuilder(stage.name())
            .setParent(parent)
            .setStartTimestamp(start, TimeUnit.NANOSECONDS)
            .startSpan();
    span.end(start + stage.nanos(), TimeUnit.NANOSECONDS);
    return parent.with(span);
  }

  private static long nanosOf(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
