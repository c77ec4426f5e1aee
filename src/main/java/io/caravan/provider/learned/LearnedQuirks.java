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
import java.util.function.Predicate;
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

  /** The longest time for which a fact is kept: once refusals have confirmed it twice. */
  static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

  /** The time for which a new fact is kept. */
  private static final Duration FIRST = Duration.ofMinutes(10);

  /** The time for which a fact is kept that was refused again when the first time was over. */
  private static final Duration SECOND = Duration.ofHours(2);

  /**
   * The time for which a window is kept: a local server is restarted with a larger one just because
   * of that error.
   */
  private static final Duration OF_WINDOW = Duration.ofMinutes(5);

  /** The time for which a window is believed without a look at the upstream. */
  private static final Duration FRESH_WINDOW = Duration.ofSeconds(1);

  private static final int MAX_QUIRKS_OF_A_MODEL = 32;

  private final int maxModels;
  private final Duration lifetime;
  private final Clock clock;
  private final Map<Model, ModelQuirks> models = new ConcurrentHashMap<>();

  /** The count of how often each fact was learned, also those that are not in force. */
  private final Map<Known, Integer> times = new ConcurrentHashMap<>();

  private final List<Consumer<String>> doubters = new CopyOnWriteArrayList<>();
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

  private record Known(Model model, Quirk quirk) {}

  /**
   * The reason for which a fact is believed.
   *
   * @param words the upstream's words without secrets; empty if they quote the client
   * @param proof the proof in a few words; empty if there is none
   */
  public record Evidence(String words, String proof) {
    /** No words and no proof. */
    public static final Evidence NONE = new Evidence("", "");

    private static final int LONGEST = 200;

    public Evidence {
      words = words.length() > LONGEST ? words.substring(0, LONGEST) + "…" : words;
    }
  }

  /**
   * A learned fact.
   *
   * @param tenant the client for whose requests it holds, or {@link #EVERYONE}
   * @param complaint status and class of the upstream's error; never its message
   * @param until the end of the time for which it is kept
   */
  public record Learned(
      String tenant,
      String provider,
      String model,
      Quirk quirk,
      String complaint,
      Evidence evidence,
      Instant at,
      Instant until) {}

  /** Returns the facts about a model that hold for a tenant; empty if there are none. */
  ModelQuirks forModel(String tenant, String provider, String model) {
    ModelQuirks everyone = known(EVERYONE, provider, model);
    return tenant.equals(EVERYONE) ? everyone : everyone.with(known(tenant, provider, model));
  }

  private ModelQuirks known(String tenant, String provider, String model) {
    Model key = new Model(tenant, provider, model);
    ModelQuirks known = models.get(key);
    if (known == null) {
      return ModelQuirks.NONE;
    }
    ModelQuirks now = known.at(clock.instant());
    if (!now.equals(known)) {
      models.replace(key, known, now);
    }
    return now;
  }

  /**
   * Returns the facts about a model that hold for a tenant, together with new ones. It is for the
   * retry of a request, before it is known whether they help.
   */
  public ModelQuirks with(String tenant, String provider, String model, Collection<Quirk> found) {
    ModelQuirks quirks = forModel(tenant, provider, model);
    for (Quirk quirk : found) {
      Instant now = clock.instant();
      quirks =
          quirks.plus(new Learned(tenant, provider, model, quirk, "", Evidence.NONE, now, now));
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
    learn(tenant, provider, model, found, error, Evidence.NONE);
  }

  /**
   * Remembers the lasting ones of new facts: for minutes at first, and longer if they are learned
   * again later.
   *
   * @param tenant the client for whose requests they hold; {@link #EVERYONE} where they are proven
   * @param error the upstream's error, whose class is remembered
   * @param evidence the reason to believe them, for {@code /observe/learned}
   */
  public void learn(
      String tenant,
      String provider,
      String model,
      Collection<Quirk> found,
      UpstreamError error,
      Evidence evidence) {
    for (Quirk quirk : found) {
      if (quirk.lasting()) {
        Instant now = clock.instant();
        Instant until = now.plus(time(new Known(new Model(tenant, provider, model), quirk)));
        learn(new Learned(tenant, provider, model, quirk, complaint(error), evidence, now, until));
      }
    }
  }

  /** Returns the time for which a fact is kept if it is learned now. */
  private Duration time(Known known) {
    int before = times.getOrDefault(known, 0);
    Duration time =
        known.quirk() instanceof Quirk.ContextWindow
            ? OF_WINDOW
            : before == 0 ? FIRST : before == 1 ? SECOND : lifetime;
    return time.compareTo(lifetime) < 0 ? time : lifetime;
  }

  private void learn(Learned learned) {
    Model key = new Model(learned.tenant(), learned.provider(), learned.model());
    boolean[] news = new boolean[1];
    models.compute(
        key,
        (k, known) -> {
          ModelQuirks before = known == null ? ModelQuirks.NONE : known.at(learned.at());
          news[0] = !before.has(learned.quirk()) && before.size() < MAX_QUIRKS_OF_A_MODEL;
          return news[0] ? before.plus(learned) : before;
        });
    if (news[0]) {
      if (times.size() > maxModels * MAX_QUIRKS_OF_A_MODEL) {
        times.clear();
      }
      times.merge(new Known(key, learned.quirk()), 1, Integer::sum);
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

  /**
   * Returns the properties of a card that have the effect of what holds for a model and everyone,
   * each as a line of YAML.
   */
  public List<String> cardProperties(String provider, String model) {
    return QuirkYaml.properties(known(EVERYONE, provider, model).learned());
  }

  /** Returns all facts, the oldest first. */
  public List<Learned> all() {
    Instant now = clock.instant();
    List<Learned> all = new ArrayList<>();
    models.values().forEach(quirks -> all.addAll(quirks.at(now).learned()));
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

  /**
   * Forgets facts, also how often they were learned.
   *
   * @param forgotten returns whether to forget one
   * @return the number of facts that were forgotten
   */
  public int forget(Predicate<Learned> forgotten) {
    int count = remove(forgotten);
    if (count > 0) {
      times.clear();
    }
    return count;
  }

  private int remove(Predicate<Learned> forgotten) {
    int[] count = new int[1];
    for (Model key : models.keySet()) {
      models.computeIfPresent(
          key,
          (k, known) -> {
            ModelQuirks left = known.without(forgotten);
            count[0] += known.size() - left.size();
            return left.isEmpty() ? null : left;
          });
    }
    return count[0];
  }

  /**
   * Forgets the learned windows of a provider's models, as the upstream's own list names them.
   *
   * @param models returns whether to forget that of a model, by the upstream's name
   */
  public void forgetWindows(String provider, Predicate<String> models) {
    remove(
        learned ->
            learned.quirk() instanceof Quirk.ContextWindow
                && learned.provider().equals(provider)
                && models.test(learned.model()));
  }

  /**
   * Forgets a learned window for which a prompt would be refused, unless it was learned just now:
   * the server may have been restarted with a larger one. If it was not, it says so again.
   *
   * @param model the upstream's name of the model
   */
  public void retryWindow(String provider, String model) {
    Instant fresh = clock.instant().minus(FRESH_WINDOW);
    remove(
        learned ->
            learned.quirk() instanceof Quirk.ContextWindow
                && learned.provider().equals(provider)
                && learned.model().equals(model)
                && learned.at().isBefore(fresh));
  }

  /**
   * Doubts all windows of a provider's models, the learned and the listed ones: its server was not
   * there, and may come back with others.
   */
  public void doubtWindows(String provider) {
    forgetWindows(provider, model -> true);
    doubters.forEach(doubter -> doubter.accept(provider));
  }

  /** Adds a listener that gets the name of a provider whose windows are in doubt. */
  public void onWindowsDoubted(Consumer<String> doubter) {
    doubters.add(doubter);
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
