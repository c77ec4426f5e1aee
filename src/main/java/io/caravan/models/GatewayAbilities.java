package io.caravan.models;

import io.caravan.web.route.WebServices;

/** The abilities that this gateway lends to models without them: it looks, reads and searches. */
public final class GatewayAbilities {
  private WebServices web;
  private ModelDirectory models;
  private String visionRoute = "";
  private boolean reading;

  /** Sets the web tools. */
  public void setWeb(WebServices web) {
    this.web = web;
  }

  /** Sets the directory, which has the models that describe images. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the route that describes images in place of a model; empty if there is none. */
  public void setVisionRoute(String visionRoute) {
    this.visionRoute = visionRoute == null ? "" : visionRoute.strip();
  }

  /**
   * Sets whether documents are read.
   *
   * @param reading {@code true} or not; a text, since an export binds a setting that comes from the
   *     environment before it has a value that is a boolean's
   */
  public void setReading(String reading) {
    this.reading = Boolean.parseBoolean(reading);
  }

  /** Returns whether images are described. */
  boolean describes() {
    return !visionRoute.isEmpty() || (models != null && !models.visions().isEmpty());
  }

  /** Returns whether documents are read. */
  boolean reads() {
    return reading;
  }

  /** Returns whether the web is searched. */
  boolean searches() {
    return web != null && web.isSearching();
  }
}
