package io.caravan.web;

import java.util.Set;

/** The error codes of the web tools (anthropic-sdk-java 3.12.0, the enums of error codes). */
final class WebErrors {
  static final String UNAVAILABLE = "unavailable";
  static final String INVALID_INPUT = "invalid_tool_input";
  static final String MAX_USES = "max_uses_exceeded";
  static final String QUERY_TOO_LONG = "query_too_long";
  static final String URL_TOO_LONG = "url_too_long";
  static final String URL_NOT_ALLOWED = "url_not_allowed";
  static final String URL_NOT_ACCESSIBLE = "url_not_accessible";

  private static final Set<String> SEARCH =
      Set.of(
          UNAVAILABLE,
          INVALID_INPUT,
          MAX_USES,
          QUERY_TOO_LONG,
          "too_many_requests",
          "request_too_large");

  private static final Set<String> FETCH =
      Set.of(
          UNAVAILABLE,
          INVALID_INPUT,
          MAX_USES,
          URL_TOO_LONG,
          URL_NOT_ALLOWED,
          URL_NOT_ACCESSIBLE,
          "url_not_in_prior_context",
          "unsupported_content_type",
          "content_too_large",
          "too_many_requests");

  private WebErrors() {}

  static boolean isSearchError(String code) {
    return SEARCH.contains(code);
  }

  static boolean isFetchError(String code) {
    return FETCH.contains(code);
  }
}
