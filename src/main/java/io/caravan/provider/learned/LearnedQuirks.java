package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Remembers the quirks that upstreams' refusals have shown, by provider and model. A request that
 * is refused for a field is retried once without it ({@link #with}). The omission is then kept for
 * later requests ({@link #learn}), for a limited time, since an upstream's next release may accept
 * the field.
 *
 * <p>It is safe for use by many threads, and holds a bounded number of models. It keeps nothing of
 * a message's text.
 */
public final class LearnedQuirks {
  /** The most models; the newest are kept. Clients can name models at will. */
  static final int DEFAULT_MAX_MODELS = 1000;

  /** The time for which a fact is kept. */
  static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

  private static final int MAX_QUIRKS_OF_A_MODEL = 32;

  private final int maxModels;
  private final Duration lifetime;
  private final Clock clock;
  private final Map<Model, ModelQuirks> models = new ConcurrentHashMap<>();
  private final List<Consumer<Learned>> listeners = new CopyOnWriteArrayList<>();

  /** Makes an instance with the defaults. */
  public LearnedQuirks() {
    this(DEFAULT_MAX_MODELS, DEFAULT_LIFETIME, Clock.systemUTC());
  }

  /**
   * @param maxModels the most models, at least 1
   */
  LearnedQuirks(int maxModels, Duration lifetime, Clock clock) {
    this.maxModels = Math.max(1, maxModels);
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** A model under the upstream's name. */
  private record Model(String provider, String id) {}

  /**
   * A learned fact.
   *
   * @param complaint status and class of the upstream's error; never its message
   */
  public record Learned(String provider, String model, Quirk quirk, String complaint, Instant at) {}

  /** Returns the facts about a model; empty if there are none. */
  ModelQuirks forModel(String provider, String model) {
    ModelQuirks known = models.get(new Model(provider, model));
    return known == null ? ModelQuirks.NONE : known.after(clock.instant().minus(lifetime));
  }

  /**
   * Returns the facts about a model together with new ones. It is for the retry of a request,
   * before it is known whether they help.
   */
  public ModelQuirks with(String provider, String model, Collection<Quirk> found) {
    ModelQuirks quirks = forModel(provider, model);
    for (Quirk quirk : found) {
      quirks = quirks.plus(new Learned(provider, model, quirk, "", clock.instant()));
    }
    return quirks;
  }

  /**
   * Remembers the lasting ones of new facts.
   *
   * @param error the upstream's error, whose class is remembered
   */
  public void learn(String provider, String model, Collection<Quirk> found, UpstreamError error) {
    for (Quirk quirk : found) {
      if (quirk.lasting()) {
        Instant now = clock.instant();
        learn(new Learned(provider, model, quirk, complaint(error), now));
      }
    }
  }

  private void learn(Learned learned) {
    Model key = new Model(learned.provider(), learned.model());
    Instant oldest = learned.at().minus(lifetime);
    boolean[] news = new boolean[1];
    models.compute(
        key,
        (k, known) -> {
          ModelQuirks before = known == null ? ModelQuirks.NONE : known.after(oldest);
          news[0] = !before.has(learned.quirk()) && before.size() < MAX_QUIRKS_OF_A_MODEL;
          return news[0] ? before.plus(learned) : before;
        });
    if (news[0]) {
      makeRoom();
      listeners.forEach(listener -> listener.accept(learned));
    }
  }

  private void makeRoom() {
    while (models.size() > maxModels) {
      models.entrySet().stream()
          .min(Comparator.comparing(entry -> entry.getValue().newest()))
          .ifPresent(entry -> models.remove(entry.getKey(), entry.getValue()));
    }
  }

  /**
   * Adds a listener for log and metric. It is called once for each new fact, on the thread that
   * learned it.
   */
  public void onLearned(Consumer<Learned> listener) {
    listeners.add(listener);
  }

  /** Returns all facts, the oldest first. */
  public List<Learned> all() {
    Instant oldest = clock.instant().minus(lifetime);
    List<Learned> all = new ArrayList<>();
    models.values().forEach(quirks -> all.addAll(quirks.after(oldest).learned()));
    all.sort(Comparator.comparing(Learned::at));
    return all;
  }

  /** Returns the facts about a provider's models, as beans for the provider's YAML file. */
  public String exportYaml(String provider) {
    Map<String, List<Learned>> byModel =
        all().stream()
            .filter(learned -> learned.provider().equals(provider))
            .collect(
                Collectors.groupingBy(Learned::model, LinkedHashMap::new, Collectors.toList()));
    return QuirkYaml.write(provider, byModel);
  }

  /** Forgets all facts about a model. */
  void forget(String provider, String model) {
    models.remove(new Model(provider, model));
  }

  /** Forgets everything. */
  void forget() {
    models.clear();
  }

  /** Returns the number of models with facts, for a metric. */
  int size() {
    return models.size();
  }

  private static String complaint(UpstreamError error) {
    String type = error.type() == null ? "" : error.type();
    boolean word = type.matches("[A-Za-z0-9_. -]{1,40}");
    return "HTTP " + error.status() + (word ? " " + type : "");
  }
}
