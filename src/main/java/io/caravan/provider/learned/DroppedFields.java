package io.caravan.provider.learned;

/** What an upstream has been found not to take for a model, beyond what its provider says. */
public interface DroppedFields {
  /** Nothing has been learned. */
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

  /** Whether a field of the request is to be left out. */
  boolean drops(String topLevelField);

  /** The largest {@code max_tokens} that the upstream takes, or null. */
  Integer maxTokensLimit();
}
