package io.caravan.http;

import java.io.IOException;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.NamedElementChain;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Makes a client whose calls without a proxy pass by the library's step for authentication. That
 * step takes the path of each request apart for credentials that nobody has given, for three
 * microseconds. It also gives the connection back at the end of a response; here the call does.
 */
final class DirectCalls extends HttpClientBuilder {
  private static final String CONNECTION = "caravan.connection";

  @Override
  protected void customizeExecChain(NamedElementChain<ExecChainHandler> steps) {
    String name = ChainElement.PROTOCOL.name();
    ExecChainHandler authenticating = steps.find(name).getValue();
    steps.replace(
        name,
        (request, scope, next) ->
            isDirect(request, scope)
                ? call(request, scope, next)
                : authenticating.execute(request, scope, next));
  }

  /** Returns whether a call needs no credentials. The library refuses those of a URL. */
  private static boolean isDirect(ClassicHttpRequest request, ExecChain.Scope scope) {
    return scope.route.getProxyHost() == null
        && request.getScheme() != null
        && request.getAuthority() != null
        && request.getAuthority().getUserInfo() == null;
  }

  private static ClassicHttpResponse call(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain next)
      throws IOException, HttpException {
    try {
      ClassicHttpResponse response = next.proceed(request, scope);
      scope.clientContext.setAttribute(CONNECTION, scope.execRuntime);
      return response;
    } catch (IOException | HttpException | RuntimeException e) {
      scope.execRuntime.discardEndpoint();
      throw e;
    }
  }

  /**
   * Gives the connection of a call back whose response was read to its end.
   *
   * @return false if the library does that itself
   */
  static boolean giveBack(HttpContext context) {
    if (context.getAttribute(CONNECTION) instanceof ExecRuntime connection) {
      connection.releaseEndpoint();
      return true;
    }
    return false;
  }
}
