package io.caravan.stage;

import io.caravan.anthropic.Event;
import io.caravan.anthropic.SseEncoder;
import io.caravan.exchange.Attempt;
import io.caravan.exchange.GatewayRequest;
import io.caravan.judge.PendingVerdicts;
import io.caravan.judge.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a message that waits for the verdicts on its tool calls, if a step has begun any. */
final class Verdicts {
  /** The header that names the judge. */
  static final String HEADER = "caravan-judge";

  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.judge");

  private Verdicts() {}

  /**
   * Waits for the verdicts and returns the last events with them. All events before those go out
   * first, and the upstream's permit is given back: a judge at the same provider may need it.
   *
   * @param events the events that have yet to be written
   */
  static List<Event> awaited(Exchange exchange, List<Event> events) {
    Attempt attempt = Attempt.of(exchange);
    PendingVerdicts verdicts = attempt.verdicts();
    if (verdicts == null) {
      attempt.releasePermit();
      return events;
    }
    List<Event> now = verdicts.accept(events);
    verdicts.whenPlaced(attempt::releasePermit);
    if (!verdicts.isHolding()) {
      return now;
    }
    GatewayRequest request = GatewayRequest.of(exchange);
    write(request, attempt, now);
    Map<String, Verdict> found = await(request, verdicts);
    return verdicts.ending(found);
  }

  /** Waits for the verdicts, with keep-alive pings meanwhile, and reports them. */
  static Map<String, Verdict> await(GatewayRequest request, PendingVerdicts verdicts) {
    AtomicBoolean waiting = new AtomicBoolean(true);
    request.pingDuring(waiting::get);
    request.response().onClose(verdicts::cancel);
    try {
      Map<String, Verdict> found = verdicts.await();
      report(request, verdicts, found);
      return found;
    } catch (InterruptedException e) {
      verdicts.cancel();
      Thread.currentThread().interrupt();
      throw UpstreamFailures.stopping();
    } finally {
      waiting.set(false);
    }
  }

  /** Writes events before the last ones, or gathers them. */
  static void write(GatewayRequest request, Attempt attempt, List<Event> events) {
    if (!request.message().stream()) {
      WriteEvents.gather(attempt.gathered(), events);
    } else if (!events.isEmpty()) {
      SseEncoder encoder = WriteEvents.encode(events);
      WriteEvents.send(request, encoder.buffer(), encoder.length());
      if (attempt.gathered().isStarted()) {
        events.forEach(attempt.gathered()::accept);
      }
    }
  }

  /** Reports the verdicts in the log, and in a header if that can still be sent. */
  private static void report(
      GatewayRequest request, PendingVerdicts verdicts, Map<String, Verdict> found) {
    String judge = verdicts.judgeName();
    if (judge == null) {
      return;
    }
    long millis = verdicts.elapsed().toMillis();
    request.headers().put(HEADER, found.size() + " by " + judge + ", " + millis + " ms");
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Verdict verdict : found.values()) {
      boolean none = verdict.outcome() == Verdict.Outcome.UNAVAILABLE;
      counts.merge(
          verdict.outcome().label() + (none ? " (" + verdict.text() + ")" : ""), 1, Integer::sum);
    }
    LOG.info(
        "Request {}: {} judged {} tool calls in {} ms: {}",
        request.id(),
        judge,
        found.size(),
        millis,
        counts);
  }
}
