package io.caravan.models;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.camel.ContextBean;
import io.caravan.exchange.ModelChoice;
import io.caravan.limits.client.Glob;
import io.caravan.openai.CommaSeparated;
import io.caravan.provider.Attachments;
import io.caravan.provider.Dialect;
import io.caravan.provider.Lifecycle;
import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import io.caravan.provider.learned.EndedModels;
import io.caravan.settings.QuotationMarks;
import io.caravan.settings.Similar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Maps the model that a client names to a provider's model. Providers and model cards are looked up
 * in the registry each time, so that an edited provider file applies to the next request; the card
 * of a family applies half a second later at most.
 *
 * <p>A name is a {@code provider/model} if the part before the first slash is a provider (an alias
 * {@code claude/provider/model} means the same: Claude Code only lists ids with "claude" in them).
 * A name with fable, opus, sonnet or haiku in it is that class's model. Any other name without a
 * slash is the default model.
 */
public final class ModelDirectory extends ContextBean {

  /**
   * The begin of a placeholder. The registry resolves those in a name and fails at an unknown one;
   * names come from clients and from upstreams' lists.
   */
  private static final String PLACEHOLDER = "{{";

  /** To look through all cards costs more than the rest of the choice of a model. */
  private static final Duration FAMILIES_KEPT = Duration.ofMillis(500);

  private static final int MAX_FAMILIES = 1000;

  private final Cache<String, Optional<ModelCard>> families =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(MAX_FAMILIES)
          .expireAfterWrite(FAMILIES_KEPT)
          .build();

  private final ModelClasses classes = new ModelClasses();
  private String judge = "";
  private String vision = "";
  private UpstreamModels upstreamModels;
  private EndedModels ended = new EndedModels();
  private AutoModels auto;

  /** Sets the upstreams' own lists of models; null to use the cards alone. */
  public void setUpstreamModels(UpstreamModels upstreamModels) {
    this.upstreamModels = upstreamModels;
  }

  /** Sets the memory of models that have ended. */
  public void setEnded(EndedModels ended) {
    this.ended = ended;
  }

  /** Sets the chooser of models for {@code provider/auto}; null if no name stands for one. */
  public void setAuto(AutoModels auto) {
    this.auto = auto;
  }

  /** Sets the model that answers if no other is set at all, as {@code provider/model}. */
  public void setBuiltInModel(String model) {
    classes.setBuiltIn(model);
  }

  /** Sets the model of requests that name no class, as {@code provider/model}; empty for none. */
  public void setDefaultModel(String defaultModel) {
    classes.set(ModelClasses.DEFAULT, defaultModel);
  }

  /** Sets the model for names with "fable" in them; empty for that of opus. */
  public void setFable(String model) {
    classes.set("fable", model);
  }

  /** Sets the model for names with "opus" in them; empty for the default model. */
  public void setOpus(String model) {
    classes.set("opus", model);
  }

  /** Sets the model for names with "sonnet" in them; empty for that of opus. */
  public void setSonnet(String model) {
    classes.set("sonnet", model);
  }

  /** Sets the model for names with "haiku" in them; empty for that of sonnet. */
  public void setHaiku(String model) {
    classes.set("haiku", model);
  }

  /**
   * Sets the model that judges tool calls, as {@code provider/model}; empty for none. Several,
   * comma-separated, are called in turn if one fails.
   */
  public void setJudge(String model) {
    judge = model == null ? "" : model.strip();
  }

  /** Returns the models that judge tool calls, in their order; empty if none is named. */
  public List<ModelChoice> judges() {
    // A judge is the model that is named, never the best one of a provider.
    return named("judge", judge, UnaryOperator.identity());
  }

  /**
   * Sets the model that describes images to models that see none, as {@code provider/model}; empty
   * for none. Several, comma-separated, are called in turn if one fails.
   */
  public void setVision(String model) {
    vision = model == null ? "" : model.strip();
  }

