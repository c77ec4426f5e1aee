package io.caravan.translate.request.schema;

import io.caravan.json.RawJson;
import io.caravan.provider.SchemaForm;
import io.caravan.provider.learned.Quirk;
import io.caravan.provider.learned.SchemaComplaint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The forms of a request's schemas, each smaller than the one before: as they are, reduced, without
 * the keyword that the upstream names, in plain words. A refusal leads to the next form that
 * differs.
 */
public final class SchemaLadder {
  /** The ladder of a request without schemas. */
  public static final SchemaLadder NONE =
      new SchemaLadder(
          new SchemaFitter(),
          new SchemaRules(SchemaForm.PLAIN, List.of(), true, List.of()),
          List.of(),
          null,
          false);

  /** The parameters that are taken for keywords. */
  private static final String RESERVED = "type";

  /** The keywords that the reduced form writes in other words, or leaves out by itself. */
  private static final Set<String> REDUCED =
      Set.of(
          "pattern",
          "patternProperties",
          "additionalProperties",
          "unevaluatedProperties",
          "additionalItems",
          "unevaluatedItems",
          "$schema",
          "$id",
          "$comment");

  private static final SchemaRules AS_IS =
      new SchemaRules(SchemaForm.FULL, List.of(), false, List.of());

  private final SchemaFitter fitter;
  private final SchemaRules rules;
  private final List<RawJson> tools;
  private final RawJson output;
  private final boolean reducesOutput;

  /**
   * @param rules the rules by which the schemas were sent
   * @param tools the client's schemas of tools
   * @param output the client's schema of the response, or null
   * @param reducesOutput whether that was sent by the rules, too
   */
  public SchemaLadder(
      SchemaFitter fitter,
      SchemaRules rules,
      List<RawJson> tools,
      RawJson output,
      boolean reducesOutput) {
    this.fitter = fitter;
    this.rules = rules;
    this.tools = List.copyOf(tools);
    this.output = output;
    this.reducesOutput = reducesOutput;
  }

  /**
   * Returns the next form.
   *
   * @param complaint the upstream's complaint, or null
   * @return null if there is no complaint, or no smaller form
   */
  public Quirk.Schemas next(SchemaComplaint complaint) {
    if (complaint == null) {
      return null;
    }
    for (SchemaRules candidate : candidates(complaint)) {
      if (isOther(candidate)) {
        return new Quirk.Schemas(
            candidate.form(), candidate.without(), candidate.properties(), candidate.reserved());
      }
    }
    return null;
  }

  private List<SchemaRules> candidates(SchemaComplaint complaint) {
    List<SchemaRules> candidates = new ArrayList<>();
    if (complaint.missingProperties() && !rules.properties()) {
      candidates.add(new SchemaRules(rules.form(), rules.without(), true, rules.reserved()));
    }
    String keyword = keyword(complaint);
    List<String> reserved = keyword == null ? withReserved() : rules.reserved();
    boolean full = rules.form() == SchemaForm.FULL;
    SchemaForm form = full ? SchemaForm.REDUCED : rules.form();
    if (full && (keyword == null || REDUCED.contains(keyword))) {
      candidates.add(new SchemaRules(form, rules.without(), rules.properties(), reserved));
    }
    if (keyword != null) {
      List<String> without = new ArrayList<>(rules.without());
      without.add(keyword);
      candidates.add(new SchemaRules(form, without, rules.properties(), reserved));
    }
    if (!full && !reserved.equals(rules.reserved())) {
      candidates.add(new SchemaRules(form, rules.without(), rules.properties(), reserved));
    }
    candidates.add(
        new SchemaRules(SchemaForm.PLAIN, rules.without(), rules.properties(), withReserved()));
    return candidates;
  }

  /** Returns the first keyword of the complaint that a schema has; null if there is none. */
  private String keyword(SchemaComplaint complaint) {
    for (String keyword : complaint.keywords()) {
      SchemaRules without = new SchemaRules(SchemaForm.FULL, List.of(keyword), false, List.of());
      if (!rules.without().contains(keyword) && differ(AS_IS, without)) {
        return keyword;
      }
    }
    return null;
  }

  private List<String> withReserved() {
    if (rules.reserved().contains(RESERVED)) {
      return rules.reserved();
    }
    List<String> all = new ArrayList<>(rules.reserved());
    all.add(RESERVED);
    return all;
  }

  private boolean isOther(SchemaRules candidate) {
    return !candidate.equals(rules) && differ(rules, candidate);
  }

  private boolean differ(SchemaRules one, SchemaRules other) {
    for (RawJson schema : tools) {
      String before = fitter.fit(schema, one).schema().toString();
      if (!before.equals(fitter.fit(schema, other).schema().toString())) {
        return true;
      }
    }
    if (output == null) {
      return false;
    }
    SchemaRules sent = reducesOutput ? one : AS_IS;
    String before = fitter.fitResponse(output, sent).schema().toString();
    return !before.equals(fitter.fitResponse(output, other).schema().toString());
  }
}
