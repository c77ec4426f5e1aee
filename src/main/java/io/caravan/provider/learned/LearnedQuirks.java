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
 * What upstreams have been found not to take, by provider and model. A request that is refused for
 * a field is sent once more without it ({@link #with}); what that request lacked is then left out
 * of those that follow ({@link #learn}), for a time: an upstream's next release may take it.
 *
 * <p>Safe for use by many threads; holds a bounded number of models. Nothing of a message's text is
 * kept.
 */
public final class LearnedQuirks {
  /** Of more models nothing is kept beyond the newest: clients can name models at will. */
  public static final int DEFAULT_MAX_MODELS = 1000;

  /** How long what was learned holds. */
  public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

  private static final int MAX_QUIRKS_OF_A_MODEL = 32;

  private final int maxModels;
  private final Duration lifetime;
  private final Clock clock;
  private final Map<Model, ModelQuirks> models = new ConcurrentHashMap<>();
  private final List<Consumer<Learned>> listeners = new CopyOnWriteArrayList<>();

  /** With the defaults. */
  public LearnedQuirks() {
    this(DEFAULT_MAX_MODELS, DEFAULT_LIFETIME, Clock.systemUTC());
  }

  /**
   * @param maxModels at least 1
   */
  public LearnedQuirks(int maxModels, Duration lifetime, Clock clock) {
    this.maxModels = Math.max(1, maxModels);
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** A model as the upstream names it. */
  private record Model(String provider, String id) {}

  /**
   * One thing learned.
   *
   * @param complaint status and class of what the upstream said; never its message
   */
  public record Learned(String provider, String model, Quirk quirk, String complaint, Instant at) {}

  /** What is known of a model; empty where nothing is. */
  public ModelQuirks forModel(String provider, String model) {
    ModelQuirks known = models.get(new Model(provider, model));
    return known == null ? ModelQuirks.NONE : known.after(clock.instant().minus(lifetime));
  }

  /**
   * What is known of a model, and what was found just now: for the second try of a request, before
   * it is known whether that helps.
   */
  public ModelQuirks with(String provider, String model, Collection<Quirk> found) {
    ModelQuirks quirks = forModel(provider, model);
    for (Quirk quirk : found) {
      quirks = quirks.plus(new Learned(provider, model, quirk, "", clock.instant()));
    }
    return quirks;
  }

  /**
   * Remembers what lasts of what was found.
   *
   * @param error what the upstream complained with; its class is remembered
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

  /** Called once for each new thing, on the thread that learned it: for log and metric. */
  public void onLearned(Consumer<Learned> listener) {
    listeners.add(listener);
  }

  /** All that is known, the oldest first. */
  public List<Learned> all() {
    Instant oldest = clock.instant().minus(lifetime);
    List<Learned> all = new ArrayList<>();
    models.values().forEach(quirks -> all.addAll(quirks.after(oldest).learned()));
    all.sort(Comparator.comparing(Learned::at));
    return all;
  }

  /** What is known of a provider's models, as beans to paste into the provider's YAML file. */
  public String exportYaml(String provider) {
    Map<String, List<Learned>> byModel =
        all().stream()
            .filter(learned -> learned.provider().equals(provider))
            .collect(
                Collectors.groupingBy(Learned::model, LinkedHashMap::new, Collectors.toList()));
    return QuirkYaml.write(provider, byModel);
  }

  /** Forgets all of a model. */
  public void forget(String provider, String model) {
    models.remove(new Model(provider, model));
  }

  /** Forgets everything. */
  public void forget() {
    models.clear();
  }

  /** The models of which something is known, for a metric. */
  int size() {
    return models.size();
  }

  private static String complaint(UpstreamError error) {
    String type = error.type() == null ? "" : error.type();
    boolean word = type.matches("[A-Za-z0-9_. -]{1,40}");
    return "HTTP " + error.status() + (word ? " " + type : "");
  }
}
