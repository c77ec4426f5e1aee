package io.caravan.http;

import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Tells the router of messages from that of health and metrics. */
public final class MessageRouters {
  private MessageRouters() {}

  /**
   * Returns whether a router serves messages. Health and metrics have a server of their own, which
   * must respond while requests are refused.
   */
  public static boolean servesMessages(VertxPlatformHttpRouter router) {
    try {
      return router.isMainServer();
    } catch (NoSuchMethodError e) {
      // Quarkus brings an earlier Camel than 4.18; there the only server is Quarkus' own.
      return true;
    }
  }
}
