package io.caravan.local;

import io.caravan.anthropic.MessagesRequest;
import java.util.EnumSet;
import java.util.Set;

/**
 * Recognises the requests that Claude Code makes for its own housekeeping, by their whole shape:
 * the parts they have, the parts they lack, and the frame of their text. A conversation that only
 * mentions such a request doesn't match. The shapes are those of Claude Code 1.0.128, 2.0.76 and
 * 2.1.330.
 */
public final class LocalAnswers {
  private final Set<LocalKind> kinds;

  /** Answers requests of these kinds and no others. */
  public LocalAnswers(Set<LocalKind> kinds) {
    this.kinds = kinds.isEmpty() ? EnumSet.noneOf(LocalKind.class) : EnumSet.copyOf(kinds);
  }

  /** Returns the response, or null if a model is needed. */
  public LocalAnswer answer(MessagesRequest request) {
    for (LocalKind kind : kinds) {
      LocalAnswer answer =
          switch (kind) {
            case QUOTA -> QuotaProbe.answer(request);
            case TITLE -> Titles.answer(request);
            case SUGGESTION -> Suggestions.answer(request);
            case WARM_UP -> WarmUpCall.answer(request);
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
