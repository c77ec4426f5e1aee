package io.caravan.console;

import io.caravan.observe.RequestRecord;

/**
 * A person who looks at the console.
 *
 * @param key the name of the client's key whose requests they see; null for an operator, who sees
 *     all
 */
record Viewer(String key) {
  static final Viewer OPERATOR = new Viewer(null);

  boolean isOperator() {
    return key == null;
  }

  boolean maySee(RequestRecord request) {
    return maySee(request.caller().key());
  }

  /** Returns whether the requests of a client's key, by its name, are this person's to see. */
  boolean maySee(String other) {
    return key == null || key.equals(other);
  }
}
