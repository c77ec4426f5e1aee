package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Adds to what a refusal teaches by its words alone, what it teaches about the refused request. */
public final class Complaints {
  private Complaints() {}

  /**
   * Returns all facts of a refusal.
   *
   * @param found the facts of its words
   * @param schemas the next form of the request's schemas if it speaks of them, or null
   * @param stops the number of stop sequences that were sent
   */
  public static List<Quirk> of(
      UpstreamError error, List<Quirk> found, Quirk.Schemas schemas, int stops) {
    List<Quirk> all = new ArrayList<>(found);
    if (schemas != null) {
      // A keyword of a schema is no field of the request.
      SchemaComplaint complaint = SchemaComplaint.of(error);
      all.removeIf(
          quirk ->
              quirk instanceof Quirk.DropField drop
                  && complaint.keywords().stream()
                      .anyMatch(word -> drop.field().equals(word.toLowerCase(Locale.ROOT))));
      all.add(schemas);
    }
    Quirk.MaxStops limit = StopLimit.of(error, stops);
    if (limit != null) {
      all.remove(new Quirk.DropField("stop", true));
      all.add(limit);
    }
    return all;
  }
}
