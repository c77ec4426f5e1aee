package io.caravan.models;

import io.caravan.camel.ContextBean;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.SetAside;
import io.caravan.models.UpstreamModels.Listing;
import io.caravan.openai.CommaSeparated;
import io.caravan.provider.ChatModels;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the model that {@code provider/auto} stands for: the best one that the provider serves
 * now, by {@link ModelRank}. A choice is kept until the model is set aside, fails repeatedly or is
 * no longer served. The next best ones are its fallbacks; a model of another provider never is.
 */
public final class AutoModels extends ContextBean {
  private static final Logger LOG = LoggerFactory.getLogger(AutoModels.class);
  private static final String AUTO = "auto";

  /** The most models that one request goes to. */
  private static final int CHAIN = 4;

  private final Map<String, String> kept = new ConcurrentHashMap<>();
  private final Map<String, Ranking> rankings = new ConcurrentHashMap<>();
  private final Map<String, Object> asking = new ConcurrentHashMap<>();
  private UpstreamModels upstreamModels;
  private SetAside setAside = new SetAside();
  private Circuits circuits = new Circuits();
  private List<String> preferred = List.of();
  private boolean lists = true;

  /** The models of a provider from the best to the worst, and what that was made of. */
  private record Ranking(Map<String, ModelCard> cards, Listing listing, List<ModelRank> models) {}

  /**
   * A chosen model.
   *
   * @param model the upstream's name of it
   * @param reason the facts for which it was chosen
   */
  record Pick(String model, String reason) {}

  /** Sets the upstreams' own lists of models; null to choose from the cards alone. */
  public void setUpstreamModels(UpstreamModels upstreamModels) {
    this.upstreamModels = upstreamModels;
  }

  /** Sets the models that are gone, down or refused. */
  public void setSetAside(SetAside setAside) {
    this.setAside = setAside;
  }

  /** Sets the circuit breakers of the models. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /** Sets the models that come first where nothing was measured, comma-separated. */
  public void setPreferred(String preferred) {
    this.preferred = CommaSeparated.of(preferred);
  }

  /** Sets whether upstreams may be asked for their lists (default). */
  public void setLists(boolean lists) {
    this.lists = lists;
  }

  /**
   * Returns whether a name stands for the best model of a provider. A model that is itself named
   * {@code auto}, by a card or by the upstream, comes first.
   */
  boolean isAuto(Provider provider, String model) {
    if (!model.equals(AUTO) || provider.demonstration()) {
      return false;
    }
    Listing listing = listing(provider);
    return !cards().containsKey(provider.getName() + "/" + AUTO)
        && (listing == null || !listing.models().containsKey(AUTO));
  }

  /**
   * Returns the model that a request would get now, and the next ones; it asks nobody.
   *
   * @param cardOf returns the card of one of the provider's models, or null
   */
  List<Pick> preview(Provider provider, Function<String, ModelCard> cardOf) {
    List<ModelRank> ranked = ranked(provider, cardOf);
    String current = kept.get(provider.getName());
    return picks(ranked, current);
  }

  /**
   * Returns the models for a request, the best one first. The first request asks the upstream for
   * its list, if nobody has asked yet.
   *
   * @param cardOf returns the card of one of the provider's models, or null
   * @return empty if no model is known
   */
  List<Pick> choose(Provider provider, Function<String, ModelCard> cardOf) {
    askOnce(provider);
    List<ModelRank> ranked = ranked(provider, cardOf);
    String name = provider.getName();
    String before = kept.get(name);
    List<Pick> picks = picks(ranked, before);
    if (!picks.isEmpty() && !picks.get(0).model().equals(before)) {
      Pick now = picks.get(0);
      kept.put(name, now.model());
      LOG.info(
          "{}/auto is {} ({}; of {} models){}",
          name,
          now.model(),
          now.reason(),
          ranked.size(),
          before == null ? "" : "; " + before + " " + fault(provider, before));
    }
    return picks;
  }

  private List<Pick> picks(List<ModelRank> ranked, String current) {
    List<Pick> picks = new ArrayList<>();
    for (ModelRank model : ranked) {
      boolean first = model.id().equals(current);
      if (first || picks.size() < CHAIN) {
        picks.add(first ? 0 : picks.size(), new Pick(model.id(), model.reason()));
      }
    }
    return List.copyOf(picks.subList(0, Math.min(CHAIN, picks.size())));
  }

  /** Returns the models that may be called now; all if that is none, since one may be back. */
  private List<ModelRank> ranked(Provider provider, Function<String, ModelCard> cardOf) {
    Ranking ranking =
        rankings.compute(
            provider.getName(),
            (name, known) -> {
              Map<String, ModelCard> cards = cards();
              Listing listing = listing(provider);
              boolean same =
                  known != null
                      && Objects.equals(known.listing(), listing)
                      && known.cards().equals(cards);
              return same ? known : new Ranking(cards, listing, rank(provider, cardOf));
            });
    List<ModelRank> all = ranking.models();
    List<ModelRank> live = all.stream().filter(model -> !isDown(provider, model.id())).toList();
    return live.isEmpty() ? all : live;
  }

  private List<ModelRank> rank(Provider provider, Function<String, ModelCard> cardOf) {
    List<ModelRank> all = new ArrayList<>();
    for (String id : served(provider)) {
      ModelRank model = new ModelRank(id, cardOf.apply(id), preference(provider, id));
      if (ChatModels.isChat(id) && model.callsTools()) {
        all.add(model);
      }
    }
    all.sort(ModelRank.BEST_FIRST);
    return List.copyOf(all);
  }

  private int preference(Provider provider, String id) {
    int place = preferred.indexOf(provider.getName() + "/" + id);
    return place < 0 ? preferred.size() : place;
  }

  private Collection<String> served(Provider provider) {
    Listing listing = listing(provider);
    if (listing != null && !listing.models().isEmpty()) {
      return listing.models().keySet();
    }
    String prefix = provider.getName() + "/";
    Collection<String> ids = new TreeSet<>();
    cards()
        .forEach(
            (full, card) -> {
              if (full.startsWith(prefix) && !card.isFamily()) {
                ids.add(full.substring(prefix.length()));
              }
            });
    return ids;
  }

  private Map<String, ModelCard> cards() {
    return getCamelContext().getRegistry().findByTypeWithName(ModelCard.class);
  }

  private Listing listing(Provider provider) {
    return upstreamModels == null ? null : upstreamModels.listings().get(provider.getName());
  }

  /** Asks for the list once, together with all requests that come meanwhile. */
  private void askOnce(Provider provider) {
    if (!lists || upstreamModels == null || listing(provider) != null) {
      return;
    }
    synchronized (asking.computeIfAbsent(provider.getName(), name -> new Object())) {
      if (listing(provider) == null) {
        upstreamModels.idsOf(provider);
      }
    }
  }

  private boolean isDown(Provider provider, String id) {
    String full = provider.getName() + "/" + id;
    return setAside.reason(full) != null || circuits.state(full) == Circuits.State.OPEN;
  }

  private String fault(Provider provider, String id) {
    String reason = setAside.reason(provider.getName() + "/" + id);
    if (reason != null) {
      return "is set aside: " + reason;
    }
    return isDown(provider, id) ? "keeps failing" : "is no longer served";
  }
}
