package io.caravan.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * A proxy that is nothing but Vert.x: the client's and the upstream's connection have one event
 * loop, and bytes pass untranslated. It shows what is left to save of a stream's cost on the JVM.
 */
public final class BarePipe extends AbstractVerticle {
  private static final int CONNECTIONS = 10_000;

  private final int port;
  private final int upstreamPort;
  private HttpClient client;

  private BarePipe(int port, int upstreamPort) {
    this.port = port;
    this.upstreamPort = upstreamPort;
  }

  /** Serves at the port of the first argument, from the port of the second, until it is ended. */
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int upstreamPort = Integer.parseInt(args[1]);
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
        .deployVerticle(
            () -> new BarePipe(port, upstreamPort), new DeploymentOptions().setInstances(loops));
  }

  @Override
  public void start(Promise<Void> started) {
    client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(upstreamPort)
                .setMaxPoolSize(CONNECTIONS));
    vertx
        .createHttpServer()
        .requestHandler(this::pass)
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void pass(HttpServerRequest request) {
    request.pause();
    client
        .request(request.method(), request.uri())
        .compose(call -> call(request, call))
        .onSuccess(answer -> answer(request.response(), answer))
        .onFailure(fault -> request.response().setStatusCode(502).end());
  }

  private static Future<HttpClientResponse> call(
      HttpServerRequest request, HttpClientRequest call) {
    call.headers().setAll(request.headers());
    return call.send(request);
  }

  private static void answer(HttpServerResponse response, HttpClientResponse answer) {
    response.setStatusCode(answer.statusCode());
    response.headers().setAll(answer.headers());
    answer.pipeTo(response);
  }
}
