package io.caravan.web;

/**
 * The body that a route which fetches gets. As text it is the URL.
 *
 * @param url the URL, which the conversation has named
 * @param maxCharacters the most characters of the page that are of use
 */
public record FetchQuery(String url, int maxCharacters) {
  @Override
  public String toString() {
    return url;
  }
}
