package io.caravan.observe;

import io.caravan.json.JsonWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;

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

    /** Returns the sums by name, after that of the key. */
    Map<String, Object> of(String key) {
      Map<String, Object> sums = new LinkedHashMap<>();
      sums.put("key", key);
      sums.put("requests", requests);
      sums.put("failed", failed);
      sums.put("input_tokens", input);
      sums.put("cached_tokens", cacheRead);
      sums.put("cache_creation_tokens", cacheCreation);
      sums.put("output_tokens", output);
      sums.put("cost_usd", nanodollars / NANODOLLARS);
      sums.put("requests_without_price", withoutPrice);
      return sums;
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
  public String json() {
    return new JsonWriter(1024).tree(report(key -> true)).finish().toString();
  }

  /**
   * Returns the report of some keys, the latest day first.
   *
   * @param shown returns whether a key is in it, by its name
   */
  public synchronized Map<String, Object> report(Predicate<String> shown) {
    List<Map<String, Object>> all = new ArrayList<>();
    days.descendingMap()
        .forEach(
            (day, keys) -> {
              List<Map<String, Object>> sums = new ArrayList<>();
              keys.forEach(
                  (key, totals) -> {
                    if (shown.test(key)) {
                      sums.add(totals.of(key));
                    }
                  });
              all.add(Map.of("day", day.toString(), "keys", sums));
            });
    return Map.of("since", since.toString(), "days", all);
  }
}
