package io.caravan.fetch;

import java.time.Duration;
import java.util.List;

/**
 * The bounds of one fetch.
 *
 * @param maxBytes the most bytes of the content, counted after decompression
 * @param timeout the time for all of it, redirects included
 * @param mediaTypes the media types that are taken, in lower case; {@code text/*} is any of text
 */
public record FetchLimits(int maxBytes, Duration timeout, List<String> mediaTypes) {
  public FetchLimits {
    mediaTypes = List.copyOf(mediaTypes);
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
