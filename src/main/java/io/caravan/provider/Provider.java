package io.caravan.provider;

import io.caravan.openai.CommaSeparated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * An upstream: where it is, how it is called, and its {@link Quirks}. A bean of a provider's YAML
 * file.
 */
public class Provider extends Quirks {
  /** OpenAI's chat completions: requests are translated. */
  public static final String OPENAI = "openai";

  /** Anthropic's Messages API: requests are passed through. */
  public static final String ANTHROPIC = "anthropic";

  /** The key of the demonstration upstream: only this process can call it. */
  public static final String DEMONSTRATION_KEY = UUID.randomUUID().toString();

  private String name;
  private String protocol = OPENAI;
  private String baseUrl;
  private String path;
  private String defaultBaseUrl;
  private String demoBaseUrl;
  private String apiKey;
  private String keyHeader = "Authorization";
  private String keySetting;
  private String headers;
  private String forwardHeaders;
  private String pollUrl;

  public String getName() {
    return name;
  }

  /** What stands before the first slash of a model's name. */
  public void setName(String name) {
    this.name = name;
  }

  public String getProtocol() {
    return protocol;
  }

  /**
   * The protocol that the upstream speaks: {@code openai} (default), {@code anthropic}, or one of
   * your own, whose stream the route {@code direct:stream-} and its name reads.
   */
  public void setProtocol(String protocol) {
    this.protocol = protocol.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the upstream speaks Anthropic's Messages API itself. */
  public boolean speaksMessages() {
    return protocol.equals(ANTHROPIC);
  }

  /** The base URL that counts: the one set, else the default one, else the demonstration's. */
  public String getBaseUrl() {
    if (isSet(baseUrl)) {
      return baseUrl.strip();
    }
    return demonstration() || !isSet(defaultBaseUrl) ? demoBaseUrl : defaultBaseUrl;
  }

  /** For example {@code http://127.0.0.1:8000/v1}; a slash at the end is of no matter. */
  public void setBaseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** The base URL where none is set (default none). */
  public void setDefaultBaseUrl(String defaultBaseUrl) {
    this.defaultBaseUrl = defaultBaseUrl;
  }

  /** The base URL where neither one nor a key is set: the demonstration upstream (default none). */
  public void setDemoBaseUrl(String demoBaseUrl) {
    this.demoBaseUrl = demoBaseUrl;
  }

  /** Whether the demonstration upstream answers, because neither a base URL nor a key is set. */
  public boolean demonstration() {
    return isSet(demoBaseUrl) && !isSet(baseUrl) && !isSet(apiKey);
  }

  /** Returns the key that calls carry, or null: the demonstration upstream has one of its own. */
  public String callKey() {
    return demonstration() ? DEMONSTRATION_KEY : apiKey;
  }

  /**
   * Whether it is called at its default base URL: the service of the provider itself, with its
   * limits.
   */
  public boolean hosted() {
    return !demonstration()
        && isSet(defaultBaseUrl)
        && base().equalsIgnoreCase(withoutSlash(defaultBaseUrl));
  }

  private static boolean isSet(String value) {
    return value != null && !value.isBlank();
  }

  public String getPath() {
    if (path != null) {
      return path;
    }
    return speaksMessages() ? "/messages" : "/chat/completions";
  }

  /** What follows the base URL (default {@code /chat/completions}, or {@code /messages}). */
  public void setPath(String path) {
    this.path = path;
  }

  /** Where requests go: the base URL and the path. */
  public String url() {
    return base() + getPath();
  }

  /** Where the upstream lists its models. */
  public String modelsUrl() {
    return base() + "/models";
  }

  private String base() {
    return withoutSlash(getBaseUrl());
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** Whether a key is set. */
  public boolean hasKey() {
    return isSet(apiKey);
  }

  public String getApiKey() {
    return apiKey;
  }

  /**
   * The key, sent as {@link #setKeyHeader} says; empty or null where the upstream asks for none.
   */
  public void setApiKey(String apiKey) {
    this.apiKey = apiKey;
  }

  public String getKeyHeader() {
    return keyHeader;
  }

  /**
   * The header that carries the key (default {@code Authorization}, as a bearer token; any other
   * carries the key alone, for example {@code x-api-key} or {@code api-key}).
   */
  public void setKeyHeader(String keyHeader) {
    this.keyHeader = keyHeader;
  }

  public String getKeySetting() {
    return keySetting;
  }

  /** The name of the setting that holds the key, for error messages. */
  public void setKeySetting(String keySetting) {
    this.keySetting = keySetting;
  }

  public String getHeaders() {
    return headers;
  }

  /** Further headers of every request, one {@code Name: value} a line. */
  public void setHeaders(String headers) {
    this.headers = headers;
  }

  /**
   * The further headers by name.
   *
   * @throws IllegalArgumentException where a line has no colon
   */
  public Map<String, String> headerMap() {
    Map<String, String> map = new LinkedHashMap<>();
    for (String line : (headers == null ? "" : headers).split("\n", -1)) {
      if (line.isBlank()) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("a header of provider " + name + " has no colon");
      }
      map.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    return map;
  }

  public String getForwardHeaders() {
    return forwardHeaders;
  }

  /**
   * Names of the client's headers that the upstream gets, separated by commas (default none):
   * {@code anthropic-version}, {@code anthropic-beta}, {@code traceparent}; no other is kept.
   */
  public void setForwardHeaders(String forwardHeaders) {
    this.forwardHeaders = forwardHeaders;
  }

  /** The names of the client's headers that the upstream gets. */
  public List<String> forwardHeaderNames() {
    return CommaSeparated.ofCommaSeparated(forwardHeaders);
  }

  public String getPollUrl() {
    return pollUrl;
  }

  /**
   * Where the answer of a call that was answered with 202 is asked for, with {@code {id}} in it
   * (default none: 202 is a failure). See {@link Nvcf}.
   */
  public void setPollUrl(String pollUrl) {
    this.pollUrl = pollUrl;
  }
}
