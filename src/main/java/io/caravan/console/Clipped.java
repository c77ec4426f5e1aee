package io.caravan.console;

import io.caravan.observe.RequestRecord;

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
        request.translation());
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
