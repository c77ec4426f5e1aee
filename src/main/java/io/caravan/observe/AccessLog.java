package io.caravan.observe;

import io.caravan.json.JsonWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line for each request to {@code io.caravan.requests} at info: as a text of {@code
 * name=value}, or as one JSON object. Both have the same names, which docs/operate.md lists. What a
 * client has chosen itself (its session, its name for the model) is shortened, and quoted where it
 * could be taken for more than one value.
 */
public final class AccessLog implements RequestListener {
  private static final char DEL = 127;

  /** The categories of characters that are escaped, a bit each. */
  private static final int ODD =
      (1 << Character.CONTROL)
          | (1 << Character.FORMAT)
          | (1 << Character.LINE_SEPARATOR)
          | (1 << Character.PARAGRAPH_SEPARATOR);

  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.requests");
  private static final int MAX_LENGTH = 200;

  private boolean enabled = true;
  private boolean json;
  private ZoneId zone = ZoneId.systemDefault();

  /** Sets whether requests are logged (default true). */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /**
   * Sets the form of the lines: {@code text} (default) or {@code json}.
   *
   * @throws IllegalArgumentException for another word
   */
  public void setFormat(String format) {
    if (!format.equals("text") && !format.equals("json")) {
      throw new IllegalArgumentException("caravan.log.format must be text or json");
    }
    json = format.equals("json");
  }

  void setZone(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public void ended(RequestRecord request) {
    if (enabled && LOG.isInfoEnabled()) {
      LOG.info(json ? json(request) : text(request));
    }
  }

  String text(RequestRecord request) {
    Text line = new Text();
    write(line, request);
    return visible(line.toString());
  }

  String json(RequestRecord request) {
    Json line = new Json();
    line.text("time", time(request));
    line.text("level", "INFO");
    line.text("event", "request");
    write(line, request);
    return visible(line.writer.endObject().finish().toString());
  }

  /** Returns the time of the request's end, with the zone's offset. */
  private String time(RequestRecord request) {
    Instant end = request.acceptedAt().plusNanos(request.totalNanos());
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        end.truncatedTo(ChronoUnit.MILLIS).atZone(zone));
  }

  private static void write(Line line, RequestRecord request) {
    RequestRecord.Caller caller = request.caller();
    RequestRecord.Model model = request.model();
    RequestRecord.Tokens tokens = request.tokens();
    line.text("request_id", request.id());
    line.text("route", request.route());
    line.text("client", caller.key().isEmpty() ? null : caller.key());
    line.text("session", caller.session());
    line.text("agent", caller.agent());
    line.text("model", model.requested());
    line.text("provider", "none".equals(model.provider()) ? null : model.provider());
    line.text("upstream_model", "none".equals(model.name()) ? null : model.name());
    line.text("upstream_request_id", request.upstreamRequestId());
    line.number("status", (long) request.ending().status());
    line.text("outcome", request.ending().outcome());
    line.text("reason", request.ending().reason());
    line.number("input_tokens", tokens == null ? null : (Long) tokens.input());
    line.number("cached_tokens", tokens == null ? null : (Long) tokens.cacheRead());
    line.number("output_tokens", tokens == null ? null : (Long) tokens.output());
    line.dollars("cost_usd", request.nanodollars());
    line.number("first_token_ms", millis(request.firstTokenNanos()));
    line.number("total_ms", TimeUnit.NANOSECONDS.toMillis(request.totalNanos()));
    line.number("attempts", (long) request.attempts());
  }

  private static Long millis(long nanos) {
    return nanos == 0 ? null : (Long) TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  /**
   * Escapes what a terminal obeys, what turns the direction of text and what some take for the end
   * of a line. In both forms that stands between quotation marks only.
   */
  private static String visible(String line) {
    StringBuilder escaped = null;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean odd = c >= DEL && ((ODD >> Character.getType(c)) & 1) != 0;
      if (odd && escaped == null) {
        escaped = new StringBuilder(line.length() + 20).append(line, 0, i);
      }
      if (escaped != null) {
        escaped.append(odd ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    return escaped == null ? line : escaped.toString();
  }

  private static String shortened(String text) {
    return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
  }

  /** A line that is being written; null values are unknown. */
  private interface Line {
    void text(String name, String value);

    void number(String name, Long value);

    void dollars(String name, Long nanodollars);
  }

  /** {@code name=value}, without those that are unknown. */
  private static final class Text implements Line {
    private final StringBuilder line = new StringBuilder(320);

    @Override
    public void text(String name, String value) {
      if (value != null) {
        String shown = shortened(value);
        append(name, isPlain(shown) ? shown : quoted(shown));
      }
    }

    @Override
    public void number(String name, Long value) {
      if (value != null) {
        append(name, value.toString());
      }
    }

    @Override
    public void dollars(String name, Long nanodollars) {
      if (nanodollars != null) {
        append(name, BigDecimal.valueOf(nanodollars, 9).stripTrailingZeros().toPlainString());
      }
    }

    private void append(String name, String value) {
      line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(value);
    }

    private static boolean isPlain(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c <= ' ' || c >= 127 || c == '"' || c == '=' || c == '\\') {
          return false;
        }
      }
      return !text.isEmpty();
    }

    private static String quoted(String text) {
      return new JsonWriter(text.length() + 16).value(text).finish().toString();
    }

    @Override
    public String toString() {
      return line.toString();
    }
  }

  /** One JSON object, which has every name. */
  private static final class Json implements Line {
    private final JsonWriter writer = new JsonWriter(512).beginObject();

    @Override
    public void text(String name, String value) {
      if (value == null) {
        writer.name(name).nullValue();
      } else {
        writer.field(name, shortened(value));
      }
    }

    @Override
    public void number(String name, Long value) {
      if (value == null) {
        writer.name(name).nullValue();
      } else {
        writer.field(name, value);
      }
    }

    @Override
    public void dollars(String name, Long nanodollars) {
      if (nanodollars == null) {
        writer.name(name).nullValue();
      } else {
        writer.field(name, nanodollars / 1e9);
      }
    }
  }
}
