package io.caravan.provider.learned;

import io.caravan.provider.Filler;
import io.caravan.provider.ModelCard;
import io.caravan.provider.ReasoningReplay;
import io.caravan.provider.SystemRole;
import io.caravan.provider.ToolIdForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The facts that have been learned about one model: fields that its requests omit, and a card with
 * the rest in the terms of the provider's file. It is immutable.
 */
public final class ModelQuirks implements DroppedFields {
  /** Nothing has been learned. */
  public static final ModelQuirks NONE = new ModelQuirks(List.of());

  private final List<LearnedQuirks.Learned> learned;
  private final ModelCard card;

  /** The last combination, kept since dialects go by the identity of their cards. */
  private volatile Combined combined;

  private record Combined(ModelQuirks own, ModelQuirks all) {}

  private ModelQuirks(List<LearnedQuirks.Learned> learned) {
    this.learned = learned;
    this.card = cardOf(learned);
  }

  @Override
  public boolean drops(String topLevelField) {
    for (LearnedQuirks.Learned one : learned) {
      if (one.quirk() instanceof Quirk.DropField drop && drop.field().equals(topLevelField)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Integer maxTokensLimit() {
    return card.getMaxOutput();
  }

  @Override
  public boolean reducesSchemas() {
    return card.getSchema() != null;
  }

  /**
   * Returns the facts other than omitted fields, which come before the model's own card. Unknown
   * properties are null.
   */
  public ModelCard card() {
    return card;
  }

  boolean isEmpty() {
    return learned.isEmpty();
  }

  List<LearnedQuirks.Learned> learned() {
    return learned;
  }

  int size() {
    return learned.size();
  }

  boolean has(Quirk quirk) {
    return learned.stream().anyMatch(one -> one.quirk().equals(quirk));
  }

  /** Returns the time of the last fact. */
  Instant newest() {
    return learned.stream()
        .map(LearnedQuirks.Learned::at)
        .max(Comparator.naturalOrder())
        .orElse(Instant.MIN);
  }

  /** Adds a fact. It replaces an earlier one of the same kind. */
  ModelQuirks plus(LearnedQuirks.Learned one) {
    List<LearnedQuirks.Learned> all = new ArrayList<>(learned.size() + 1);
    for (LearnedQuirks.Learned other : learned) {
      if (one.quirk() instanceof Quirk.Schemas form
          && other.quirk() instanceof Quirk.Schemas known
          && known.isBeyond(form)) {
        return this;
      }
      if (!one.quirk().replaces(other.quirk())) {
        all.add(other);
      }
    }
    all.add(one);
    return new ModelQuirks(List.copyOf(all));
  }

  /** Returns these facts with a tenant's own, which count more. */
  ModelQuirks with(ModelQuirks own) {
    if (own.isEmpty() || isEmpty()) {
      return own.isEmpty() ? this : own;
    }
    Combined known = combined;
    if (known == null || known.own() != own) {
      ModelQuirks all = this;
      for (LearnedQuirks.Learned one : own.learned) {
        all = all.plus(one);
      }
      known = new Combined(own, all);
      combined = known;
    }
    return known.all();
  }

  /** Returns the facts that are in force at a time. */
  ModelQuirks at(Instant time) {
    return without(one -> one.until().isBefore(time));
  }

  /** Returns the facts without some; this object if there are none of those. */
  ModelQuirks without(Predicate<LearnedQuirks.Learned> forgotten) {
    for (LearnedQuirks.Learned one : learned) {
      if (forgotten.test(one)) {
        return new ModelQuirks(learned.stream().filter(forgotten.negate()).toList());
      }
    }
    return this;
  }

  private static void setRule(Quirk.Template.Rule rule, ModelCard card) {
    switch (rule) {
      case ALTERNATING_ROLES -> {
        card.setMergeNeighbours(true);
        card.setToolToUserBridge(true);
      }
      case NINE_CHARACTER_IDS -> card.setToolIds(ToolIdForm.NINE_ALNUM);
      case SINGLE_TOOL_CALLS -> card.setParallelToolCalls(false);
    }
  }

  /**
   * Returns the header {@code anthropic-beta} without the betas that the upstream has refused.
   *
   * @param header the client's header, or null
   * @return the rest, which may be empty; null for null
   */
  public String betas(String header) {
    Set<String> refused = new HashSet<>();
    for (LearnedQuirks.Learned one : learned) {
      if (one.quirk() instanceof Quirk.DropBetas drop) {
        refused.addAll(drop.names());
      }
    }
    if (header == null || refused.isEmpty()) {
      return header;
    }
    return Arrays.stream(header.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty() && !refused.contains(name))
        .collect(Collectors.joining(","));
  }

  private static ModelCard cardOf(List<LearnedQuirks.Learned> learned) {
    ModelCard card = new ModelCard();
    for (LearnedQuirks.Learned one : learned) {
      Quirk quirk = one.quirk();
      if (quirk instanceof Quirk.LimitMaxTokens max) {
        card.setMaxOutput(max.limit());
      } else if (quirk instanceof Quirk.NameMaxTokens name) {
        card.setMaxTokensField(name.field());
      } else if (quirk instanceof Quirk.SystemAsUser) {
        card.setSystemRole(SystemRole.USER);
      } else if (quirk instanceof Quirk.NoImages) {
        card.setVision(false);
      } else if (quirk instanceof Quirk.ContextWindow window) {
        card.setContextWindow(window.tokens());
      } else if (quirk instanceof Quirk.Template template) {
        setRule(template.rule(), card);
      } else if (quirk instanceof Quirk.Efforts efforts) {
        card.setEfforts(efforts.names());
      } else if (quirk instanceof Quirk.MaxStops stops) {
        card.setMaxStops(stops.most());
      } else if (quirk instanceof Quirk.Schemas schemas) {
        setSchemas(schemas, card);
      } else if (quirk instanceof Quirk.Replay replay) {
        card.setReasoningReplay(replay.form());
        card.setReasoningFiller(replay.form() == ReasoningReplay.NONE ? Filler.OMIT : Filler.EMPTY);
      }
    }
    return card;
  }

  private static void setSchemas(Quirk.Schemas schemas, ModelCard card) {
    card.setSchema(schemas.form());
    if (!schemas.without().isEmpty()) {
      card.setSchemaWithout(String.join(",", schemas.without()));
    }
    if (schemas.properties()) {
      card.setToolProperties(true);
    }
    if (!schemas.reserved().isEmpty()) {
      card.setReservedParameters(String.join(",", schemas.reserved()));
    }
  }
}
