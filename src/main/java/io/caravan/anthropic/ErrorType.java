package io.caravan.anthropic;

/**
 * The error types of Anthropic's API with their HTTP statuses (platform documentation, "Errors").
 * Clients act on both: Claude Code repeats the request at once after any streamed error but {@link
 * #OVERLOADED}.
 */
public enum ErrorType {
  INVALID_REQUEST("invalid_request_error", 400),
  AUTHENTICATION("authentication_error", 401),
  BILLING("billing_error", 402),
  PERMISSION("permission_error", 403),
  NOT_FOUND("not_found_error", 404),
  CONFLICT("conflict_error", 409),
  REQUEST_TOO_LARGE("request_too_large", 413),
  RATE_LIMIT("rate_limit_error", 429),
  API("api_error", 500),
  TIMEOUT("timeout_error", 504),
  OVERLOADED("overloaded_error", 529);

  private final String code;
  private final int status;

  ErrorType(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /** Returns the protocol's own word. */
  public String code() {
    return code;
  }

  /** Returns the HTTP status of this type. */
  public int status() {
    return status;
  }
}
