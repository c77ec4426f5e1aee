package io.caravan.provider;

import io.caravan.openai.CommaSeparated;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An upstream: its address, the form of its calls, and its {@link Quirks}. It is a bean of a
 * provider's YAML file.
 */
public class Provider extends Quirks {
  /** OpenAI's chat completions: requests are translated. */
  public static final String OPENAI = "openai";

  /** Anthropic's Messages API: requests are passed through. */
  public static final String ANTHROPIC = "anthropic";

  /** The key of the demonstration upstream, which only this process can call. */
  public static final String DEMONSTRATION_KEY = UUID.randomUUID().toString();

  private static final Pattern SECRET_HEADER =
      Pattern.compile("(?i)auth|key|token|secret|cookie|password");

  private String name;
  private String protocol = OPENAI;
  private String baseUrl;
  private String path;
  private String defaultBaseUrl;
  private String demoBaseUrl;
  private static final String MASKED = "********";

  private String apiKey;
  private volatile List<UpstreamKey> keys;
  private volatile Set<String> secrets;
  private String keyHeader = "Authorization";
  private String keySetting;
  private String headers;
  private volatile Map<String, String> headerMap;
  private String forwardHeaders;
  private List<String> forwardHeaderNames = List.of();
  private String pollUrl;
  private String requestIdHeaders = "x-request-id,request-id";
  private List<String> requestIdHeaderNames = CommaSeparated.of(requestIdHeaders);
  private String showPath;
  private String loadedPath;
  private VerdictSource safeguards = VerdictSource.JUDGE;
  private Boolean metered;
  private volatile boolean answered;
  private volatile boolean served;

  public String getName() {
    return name;
  }

  /** Sets the name, which comes before the first slash of a model's name. */
  public void setName(String name) {
    this.name = name;
    keys = null;
    secrets = null;
  }

  public String getProtocol() {
    return protocol;
  }

