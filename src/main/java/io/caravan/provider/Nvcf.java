package io.caravan.provider;

import java.net.URI;
import java.util.Locale;

/**
 * Hosted NIM in front of NVIDIA Cloud Functions: a function that takes long is answered with 202
 * and an id, under which the answer is then asked for until the status is another
 * (langchain-ai/langchain-nvidia, {@code _common.py}; NVIDIA Cloud Functions documentation,
 * "Function invocation"). This is the part that knows no HTTP.
 */
public final class Nvcf {
  /** Response header: the request's id. */
  public static final String REQUEST_ID = "NVCF-REQID";

  /** Response header: {@code pending-evaluation}, {@code fulfilled}, {@code rejected}, … */
  public static final String STATUS = "NVCF-STATUS";

  private static final String PLACE = "{id}";

  private final String statusUrl;

  /**
   * @param statusUrl where the answer of a request is asked for, with {@code {id}} in its place,
   *     for example {@code https://api.nvcf.nvidia.com/v2/nvcf/pexec/status/{id}}
   * @throws IllegalArgumentException where it has no {@code {id}} or is no http URL
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
   * Whether the answer is still to come and can be asked for.
   *
   * @param httpStatus of the call or of the last time it was asked for
   * @param requestId the header {@link #REQUEST_ID}, or null
   */
  public static boolean isPending(int httpStatus, String requestId) {
    return httpStatus == 202 && isId(requestId);
  }

  /** Whether the function has ended without an answer, whatever the HTTP status is. */
  public static boolean isFailed(String nvcfStatus) {
    return "rejected".equalsIgnoreCase(nvcfStatus) || "errored".equalsIgnoreCase(nvcfStatus);
  }

  /**
   * Where to ask for the answer, with the same key as the call.
   *
   * @throws IllegalArgumentException for an id that isn't one: it goes into a URL
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
