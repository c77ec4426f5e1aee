package io.caravan.console;

import io.caravan.observe.RequestRecord;
import java.util.Map;
import java.util.TreeMap;

/**
 * Clips the texts of a record that clients and upstreams choose: a model's name may have megabytes.
 */
final class Clipped {
  private static final int MOST = 200;

  private Clipped() {}

  static RequestRecord of(RequestRecord request) {
    RequestRecord.Caller caller = request.caller();
    RequestRecord.Model model = request.model();
    return new RequestRecord(
        request.id(),
        request.acceptedAt(),
        request.route(),
        new RequestRecord.Caller(
            caller.key(), text(caller.session()), text(caller.agent()), text(caller.software())),
        new RequestRecord.Model(
            text(model.requested()), model.provider(), text(model.name()), text(model.label())),
        request.calls().stream().map(Clipped::call).toList(),
        request.ending(),
        request.tokens(),
        request.nanodollars(),
        request.firstTokenNanos(),
        request.totalNanos(),
        request.stages(),
        translation(request.translation()));
  }

  private static RequestRecord.Translation translation(RequestRecord.Translation whole) {
    if (whole.called().isEmpty()) {
      return whole;
    }
    Map<String, Integer> called = new TreeMap<>();
    whole.called().forEach((tool, calls) -> called.merge(text(tool), calls, Integer::sum));
    return new RequestRecord.Translation(
        whole.losses(),
        whole.recovered(),
        whole.givenUp(),
        called,
        whole.prefixMatched(),
        whole.prefixPrevious());
  }

  private static RequestRecord.Call call(RequestRecord.Call call) {
    return new RequestRecord.Call(
        call.provider(),
        text(call.model()),
        call.sent(),
        call.status(),
        text(call.requestId()),
        call.outcome(),
        call.reason(),
        call.startNanos(),
        call.nanos());
  }

  private static String text(String text) {
    return text == null || text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }
}
