package io.caravan.console;

import io.caravan.observe.RequestListener;
import io.caravan.observe.RequestRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last requests and those under way, for the console. It holds no prompt and no answer,
 * since a record has none. Texts that clients and upstreams chose are clipped, so that its memory
 * has a bound.
 */
public final class RecentRequests implements RequestListener {
  private static final Logger LOG = LoggerFactory.getLogger(RecentRequests.class);

  private final EndedRequests ended = new EndedRequests();
  private final Map<String, Supplier<RequestRecord>> running = new ConcurrentHashMap<>();
  private final List<Consumer<RequestRecord>> watchers = new CopyOnWriteArrayList<>();
  private int maximum = 2000;

  /** Sets how many requests are kept (default 2000); with 0 none is, and none is shown. */
  public void setMaximum(int maximum) {
    this.maximum = maximum;
  }

  @Override
  public void began(String id, Supplier<RequestRecord> soFar) {
    if (maximum > 0) {
      running.put(id, soFar);
    }
  }

  @Override
  public void ended(RequestRecord request) {
    if (maximum <= 0) {
      return;
    }
    running.remove(request.id());
    ended.add(request, maximum);
    if (!watchers.isEmpty()) {
      RequestRecord kept = EndedRequests.asKept(request);
      watchers.forEach(watcher -> watcher.accept(kept));
    }
  }

  /** Returns the requests that have ended, the last of them last. */
  List<RequestRecord> ended() {
    return ended.all();
  }

  /** Returns the request of that id, if it has ended and is kept; else null. */
  RequestRecord ended(String id) {
    return ended().stream().filter(each -> each.id().equals(id)).findFirst().orElse(null);
  }

  /** Returns what is known of the requests under way. */
  List<RequestRecord> running() {
    List<RequestRecord> all = new ArrayList<>();
    for (Supplier<RequestRecord> each : running.values()) {
      try {
        all.add(EndedRequests.asKept(each.get()));
      } catch (RuntimeException e) {
        // It changes while it is looked at; the next look has it.
        LOG.debug("A request under way could not be looked at", e);
      }
    }
    return all;
  }

  int maximum() {
    return maximum;
  }

  int watchers() {
    return watchers.size();
  }

  /** Tells a watcher of each request that ends from now on. */
  Subscription watch(Consumer<RequestRecord> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /** The end of a watch. */
  @FunctionalInterface
  interface Subscription {
    void end();
  }
}
