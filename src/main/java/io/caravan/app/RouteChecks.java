package io.caravan.app;

import io.caravan.limits.client.ExampleKeys;
import io.caravan.markup.MarkupDocument;
import io.caravan.models.ProviderRoute;
import io.caravan.provider.BaseUrl;
import io.caravan.provider.Provider;
import io.caravan.settings.SettingOrigin;
import io.caravan.web.route.SearchService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at routes and providers for mistakes that would otherwise show in the first request. */
final class RouteChecks {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /** The settings that name a route, and those that have a URL. */
  private static final List<String> ROUTES =
      List.of("caravan.judge.route", "caravan.vision.route", "caravan.web-search.route");

  private static final List<String> URLS =
      List.of("caravan.web-search.searxng-url", "caravan.traces.endpoint");

  private static final String RECORDINGS = "caravan.record.directory";

  private RouteChecks() {}

  /**
   * Checks them once they are all there.
   *
   * @throws IllegalArgumentException if a provider has two names, or a route is of no provider, or
   *     a document of markup can't be used, or a setting names no route or has no URL
   */
  static void check(CamelContext context) {
    checkBeans(context);
    ROUTES.forEach(key -> checkRoute(context, key));
    Map<String, Provider> providers = providers(context);
    for (Route route : context.getRoutes()) {
      checkProvider(route, providers);
      warnOfUnusedHandler(context, route);
    }
  }

  /**
   * Checks what needs no route, before there is one.
   *
   * @throws IllegalArgumentException as {@link #check} does
   */
  static void checkBeans(CamelContext context) {
    providers(context).forEach(RouteChecks::checkName);
    context.getRegistry().findByType(MarkupDocument.class).forEach(MarkupDocument::check);
    URLS.forEach(key -> checkUrl(context, key));
    checkRecordings(context);
  }

  /** A recording that can't be written is lost, and it was switched on for one exchange. */
  private static void checkRecordings(CamelContext context) {
    String folder = context.resolvePropertyPlaceholders("{{" + RECORDINGS + ":recordings}}");
    boolean kept =
        context
            .resolvePropertyPlaceholders(
                "{{caravan.record.enabled:false}} {{caravan.record.to:direct:keep-recording}}")
            .equals("true direct:keep-recording");
    if (kept && !canBeFolder(Path.of(folder).toAbsolutePath())) {
      throw new IllegalArgumentException(
          SettingOrigin.ofKey(context, RECORDINGS).name()
              + " is "
              + folder
              + ", which is no directory that can be written");
    }
  }

  private static boolean canBeFolder(Path path) {
    Path there = path;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    return Files.isDirectory(there) && Files.isWritable(there);
  }

  private static Map<String, Provider> providers(CamelContext context) {
    return new TreeMap<>(context.getRegistry().findByTypeWithName(Provider.class));
  }

  /** A setting may name a route of the user's own, which an edit has renamed or no file has. */
  private static void checkRoute(CamelContext context, String key) {
    String uri = context.resolvePropertyPlaceholders("{{" + key + ":}}").strip();
    boolean there =
        !uri.startsWith("direct:")
            || context.getRoutes().stream()
                .anyMatch(
                    route -> route.getEndpoint().getEndpointUri().replace("://", ":").equals(uri));
    if (!there) {
      throw new IllegalArgumentException(
          SettingOrigin.ofKey(context, key).name() + " is " + uri + absent(context, uri));
    }
  }

  /** A search service's route exists only while the service is on. */
  private static String absent(CamelContext context, String uri) {
    return context.getRegistry().findByType(SearchService.class).stream()
        .filter(service -> service.getRoute().equals(uri) && !service.isOn())
        .map(service -> ", whose service is off: set " + service.getSetting())
        .findFirst()
        .orElse(", and no route begins there");
  }

  private static void checkUrl(CamelContext context, String key) {
    String url = context.resolvePropertyPlaceholders("{{" + key + ":}}").strip();
    BaseUrl.Fault fault = url.isEmpty() ? null : BaseUrl.fault(url);
    if (fault != null) {
      throw new IllegalArgumentException(
          SettingOrigin.ofKey(context, key).name()
              + ": "
              + BaseUrl.shown(url)
              + " "
              + fault.words()
              + (fault.better() == null
                  ? ""
                  : "; did you mean " + BaseUrl.shown(fault.better()) + "?"));
    }
  }

  private static void checkName(String bean, Provider provider) {
    if (!bean.equals(provider.getName())) {
      throw new IllegalArgumentException(
          "The provider whose bean is called "
              + bean
              + " has the name "
              + provider.getName()
              + ": both must be the same");
    }
    for (String secret : provider.secrets()) {
      if (ExampleKeys.isPlaceholder(secret)) {
        throw new IllegalArgumentException(
            (provider.getKeySetting() == null ? "The key of " + bean : provider.getKeySetting())
                + " is the placeholder of an example: set it to your key, or to nothing");
      }
    }
  }

  private static void checkProvider(Route route, Map<String, Provider> providers) {
    String uri = route.getEndpoint().getEndpointUri().replace("://", ":");
    String begin = "direct:" + ProviderRoute.OWN;
    String name = uri.startsWith(begin) ? uri.substring(begin.length()) : "";
    if (!name.isEmpty() && !providers.containsKey(name)) {
      throw new IllegalArgumentException(
          place(route)
              + " begins at "
              + uri
              + ", and there is no provider "
              + name
              + "; there are "
              + String.join(", ", providers.keySet()));
    }
  }

  private static void warnOfUnusedHandler(CamelContext context, Route route) {
    if (!route.getOnExceptions().isEmpty() && !hasErrorHandler(context, route)) {
      LOG.warn(
          "{} has an onException that is never asked: give the route an error handler, {}",
          place(route),
          "errorHandler: {defaultErrorHandler: {}}");
    }
  }

  private static boolean hasErrorHandler(CamelContext context, Route route) {
    RouteDefinition definition =
        ((ModelCamelContext) context).getRouteDefinition(route.getRouteId());
    return definition == null
        || !(definition.getErrorHandlerFactory() instanceof NoErrorHandlerDefinition);
  }

  private static String place(Route route) {
    String file =
        route.getSourceResource() == null
            ? ""
            : route.getSourceResource().getLocation().replaceFirst("^(file|classpath):", "") + ": ";
    return file + "route " + route.getRouteId();
  }
}
