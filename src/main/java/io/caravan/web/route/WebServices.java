package io.caravan.web.route;

import io.caravan.anthropic.MessagesRequest;
import io.caravan.anthropic.Tool;
import io.caravan.camel.StartedBean;
import io.caravan.servertools.ServerTool;
import io.caravan.web.WebTools;
import java.util.Comparator;
import java.util.List;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web tools that this gateway can run. Nothing is on until a service is configured; where
 * several are, the first by name is used. What leaves the gateway is said in the log at the start.
 */
public final class WebServices extends StartedBean {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");

  /** The route that finds nothing. */
  private static final String NONE = "direct:no-web-search";

  private String searchRoute = "";
  private int maxResults = 10;
  private boolean fetching;
  private int maxPageTokens = 25_000;
  private volatile String foundRoute;

  /** Sets the route that searches, {@code direct:…}; empty for that of a configured service. */
  public void setSearchRoute(String searchRoute) {
    this.searchRoute = searchRoute == null ? "" : searchRoute.strip();
  }

  /** Sets the most results of a search. */
  public void setMaxResults(int maxResults) {
    this.maxResults = maxResults;
  }

  /** Returns the most results of a search. */
  public int getMaxResults() {
    return maxResults;
  }

  /**
   * Sets whether pages are fetched for the model; false by default.
   *
   * @param fetching {@code true} or not; a text, since an export binds a setting that comes from
   *     the environment before it has a value that is a boolean's
   */
  public void setFetching(String fetching) {
    this.fetching = Boolean.parseBoolean(fetching);
  }

  /** Sets the most tokens of a page, by an estimate of 4 characters each. */
  public void setMaxPageTokens(int maxPageTokens) {
    this.maxPageTokens = maxPageTokens;
  }

  /** Returns the route that searches; {@link #NONE} if there is none. */
  public String getRoute() {
    if (!searchRoute.isEmpty()) {
      return searchRoute;
    }
    String route = foundRoute;
    if (route == null) {
      List<SearchService> on = on();
      route = on.isEmpty() ? NONE : on.get(0).getRoute();
      // While routes are loaded, the services may not be there yet.
      if (getCamelContext().isStarted()) {
        foundRoute = route;
      }
    }
    return route;
  }

  /** Returns whether the gateway can search. */
  public boolean isSearching() {
    return !getRoute().equals(NONE);
  }

  private List<SearchService> on() {
    return getCamelContext().getRegistry().findByType(SearchService.class).stream()
        .filter(SearchService::isOn)
        .sorted(Comparator.comparing(SearchService::getName))
        .toList();
  }

  /** Returns the tools of a request that the gateway runs; mostly none. */
  public List<ServerTool> tools(MessagesRequest request) {
    // Most requests have none of Anthropic's tools, and the services are not looked at then.
    return request.tools().stream().allMatch(Tool::custom)
        ? List.of()
        : new WebTools(isSearching(), fetching, maxResults, maxPageTokens).of(request);
  }

  @Override
  protected void started(CamelContext context) {
    if (fetching) {
      LOG.info("Web pages that a conversation has named are fetched for models (web_fetch)");
    }
    if (!searchRoute.isEmpty()) {
      LOG.info("Web searches go to the route {}", searchRoute);
      return;
    }
    List<SearchService> on = on();
    for (SearchService service : on) {
      if (service == on.get(0)) {
        LOG.info(
            "Web searches, with the words of the query, go to {} ({}), since {} is set",
            service.getName(),
            service.getHost(),
            service.getSetting());
      } else {
        LOG.warn(
            "{} is not used: searches go to {}. caravan.web-search.route = {} changes that",
            service.getSetting(),
            on.get(0).getName(),
            service.getRoute());
      }
    }
  }
}
