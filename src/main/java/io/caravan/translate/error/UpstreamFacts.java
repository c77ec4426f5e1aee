package io.caravan.translate.error;

/**
 * The place at which an upstream is called, for failures that its settings may have caused.
 *
 * @param url the base URL for people; empty if it is unknown
 * @param setting the setting of the URL, in brackets
 * @param answered whether the upstream has answered any call at this URL
 * @param served whether a completion or a list of models has come from this URL
 * @param keyed whether it is called with a key
 */
public record UpstreamFacts(
    String url, String setting, boolean answered, boolean served, boolean keyed) {
  /** Nothing is known that would say more. */
  static final UpstreamFacts UNKNOWN = new UpstreamFacts("", "", true, true, true);

  /** Returns the URL and its setting; empty if they are unknown. */
  String place() {
    return url.isEmpty() ? "" : url + " " + setting;
  }
}
