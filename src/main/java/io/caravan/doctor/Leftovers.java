package io.caravan.doctor;

import io.caravan.provider.ModelCard;
import io.caravan.provider.Provider;
import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the parts of a running context that no file names any more. Camel's reload adds and
 * replaces; a removed provider would go on answering.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  private Leftovers() {}

  /**
   * Removes them.
   *
   * @param fresh a context that was just started from the files as they are now
   */
  static void remove(CamelContext running, CamelContext fresh) throws Exception {
    for (Class<?> type : List.of(Provider.class, ModelCard.class)) {
      Set<String> named = fresh.getRegistry().findByTypeWithName(type).keySet();
      for (String name : Set.copyOf(running.getRegistry().findByTypeWithName(type).keySet())) {
        if (!named.contains(name)) {
          running.getRegistry().unbind(name);
          LOG.info("{} {} is gone: no file names it", type.getSimpleName(), name);
        }
      }
    }
    for (Route route : List.copyOf(running.getRoutes())) {
      String id = route.getRouteId();
      // The others are Camel's own: of Kamelets and templates, or numbered in the order of loading.
      if (route.isCustomId() && !route.isCreatedByKamelet() && fresh.getRoute(id) == null) {
        running.getRouteController().stopRoute(id);
        running.removeRoute(id);
        LOG.info("Route {} is gone: no file names it", id);
      }
    }
  }
}
