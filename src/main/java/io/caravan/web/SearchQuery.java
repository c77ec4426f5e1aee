package io.caravan.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The body that a route which searches gets. As text it is the query.
 *
 * @param query the text to search for, without operators
 * @param allowedDomains the only domains that results may have; empty for any
 * @param blockedDomains the domains that results may not have
 * @param maxResults the most results of use
 */
public record SearchQuery(
    String query, List<String> allowedDomains, List<String> blockedDomains, int maxResults) {

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

  /** Returns the query. For Camel's simple language, which reads getters. */
  public String getQuery() {
    return query;
  }

  /** Returns {@link #allowedDomains()}, for Camel's simple language. */
  public List<String> getAllowedDomains() {
    return allowedDomains;
  }

  /** Returns {@link #blockedDomains()}, for Camel's simple language. */
  public List<String> getBlockedDomains() {
    return blockedDomains;
  }

  /** Returns {@link #maxResults()}, for Camel's simple language. */
  public int getMaxResults() {
    return maxResults;
  }

  @Override
  public String toString() {
    return query;
  }
}
