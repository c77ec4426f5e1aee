package io.caravan.models;

import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ModelList;
import io.caravan.provider.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the upstreams say of their models themselves: which there are, and how large. Asked from
 * time to time by the route {@code refresh-models}, never while a client waits; without an answer
 * the cards of the provider files count alone.
 */
public final class UpstreamModels implements CamelContextAware {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamModels.class);
  private static final int LARGEST_LIST = 8 * 1024 * 1024;
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  private final Map<String, Listing> listings = new ConcurrentHashMap<>();
  private final Map<ModelCard, Both> both = new ConcurrentHashMap<>();
  private CamelContext camelContext;
  private UpstreamHttp http;

  /**
   * The last answer of a provider.
   *
   * @param models by id; what an earlier answer said where this one failed
   * @param failure what went wrong, or null
   */
  public record Listing(Map<String, ModelCard> models, String failure) {}

  /** A card and what an upstream has said, in one. */
  private record Both(ModelCard said, ModelCard card) {}

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return camelContext;
  }

  /** The connections. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Asks every provider that is in use. */
  public void refresh() {
    ModelDirectory directory = camelContext.getRegistry().findSingleByType(ModelDirectory.class);
    if (directory == null) {
      return;
    }
    // Cards of files that have been edited meanwhile are not to be kept.
    both.clear();
    for (Provider provider : directory.providersInUse()) {
      if (!provider.demonstration()) {
        listing(provider);
      }
    }
  }

  /** Asks one provider; an answer replaces the one before, a failure is noted. */
  Listing listing(Provider provider) {
    Listing before = listings.get(provider.getName());
    Map<String, ModelCard> known = before == null ? Map.of() : before.models();
    Listing listing;
    try {
      listing = new Listing(ask(provider, known), null);
    } catch (UpstreamIoException e) {
      listing = new Listing(known, "can't be reached");
    } catch (IllegalArgumentException e) {
      listing = new Listing(known, e.getMessage());
    }
    if (before == null || !String.valueOf(listing.failure()).equals(before.failure() + "")) {
      LOG.info(
          "{}: {}",
          provider.getName(),
          listing.failure() == null
              ? listing.models().size() + " models listed"
              : "no list of models (" + listing.failure() + ")");
    }
    listings.put(provider.getName(), listing);
    return listing;
  }

  private Map<String, ModelCard> ask(Provider provider, Map<String, ModelCard> known) {
    Map<String, String> headers = UpstreamHeaders.of(provider, ClientInfo.UNKNOWN);
    headers.put("Accept", "application/json");
    try (UpstreamCall call = http.get(provider.modelsUrl(), headers, TIMEOUTS)) {
      int status = call.open();
      if (status != 200) {
        throw new IllegalArgumentException("HTTP " + status);
      }
      Map<String, ModelCard> models = new TreeMap<>();
      for (ModelList.Entry entry : ModelList.parse(call.readUpTo(LARGEST_LIST))) {
        models.put(entry.id(), card(provider, entry, known.get(entry.id())));
      }
      return models;
    }
  }

  private static ModelCard card(Provider provider, ModelList.Entry entry, ModelCard known) {
    boolean same =
        known != null
            && Objects.equals(known.getContextWindow(), entry.contextWindow())
            && Objects.equals(known.getMaxOutput(), entry.maxOutput());
    if (same) {
      return known;
    }
    ModelCard card = new ModelCard();
    card.setProvider(provider.getName());
    card.setId(entry.id());
    card.setContextWindow(entry.contextWindow());
    card.setMaxOutput(entry.maxOutput());
    return card;
  }

  /** Asks a provider for its models now: their ids, none where it can't say. */
  public Set<String> idsOf(Provider provider) {
    return listing(provider).models().keySet();
  }

  /** The last answers by provider. */
  public Map<String, Listing> listings() {
    return Map.copyOf(listings);
  }

  /**
   * What is known of a model from its card and from its provider; always the same object as long as
   * neither changes, since what is computed of it is kept.
   *
   * @param card null where it has none
   * @return null where nothing is known
   */
  ModelCard add(String provider, String model, ModelCard card) {
    Listing listing = listings.get(provider);
    ModelCard said = listing == null ? null : listing.models().get(model);
    if (said == null || card == null) {
      return card == null ? said : card;
    }
    return both.compute(
            card,
            (c, known) ->
                known != null && known.said() == said ? known : new Both(said, c.and(said)))
        .card();
  }
}