  /** Returns the models that describe images, in their order; empty if none is named. */
  public List<ModelChoice> visions() {
    return named("vision", vision, this::presently);
  }

  private List<ModelChoice> named(String use, String models, UnaryOperator<ModelChoice> presently) {
    List<ModelChoice> choices = new ArrayList<>();
    for (String full : CommaSeparated.of(models)) {
      ModelChoice choice = presently.apply(split(use, full));
      if (choice != null) {
        choices.add(choice);
      }
    }
    return choices;
  }

  /**
   * Returns the configured models by their use: {@code default}, {@code fable}, {@code opus},
   * {@code sonnet}, {@code haiku}.
   */
  public Map<String, String> configured() {
    Map<String, String> all = new LinkedHashMap<>();
    ModelClasses.names().forEach(use -> all.put(use, first(classes.chain(use))));
    return all;
  }

  /**
   * Returns the model for a name and its fallbacks: a class of models may be mapped to a chain,
   * comma-separated.
   *
   * @throws AnthropicException not_found_error for an unknown name
   */
  List<ModelChoice> chain(String requested) {
    String full = ModelChoice.plain(requested);
    ModelChoice first = choose(requested);
    List<String> names = new ArrayList<>(List.of(full));
    if (split(requested, full) == null) {
      names = CommaSeparated.of(mapped(full));
    }
    List<ModelChoice> chain = new ArrayList<>();
    for (String name : names) {
      if (isItself(first, name)) {
        chain.add(first);
      } else {
        served(requested, name).forEach(next -> chain.add(next.ofClass(first.modelClass())));
      }
    }
    return chain;
  }

  /** Returns whether a name is that of a model that was found, and stands for no other. */
  private boolean isItself(ModelChoice found, String name) {
    return found.auto() == null && name.equals(found.fullName()) && !isAuto(found);
  }

  /**
   * Returns the models that a full name stands for: one, or the best ones of a provider.
   *
   * @return empty if the provider is gone
   * @throws AnthropicException not_found_error if no model of the provider is known
   */
  private List<ModelChoice> served(String requested, String name) {
    ModelChoice named = split(requested, name);
    if (named == null) {
      return List.of();
    }
    if (!isAuto(named)) {
      return List.of(named);
    }
    List<ModelChoice> best =
        picked(named, auto.choose(named.provider(), cardsOf(named.provider())));
    if (best.isEmpty()) {
      throw new AnthropicException(
          ErrorType.NOT_FOUND,
          "model: "
              + requested
              + " ("
              + named.fullName()
              + " has nothing to choose from: "
              + named.provider().getName()
              + " lists no model, and no card is there)");
    }
    return best;
  }

  private Function<String, ModelCard> cardsOf(Provider provider) {
    return id -> {
      String full = provider.getName() + "/" + id;
      return split(full, full).card();
    };
  }

  private boolean isAuto(ModelChoice choice) {
    return auto != null && auto.isAuto(choice.provider(), choice.model());
  }

  private List<ModelChoice> picked(ModelChoice named, List<AutoModels.Pick> picks) {
    List<ModelChoice> choices = new ArrayList<>();
    for (AutoModels.Pick pick : picks) {
      String full = named.provider().getName() + "/" + pick.model();
      choices.add(split(named.requested(), full).because(pick.reason()));
    }
    return choices;
  }

  /** Returns the model that a name stands for at the moment; the same one if it is a model. */
  private ModelChoice presently(ModelChoice named) {
    if (named == null || !isAuto(named)) {
      return named;
    }
    List<ModelChoice> best =
        picked(named, auto.preview(named.provider(), cardsOf(named.provider())));
    return best.isEmpty() ? named : best.get(0);
  }

  private static String first(String chain) {
    int comma = chain.indexOf(',');
    return comma < 0 ? chain : chain.substring(0, comma).strip();
  }

