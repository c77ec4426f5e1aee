package io.caravan.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/**
 * Exports spans without the messages of exceptions and log lines, which Camel adds: an upstream's
 * error may quote a prompt.
 */
final class WordlessSpans implements SpanExporter {
  private final SpanExporter exporter;

  WordlessSpans(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return exporter.export(spans.stream().map(WordlessSpans::wordless).toList());
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  private static SpanData wordless(SpanData span) {
    boolean wordless =
        span.getTotalRecordedEvents() == 0 && span.getStatus().getDescription().isEmpty();
    return wordless ? span : new Wordless(span);
  }

  private static boolean isOurs(EventData event) {
    return event.getName().equals(TracedCall.FIRST_BYTES);
  }

  private static final class Wordless extends DelegatingSpanData {
    Wordless(SpanData span) {
      super(span);
    }

    @Override
    public List<EventData> getEvents() {
      return super.getEvents().stream().filter(WordlessSpans::isOurs).toList();
    }

    @Override
    public int getTotalRecordedEvents() {
      return getEvents().size();
    }

    @Override
    public StatusData getStatus() {
      return StatusData.create(super.getStatus().getStatusCode(), "");
    }
  }
}
