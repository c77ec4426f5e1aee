package io.caravan.console;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorBody;
import io.caravan.anthropic.ErrorType;
import io.caravan.camel.ContextBean;
import io.caravan.failover.UpstreamKeys;
import io.caravan.http.MessageRouters;
import io.caravan.json.JsonWriter;
import io.caravan.limits.client.Client;
import io.caravan.limits.client.ClientKeys;
import io.caravan.limits.upstream.Circuits;
import io.caravan.limits.upstream.Cooldowns;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamModels;
import io.caravan.observe.RequestRecord;
import io.caravan.observe.UsageTotals;
import io.caravan.provider.learned.LearnedQuirks;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the console: {@code GET /} of a browser, with its data at {@code /console/state} and live
 * at {@code /console/events}. All else of {@code /} is the plain page's.
 *
 * <p>Everyone on this machine may see it as long as the gateway listens on loopback and no operator
 * has a key. With a key one logs in: the operator's shows all, a client's its own requests. On
 * another address it is off without an operator's key.
 */
public final class Console extends ContextBean implements StartupListener {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
  private static final int BEFORE_ROUTES = -1000;
  private static final int MAX_FORM = 2000;

  /** The requests in the page itself; it then asks for all, and the first look is there at once. */
  private static final int IN_PAGE = 200;

  /** The most browsers that watch at once: each holds a place among the gateway's requests. */
  private static final int MOST_WATCHERS = 50;

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Logins logins = new Logins();
  private boolean enabled = true;
  private String host = "127.0.0.1";
  private String operatorKey = "";
  private boolean tls;
  private ClientKeys keys = new ClientKeys();
  private ModelDirectory models;
  private UpstreamModels lists;
  private Circuits circuits;
  private LearnedQuirks quirks;
  private Cooldowns cooldowns;
  private UpstreamKeys upstreamKeys;
  private RecentRequests requests;
  private UsageTotals totals = new UsageTotals();
  private ConsoleState state;
  private Checks checks;
  private Recorded recorded;

  /** Sets whether there is a console (default true). */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the address on which the gateway listens. */
  public void setHost(String host) {
    this.host = host;
  }

  /** Sets the operator's key; empty for none. */
  public void setOperatorKey(String operatorKey) {
    this.operatorKey = operatorKey;
  }

  /** Sets whether the port uses TLS: cookies are sent by TLS only then. */
  public void setTls(boolean tls) {
    this.tls = tls;
  }

  /** Sets the keys of clients. */
  public void setKeys(ClientKeys keys) {
    this.keys = keys;
  }

  /** Sets the directory of models. */
  public void setModels(ModelDirectory models) {
    this.models = models;
  }

  /** Sets the upstreams' own lists of models. */
  public void setLists(UpstreamModels lists) {
    this.lists = lists;
  }

  /** Sets the circuits of models. */
  public void setCircuits(Circuits circuits) {
    this.circuits = circuits;
  }

  /** Sets the memory of what was learned about models. */
  public void setQuirks(LearnedQuirks quirks) {
    this.quirks = quirks;
  }

  /** Sets the cool-downs of models. */
  public void setCooldowns(Cooldowns cooldowns) {
    this.cooldowns = cooldowns;
  }

  /** Sets the upstreams' keys, with their limits. */
  public void setUpstreamKeys(UpstreamKeys upstreamKeys) {
    this.upstreamKeys = upstreamKeys;
  }

  /** Sets the requests that are shown. */
  public void setRequests(RecentRequests requests) {
    this.requests = requests;
  }

  /** Sets the sums of what each key has used. */
  public void setTotals(UsageTotals totals) {
    this.totals = totals;
  }

  /** Registers the bean, once it is configured. */
  public void listen() throws Exception {
    if (!enabled) {
      requests.setMaximum(0);
    }
    getCamelContext().addStartupListener(this);
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
    if (!enabled || !isInForce()) {
      return;
    }
    if (!LOOPBACK.contains(host) && operatorKey.isBlank()) {
      requests.setMaximum(0);
      LOG.info(
          "There is no console on {}: others could see it. CARAVAN_ADMIN_KEY gives it a login",
          host);
      return;
    }
    state = new ConsoleState(context, models, lists, circuits, quirks, cooldowns, upstreamKeys);
    checks = new Checks(context, models, lists);
    recorded = new Recorded(context);
    for (VertxPlatformHttpRouter router :
        context.getRegistry().findByType(VertxPlatformHttpRouter.class)) {
      if (MessageRouters.servesMessages(router)) {
        install(router);
      }
    }
  }

