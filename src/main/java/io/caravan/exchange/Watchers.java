package io.caravan.exchange;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;

/** The watchers of one request's calls. Copies of its exchange share them. */
record Watchers(List<CallWatcher> all) {
  private static final String PROPERTY = "CaravanCallWatchers";

  static Watchers of(Exchange exchange, boolean make) {
    Watchers watchers = exchange.getProperty(PROPERTY, Watchers.class);
    if (watchers == null && make) {
      watchers = new Watchers(new CopyOnWriteArrayList<>());
      exchange.setProperty(PROPERTY, watchers);
    }
    return watchers;
  }
}
