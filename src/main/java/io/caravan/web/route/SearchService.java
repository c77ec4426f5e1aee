package io.caravan.web.route;

/**
 * A service that searches the web, as a route file declares it beside its route. It is on if its
 * key, or its URL, is set.
 */
public final class SearchService {
  private String name = "";
  private String setting = "";
  private String value = "";
  private String route = "";
  private String host = "";

  /** Sets the service's name. */
  public void setName(String name) {
    this.name = name;
  }

  /** Sets the name of the setting that switches it on, for messages. */
  public void setSetting(String setting) {
    this.setting = setting;
  }

  /** Sets the key or the URL; empty switches the service off. */
  public void setValue(String value) {
    this.value = value == null ? "" : value.strip();
  }

  /** Sets the route that searches, {@code direct:…}. */
  public void setRoute(String route) {
    this.route = route;
  }

  /** Sets the server to which queries go, for the line of the log that says so. */
  public void setHost(String host) {
    this.host = host;
  }

  /** Returns the service's name. */
  public String getName() {
    return name;
  }

  /** Returns the name of the setting that switches it on. */
  public String getSetting() {
    return setting;
  }

  /** Returns the route that searches. */
  public String getRoute() {
    return route;
  }

  /** Returns the server to which queries go. */
  public String getHost() {
    return host;
  }

  /** Returns whether the service is on. */
  public boolean isOn() {
    return !value.isEmpty();
  }
}
