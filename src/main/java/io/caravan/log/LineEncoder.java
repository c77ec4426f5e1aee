package io.caravan.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.util.CachingDateFormatter;
import io.caravan.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/**
 * Writes an event of the log as one line of text, with its stack below it, or as one JSON object a
 * line, with its stack as the field {@code error}. In UTF-8. The line of a request in JSON is its
 * message, which is an object itself. Camel's events are written without their stacks, since
 * Caravan reports in one line what they are about.
 */
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final String NEW_LINE = System.lineSeparator();
  private static final byte[] NONE = {};

  private final CachingDateFormatter time =
      new CachingDateFormatter("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  private boolean json;

  /** Sets whether a line is a JSON object (default false). */
  public void setJson(boolean json) {
    this.json = json;
  }

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return (json ? json(event) : text(event)).getBytes(StandardCharsets.UTF_8);
  }

  private String text(ILoggingEvent event) {
    String level = event.getLevel().toString();
    StringBuilder line = new StringBuilder(400);
    line.append(time.format(event.getTimeStamp())).append(' ').append(level);
    line.append(level.length() < 5 ? "  " : " ");
    line.append(shortName(event)).append(" - ").append(event.getFormattedMessage());
    return line.append(NEW_LINE).append(stack(event)).toString();
  }

  private String json(ILoggingEvent event) {
    if (event.getLoggerName().equals("io.caravan.requests")) {
      return event.getFormattedMessage() + NEW_LINE;
    }
    JsonWriter line = new JsonWriter(400).beginObject();
    line.field("time", time.format(event.getTimeStamp()));
    line.field("level", event.getLevel().toString());
    line.field("logger", event.getLoggerName());
    line.field("message", event.getFormattedMessage());
    String stack = stack(event);
    if (!stack.isEmpty()) {
      line.field("error", stack);
    }
    return line.endObject().finish() + NEW_LINE;
  }

  /** Returns the last part of the logger's name, which is its class. */
  private static String shortName(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String stack(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown == null || event.getLoggerName().startsWith("org.apache.camel")
        ? ""
        : ThrowableProxyUtil.asString(thrown);
  }
}
