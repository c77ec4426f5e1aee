package io.caravan.local;

import io.caravan.anthropic.MessagesRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * Recognises the requests that Claude Code makes for its own housekeeping, by their whole shape:
 * what they carry, what they lack, and the frame of their text. A conversation that only talks of
 * such a request is none. The shapes are those of Claude Code 1.0.128, 2.0.76 and 2.1.330.
 */
public final class LocalAnswers {
  private final Set<LocalKind> kinds;

  /** Answers the given kinds and no other. */
  public LocalAnswers(Set<LocalKind> kinds) {
    this.kinds = kinds.isEmpty() ? EnumSet.noneOf(LocalKind.class) : EnumSet.copyOf(kinds);
  }

  /** The answer, or null where a model is needed. */
  public LocalAnswer answer(MessagesRequest request) {
    for (LocalKind kind : kinds) {
      LocalAnswer answer =
          switch (kind) {
            case QUOTA -> QuotaProbe.answer(request);
            case TITLE -> Titles.answer(request);
            case SUGGESTION -> Suggestions.answer(request);
            case FILE_PATHS -> FilePaths.answer(request);
            case COMMAND_PREFIX -> CommandPrefix.answer(request);
          };
      if (answer != null) {
        return answer;
      }
    }
    return null;
  }
}
