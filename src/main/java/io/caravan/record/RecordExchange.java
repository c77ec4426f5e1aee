package io.caravan.record;

import io.caravan.camel.ContextBean;
import io.caravan.exchange.CallWatcher;
import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.Contract;
import io.caravan.exchange.GatewayRequest;
import io.caravan.http.PresentedKey;
import io.caravan.provider.Provider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the exchange of a request, if it is one of those to be recorded. It is the step behind
 * read-request. Once the exchange has ended, a {@link Recording} is sent to a route; that must take
 * it at once, since the server's own thread waits for it.
 */
public final class RecordExchange extends ContextBean implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private final AtomicLong held = new AtomicLong();
  private long mostHeld = Runtime.getRuntime().maxMemory() / 16;
  private Set<String> keys = Set.of();
  private Set<String> sessions = Set.of();
  private double percent = 100;
  private long maxSize = 16L * 1024 * 1024;
  private String to = "seda:caravan-recordings";
  private Consumer<Recording> listener = this::send;
  private volatile ProducerTemplate routes;

  /**
   * Sets the names of the client keys whose exchanges are recorded, comma-separated; empty: all.
   */
  public void setKeys(String keys) {
    this.keys = names(keys);
  }

  /** Sets the sessions whose exchanges are recorded, comma-separated; empty: all. */
  public void setSessions(String sessions) {
    this.sessions = names(sessions);
  }

  private static Set<String> names(String list) {
    return Arrays.stream((list == null ? "" : list).split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Sets how many of 100 such exchanges are recorded, by chance (default all).
   *
   * @throws IllegalArgumentException if it is not from 0 to 100
   */
  public void setPercent(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "caravan.record.percent is " + percent + " and must be from 0 to 100");
    }
    this.percent = percent;
  }

  /** Sets the most bytes of one exchange; a larger one is not recorded. */
  public void setMaxSize(long maxSize) {
    this.maxSize = maxSize;
  }

  /** Sets the most bytes of all exchanges that are being recorded; 0: a sixteenth of the heap. */
  public void setMaxHeld(long maxHeld) {
    mostHeld = maxHeld > 0 ? maxHeld : mostHeld;
  }

  /** Sets the URI that recordings are sent to. */
  public void setTo(String to) {
    this.to = to;
  }

  /** Sets what takes the recordings in place of a route. */
  public void setListener(Consumer<Recording> listener) {
    this.listener = listener;
  }

  @Override
  public void process(Exchange exchange) {
    GatewayRequest request = GatewayRequest.of(exchange);
    byte[] body = exchange.getMessage().getBody(byte[].class);
    if (body == null || request.asksForExplanation() || !isChosen(request.client())) {
      return;
    }
    Recording recording = new Recording(body, secrets(exchange), new Room(held, mostHeld, maxSize));
    request.headers().put("caravan-recorded", "true");
    request.setResponse(new RecordedResponse(request.response(), recording));
    CallWatcher.add(exchange, recording);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange ended) {
                recording.end(ended);
                listener.accept(recording);
              }
            });
  }

  private boolean isChosen(ClientInfo client) {
    return (keys.isEmpty() || keys.contains(client.tenant()))
        && (sessions.isEmpty() || (client.session() != null && sessions.contains(client.session())))
        && (percent >= 100 || ThreadLocalRandom.current().nextDouble(100) < percent);
  }

  /** Returns the keys of the providers, and the one that this client has sent. */
  private List<String> secrets(Exchange exchange) {
    List<String> secrets = new ArrayList<>();
    getCamelContext()
        .getRegistry()
        .findByType(Provider.class)
        .forEach(provider -> secrets.addAll(provider.secrets()));
    HttpMessage http = exchange.getMessage(HttpMessage.class);
    if (http != null) {
      String key = PresentedKey.of(http.getRequest());
      if (key != null) {
        secrets.add(key);
      }
    }
    return secrets;
  }

  private void send(Recording recording) {
    if (recording.isTooLarge()) {
      recording.release();
      LOG.info("Request {} is not recorded: it is too large, or too many are", recording.id());
      return;
    }
    Exchange sent = new DefaultExchange(getCamelContext());
    sent.getMessage().setBody(recording);
    sent.setProperty(Contract.REQUEST_ID, recording.id());
    routes().send(to, sent);
    if (sent.getException() != null) {
      recording.release();
      LOG.warn("Request {} is not recorded: {}", recording.id(), sent.getException().toString());
    }
  }

  private ProducerTemplate routes() {
    if (routes == null) {
      synchronized (this) {
        if (routes == null) {
          routes = getCamelContext().createProducerTemplate();
        }
      }
    }
    return routes;
  }
}
