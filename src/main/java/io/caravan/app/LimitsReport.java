package io.caravan.app;

import io.caravan.camel.StartedBean;
import io.caravan.failover.UpstreamKeys;
import io.caravan.json.JsonWriter;
import io.caravan.limits.upstream.Admission;
import io.caravan.limits.upstream.LearnedLimits;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the limits of upstreams as they are now, at {@code GET /observe/limits} of the management
 * server, as JSON: the windows of the settings, the limits and pauses of models that refusals and
 * headers have shown, and the keys that are refused. Times are in seconds. {@code DELETE} forgets
 * what was learned and tries the keys again.
 */
public final class LimitsReport extends StartedBean {
  static final String PATH = "/observe/limits";

  private static final Logger LOG = LoggerFactory.getLogger(LimitsReport.class);

  private UpstreamKeys keys;

  /** Sets the keys, with their windows and limits. */
  public void setKeys(UpstreamKeys keys) {
    this.keys = keys;
  }

  @Override
  protected void started(CamelContext context) {
    ManagementPath.add(context, PATH, this::show, this::forget);
  }

  private void forget(RoutingContext context) {
    int forgotten = keys.forget();
    LOG.info("{} learned limits and refused keys were forgotten on request", forgotten);
    ManagementPath.forgotten(context, forgotten);
  }

  private void show(RoutingContext context) {
    context.response().putHeader("content-type", "application/json").end(json() + "\n");
  }

  private String json() {
    JsonWriter json = new JsonWriter(1024).beginObject().beginArray("windows");
    keys.admissions().all().forEach((key, admission) -> window(json, key, admission));
    json.endArray().beginArray("learned");
    keys.limits().all().forEach(limit -> learned(json, limit));
    json.endArray().beginArray("refused_keys");
    keys.refused()
        .forEach(
            (key, status) -> {
              json.beginObject().field("key", key).field("reason", status.reason());
              json.field("again_in", seconds(status.again())).endObject();
            });
    return json.endArray().endObject().finish().toString();
  }

  private static void window(JsonWriter json, String key, Admission admission) {
    json.beginObject().field("key", key);
    json.field("calls", admission.getWindowLimit());
    json.field("used", admission.getWindowUsed());
    json.field("waiting", admission.getQueued());
    json.field("under_way", admission.getActive()).endObject();
  }

  private static void learned(JsonWriter json, LearnedLimits.Status limit) {
    json.beginObject().field("model", limit.target());
    if (limit.window() != null) {
      json.field("calls", limit.calls()).field("window", seconds(limit.window()));
      json.field("used", limit.used());
    }
    json.field("again_in", seconds(limit.again()));
    json.field("forgotten_in", seconds(limit.left())).endObject();
  }

  private static long seconds(Duration time) {
    return time.plusNanos(999_999_999).toSeconds();
  }
}
