package io.caravan.limits.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The permits of the last window, oldest first, each with an id of its own.
 *
 * <p>Permits are counted by id, not by time: two permits of the same instant are two
 * (peterkhayes/rolling-rate-limiter#11 counted them once). Not safe for use by several threads.
 */
public final class Timeline {
  /** A permit and its time. */
  public record Entry(String id, long at) {}

  private final Map<String, Entry> byId = new HashMap<>();
  private final List<Entry> entries = new ArrayList<>();

  /** The number of expired entries at the front; removing each at once would move all others. */
  private int gone;

  public int size() {
    return entries.size() - gone;
  }

  boolean contains(String id) {
    return byId.containsKey(id);
  }

  /** Returns the time of the n-th oldest permit, from 1. */
  private long at(int n) {
    return entries.get(gone + n - 1).at();
  }

  /** Returns the permits, oldest first. */
  public List<Entry> entries() {
    return List.copyOf(entries.subList(gone, entries.size()));
  }

  /** Adds a permit unless it is known. */
  public void add(String id, long at) {
    Entry entry = new Entry(id, at);
    if (byId.putIfAbsent(id, entry) == null) {
      int place = entries.size();
      while (place > gone && entries.get(place - 1).at() - at > 0) {
        place--;
      }
      entries.add(place, entry);
    }
  }

  public boolean remove(String id) {
    Entry entry = byId.remove(id);
    return entry != null && entries.subList(gone, entries.size()).remove(entry);
  }

  public void clear() {
    byId.clear();
    entries.clear();
    gone = 0;
  }

  /** Removes the permits of this time or before. */
  public void expire(long time) {
    while (gone < entries.size() && entries.get(gone).at() - time <= 0) {
      byId.remove(entries.get(gone).id());
      gone++;
    }
    if (gone > 32 && gone * 2 > entries.size()) {
      entries.subList(0, gone).clear();
      gone = 0;
    }
  }

  /**
   * Returns the time until that many more permits fit, each given as early as possible.
   *
   * @param places 1 for the next permit, 2 for the one after it
   * @return nanoseconds; 0 is now
   */
  public long waitFor(int places, int limit, long window, long now) {
    if (limit <= 0) {
      return window;
    }
    // The n-th permit may be given one window after the one that is limit places before it. Beyond
    // the known permits, that is one which this calculation has given itself.
    long n = (long) size() + places - limit;
    long later = 0;
    while (n > size()) {
      n -= limit;
      later += window;
    }
    return n <= 0 ? later : Math.max(0, at((int) n) + window - now) + later;
  }
}
