package io.caravan.observe;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A record with everything in it. */
public final class Example {
  private Example() {}

  /** Returns a request whose completion was the third call's. */
  public static RequestRecord of(String key, String session, String model, String outcome) {
    return new RequestRecord(
        "req_1",
        Instant.parse("2026-11-30T10:00:00Z"),
        "messages",
        new RequestRecord.Caller(key, session, "agent-2", "claude-cli/2.1"),
        new RequestRecord.Model(model, "nim", "z-ai/glm-5.3", "z-ai/glm-5.3"),
        List.of(
            new RequestRecord.Call("nim", "a", false, 0, null, "cooling", null, 1, 0),
            new RequestRecord.Call("nim", "b", true, 503, "up-1", "overloaded_error", "x", 2, 3),
            new RequestRecord.Call("nim", "c", true, 200, "up-2", "ok", null, 5, 3)),
        new RequestRecord.Ending(200, outcome, "lost image,top_k"),
        new RequestRecord.Tokens(120, 45, 1000, 0, false, false),
        1_234_500_000L,
        350_000_000L,
        2_500_000_000L,
        List.of(new RequestRecord.Stage("accept", 0, 1)),
        new RequestRecord.Translation(List.of(), Map.of(), 0, Map.of(), 0, 0));
  }

  /** A request that was refused before it was read. */
  public static RequestRecord refused() {
    return new RequestRecord(
        "req_2",
        Instant.parse("2026-11-30T10:00:00Z"),
        "",
        new RequestRecord.Caller("", null, null, null),
        new RequestRecord.Model(null, "none", "none", "none"),
        List.of(),
        new RequestRecord.Ending(401, "authentication_error", null),
        null,
        null,
        0,
        1_000_000,
        List.of(),
        new RequestRecord.Translation(List.of(), Map.of(), 0, Map.of(), 0, 0));
  }
}
