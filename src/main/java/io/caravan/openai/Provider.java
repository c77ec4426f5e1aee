package io.caravan.openai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An upstream: where it is, how it is called, and its {@link Quirks}. A bean of a provider's YAML
 * file.
 */
public class Provider extends Quirks {
  private String name;
  private Protocol protocol = Protocol.OPENAI;
  private String baseUrl;
  private String path;
  private String apiKey;
  private String headers;
  private String forwardHeaders;

  public String getName() {
    return name;
  }

  /** What stands before the first slash of a model's name. */
  public void setName(String name) {
    this.name = name;
  }

  public Protocol getProtocol() {
    return protocol;
  }

  /** What the upstream speaks (default {@code OPENAI}). */
  public void setProtocol(Protocol protocol) {
    this.protocol = protocol;
  }

  public String getBaseUrl() {
    return baseUrl;
  }

  /**
   * For example {@code https://integrate.api.nvidia.com/v1}; a slash at the end is of no matter.
   */
  public void setBaseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  public String getPath() {
    if (path != null) {
      return path;
    }
    return protocol == Protocol.ANTHROPIC ? "/messages" : "/chat/completions";
  }

  /** What follows the base URL (default {@code /chat/completions}, or {@code /messages}). */
  public void setPath(String path) {
    this.path = path;
  }

  /** Where requests go: the base URL and the path. */
  public String url() {
    String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
    return base + getPath();
  }

  public String getApiKey() {
    return apiKey;
  }

  /** The key, sent as a bearer token; empty or null where the upstream asks for none. */
  public void setApiKey(String apiKey) {
    this.apiKey = apiKey;
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

  /** Names of the client's headers that the upstream gets, separated by commas (default none). */
  public void setForwardHeaders(String forwardHeaders) {
    this.forwardHeaders = forwardHeaders;
  }

  /** The names of the client's headers that the upstream gets. */
  public List<String> forwardHeaderNames() {
    return Lists.ofCommaSeparated(forwardHeaders);
  }
}
