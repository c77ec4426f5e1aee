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
    return key == null || key.equals(request.caller().key());
  }
}
