package io.caravan.exchange;

import io.caravan.http.CallListener;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Watches the calls that are made for one request, all its attempts and the racing ones. A step
 * before the first call adds it to the exchange; without one nothing is watched and nothing costs.
 */
public interface CallWatcher {
  /**
   * A call is about to be made. It may come from any thread.
   *
   * @param attempt the attempt, whose request and model are known
   * @return the listener of the call's response; null if it is of no interest
   */
  CallListener calling(Exchange exchange, Attempt attempt);

  /** Adds a watcher to the request of an exchange. */
  static void add(Exchange exchange, CallWatcher watcher) {
    Watchers.of(exchange, true).all().add(watcher);
  }

  /** Returns the listener of a call, or null if no one listens. */
  static CallListener watch(Exchange exchange, Attempt attempt) {
    Watchers watchers = Watchers.of(exchange, false);
    if (watchers == null) {
      return null;
    }
    List<CallListener> listeners = new ArrayList<>(watchers.all().size());
    for (CallWatcher watcher : watchers.all()) {
      CallListener listener = watcher.calling(exchange, attempt);
      if (listener != null) {
        listeners.add(listener);
      }
    }
    return switch (listeners.size()) {
      case 0 -> null;
      case 1 -> listeners.get(0);
      default -> CallListener.all(listeners);
    };
  }
}