  /**
   * Returns the model for a name, without fallbacks.
   *
   * @throws AnthropicException not_found_error for an unknown name
   */
  public ModelChoice choose(String requested) {
    String full = ModelChoice.plain(requested);
    ModelChoice named = presently(split(requested, full));
    if (named != null) {
      return named;
    }
    if (full.indexOf('/') >= 0) {
      throw new AnthropicException(
          ErrorType.NOT_FOUND,
          "model: "
              + requested
              + " (no provider "
              + full.substring(0, full.indexOf('/'))
              + "; there are "
              + String.join(", ", providerNames())
              + ")");
    }
    ModelChoice mapped = presently(split(requested, first(mapped(full))));
    if (mapped == null) {
      throw new AnthropicException(
          ErrorType.NOT_FOUND,
          "model: " + requested + " is mapped to " + mapped(full) + ", whose provider is gone");
    }
    return mapped.ofClass(classId(ModelClasses.of(full)));
  }

  /**
   * Returns a choice with the sizes that the upstream's own list names now, for a prompt that would
   * be refused for those of an earlier list.
   */
  public ModelChoice renewed(ModelChoice choice) {
    if (upstreamModels == null) {
      return choice;
    }
    upstreamModels.renew(choice.provider(), choice.model());
    ModelChoice now = split(choice.requested(), choice.fullName());
    return now == null ? choice : now.ofClass(choice.modelClass()).because(choice.auto());
  }

  private String mapped(String name) {
    return classes.chain(ModelClasses.of(name));
  }

  /** Returns the id of a class of models in {@code /v1/models} and in the models of a key. */
  static String classId(String modelClass) {
    return "claude-" + modelClass;
  }

  private ModelChoice split(String requested, String name) {
    String full = ModelChoice.plain(name);
    int slash = full.indexOf('/');
    if (slash < 1 || slash == full.length() - 1) {
      return null;
    }
    Provider provider = bean(full.substring(0, slash), Provider.class);
    if (provider == null) {
      return null;
    }
    String model = full.substring(slash + 1);
    return new ModelChoice(
        requested, provider, model, merged(provider.getName(), model, card(full)));
  }

  /** Returns the card of a model, or that of its family. */
  private ModelCard card(String full) {
    ModelCard own = bean(full, ModelCard.class);
    return own != null ? own : families.get(full, this::family).orElse(null);
  }

  /** Looks for the family of a model: the longest pattern of its name. */
  private Optional<ModelCard> family(String full) {
    ModelCard family = null;
    int longest = 0;
    for (Map.Entry<String, ModelCard> each : cards().entrySet()) {
      String pattern = each.getKey();
      if (pattern.length() > longest && each.getValue().isFamily() && Glob.matches(pattern, full)) {
        family = each.getValue();
        longest = pattern.length();
      }
    }
    return Optional.ofNullable(family);
  }

  private <T> T bean(String name, Class<T> type) {
    return name.contains(PLACEHOLDER)
        ? null
        : getCamelContext().getRegistry().lookupByNameAndType(name, type);
  }

  /** Returns the card, merged with the upstream's own information about the model. */
  private ModelCard merged(String provider, String model, ModelCard card) {
    return upstreamModels == null ? card : upstreamModels.add(provider, model, card);
  }

  /** Returns the providers that have a configured model or a key. */
  List<Provider> providersInUse() {
    Set<String> configured = new TreeSet<>();
    allConfigured().forEach(full -> configured.add(full.replaceFirst("/.*", "")));
    List<Provider> used = new ArrayList<>();
    for (Provider provider : providers()) {
      if (configured.contains(provider.getName()) || provider.hasKey()) {
        used.add(provider);
      }
    }
    return used;
  }

  /** Returns every model that a setting names, including the fallbacks, in their order. */
  public Set<String> allConfigured() {
    Set<String> all = new LinkedHashSet<>(classes.models());
    all.addAll(CommaSeparated.of(judge));
    all.addAll(CommaSeparated.of(vision));
    return all;
  }

