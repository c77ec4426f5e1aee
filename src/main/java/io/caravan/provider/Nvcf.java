package io.caravan.provider;

import java.net.URI;
import java.util.Locale;

/**
 * The protocol of hosted NIM in front of NVIDIA Cloud Functions. A function that takes long is
 * answered with 202 and an id, under which the client then polls until the status changes
 * (langchain-ai/langchain-nvidia, {@code _common.py}; NVIDIA Cloud Functions documentation,
 * "Function invocation"). This class knows no HTTP.
 */
public final class Nvcf {
  /** The response header with the request's id. */
  public static final String REQUEST_ID = "NVCF-REQID";

  /**
   * The response header with the status: {@code pending-evaluation}, {@code fulfilled}, {@code
   * rejected}, …
   */
  public static final String STATUS = "NVCF-STATUS";

  private static final String PLACE = "{id}";

  private final String statusUrl;

  /**
   * @param statusUrl the URL that is polled, with {@code {id}} in place of the id, for example
   *     {@code https://api.nvcf.nvidia.com/v2/nvcf/pexec/status/{id}}
   * @throws IllegalArgumentException if it has no {@code {id}} or isn't an http URL
   */
  public Nvcf(String statusUrl) {
    String scheme = statusUrl.toLowerCase(Locale.ROOT);
    boolean http = scheme.startsWith("https://") || scheme.startsWith("http://");
    if (!http || !statusUrl.contains(PLACE)) {
      throw new IllegalArgumentException("not a URL with " + PLACE + ": " + statusUrl);
    }
    this.statusUrl = statusUrl;
  }

  /**
   * Returns whether the completion is still pending and can be polled.
   *
   * @param httpStatus the status of the call or of the last poll
   * @param requestId the header {@link #REQUEST_ID}, or null
   */
  public static boolean isPending(int httpStatus, String requestId) {
    return httpStatus == 202 && isId(requestId);
  }

  /** Returns whether the function has failed, whatever the HTTP status is. */
  public static boolean isFailed(String nvcfStatus) {
    return "rejected".equalsIgnoreCase(nvcfStatus) || "errored".equalsIgnoreCase(nvcfStatus);
  }

  /**
   * Returns the URI to poll, with the same key as the call.
   *
   * @throws IllegalArgumentException if the id isn't valid: it goes into a URL
   */
  public URI statusUri(String requestId) {
    if (!isId(requestId)) {
      throw new IllegalArgumentException("not a request id");
    }
    return URI.create(statusUrl.replace(PLACE, requestId));
  }

  private static boolean isId(String id) {
    return id != null && id.matches("[A-Za-z0-9-]{1,64}");
  }
}
