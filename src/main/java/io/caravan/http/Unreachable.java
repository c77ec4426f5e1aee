package io.caravan.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.net.NamedEndpoint;

/** Says in plain words why an upstream can't be reached. */
public final class Unreachable {
  private static final String BROKE = "the connection broke";

  private Unreachable() {}

  /**
   * Returns the words, or null if the failure is another one.
   *
   * @param url the URL that was called
   */
  public static String words(Throwable failure, String url) {
    if (failure instanceof SSLException tls) {
      return TlsFault.of(tls).words();
    }
    String what = what(failure);
    NamedEndpoint called = called(failure);
    if (what == null || called == null || isOf(url, called)) {
      return what;
    }
    return "its proxy " + called.getHostName() + ":" + called.getPort() + ": " + what;
  }

  private static String what(Throwable failure) {
    if (failure instanceof UnknownHostException) {
      return "the host name is unknown";
    }
    if (failure instanceof NoRouteToHostException) {
      return "there is no route to the host";
    }
    if (failure instanceof ConnectException) {
      String message = String.valueOf(failure.getMessage());
      return message.contains("refused")
          ? "connection refused, nothing listens there"
          : "the connection failed: " + message;
    }
    return failure instanceof SocketTimeoutException
        ? "the host does not answer in time"
        : failure instanceof IOException ? BROKE : null;
  }

  /** Returns whether a server was there, and has ended the connection without a response. */
  public static boolean isBroken(Throwable failure) {
    return BROKE.equals(what(failure));
  }

  private static NamedEndpoint called(Throwable failure) {
    if (failure instanceof HttpHostConnectException refused) {
      return refused.getHost();
    }
    return failure instanceof ConnectTimeoutException late ? late.getHost() : null;
  }

  private static boolean isOf(String url, NamedEndpoint called) {
    try {
      URI uri = URI.create(url);
      String host = String.valueOf(uri.getHost()).replaceAll("[\\[\\]]", "");
      int port = uri.getPort() > 0 ? uri.getPort() : url.startsWith("https") ? 443 : 80;
      return uri.getHost() == null
          || (host.equalsIgnoreCase(called.getHostName())
              && (called.getPort() < 0 || called.getPort() == port));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