  private Collection<Provider> providers() {
    return new TreeMap<>(getCamelContext().getRegistry().findByTypeWithName(Provider.class))
        .values();
  }

  /**
   * Returns the full names of the models that are served: those of the lists of the providers in
   * use. Cards and configured models stand in where a provider's list can't be had.
   */
  Set<String> served() {
    Set<String> all = new TreeSet<>();
    for (Provider provider : providersInUse()) {
      String prefix = provider.getName() + "/";
      Set<String> listed =
          upstreamModels == null ? null : upstreamModels.served(provider.getName());
      if (listed != null) {
        listed.forEach(id -> all.add(prefix + id));
      } else {
        all.addAll(known(prefix));
      }
    }
    all.removeIf(full -> lifecycle(choose(full)).at(Instant.now()).equals("retired"));
    return all;
  }

  /** Returns a provider's cards and configured models, for a list that can't be had. */
  private Set<String> known(String prefix) {
    Set<String> known = new TreeSet<>(configured().values());
    cards().forEach((full, card) -> known.add(card.isFamily() ? "" : full));
    known.removeIf(full -> !full.startsWith(prefix));
    return known;
  }

  /** Returns what is known of the end of a model: by its upstream's error, or by its list. */
  Lifecycle lifecycle(ModelChoice choice) {
    Lifecycle over = ended.of(choice.fullName());
    if (over != null || upstreamModels == null) {
      return over == null ? Lifecycle.ACTIVE : over;
    }
    return upstreamModels.lifecycle(choice.provider().getName(), choice.model());
  }

  /** Returns the names of all providers. */
  public Set<String> providerNames() {
    return new TreeSet<>(
        getCamelContext().getRegistry().findByTypeWithName(Provider.class).keySet());
  }

  /** Returns the model cards by full name. */
  Map<String, ModelCard> cards() {
    return getCamelContext().getRegistry().findByTypeWithName(ModelCard.class);
  }

  /**
   * Checks that every configured model has a provider.
   *
   * @throws IllegalArgumentException if a setting is wrong; the message names it
   */
  public void check() {
    classes.chains().forEach(this::check);
    if (!judge.isEmpty()) {
      check("MODEL_JUDGE", judge);
      judges().forEach(this::checkNamed);
    }
    if (!vision.isEmpty()) {
      check("MODEL_VISION", vision);
      visions().forEach(ModelDirectory::checkSees);
    }
  }

  private void checkNamed(ModelChoice choice) {
    if (isAuto(choice)) {
      throw new IllegalArgumentException(
          "MODEL_JUDGE names " + choice.fullName() + ": name one model, which no other replaces");
    }
  }

  private static void checkSees(ModelChoice choice) {
    if (!choice.provider().speaksMessages()
        && Dialect.of(choice.provider(), choice.card()).images() == Attachments.NONE) {
      throw new IllegalArgumentException(
          "MODEL_VISION names " + choice.fullName() + ", which takes no images");
    }
  }

  private void check(String setting, String chain) {
    for (String model : chain.split(",", -1)) {
      if (split(model, model.strip()) == null) {
        throw new IllegalArgumentException(setting + " is " + chain + ": " + fault(model.strip()));
      }
    }
  }

  private String fault(String model) {
    String there = String.join(", ", providerNames());
    if (QuotationMarks.isIn(model)) {
      return "take the quotation marks away";
    }
    if (model.isEmpty()) {
      return "there is a comma without a model";
    }
    int slash = model.indexOf('/');
    if (slash < 0 && providerNames().contains(model)) {
      return "it names no model of "
          + model
          + ", as "
          + model
          + "/auto or "
          + model
          + "/model-name";
    }
    String provider = slash < 0 ? "" : model.substring(0, slash);
    String question = Similar.question(provider, providerNames());
    return slash > 0 && slash < model.length() - 1
        ? "there is no provider "
            + provider
            + (question.isEmpty() ? "; there are " : question + " There are ")
            + there
        : "it must be provider/model/name with one of the providers " + there;
  }
}
