package io.caravan.provider.learned;

import io.caravan.openai.UpstreamError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
 * <p>A refusal is free text that may quote the client's own. What a tenant's call teaches therefore
 * holds for that tenant alone; {@link #EVERYONE} is taught by what has been proven.
 *
 * <p>It is safe for use by many threads, and holds a bounded number of models. It keeps nothing of
 * a message's text.
 */
public final class LearnedQuirks {
  /** The tenant whose facts hold for all. Without client keys it is the only one. */
  public static final String EVERYONE = "";

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

  /** A model under the upstream's name, and for whom its facts hold. */
  private record Model(String tenant, String provider, String id) {}

  /**
   * A learned fact.
   *
   * @param tenant the client for whose requests it holds, or {@link #EVERYONE}
   * @param complaint status and class of the upstream's error; never its message
   */
  public record Learned(
      String tenant, String provider, String model, Quirk quirk, String complaint, Instant at) {}

  /** Returns the facts about a model that hold for a tenant; empty if there are none. */
  ModelQuirks forModel(String tenant, String provider, String model) {
    ModelQuirks everyone = known(EVERYONE, provider, model);
    return tenant.equals(EVERYONE) ? everyone : everyone.with(known(tenant, provider, model));
  }

  private ModelQuirks known(String tenant, String provider, String model) {
    ModelQuirks known = models.get(new Model(tenant, provider, model));
    return known == null ? ModelQuirks.NONE : known.after(clock.instant().minus(lifetime));
  }

  /**
   * Returns the facts about a model that hold for a tenant, together with new ones. It is for the
   * retry of a request, before it is known whether they help.
   */
  public ModelQuirks with(String tenant, String provider, String model, Collection<Quirk> found) {
    ModelQuirks quirks = forModel(tenant, provider, model);
    for (Quirk quirk : found) {
      quirks = quirks.plus(new Learned(tenant, provider, model, quirk, "", clock.instant()));
    }
    return quirks;
  }

  /**
   * Remembers the lasting ones of new facts.
   *
   * @param tenant the client for whose requests they hold; {@link #EVERYONE} where they are proven
   * @param error the upstream's error, whose class is remembered
   */
  public void learn(
      String tenant, String provider, String model, Collection<Quirk> found, UpstreamError error) {
    for (Quirk quirk : found) {
      if (quirk.lasting()) {
        Instant now = clock.instant();
        learn(new Learned(tenant, provider, model, quirk, complaint(error), now));
      }
    }
  }

  private void learn(Learned learned) {
    Model key = new Model(learned.tenant(), learned.provider(), learned.model());
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

  /** Whoever names the most models gives up the oldest: no client's names push out another's. */
  private void makeRoom() {
    while (models.size() > maxModels) {
      Map<String, Long> sizes =
          models.keySet().stream()
              .collect(Collectors.groupingBy(Model::tenant, Collectors.counting()));
      String largest = Collections.max(sizes.entrySet(), Map.Entry.comparingByValue()).getKey();
      models.entrySet().stream()
          .filter(entry -> entry.getKey().tenant().equals(largest))
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

  /**
   * Returns the facts about a provider's models, as beans for the provider's YAML file. Those that
   * hold for one client alone are comments.
   */
  public String exportYaml(String provider) {
    Map<Boolean, List<Learned>> facts =
        all().stream()
            .filter(learned -> learned.provider().equals(provider))
            .collect(Collectors.partitioningBy(learned -> learned.tenant().equals(EVERYONE)));
    Map<String, List<Learned>> byModel =
        facts.get(true).stream()
            .collect(
                Collectors.groupingBy(Learned::model, LinkedHashMap::new, Collectors.toList()));
    return QuirkYaml.write(provider, byModel) + QuirkYaml.comments(facts.get(false));
  }

  /** Forgets all facts about a model. */
  void forget(String provider, String model) {
    models.keySet().removeIf(key -> key.provider().equals(provider) && key.id().equals(model));
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
