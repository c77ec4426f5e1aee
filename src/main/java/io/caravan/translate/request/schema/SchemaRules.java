package io.caravan.translate.request.schema;

import io.caravan.openai.CommaSeparated;
import io.caravan.provider.Dialect;
import io.caravan.provider.SchemaForm;
import java.util.List;

/**
 * The form in which an upstream accepts schemas.
 *
 * @param without the keywords that are left out
 * @param properties whether the schema must be an object with {@code properties}
 * @param reserved the names that no parameter may have
 */
public record SchemaRules(
    SchemaForm form, List<String> without, boolean properties, List<String> reserved) {
  public SchemaRules {
    without = List.copyOf(without);
    reserved = List.copyOf(reserved);
  }

  public static SchemaRules of(Dialect dialect) {
    return new SchemaRules(
        dialect.schema(),
        CommaSeparated.of(dialect.schemaWithout()),
        dialect.toolProperties(),
        CommaSeparated.of(dialect.reservedParameters()));
  }

  /** Returns the rules for the schema of a response, which has no parameters. */
  SchemaRules ofResponse() {
    return new SchemaRules(form, without, false, List.of());
  }

  /** Returns whether schemas go out as they came. */
  boolean copies() {
    return form == SchemaForm.FULL && without.isEmpty() && !properties && reserved.isEmpty();
  }
}
