package io.caravan.observe;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the listeners of a context and hands records to them. */
public final class RequestListeners {
  private static final Logger LOG = LoggerFactory.getLogger(RequestListeners.class);

  /** The age of a look into the registry: a live reload may have added a listener since. */
  private static final long FRESH = Duration.ofSeconds(1).toNanos();

  private volatile Found found;

  private record Found(List<RequestListener> listeners, long at) {}

  /** Tells all listeners of a request that was accepted. */
  public void began(CamelContext context, String id, Supplier<RequestRecord> soFar) {
    tell(context, id, listener -> listener.began(id, soFar));
  }

  /** Hands a record to all listeners. */
  public void ended(CamelContext context, RequestRecord request) {
    tell(context, request.id(), listener -> listener.ended(request));
  }

  private void tell(CamelContext context, String id, Consumer<RequestListener> event) {
    for (RequestListener listener : in(context)) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.warn("Request {}: the listener {} failed", id, listener, e);
      }
    }
  }

  private List<RequestListener> in(CamelContext context) {
    Found known = found;
    long now = System.nanoTime();
    if (known == null || now - known.at() > FRESH) {
      known = new Found(List.copyOf(context.getRegistry().findByType(RequestListener.class)), now);
      found = known;
    }
    return known.listeners();
  }
}
