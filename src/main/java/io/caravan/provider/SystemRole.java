package io.caravan.provider;

/** The role of the system prompt. */
public enum SystemRole {
  /** A message of role {@code system}. */
  SYSTEM,
  /** A message of role {@code developer}: OpenAI's reasoning models. */
  DEVELOPER,
  /** The first user message: gemma-2 and others whose template has no system role. */
  USER
}
