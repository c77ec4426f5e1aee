package io.caravan.provider;

/** Who speaks the system prompt. */
public enum SystemRole {
  /** A message of role {@code system}. */
  SYSTEM,
  /** A message of role {@code developer}: OpenAI's reasoning models. */
  DEVELOPER,
  /** The first user message: gemma-2 and others whose template knows no system role. */
  USER
}
