package io.caravan.provider;

/** In which form an upstream takes images or PDF documents. */
public enum Attachments {
  /** Not at all. */
  NONE,
  /** As {@code data:} URIs only: Ollama, hosted NIM. */
  DATA,
  /** As {@code data:} URIs or as a URL that the upstream fetches. */
  URL
}
