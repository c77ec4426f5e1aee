package io.caravan.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The body that a route which searches gets. As text it is the query.
 *
 * <p>It is no record: Camel's simple language reads {@code ${body.query}} by a method of that name
 * or by a getter, and refuses an object that has both, in some runs of Java and not in others.
 */
public final class SearchQuery {
  private final String query;
  private final List<String> allowedDomains;
  private final List<String> blockedDomains;
  private final int maxResults;

  SearchQuery(
      String query, List<String> allowedDomains, List<String> blockedDomains, int maxResults) {
    this.query = query;
    this.allowedDomains = allowedDomains;
    this.blockedDomains = blockedDomains;
    this.maxResults = maxResults;
  }

  /** Returns the query with the domains as operators, which most services understand. */
  public String getWithSites() {
    String sites =
        allowedDomains.stream().map(domain -> "site:" + domain).collect(Collectors.joining(" OR "));
    StringBuilder text = new StringBuilder(query);
    if (!sites.isEmpty()) {
      text.append(allowedDomains.size() > 1 ? " (" + sites + ")" : " " + sites);
    }
    blockedDomains.forEach(domain -> text.append(" -site:").append(domain));
    return text.toString();
  }

  /** Returns {@link #getWithSites()} in the form of a URL's query. */
  public String getEncoded() {
    return URLEncoder.encode(getWithSites(), StandardCharsets.UTF_8);
  }

  /** Returns the text to search for, without operators. */
  public String getQuery() {
    return query;
  }

  /** Returns the only domains that results may have; empty for any. */
  public List<String> getAllowedDomains() {
    return allowedDomains;
  }

  /** Returns the domains that results may not have. */
  public List<String> getBlockedDomains() {
    return blockedDomains;
  }

  /** Returns the most results of use. */
  public int getMaxResults() {
    return maxResults;
  }

  @Override
  public String toString() {
    return query;
  }
}
