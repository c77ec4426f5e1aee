package io.caravan.trace;

import io.caravan.anthropic.Usage;
import io.caravan.exchange.Attempt;
import io.caravan.http.AbortReason;
import io.caravan.http.CallListener;
import io.caravan.http.ClientResponse;
import io.caravan.http.UpstreamCall;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.Locale;

/** The span of one call: it ends with the upstream's response. */
final class TracedCall implements CallListener {
  static final String FIRST_BYTES = "first bytes";

  /** The type of a call that another one has overtaken, which is no failure. */
  private static final String OVERTAKEN = "overtaken";

  private static final int ACCEPTED = 202;

  private final Span span;
  private final Attempt attempt;
  private final ClientResponse client;
  private volatile int status;
  private volatile boolean begun;
  private volatile Instant endedAt;

  /**
   * @param client the client's own response: that of a racing call ends with the race
   */
  TracedCall(Span span, Attempt attempt, ClientResponse client) {
    this.span = span;
    this.attempt = attempt;
    this.client = client;
  }

  @Override
  public void opened(UpstreamCall call) {
    status = call.status();
    span.setAttribute("http.response.status_code", (long) status);
  }

  @Override
  public void read(byte[] buffer, int offset, int count) {
    if (!begun) {
      begun = true;
      span.addEvent(FIRST_BYTES);
    }
  }

  @Override
  public void closed(UpstreamCall call, boolean complete) {
    AbortReason aborted = call.abortReason();
    if (status == ACCEPTED && aborted == null) {
      // It is polled for; the poll's end is the call's.
      return;
    }
    if (status != 0 && status != 200) {
      failed(Integer.toString(status));
    } else if (aborted == AbortReason.CLIENT_GONE && !client.abandoned()) {
      span.setAttribute("error.type", OVERTAKEN);
    } else if (!complete && aborted != AbortReason.NOT_NEEDED) {
      failed(aborted == null ? "connection" : aborted.name().toLowerCase(Locale.ROOT));
    }
    endedAt = Instant.now();
    if (status != 200) {
      span.end(endedAt);
    }
  }

  /** Ends the span of a completion, whose usage is known once the message has ended. */
  void finish() {
    Usage usage = attempt.usage();
    if (usage != null) {
      span.setAttribute(
          "gen_ai.usage.input_tokens",
          usage.inputTokens() + usage.cacheReadInputTokens() + usage.cacheCreationInputTokens());
      span.setAttribute("gen_ai.usage.output_tokens", usage.outputTokens());
      span.setAttribute("gen_ai.usage.cache_read.input_tokens", usage.cacheReadInputTokens());
    }
    Instant end = endedAt;
    span.end(end == null ? Instant.now() : end);
  }

  private void failed(String type) {
    span.setAttribute("error.type", type);
    span.setStatus(StatusCode.ERROR);
  }
}
