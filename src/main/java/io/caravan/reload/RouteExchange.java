package io.caravan.reload;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an edit in force. The old routes go on until the new ones have started beside them, and for
 * what is in them until it ends. That is so for routes that begin with {@code direct} or {@code
 * platform-http}; any other begins with something that may not be there twice, so that the edit
 * waits until the route is idle.
 */
final class RouteExchange {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan");
  private static final long POLL_MILLIS = 20;

  private final ReloadableContext context;
  private final RetiredRoutes retired;

  RouteExchange(ReloadableContext context, RetiredRoutes retired) {
    this.context = context;
    this.retired = retired;
  }

  /** A file as far as it is loaded. */
  private static final class Excerpt extends ResourceSupport {
    private final byte[] text;

    Excerpt(String location, String text) {
      super(location.substring(0, location.indexOf(':')), location);
      this.text = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(text);
    }
  }

  /**
   * Puts an edit in force.
   *
   * @param now the files of the edit
   * @param fresh a context that has started with them
   * @throws Exception if it fails; the old routes go on then
   */
  void take(Edit edit, RouteSources now, CamelContext fresh) throws Exception {
    List<Resource> texts = new ArrayList<>();
    edit.texts()
        .forEach((path, text) -> texts.add(new Excerpt(now.files().get(path).location(), text)));
    List<Route> old = replaced(edit, fresh);
    List<Route> exclusive = old.stream().filter(route -> !mayBeTwice(route)).toList();
    for (Route route : exclusive) {
      awaitIdle(route);
    }
    List<DetachedRoute> detached = new ArrayList<>();
    context.beans().begin();
    try {
      for (Route route : old) {
        if (mayBeTwice(route)) {
          detached.add(context.detach(route.getId()));
        } else if (fresh.getRoute(route.getId()) == null) {
          context.getRouteController().stopRoute(route.getId());
          context.removeRoute(route.getId());
        }
      }
      retired.add(detached);
      PluginHelper.getRoutesLoader(context).updateRoutes(texts);
      Leftovers.remove(context, fresh);
      context.beans().commit();
    } catch (Exception | LinkageError e) {
      takeBack(detached);
      throw e;
    } finally {
      context.beans().cancel();
    }
    handOver(detached);
  }

  /** Returns the running routes that are made anew, or that no file names any more. */
  private List<Route> replaced(Edit edit, CamelContext fresh) {
    List<Route> replaced = new ArrayList<>();
    for (Route route : context.getRoutes()) {
      if (route.isCreatedByKamelet() || route.isCreatedByRouteTemplate()) {
        continue;
      }
      boolean edited = edit.exchanged().contains(RouteSources.path(route.getSourceResource()));
      if (route.isCustomId()) {
        Route next = fresh.getRoute(route.getId());
        edited =
            next == null || edit.exchanged().contains(RouteSources.path(next.getSourceResource()));
      }
      if (edited) {
        replaced.add(route);
      }
    }
    return replaced;
  }

  private static boolean mayBeTwice(Route route) {
    return route.getConsumer() instanceof DirectConsumer || HttpEntry.of(route) != null;
  }

  private void awaitIdle(Route route) throws InterruptedException {
    if (InFlight.in(route) == 0) {
      return;
    }
    LOG.info("The edit waits until route {} is idle", route.getId());
    while (InFlight.in(route) > 0) {
      if (context.isStopping() || context.isStopped()) {
        throw new IllegalStateException("The gateway stops");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private void handOver(List<DetachedRoute> detached) {
    int requests = 0;
    for (DetachedRoute old : detached) {
      String id = old.route().getId();
      Route next = context.getRoute(id);
      HttpEntry entry = HttpEntry.of(old.route());
      if (entry != null) {
        entry.close(HttpEntry.of(next));
        requests += entry.requests();
      }
      if (next == null) {
        old.forgetEndpoint(context);
        if (old.route().isCustomId()) {
          LOG.info("Route {} is gone: no file names it", id);
        }
      }
    }
    if (requests > 0) {
      LOG.info("{} open requests go on in the old routes", requests);
    }
  }

  private void takeBack(List<DetachedRoute> detached) throws Exception {
    List<DetachedRoute> replaced = new ArrayList<>();
    for (DetachedRoute old : detached) {
      if (context.getRoute(old.route().getId()) == null) {
        retired.remove(old);
        old.resume();
        context.attach(old);
      } else {
        replaced.add(old);
      }
    }
    handOver(replaced);
  }
}
