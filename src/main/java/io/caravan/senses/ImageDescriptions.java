package io.caravan.senses;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.caravan.camel.ContextBean;
import io.caravan.exchange.GatewayRequest;
import io.caravan.exchange.ModelChoice;
import io.caravan.http.CallScope;
import io.caravan.http.WorkerThreads;
import io.caravan.metrics.VisionMetrics;
import io.caravan.models.ModelDirectory;
import io.caravan.tokens.TokenCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The words in which a vision model, or a route of the operator's own, describes images. An image
 * is described once for each tenant, however often a client repeats it; its words stay the same as
 * long as they are kept, since they are part of a prompt's beginning. A description that failed is
 * not tried again for a while: each turn of a conversation has all its images.
 */
public final class ImageDescriptions extends ContextBean implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.senses");

  /** The characters of the descriptions kept for all clients together. */
  private static final long KEPT = 16L * 1024 * 1024;

  private static final int MOST_FAILURES = 10_000;

  private final Cache<String, String> known =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(KEPT)
          .weigher((String key, String text) -> key.length() + text.length())
          .build();

  private final Map<String, CompletableFuture<String>> running = new ConcurrentHashMap<>();
  private ModelDirectory models;
  private TokenCounter counter;
  private FetchedAttachments images = new FetchedAttachments();
  private VisionMetrics metrics = new VisionMetrics();
  private String route = "";
  private Duration timeout = Duration.ofSeconds(60);
  private Duration pause = Duration.ofMinutes(5);
  private Semaphore atOnce = new Semaphore(8);
  private Cache<String, Boolean> failed;
  private ExecutorService threads;
  private ProducerTemplate routes;

  /** Sets the directory of models, which knows those that are named for vision. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the token counter. */
  public void setCounter(TokenCounter counter) {
    this.counter = counter;
  }

  /** Sets the images by URL, for vision models that fetch none themselves. */
  public void setImages(FetchedAttachments images) {
    this.images = images;
  }

  /** Sets the metrics of the calls. */
  public void setMetrics(VisionMetrics metrics) {
    this.metrics = metrics;
  }

  /** Sets the route that describes images in place of a model; empty for none. */
  public void setRoute(String route) {
    this.route = route == null ? "" : route.strip();
  }

  /** Sets the milliseconds that a request waits for its descriptions; 60,000 by default. */
  public void setTimeoutMillis(long timeoutMillis) {
    this.timeout = Duration.ofMillis(timeoutMillis);
  }

  /** Sets the milliseconds after which a failed description is tried again; 300,000 by default. */
  public void setRetryMillis(long retryMillis) {
    this.pause = Duration.ofMillis(retryMillis);
  }

  /** Sets the most images that are described at once, for all clients together; 8 by default. */
  public void setMostAtOnce(int mostAtOnce) {
    this.atOnce = new Semaphore(mostAtOnce);
  }

  /** Returns whether a model or a route is named. */
  public boolean isOn() {
    return !route.isEmpty() || (models != null && !models.visions().isEmpty());
  }

  /**
   * Returns the descriptions of pictures, and waits for those that are not known yet.
   *
   * @return the pictures that have one, by identity, each with its text
   */
  public IdentityHashMap<Picture, String> of(GatewayRequest request, List<Picture> pictures) {
    IdentityHashMap<Picture, CompletableFuture<String>> found = new IdentityHashMap<>();
    for (Picture picture : pictures) {
      found.put(picture, begin(request, picture));
    }
    await(request, found.values().toArray(CompletableFuture<?>[]::new));
    IdentityHashMap<Picture, String> texts = new IdentityHashMap<>();
    found.forEach(
        (picture, text) -> {
          if (text.isDone() && !text.isCompletedExceptionally() && text.join() != null) {
            texts.put(picture, text.join());
          }
        });
    return texts;
  }

  private CompletableFuture<String> begin(GatewayRequest request, Picture picture) {
    // Another tenant must not learn whether somebody has sent an image.
    String key = request.client().tenant() + " " + picture.hash();
    String text = known.getIfPresent(key);
    if (text != null || failures().getIfPresent(key) != null) {
      return CompletableFuture.completedFuture(text);
    }
    CompletableFuture<String> call =
        running.computeIfAbsent(
            key,
            unused -> {
              String meanwhile = known.getIfPresent(key);
              return meanwhile == null
                  ? start(request, picture, key)
                  : CompletableFuture.completedFuture(meanwhile);
            });
    if (call.isDone()) {
      running.remove(key, call);
    }
    return call;
  }

  /**
   * Starts a description. It belongs to no request: others may wait for it when the client of the
   * first has left.
   */
  private CompletableFuture<String> start(GatewayRequest request, Picture picture, String key) {
    CompletableFuture<String> text = new CompletableFuture<>();
    CallScope scope = new CallScope();
    try {
      Future<?> task =
          threads().submit(() -> finish(key, text, described(request, picture, scope)));
      var unused =
          text.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (found, failure) -> {
                    scope.close();
                    if (failure != null) {
                      task.cancel(true);
                      finish(key, text, null);
                    }
                  });
    } catch (RejectedExecutionException e) {
      text.complete(null);
    }
    return text;
  }

  private void finish(String key, CompletableFuture<String> text, String found) {
    if (found == null) {
      failures().put(key, true);
    } else {
      known.put(key, found);
    }
    running.remove(key, text);
    text.complete(found);
  }

  private String described(GatewayRequest request, Picture picture, CallScope scope) {
    try {
      atOnce.acquire();
      try {
        return way().describe(request, picture, scope);
      } finally {
        atOnce.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Request {}: an image was not described: {}", request.id(), e.toString());
      return null;
    }
  }

  private VisionCall way() {
    return route.isEmpty()
        ? new VisionModels(routes(), models, counter, images, metrics)
        : new VisionRoute(routes(), route, images, metrics);
  }

  /** Waits until all is done, the time is over or the client has left. */
  private void await(GatewayRequest request, CompletableFuture<?>... all) {
    CompletableFuture<Void> done = CompletableFuture.allOf(all);
    if (done.isDone()) {
      return;
    }
    CompletableFuture<Void> gone = new CompletableFuture<>();
    request.response().onClose(() -> gone.complete(null));
    request.pingDuring(() -> !done.isDone() && !gone.isDone());
    try {
      CompletableFuture.anyOf(done, gone).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.debug("Request {}: an image was not described in time", request.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      gone.complete(null);
    }
  }

  /** Returns the models that describe, by their full names, or the route. */
  public List<String> names() {
    if (!route.isEmpty()) {
      return List.of(route);
    }
    List<String> names = new ArrayList<>();
    if (models != null) {
      models.visions().stream().map(ModelChoice::fullName).forEach(names::add);
    }
    return names;
  }

  private synchronized Cache<String, Boolean> failures() {
    if (failed == null) {
      failed =
          Caffeine.newBuilder()
              .executor(Runnable::run)
              .maximumSize(MOST_FAILURES)
              .expireAfterWrite(pause)
              .build();
    }
    return failed;
  }

  private synchronized ExecutorService threads() {
    if (threads == null) {
      threads = WorkerThreads.perTask();
      if (threads == null) {
        threads =
            getCamelContext()
                .getExecutorServiceManager()
                .newCachedThreadPool(this, "caravan-vision");
      }
    }
    return threads;
  }

  private synchronized ProducerTemplate routes() {
    if (routes == null) {
      routes = getCamelContext().createProducerTemplate();
    }
    return routes;
  }

  @Override
  public synchronized void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (routes != null) {
      routes.stop();
    }
  }
}