  private void install(Router router) {
    router.get("/").order(BEFORE_ROUTES).handler(this::page);
    router.get("/console/state").order(BEFORE_ROUTES).handler(this::data);
    router.get("/console/recordings/:id").order(BEFORE_ROUTES).handler(this::recording);
    router.get("/console/events").order(BEFORE_ROUTES).handler(this::events);
    router
        .post("/console/login")
        .order(BEFORE_ROUTES)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_FORM))
        .handler(this::login);
    router
        .post("/console/check")
        .order(BEFORE_ROUTES)
        .handler(BodyHandler.create(false).setBodyLimit(MAX_FORM))
        .handler(this::check);
    router.post("/console/logout").order(BEFORE_ROUTES).handler(this::logout);
    router.get("/console/:file").order(BEFORE_ROUTES + 1).handler(Console::file);
  }

  /** Returns who looks; null for someone who has to log in. */
  private Viewer viewer(RoutingContext context) {
    Cookie cookie = context.request().getCookie(Logins.COOKIE);
    Viewer known = logins.of(cookie == null ? null : cookie.getValue());
    return known == null && !needsLogin() ? Viewer.OPERATOR : known;
  }

  private boolean needsLogin() {
    return !operatorKey.isBlank();
  }

  private void page(RoutingContext context) {
    String accepted = context.request().getHeader("accept");
    if (accepted == null || !accepted.contains("text/html")) {
      context.next();
      return;
    }
    Viewer viewer = viewer(context);
    answer(context, "text/html; charset=utf-8").putHeader("content-security-policy", POLICY);
    end(context, () -> page(viewer == null ? "{\"login\":true}" : json(state(viewer, IN_PAGE))));
  }

  private static String page(String data) {
    // A closing tag in a text of a client's must not end the element.
    return new String(Assets.page(), StandardCharsets.UTF_8)
        .replace("{{state}}", data.replace("<", "\\u003c"));
  }

  /** Ends a response with a text that takes too long to make for an event loop. */
  private static void end(RoutingContext context, Callable<String> text) {
    context
        .vertx()
        .executeBlocking(text, false)
        .onSuccess(made -> context.response().end(made))
        .onFailure(context::fail);
  }

  private static HttpServerResponse answer(RoutingContext context, String type) {
    // With "no-referrer" a browser would send the login with the origin "null", which is refused.
    return context
        .response()
        .putHeader("content-type", type)
        .putHeader("cache-control", "no-store")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("x-content-type-options", "nosniff");
  }

  private static void file(RoutingContext context) {
    String name = context.pathParam("file");
    byte[] bytes = Assets.get(name);
    if (bytes == null) {
      context.next();
      return;
    }
    answer(context, Assets.typeOf(name)).end(Buffer.buffer(bytes));
  }

  private void data(RoutingContext context) {
    Viewer viewer = viewer(context);
    if (viewer == null) {
      refuse(context, ErrorType.AUTHENTICATION, "Log in to the console first");
      return;
    }
    answer(context, "application/json");
    end(context, () -> json(state(viewer, Integer.MAX_VALUE)));
  }

  /**
   * Shows the bodies of a request that was recorded, to those who see the request itself and have
   * logged in: the files are their owner's alone, and others use this machine, too.
   */
  private void recording(RoutingContext context) {
    if (!needsLogin()) {
      refuse(context, ErrorType.PERMISSION, "Recordings are shown only with CARAVAN_ADMIN_KEY set");
      return;
    }
    Viewer viewer = viewer(context);
    if (viewer == null) {
      refuse(context, ErrorType.AUTHENTICATION, "Log in to the console first");
      return;
    }
    RequestRecord request = requests.ended(context.pathParam("id"));
    if (request == null || !viewer.maySee(request)) {
      refuse(context, ErrorType.NOT_FOUND, "There is no such request");
      return;
    }
    answer(context, "application/json");
    end(context, () -> json(Map.of("bodies", recorded.of(request.id()))));
  }

  /** Checks one model by real calls, for an operator. The edge has refused foreign pages by now. */
  private void check(RoutingContext context) {
    Viewer viewer = viewer(context);
    if (viewer == null || !viewer.isOperator()) {
      refuse(context, ErrorType.PERMISSION, "Only an operator may check models");
      return;
    }
    String name = context.request().getFormAttribute("name");
    context
        .vertx()
        .executeBlocking(() -> json(checks.of(name == null ? "" : name)), false)
        .onSuccess(findings -> answer(context, "application/json").end(findings))
        .onFailure(
            failure -> {
              if (failure instanceof AnthropicException refusal) {
                refuse(context, refusal);
              } else {
                context.fail(failure);
              }
            });
  }

  private void events(RoutingContext context) {
    Viewer viewer = viewer(context);
    if (viewer == null) {
      refuse(context, ErrorType.AUTHENTICATION, "Log in to the console first");
      return;
    }
    if (requests.watchers() >= MOST_WATCHERS) {
      refuse(context, ErrorType.RATE_LIMIT, "Too many browsers watch the console");
      return;
    }
    new LiveEvents(context, requests, () -> viewer(context)).start();
  }

  private void login(RoutingContext context) {
    String key = context.request().getFormAttribute("key");
    if (!logins.mayTry()) {
      refuse(context, ErrorType.RATE_LIMIT, "Too many tries; wait a minute");
      return;
    }
    String text = key == null ? "" : key.strip();
    Viewer viewer = holderOf(text);
    if (viewer == null) {
      redirect(context, "/?refused");
      return;
    }
    // A key that is taken from its client, or expires, ends its logins as well.
    Cookie cookie =
        Cookie.cookie(Logins.COOKIE, logins.add(viewer, () -> viewer.equals(holderOf(text))))
            .setHttpOnly(true)
            .setSecure(tls)
            .setSameSite(CookieSameSite.STRICT)
            .setPath("/");
    context.response().addCookie(cookie);
    redirect(context, "/");
  }

  private Viewer holderOf(String key) {
    if (needsLogin() && same(key, operatorKey.strip())) {
      return Viewer.OPERATOR;
    }
    Client client = keys.isConfigured() ? keys.authenticate(key) : null;
    return client == null ? null : new Viewer(client.id());
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private void logout(RoutingContext context) {
    Cookie cookie = context.request().getCookie(Logins.COOKIE);
    if (cookie != null) {
      logins.remove(cookie.getValue());
    }
    redirect(context, "/");
  }

  private static void redirect(RoutingContext context, String to) {
    context.response().setStatusCode(303).putHeader("location", to).end();
  }

  private Map<String, Object> state(Viewer viewer, int most) {
    List<RequestRecord> seen = requests.ended().stream().filter(viewer::maySee).toList();
    List<RequestRecord> ended = seen.subList(Math.max(0, seen.size() - most), seen.size());
    List<RequestRecord> running = requests.running().stream().filter(viewer::maySee).toList();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("operator", viewer.isOperator());
    all.put("login", needsLogin());
    all.put("most", requests.maximum());
    all.put("recording", recorded.isOn());
    all.put("recorded_to", recorded.elsewhere());
    all.put("running", RequestView.all(running, true));
    all.put("requests", RequestView.all(ended, false));
    all.put("usage", totals.report(viewer::maySee));
    if (viewer.isOperator()) {
      all.putAll(state.operators());
    }
    return all;
  }

  static String json(Object tree) {
    return new JsonWriter(4096).tree(tree).finish().toString();
  }

  private static void refuse(RoutingContext context, ErrorType type, String message) {
    refuse(context, new AnthropicException(type, type.status(), message, null, false, null));
  }

  private static void refuse(RoutingContext context, AnthropicException error) {
    answer(context, "application/json")
        .setStatusCode(error.status())
        .end(Buffer.buffer(ErrorBody.write(error, null)));
  }
}