  /**
   * Sets the protocol that the upstream speaks: {@code openai} (default), {@code anthropic}, or one
   * of your own, whose stream the route {@code direct:stream-} and its name reads.
   */
  public void setProtocol(String protocol) {
    this.protocol = protocol.strip().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the upstream speaks Anthropic's Messages API itself. */
  public boolean speaksMessages() {
    return protocol.equals(ANTHROPIC);
  }

  /**
   * Returns the effective base URL: the one set, else the default one, else the demonstration's.
   */
  public String getBaseUrl() {
    if (isSet(baseUrl)) {
      return baseUrl.strip();
    }
    return demonstration() || !isSet(defaultBaseUrl) ? demoBaseUrl : defaultBaseUrl;
  }

  /**
   * Sets the base URL, for example {@code http://127.0.0.1:8000/v1}. A slash at the end is ignored.
   */
  public void setBaseUrl(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Sets the base URL that is used if none is set (default none). */
  public void setDefaultBaseUrl(String defaultBaseUrl) {
    this.defaultBaseUrl = defaultBaseUrl;
  }

  /**
   * Sets the base URL that is used if neither one nor a key is set: that of the demonstration
   * upstream (default none).
   */
  public void setDemoBaseUrl(String demoBaseUrl) {
    this.demoBaseUrl = demoBaseUrl;
  }

  /**
   * Returns whether the demonstration upstream is used, because neither a base URL nor a key is
   * set.
   */
  public boolean demonstration() {
    return isSet(demoBaseUrl) && !isSet(baseUrl) && !isSet(apiKey);
  }

  /** Returns the values that nobody may be told: its key, and headers that carry one. */
  public Set<String> secrets() {
    Set<String> known = secrets;
    if (known == null) {
      Set<String> found = new HashSet<>();
      keys().forEach(key -> found.add(key.secret()));
      headerMap()
          .forEach(
              (header, value) -> {
                if (SECRET_HEADER.matcher(header).find()) {
                  found.add(value.strip());
                }
              });
      known = Set.copyOf(found);
      secrets = known;
    }
    return known;
  }

  /** Returns the first key, or null. The demonstration upstream has a key of its own. */
  public String callKey() {
    if (demonstration()) {
      return DEMONSTRATION_KEY;
    }
    return keys().isEmpty() ? null : keys().get(0).secret();
  }

  /** Returns the keys in their order; empty if there is none. */
  public List<UpstreamKey> keys() {
    List<UpstreamKey> known = keys;
    if (known == null) {
      known = new ArrayList<>();
      for (String secret : new LinkedHashSet<>(CommaSeparated.of(apiKey))) {
        known.add(new UpstreamKey(name, known.size() + 1, secret));
      }
      known = List.copyOf(known);
      keys = known;
    }
    return known;
  }

  /**
   * Returns whether the upstream is called at its default base URL: the service of the provider
   * itself, with its limits.
   */
  public boolean hosted() {
    return !demonstration()
        && isSet(defaultBaseUrl)
        && base().equalsIgnoreCase(BaseUrl.withoutSlash(defaultBaseUrl));
  }

  private static boolean isSet(String value) {
    return value != null && !value.isBlank();
  }

  /** Records that the upstream has answered a call, whatever it said. */
  public void recordAnswer() {
    answered = true;
  }

  /** Records that a completion or a list of models has come from the base URL. */
  public void recordService() {
    answered = true;
    served = true;
  }

  /** Returns whether the upstream has answered any call since the start. */
  public boolean hasAnswered() {
    return answered;
  }

  /**
   * Returns whether the base URL is known to be right: it is the provider's own, or something has
   * come from it.
   */
  public boolean hasServed() {
    return served || hosted();
  }

  public String getPath() {
    if (path != null) {
      return path;
    }
    return speaksMessages() ? "/messages" : "/chat/completions";
  }

  /**
   * Sets the path behind the base URL (default {@code /chat/completions}, or {@code /messages}).
   */
  public void setPath(String path) {
    this.path = path;
  }

  /** Returns the URL of requests: the base URL and the path. */
  public String url() {
    return base() + getPath();
  }

  /** Returns the URL of the upstream's list of models. */
  public String modelsUrl() {
    return base() + "/models";
  }

  private String base() {
    String url = getBaseUrl();
    return url == null ? "" : BaseUrl.withoutSlash(url);
  }

  /** Returns whether a key is set. */
  public boolean hasKey() {
    return isSet(apiKey);
  }

  /** Returns stars for the key: tools that print beans (camel get bean) ask for it. */
  public String getApiKey() {
    return isSet(apiKey) ? MASKED : apiKey;
  }

  /**
   * Sets the key, which is sent in the header of {@link #setKeyHeader}; empty or null if the
   * upstream needs none. Several, separated by commas, are used in order or in turn.
   */
  public void setApiKey(String apiKey) {
    this.apiKey = apiKey;
    keys = null;
    secrets = null;
  }

  public String getKeyHeader() {
    return keyHeader;
  }

  /**
   * Sets the header of the key (default {@code Authorization}, as a bearer token). Any other header
   * carries the key alone, for example {@code x-api-key} or {@code api-key}.
   */
  public void setKeyHeader(String keyHeader) {
    this.keyHeader = keyHeader;
  }

  public String getKeySetting() {
    return keySetting;
  }

  /** Sets the name of the setting that holds the key, for error messages. */
  public void setKeySetting(String keySetting) {
    this.keySetting = keySetting;
  }

  /** Returns the names of the further headers, with stars for their values, as tools ask for it. */
  public String getHeaders() {
    return headers == null ? null : headers.replaceAll("(?m):.*$", ": " + MASKED);
  }

  /** Sets further headers of every request, one {@code Name: value} a line. */
  public void setHeaders(String headers) {
    this.headers = headers;
    headerMap = null;
    secrets = null;
  }

  /**
   * Returns the further headers by name.
   *
   * @throws IllegalArgumentException if a line has no colon
   */
  public Map<String, String> headerMap() {
    Map<String, String> known = headerMap;
    if (known == null) {
      known = Collections.unmodifiableMap(readHeaders());
      headerMap = known;
    }
    return known;
  }

  private Map<String, String> readHeaders() {
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
   * Sets the names of the client's headers that are forwarded to the upstream, separated by commas
   * (default none): {@code anthropic-version}, {@code anthropic-beta}, {@code traceparent}; no
   * other header is kept.
   */
  public void setForwardHeaders(String forwardHeaders) {
    this.forwardHeaders = forwardHeaders;
    this.forwardHeaderNames = CommaSeparated.of(forwardHeaders);
  }

  /** Returns the names of the client's headers that are forwarded to the upstream. */
  public List<String> forwardHeaderNames() {
    return forwardHeaderNames;
  }

  public String getRequestIdHeaders() {
    return requestIdHeaders;
  }

  /**
   * Sets the names of the response's headers that may have the upstream's own id of a call,
   * separated by commas (default {@code x-request-id,request-id}). The first that is there goes
   * into the log.
   */
  public void setRequestIdHeaders(String requestIdHeaders) {
    this.requestIdHeaders = requestIdHeaders;
    this.requestIdHeaderNames = CommaSeparated.of(requestIdHeaders);
  }

  /** Returns the names of the response's headers that may have the upstream's own id of a call. */
  public List<String> requestIdHeaderNames() {
    return requestIdHeaderNames;
  }

  public VerdictSource getSafeguards() {
    return safeguards;
  }

  /**
   * Sets who gives the verdicts on tool calls that Claude Code's auto mode asks for, if the
   * upstream speaks the Messages API itself: {@code JUDGE} (default), the gateway's own judge, or
   * {@code PASS}, the upstream.
   */
  public void setSafeguards(VerdictSource safeguards) {
    this.safeguards = safeguards;
  }

  /** Returns whether the upstream itself gives the verdicts on tool calls. */
  public boolean passesSafeguards() {
    return safeguards == VerdictSource.PASS;
  }

  public Boolean getMetered() {
    return metered;
  }

  /**
   * Sets whether calls cost money, so that {@code scout} asks before it makes them (default: true,
   * unless the upstream is at an address of this machine or of a private network).
   */
  public void setMetered(Boolean metered) {
    this.metered = metered;
  }

  public String getPollUrl() {
    return pollUrl;
  }

  /**
   * Sets the URL that is polled after a 202, with {@code {id}} in it (default none: 202 is a
   * failure). See {@link Nvcf}.
   */
  public void setPollUrl(String pollUrl) {
    this.pollUrl = pollUrl;
  }

  public String getShowPath() {
    return showPath;
  }

  /**
   * Sets the path, relative to the base URL, at which the upstream describes one model, for the
   * window of its context: {@code ../api/show} of Ollama (default none). See {@link ModelDetails}.
   */
  public void setShowPath(String showPath) {
    this.showPath = showPath;
  }

  public String getLoadedPath() {
    return loadedPath;
  }

  /**
   * Sets the path, relative to the base URL, at which the upstream lists the models that are loaded
   * with the windows that it gives them: {@code ../api/ps} of Ollama (default none).
   */
  public void setLoadedPath(String loadedPath) {
    this.loadedPath = loadedPath;
  }

  /** Returns the URL of a path relative to the base URL; null if the path is not set. */
  public String relativeUrl(String relative) {
    return isSet(relative) ? URI.create(base() + "/").resolve(relative.strip()).toString() : null;
  }
}
