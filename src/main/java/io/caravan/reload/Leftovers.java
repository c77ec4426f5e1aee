package io.caravan.reload;

import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the providers and models that no file names any more, which Camel would keep. */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private Leftovers() {}

  /**
   * Removes them.
   *
   * @param fresh a context that was just started from the files as they are now
   */
  static void remove(CamelContext running, CamelContext fresh) {
    for (Class<?> type : List.of(Provider.class, ModelCard.class)) {
      Set<String> named = fresh.getRegistry().findByTypeWithName(type).keySet();
      for (String name : Set.copyOf(running.getRegistry().findByTypeWithName(type).keySet())) {
        if (!named.contains(name)) {
          running.getRegistry().unbind(name);
          LOG.info("{} {} is gone: no file names it", type.getSimpleName(), name);
        }
      }
    }
  }
}
