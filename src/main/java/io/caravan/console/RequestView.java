package io.caravan.console;

import io.caravan.observe.RequestRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A request as the console's page gets it. Names are those of the access log. */
final class RequestView {
  private RequestView() {}

  static Map<String, Object> of(RequestRecord request, boolean running) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("request_id", request.id());
    view.put("at", request.acceptedAt().toEpochMilli());
    view.put("running", running);
    view.put("route", request.route());
    view.put("client", request.caller().key());
    view.put("session", request.caller().session());
    view.put("agent", request.caller().agent());
    view.put("software", request.caller().software());
    view.put("model", request.model().requested());
    view.put("provider", request.model().provider());
    view.put("upstream_model", request.model().name());
    view.put("upstream_request_id", request.upstreamRequestId());
    view.put("status", running ? null : request.ending().status());
    view.put("outcome", running ? null : request.ending().outcome());
    view.put("reason", running ? null : request.ending().reason());
    tokens(view, request.tokens());
    view.put("cost_usd", request.nanodollars() == null ? null : request.nanodollars() / 1e9);
    view.put(
        "first_token_ms", request.firstTokenNanos() == 0 ? null : ms(request.firstTokenNanos()));
    view.put("total_ms", ms(request.totalNanos()));
    view.put("attempts", request.attempts());
    view.put("stages", request.stages().stream().map(RequestView::stage).toList());
    view.put("calls", request.calls().stream().map(RequestView::call).toList());
    view.put("losses", request.translation().losses().stream().map(RequestView::loss).toList());
    view.put("recovered", request.translation().recovered());
    view.put("tools", request.translation().called());
    view.put("prefix_matched", request.translation().prefixMatched());
    view.put("prefix_previous", request.translation().prefixPrevious());
    return view;
  }

  private static void tokens(Map<String, Object> view, RequestRecord.Tokens tokens) {
    view.put("input_tokens", tokens == null ? null : tokens.input());
    view.put("cached_tokens", tokens == null ? null : tokens.cacheRead());
    view.put("output_tokens", tokens == null ? null : tokens.output());
  }

  private static Map<String, Object> stage(RequestRecord.Stage stage) {
    return Map.of("name", stage.name(), "start", ms(stage.startNanos()), "ms", ms(stage.nanos()));
  }

  private static Map<String, Object> call(RequestRecord.Call call) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("provider", call.provider());
    view.put("model", call.model());
    view.put("sent", call.sent());
    view.put("status", call.status());
    view.put("request_id", call.requestId());
    view.put("outcome", call.outcome());
    view.put("reason", call.reason());
    view.put("start", ms(call.startNanos()));
    view.put("ms", ms(call.nanos()));
    return view;
  }

  private static Map<String, Object> loss(RequestRecord.Loss loss) {
    return Map.of("where", loss.where(), "what", loss.what(), "times", loss.times());
  }

  /** Returns milliseconds with a thousandth, since most stages take less than one. */
  private static double ms(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }

  static List<Map<String, Object>> all(List<RequestRecord> requests, boolean running) {
    return requests.stream().map(request -> of(request, running)).toList();
  }
}
