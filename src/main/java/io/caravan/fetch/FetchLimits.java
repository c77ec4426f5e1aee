package io.caravan.fetch;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The bounds of one fetch.
 *
 * @param maxBytes the most bytes of the content, counted after decompression
 * @param timeout the time for all of it, redirects included
 * @param mediaTypes the media types that are taken, in lower case; {@code text/*} is any of text
 * @param otherMaxBytes the most bytes of media types that have another bound
 */
public record FetchLimits(
    int maxBytes, Duration timeout, List<String> mediaTypes, Map<String, Integer> otherMaxBytes) {
  public FetchLimits {
    mediaTypes = List.copyOf(mediaTypes);
    otherMaxBytes = Map.copyOf(otherMaxBytes);
  }

  /** Makes bounds that are the same for all media types. */
  public FetchLimits(int maxBytes, Duration timeout, List<String> mediaTypes) {
    this(maxBytes, timeout, mediaTypes, Map.of());
  }

  int maxBytes(String mediaType) {
    return otherMaxBytes.getOrDefault(mediaType, maxBytes);
  }

  boolean takes(String mediaType) {
    return mediaTypes.stream()
        .anyMatch(
            taken ->
                taken.endsWith("/*")
                    ? mediaType.startsWith(taken.substring(0, taken.length() - 1))
                    : taken.equals(mediaType));
  }
}
