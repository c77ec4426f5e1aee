package io.caravan.exchange;

import io.caravan.anthropic.Usage;
import io.caravan.observe.RequestRecord;
import io.caravan.translate.request.PrefixMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes the record of a request that is over. */
public final class RequestRecords {
  private static final int MOST_TOOLS = 50;

  private RequestRecords() {}

  /** Returns the record of a request whose response is complete or abandoned. */
  public static RequestRecord of(GatewayRequest request) {
    RequestSummary summary = request.summary();
    RequestTimeline timeline = request.timeline();
    ClientInfo client = request.client();
    TranslationReport report = summary.translations();
    List<RequestRecord.Loss> losses = losses(report);
    return new RequestRecord(
        request.id(),
        timeline.acceptedAt(),
        timeline.route(),
        new RequestRecord.Caller(
            client.tenant(), client.session(), client.agent(), client.software()),
        new RequestRecord.Model(
            request.hasMessage() ? request.message().model() : null,
            summary.provider(),
            summary.model(),
            summary.label()),
        timeline.calls(),
        ending(request, losses),
        tokens(summary),
        price(request),
        summary.timeToFirstContent(),
        timeline.totalNanos(),
        timeline.stages(),
        translation(report, losses));
  }

  /**
   * Returns the price of the completion and of the calls that were made for it, such as a judge's.
   */
  private static Long price(GatewayRequest request) {
    Long price = Price.of(request.summary().card(), request.summary().usage());
    long beside = request.spentBeside().nanodollars();
    return beside == 0 ? price : Long.valueOf(beside + (price == null ? 0 : price));
  }

  private static RequestRecord.Ending ending(
      GatewayRequest request, List<RequestRecord.Loss> losses) {
    RequestSummary summary = request.summary();
    String outcome = summary.outcome();
    boolean gone = RequestSummary.CLIENT_GONE.equals(outcome);
    int status = gone ? RequestRecord.Ending.CLIENT_CLOSED_REQUEST : request.response().status();
    String reason = summary.reason();
    if (reason == null && RequestRecord.Ending.OK.equals(outcome) && !losses.isEmpty()) {
      reason =
          losses.stream()
              .map(RequestRecord.Loss::what)
              .distinct()
              .collect(Collectors.joining(",", Reasons.LOST, ""));
    }
    return new RequestRecord.Ending(status, outcome, reason);
  }

  /** Returns the tokens of a summary; null if there was no completion. */
  public static RequestRecord.Tokens tokens(RequestSummary summary) {
    Usage usage = summary.usage();
    return usage == null
        ? null
        : new RequestRecord.Tokens(
            usage.inputTokens(),
            usage.outputTokens(),
            usage.cacheReadInputTokens(),
            usage.cacheCreationInputTokens(),
            summary.inputEstimated(),
            summary.outputEstimated());
  }

  private static List<RequestRecord.Loss> losses(TranslationReport report) {
    if (report.request().isEmpty() && report.answer().isEmpty()) {
      return List.of();
    }
    List<RequestRecord.Loss> losses = new ArrayList<>();
    report
        .request()
        .forEach(
            (loss, times) -> losses.add(new RequestRecord.Loss("request", loss.label(), times)));
    report.answer().forEach(loss -> losses.add(new RequestRecord.Loss("answer", loss.label(), 1)));
    return losses;
  }

  /** Returns the calls by tool, with a bound: a client may have any number of tools. */
  private static Map<String, Integer> called(Map<String, Integer> all) {
    if (all.size() <= MOST_TOOLS) {
      return all;
    }
    Map<String, Integer> some = new TreeMap<>();
    all.forEach(
        (tool, calls) -> {
          if (some.size() < MOST_TOOLS) {
            some.put(tool, calls);
          }
        });
    return some;
  }

  private static RequestRecord.Translation translation(
      TranslationReport report, List<RequestRecord.Loss> losses) {
    PrefixMatch prefix = report.prefix();
    return new RequestRecord.Translation(
        losses,
        report.recovered(),
        report.givenUp(),
        called(report.called()),
        prefix == null ? 0 : prefix.matched(),
        prefix == null ? 0 : prefix.previous());
  }
}
