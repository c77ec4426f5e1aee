package io.caravan.provider;

/** The form in which an upstream accepts images or PDF documents. */
public enum Attachments {
  /** Nothing is accepted. */
  NONE,
  /** {@code data:} URIs only: Ollama, hosted NIM. */
  DATA,
  /** {@code data:} URIs or URLs that the upstream fetches. */
  URL
}
