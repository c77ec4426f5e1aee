package io.caravan.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explains paths that a client asks for if its base URL is set wrongly: clients append {@code
 * /v1/messages} to it. Claude Code shows no words of a 404, so the log has them as well.
 */
final class WrongPaths {
  private static final Logger LOG = LoggerFactory.getLogger(WrongPaths.class);

  private static final Pattern MESSAGES =
      Pattern.compile("/messages(?:/count_tokens|/batches)?/*+$|/models(?:/|$)");

  private static final Pattern OPENAI =
      Pattern.compile("/(?:chat/)?completions/*+$|/responses/*+$|/embeddings/*+$");

  private static final Pattern HOST = Pattern.compile("[\\w.:\\[\\]-]{1,255}");

  /** The paths that Anthropic's API has and this gateway hasn't. */
  private static final Pattern MISSING =
      Pattern.compile("/v1/messages/batches.*|/v1/(?:files|skills)\\b.*");

  private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

  private WrongPaths() {}

  /** Returns a sentence that names the setting to change, or nothing for any other path. */
  static String hint(RoutingContext context) {
    String path = String.valueOf(context.normalizedPath()).toLowerCase(Locale.ROOT);
    if (MISSING.matcher(path).matches()) {
      return "";
    }
    if (MESSAGES.matcher(path).find()) {
      return reported(
          "base-url",
          ". Clients append /v1/messages to their base URL: set ANTHROPIC_BASE_URL to "
              + address(context)
              + ", without a path");
    }
    return OPENAI.matcher(path).find()
        ? reported(
            "openai",
            ". This gateway serves Anthropic's Messages API (POST /v1/messages), not OpenAI's: set"
                + " ANTHROPIC_BASE_URL to "
                + address(context)
                + " in a client of that API")
        : "";
  }

  private static String reported(String kind, String hint) {
    if (LOGGED.add(kind)) {
      LOG.warn("A client asked for a path that is not served{}", hint);
    }
    return hint;
  }

  private static String address(RoutingContext context) {
    String host = context.request().getHeader("host");
    String scheme = context.request().isSSL() ? "https://" : "http://";
    return host != null && HOST.matcher(host).matches()
        ? scheme + host
        : scheme + "127.0.0.1:" + context.request().localAddress().port();
  }
}
