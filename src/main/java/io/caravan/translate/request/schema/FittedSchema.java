package io.caravan.translate.request.schema;

import io.caravan.json.RawJson;

/**
 * A schema in the form that an upstream accepts.
 *
 * @param schema the same object if nothing had to change
 * @param changed whether it differs from the client's
 * @param lost whether the model learns less than before
 * @param names the aliases of its parameters, or null if none has one
 */
public record FittedSchema(RawJson schema, boolean changed, boolean lost, ParameterNames names) {
  static FittedSchema unchanged(RawJson schema) {
    return new FittedSchema(schema, false, false, null);
  }
}
