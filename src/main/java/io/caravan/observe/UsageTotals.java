package io.caravan.observe;

import io.caravan.json.JsonWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Adds up what each key has used on each day (UTC), of the last 31 days since the start. The names
 * of keys come from the configuration, so that their number is bounded.
 */
public final class UsageTotals implements RequestListener {
  private static final int DAYS = 31;
  private static final double NANODOLLARS = 1e9;

  private final Instant since = Instant.now();
  private final NavigableMap<LocalDate, Map<String, Totals>> days = new TreeMap<>();

  private static final class Totals {
    private long requests;
    private long failed;
    private long input;
    private long cacheRead;
    private long cacheCreation;
    private long output;
    private long nanodollars;
    private long withoutPrice;

    void add(RequestRecord request) {
      requests++;
      failed += request.ending().outcome().equals(RequestRecord.Ending.OK) ? 0 : 1;
      RequestRecord.Tokens tokens = request.tokens();
      if (tokens != null) {
        input += tokens.input();
        cacheRead += tokens.cacheRead();
        cacheCreation += tokens.cacheCreation();
        output += tokens.output();
        withoutPrice += request.nanodollars() == null ? 1 : 0;
      }
      nanodollars += request.nanodollars() == null ? 0 : request.nanodollars();
    }

    void write(JsonWriter json) {
      json.field("requests", requests)
          .field("failed", failed)
          .field("input_tokens", input)
          .field("cached_tokens", cacheRead)
          .field("cache_creation_tokens", cacheCreation)
          .field("output_tokens", output)
          .field("cost_usd", nanodollars / NANODOLLARS)
          .field("requests_without_price", withoutPrice);
    }
  }

  @Override
  public synchronized void ended(RequestRecord request) {
    LocalDate day = LocalDate.ofInstant(request.acceptedAt(), ZoneOffset.UTC);
    days.computeIfAbsent(day, d -> new TreeMap<>())
        .computeIfAbsent(request.caller().key(), key -> new Totals())
        .add(request);
    days.headMap(days.lastKey().minusDays(DAYS - 1L)).clear();
  }

  /** Returns the report as JSON, the latest day first. */
  public synchronized String json() {
    JsonWriter json = new JsonWriter(1024);
    json.beginObject().field("since", since.toString()).beginArray("days");
    days.descendingMap()
        .forEach(
            (day, keys) -> {
              json.beginObject().field("day", day.toString()).beginArray("keys");
              keys.forEach(
                  (key, totals) -> {
                    json.beginObject().field("key", key);
                    totals.write(json);
                    json.endObject();
                  });
              json.endArray().endObject();
            });
    return json.endArray().endObject().finish().toString();
  }
}
