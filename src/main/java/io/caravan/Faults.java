package io.caravan;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Says in one line what kept Caravan from starting. */
final class Faults {
  private Faults() {}

  /** The innermost cause that has something to say: the outer ones only say that something failed. */
  static String inOneLine(Throwable fault) {
    String said = null;
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable cause = fault; cause != null && seen.add(cause); cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        said = message;
      }
    }
    return (said == null ? fault.getClass().getSimpleName() : said).strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
