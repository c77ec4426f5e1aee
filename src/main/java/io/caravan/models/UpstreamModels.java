package io.caravan.models;

import io.caravan.camel.ContextBean;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.provider.Lifecycle;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ModelDetails;
import io.caravan.provider.ModelList;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.LearnedQuirks;
import io.caravan.translate.error.Secrets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstreams' own lists of models, with their sizes. The route {@code refresh-models} requests
 * them from time to time, beside the traffic. A request waits for a list only if it would be
 * refused for a window of the last one. Without a list, only the cards of the provider files apply.
 */
public final class UpstreamModels extends ContextBean {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamModels.class);
  private static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  private static final Duration SHORT = Duration.ofSeconds(3);

  /** The times for a list for which a request waits. */
  private static final Timeouts HASTE = new Timeouts(SHORT, SHORT, SHORT, SHORT);

  /** The time for which a list is not requested again for a request's sake. */
  private static final Duration FRESH = Duration.ofMillis(100);

  private final Map<String, Listing> listings = new ConcurrentHashMap<>();
  private final Map<Merger, ModelCard> mergedCards = new ConcurrentHashMap<>();

  /** The failures of the last requests for lists, by provider. */
  private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

  /** The first requests for lists, by provider: the route's and that of the check are one. */
  private final Map<String, FutureTask<Listing>> firsts = new ConcurrentHashMap<>();

  /** The last lists that were requested for a request's sake, by provider. */
  private final Map<String, Renewal> renewals = new ConcurrentHashMap<>();

  /** The providers that were not there, so that the windows of their last lists are in doubt. */
  private final Set<String> doubted = ConcurrentHashMap.newKeySet();

  private UpstreamHttp http;
  private LearnedQuirks quirks = new LearnedQuirks();

  /**
   * The last list of a provider.
   *
   * @param models the models by id; those of an earlier list if this request failed
   * @param lifecycles the lifecycles of those that have a known end
   * @param failure the reason of the failure, or null
   */
  public record Listing(
      Map<String, ModelCard> models, Map<String, Lifecycle> lifecycles, String failure) {
    private static final Listing NONE = new Listing(Map.of(), Map.of(), null);

    private Listing failed(String reason) {
      return new Listing(models, lifecycles, reason);
    }

    /** Returns whether there is a list, though perhaps an earlier one. */
    boolean isHad() {
      return failure == null || !models.isEmpty();
    }
  }

  /** The card of a provider's file and that of its list, by their identity. */
  private record Merger(ModelCard card, ModelCard listed) {}

  /** One request for a list. Others that want the same wait for it. */
  private static final class Renewal extends FutureTask<Void> {
    private final long start = System.nanoTime();

    Renewal(Runnable request) {
      super(request, null);
    }

    boolean isFresh() {
      return !isDone() || System.nanoTime() - start < FRESH.toNanos();
    }
  }

  /** Sets the connections. */
  public void setHttp(UpstreamHttp http) {
    this.http = http;
  }

  /** Sets the learned quirks: a list's window comes before one that was learned of an error. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
    quirks.onWindowsDoubted(doubted::add);
  }

  /** Requests the list of every provider that is in use. */
  public void refresh() {
    ModelDirectory directory =
        getCamelContext().getRegistry().findSingleByType(ModelDirectory.class);
    if (directory == null) {
      return;
    }
    // Cards of files that have been edited meanwhile must not stay.
    mergedCards.clear();
    for (Provider provider : directory.providersInUse()) {
      if (!provider.demonstration() && first(provider) == null) {
        listing(provider);
      }
    }
  }

  /**
   * Requests the first list of a provider, or waits for whoever does.
   *
   * @return null if it was there before
   */
  private Listing first(Provider provider) {
    FutureTask<Listing> own = new FutureTask<>(() -> listing(provider));
    FutureTask<Listing> known = firsts.putIfAbsent(provider.getName(), own);
    FutureTask<Listing> first = known == null ? own : known;
    if (first.isDone()) {
      return null;
    }
    // Does nothing if another thread runs it.
    first.run();
    try {
      return first.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Returns the failure of the first request for a provider's list; null if it has succeeded. */
  RuntimeException firstFailure(Provider provider) {
    first(provider);
    return failures.get(provider.getName());
  }

  /** Returns the first of some base URLs that has a list of models, or null. */
  String firstWithList(Provider provider, List<String> baseUrls) {
    ModelListCall call = new ModelListCall(http, provider, HASTE);
    return baseUrls.stream().filter(call::isAt).findFirst().orElse(null);
  }

  /** Returns the failure to connect to a URL, without a request; null if there is none. */
  UpstreamIoException connectFailure(String url) {
    return http.connectFailure(url);
  }

  /** Requests the list of one provider; it replaces the last one, a failure is recorded. */
  Listing listing(Provider provider) {
    return listing(provider, TIMEOUTS, id -> true);
  }

  private Listing listing(Provider provider, Timeouts timeouts, Predicate<String> wanted) {
    Listing before = listings.get(provider.getName());
    Listing known = before == null ? Listing.NONE : before;
    Listing listing;
    try {
      listing = ask(provider, known, timeouts, wanted);
      failures.remove(provider.getName());
    } catch (UpstreamIoException e) {
      listing = known.failed("can't be reached");
      failures.put(provider.getName(), e);
    } catch (IllegalArgumentException e) {
      listing = known.failed(e.getMessage());
      failures.put(provider.getName(), e);
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

  /**
   * Requests a provider's list again before a prompt is refused for a window of the last one: the
   * server may have been restarted with a larger window. That is done ten times a second at most,
   * and once for all who wait. If the list can't be had, its windows are in doubt, and not used.
   */
  void renew(Provider provider, String model) {
    String name = provider.getName();
    ModelCard listed = listed(name, model);
    if (listed != null && listed.getContextWindow() == null) {
      return;
    }
    Renewal own =
        new Renewal(
            () -> {
              if (listing(provider, HASTE, model::equals).failure() != null) {
                doubted.add(name);
              }
            });
    Renewal shared =
        renewals.compute(name, (n, last) -> last != null && last.isFresh() ? last : own);
    if (shared == own) {
      own.run();
    }
    try {
      shared.get(SHORT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("{}: no list of models in time", name, e);
      doubted.add(name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Listing ask(
      Provider provider, Listing known, Timeouts timeouts, Predicate<String> wanted) {
    Map<String, ModelCard> models = new TreeMap<>();
    Map<String, Lifecycle> lifecycles = new HashMap<>();
    Secrets secrets = Secrets.of(provider.secrets());
    for (ModelList.Entry entry :
        new ModelListCall(http, provider, timeouts).entries(wanted, id -> details(known, id))) {
      String shown = entry.id() + " " + entry.displayName();
      if (!secrets.maskKnown(shown).equals(shown)) {
        // Clients see the list, and nobody means a name with a key in it.
        continue;
      }
      models.put(entry.id(), card(provider, entry, known.models().get(entry.id())));
      if (!entry.lifecycle().equals(Lifecycle.ACTIVE)) {
        lifecycles.put(entry.id(), entry.lifecycle());
      }
    }
    quirks.forgetWindows(
        provider.getName(),
        model -> {
          ModelCard card = of(models, model);
          return card != null && card.getContextWindow() != null;
        });
    doubted.remove(provider.getName());
    return new Listing(models, lifecycles, null);
  }

  private static ModelDetails details(Listing known, String model) {
    ModelCard card = known.models().get(model);
    return card == null
        ? ModelDetails.UNKNOWN
        : new ModelDetails(card.getContextWindow(), card.getVision());
  }

  private static ModelCard card(Provider provider, ModelList.Entry entry, ModelCard known) {
    boolean same =
        known != null
            && Objects.equals(known.getContextWindow(), entry.contextWindow())
            && Objects.equals(known.getMaxOutput(), entry.maxOutput())
            && Objects.equals(known.getVision(), entry.vision())
            && Objects.equals(known.getDisplayName(), entry.displayName());
    if (same) {
      return known;
    }
    ModelCard card = new ModelCard();
    card.setProvider(provider.getName());
    card.setId(entry.id());
    card.setContextWindow(entry.contextWindow());
    card.setMaxOutput(entry.maxOutput());
    card.setVision(entry.vision());
    card.setDisplayName(entry.displayName());
    return card;
  }

  /** Requests the list of a provider now and returns the ids of its models; none if it fails. */
  public Set<String> idsOf(Provider provider) {
    return listing(provider).models().keySet();
  }

  /** Returns the last lists by provider. */
  public Map<String, Listing> listings() {
    return Map.copyOf(listings);
  }

  private ModelCard listed(String provider, String model) {
    Listing listing = doubted.contains(provider) ? null : listings.get(provider);
    return listing == null ? null : of(listing.models(), model);
  }

  /**
   * Returns the card of a model. The only model of a list stands for every name: a server that
   * holds one model (llama.cpp, whose id is a path, SGLang, mlx-lm) answers to any name, or refuses
   * the others itself.
   */
  private static ModelCard of(Map<String, ModelCard> models, String model) {
    ModelCard card = models.get(model);
    return card == null && models.size() == 1 ? models.values().iterator().next() : card;
  }

  /**
   * Merges a model's card with its provider's list. The result is the same object as long as
   * neither changes, since values computed from it are cached.
   *
   * @param card the model's card, or null if it has none
   * @return null if nothing is known of the model
   */
  ModelCard add(String provider, String model, ModelCard card) {
    ModelCard listed = listed(provider, model);
    if (listed == null || card == null) {
      return card == null ? listed : card;
    }
    return mergedCards.computeIfAbsent(new Merger(card, listed), merger -> card.and(listed, model));
  }

  /** Returns the lifecycle of a model that its provider's list names. */
  Lifecycle lifecycle(String provider, String model) {
    Listing listing = listings.get(provider);
    return listing == null
        ? Lifecycle.ACTIVE
        : listing.lifecycles().getOrDefault(model, Lifecycle.ACTIVE);
  }

  /** Returns the ids of the models of a provider's last list; null if none was had. */
  Set<String> served(String provider) {
    Listing listing = listings.get(provider);
    return listing == null || !listing.isHad() ? null : listing.models().keySet();
  }
}
