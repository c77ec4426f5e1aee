package io.caravan.app;

import io.caravan.stage.Accept;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.ToDefinition;

/**
 * The paths whose routes begin with Caravan's own accept Kamelet: there an unknown key is refused
 * in any case, so the edge may do it before the body arrives. A route, or a Kamelet of that name,
 * that accepts clients in another way is left alone.
 */
final class KeyedPaths {
  private static final String KAMELET = "caravan-accept-action";
  private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

  private final CamelContext context;
  private volatile Known known;

  private record Known(Set<String> paths, long since) {}

  KeyedPaths(CamelContext context) {
    this.context = context;
  }

  /** Returns whether a path is one of them. Asked for requests with unknown keys alone. */
  boolean contains(String path) {
    Known last = known;
    if (last == null || System.nanoTime() - last.since() > FRESH) {
      // Routes can be edited while they serve.
      last = new Known(find(), System.nanoTime());
      known = last;
    }
    return last.paths().contains(path);
  }

  private Set<String> find() {
    Set<String> paths = new HashSet<>();
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    if (isOurs(model.getRouteTemplateDefinition(KAMELET))) {
      for (Route route : context.getRoutes()) {
        if (route.getEndpoint() instanceof PlatformHttpEndpoint endpoint
            && !endpoint.isMatchOnUriPrefix()
            && String.valueOf(endpoint.getHttpMethodRestrict()).contains("POST")
            && beginsWithIt(model.getRouteDefinition(route.getRouteId()))) {
          paths.add(endpoint.getPath());
        }
      }
    }
    return paths;
  }

  private static boolean isOurs(RouteTemplateDefinition kamelet) {
    List<BeanFactoryDefinition<RouteTemplateDefinition>> beans =
        kamelet == null ? null : kamelet.getTemplateBeans();
    return beans != null
        && beans.stream().anyMatch(bean -> bean.getType().endsWith(Accept.class.getName()));
  }

  private static boolean beginsWithIt(RouteDefinition route) {
    for (ProcessorDefinition<?> step :
        route == null ? List.<ProcessorDefinition<?>>of() : route.getOutputs()) {
      // The handling of exceptions stands among the steps, too.
      if (!step.isAbstract()) {
        return step instanceof ToDefinition to && ("kamelet:" + KAMELET).equals(to.getUri());
      }
    }
    return false;
  }
}
