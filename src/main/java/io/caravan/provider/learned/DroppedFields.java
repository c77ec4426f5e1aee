package io.caravan.provider.learned;

/** The fields that an upstream has refused for a model, beyond those that its provider lists. */
public interface DroppedFields {
  /** An instance that has learned nothing. */
  DroppedFields NONE =
      new DroppedFields() {
        @Override
        public boolean drops(String topLevelField) {
          return false;
        }

        @Override
        public Integer maxTokensLimit() {
          return null;
        }
      };

  /** Returns whether a field of the request must be left out. */
  boolean drops(String topLevelField);

  /** Returns whether the upstream has refused schemas in their first form. */
  default boolean reducesSchemas() {
    return false;
  }

  /** Returns the largest {@code max_tokens} that the upstream accepts, or null. */
  Integer maxTokensLimit();
}
